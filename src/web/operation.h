// What the daemon does for the page and the API, in their words: an operation of service/operation.h as LEDMatrix's
// clients know it, and what came of one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "service/operation.h"

namespace trueup::web {

/// "install", "uninstall", "configure", …: what the first word of its command says.
std::string_view kind_of(const service::OperationRequest& request);
/// As LEDMatrix calls it: "pending", "running", "completed", "failed", "cancelled".
std::string_view state_word(service::OperationState state);

/// What became of one of several plugins, as `update` tells it.
struct PluginResult {
  std::string plugin_id;
  std::string result;  // "updated", "up_to_date", "skipped", "failed"
  std::string reason;  // a code
  std::string says;
  std::string version;  // that is there now
  bool operator==(const PluginResult&) const = default;
};

/// "weather is already up to date: 1.2.0 is the latest"
std::string sentence_of(const PluginResult& result);

/// What the command of an operation that has ended said with `--json`.
struct Outcome {
  std::optional<Error> error;  // it did not do what it was asked to
  std::string message;         // one sentence
  bool changed = false;
  std::vector<std::string> notes;
  std::vector<std::int64_t> history;  // the number that takes it back
  std::vector<PluginResult> results;  // of `update`
  std::optional<json::Document> said;
};

/// Requires: it has ended.
Outcome outcome_of(const service::Operation& operation);

/// What came of it, or what it does just now: one sentence.
std::string sentence_of(const service::Operation& operation);

}  // namespace trueup::web
