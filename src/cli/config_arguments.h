// The words of `trueup config ...`, taken out of the command line before CLI11 sees it: a VALUE may start with a dash
// or a bracket, and is nobody's option and no list.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace trueup::cli {

enum class ConfigAction : std::uint8_t { get, set, unset, purge, apply, reset, core, replace, secrets };

std::string_view to_string(ConfigAction action);

/// What was asked for; the id and the key are checked by now, the value is as it was typed.
struct ConfigWords {
  ConfigAction action = ConfigAction::get;
  std::string id = {};
  std::vector<std::string> setting = {};  // the parts of KEY; empty: all settings
  std::optional<std::string> value = {};  // nothing: it is read from standard input
  bool operator==(const ConfigWords&) const = default;
};

/// Takes the words behind `config` out of `arguments` and leaves the options; an argument that starts with two dashes
/// is an option unless `--` stands before it. Requires: arguments[verb] is "config".
std::vector<std::string> take_config_words(std::vector<std::string>& arguments, std::size_t verb);

/// Error: what is missing or too much, for the person at the keyboard.
Result<ConfigWords> parse_config_words(const std::vector<std::string>& words);

}  // namespace trueup::cli
