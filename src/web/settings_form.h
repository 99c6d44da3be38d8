// A plugin's settings as a form, out of its config_schema.json: pure, from a stranger's schema to markup of ours. Where
// the schema says nothing that can be used, the values themselves say what they are; it never fails.
//
// Secrets are told as set or not set, never as what they are: `settings` come masked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "model/settings.h"

namespace trueup::web {

struct FormParts {
  std::optional<json::Value> schema;  // the document's root; nothing: there is none that can be used
  const model::Setting& settings;     // as the plugin gets them, masked
  const model::Setting& defaults;
  const std::vector<model::SettingPath>& secrets_set;
  std::vector<std::string> uploads = {};  // what a setting that is a file may name
};

/// The fields, each with the path of its setting as JSON in `data-path`, and what it holds in `data-kind`.
std::string settings_form(const FormParts& parts);

}  // namespace trueup::web
