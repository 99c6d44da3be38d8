// The newest copy that can stand in for a config.json or config_secrets.json that cannot be read: one of ours, or one
// of LEDMatrix's backups. Only found and described here; putting it back is the owner's word (`trueup restore`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/document.h"
#include "model/observation.h"
#include "platform/file_system.h"
#include "sources/copy_check.h"

namespace trueup::sources {

struct CopySearch {
  model::Source source = model::Source::config;  // config or secrets
  std::vector<std::string> kept = {};            // our copies of it, newest first, below the root
  std::string damaged_bytes = {};                // what is left of the file; empty when nothing can be seen
  SecretValues secrets = {};                     // what the secrets file says: no other copy that holds it is offered
};

struct FoundCopy {
  model::LastGoodCopy copy;
  json::Document document;
};

/// Ours before LEDMatrix's, newest first; but a copy that lacks settings which the damaged file still shows stands back
/// behind one that has them. Only copies that parse to an object count, and that why_no_copy has nothing against.
std::optional<FoundCopy> find_last_good(const platform::Directory& root, const CopySearch& search);

/// The names of LEDMatrix's own backups of the file, newest first, below the root; nothing is opened.
std::vector<std::string> backups_of(const platform::Directory& root, model::Source source);

}  // namespace trueup::sources
