// Which registry is meant: --registry, else $TRUEUP_REGISTRY, else "registry" in config/trueup/settings.json, else the
// official one. Reads and downloads nothing by itself.
#pragma once

#include <memory>
#include <string>

#include "cli/own_settings.h"
#include "cli/verbs.h"
#include "store/downloads.h"
#include "store/plugin_source.h"

namespace trueup::cli {

/// Nothing for "none". An address becomes a source on the network, anything else a local directory; what the settings
/// name is relative to the root. `on_transfer` is told of downloads. Requires: `machine` outlives it.
std::unique_ptr<store::PluginSource> find_registry(const std::string& given, const std::string& root,
                                                   const OwnSettings& settings, const Machine& machine,
                                                   store::OnTransfer on_transfer);

/// Where a registry on this disk lies, absolute; empty: it is none.
std::string local_registry(const std::string& given, const std::string& root, const OwnSettings& settings,
                           const Machine& machine);

}  // namespace trueup::cli
