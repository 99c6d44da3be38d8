#include "web/operation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "service/request.h"

namespace trueup::web {
namespace {

using service::Operation;
using service::OperationState;

std::string text_of(json::Value object, std::string_view key) {
  const auto member = object.find(key);
  return member ? member->string().value_or("") : "";
}

void read_numbers_and_notes(json::Value said, Outcome& outcome) {
  const auto number = said.find("n");
  if (const auto n = number ? number->integer() : std::nullopt) outcome.history.push_back(*n);
  if (const auto numbers = said.find("history"); numbers && numbers->is_array()) {
    for (const json::Value one : numbers->elements()) outcome.history.push_back(one.integer().value_or(0));
  }
  for (const char* list : {"details", "notes"}) {
    const auto texts = said.find(list);
    if (!texts || !texts->is_array()) continue;
    for (const json::Value one : texts->elements()) outcome.notes.push_back(one.string().value_or(""));
  }
}

void read_change(json::Value said, Outcome& outcome) {
  outcome.message = text_of(said, "message");
  if (const auto changed = said.find("changed")) outcome.changed = changed->text() == "true";
  read_numbers_and_notes(said, outcome);
}

/// "2 updated, 1 already up to date, 1 not updated: weather (it is damaged)"
std::string sentence_of_all(const std::vector<PluginResult>& results) {
  if (results.size() == 1) return sentence_of(results.front());
  std::string counts;
  for (const auto& [result, words] : {std::pair("updated", "updated"), std::pair("up_to_date", "already up to date"),
                                      std::pair("skipped", "left alone"), std::pair("failed", "not updated")}) {
    const auto count = std::ranges::count(results, result, &PluginResult::result);
    if (count > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, words);
  }
  std::string failed;
  for (const PluginResult& one : results) {
    if (one.result == "failed") {
      failed += fmt::format("{} {} ({})", failed.empty() ? ":" : ",", one.plugin_id, one.says);
    }
  }
  return counts.empty() ? "no plugin came from a store" : counts + failed;
}

void read_results(json::Value said, Outcome& outcome) {
  const auto results = said.find("results");
  if (!results || !results->is_array()) return;
  for (const json::Value one : results->elements()) {
    outcome.results.push_back({.plugin_id = text_of(one, "plugin_id"),
                               .result = text_of(one, "result"),
                               .reason = text_of(one, "reason"),
                               .says = text_of(one, "message"),
                               .version = text_of(one, "version")});
    read_numbers_and_notes(one, outcome);
    if (outcome.results.back().result == "updated") outcome.changed = true;
  }
  outcome.message = sentence_of_all(outcome.results);
}

/// Of the errors of trueup, the one that a reason for not updating stands for.
ErrorCode code_of(std::string_view reason) {
  constexpr std::array kAll{ErrorCode::not_found, ErrorCode::unreadable,  ErrorCode::invalid, ErrorCode::refused,
                            ErrorCode::contended, ErrorCode::busy,        ErrorCode::full,    ErrorCode::read_only,
                            ErrorCode::conflict,  ErrorCode::unsupported, ErrorCode::io,      ErrorCode::internal};
  const auto found = std::ranges::find_if(kAll, [&](ErrorCode code) { return to_string(code) == reason; });
  if (found != kAll.end()) return *found;
  return reason == "not_installed" ? ErrorCode::not_found : ErrorCode::conflict;
}

/// Why one that failed without an error of its own did: what it said to people.
Error failure_of(const Operation& operation, const Outcome& outcome) {
  if (operation.state == OperationState::cancelled) {
    return {.code = ErrorCode::conflict, .message = "it was called off before it was done"};
  }
  std::string why = outcome.message;
  if (outcome.results.size() == 1) return {.code = code_of(outcome.results.front().reason), .message = why};
  if (why.empty()) why = operation.errors.substr(0, operation.errors.find('\n'));
  if (why.empty()) why = "it did not come to its end";
  return {.code = ErrorCode::internal, .message = why, .hint = "`trueup history` tells what was done"};
}

/// What it does just now, in words: a line that was meant for people, or what an event of the log stands for.
std::string_view words_of(std::string_view progress) {
  constexpr std::string_view kSpeaker = "trueup: ";
  if (progress.starts_with(kSpeaker)) return progress.substr(kSpeaker.size());
  const std::string_view event = progress.substr(0, progress.find(' '));
  if (event.ends_with(".attempt")) return "it is fetched and checked";
  if (event.ends_with(".done")) return "it is in its place";
  const bool is_event = event.find('.') != std::string_view::npos && !event.ends_with('.');
  return is_event ? std::string_view() : progress;
}

}  // namespace

std::string_view kind_of(const service::OperationRequest& request) {
  if (request.words.empty()) return "";
  return request.words.front() == "config" ? std::string_view("configure") : request.words.front();
}

std::string_view state_word(OperationState state) {
  switch (state) {
    case OperationState::waiting: return "pending";
    case OperationState::running: return "running";
    case OperationState::done: return "completed";
    case OperationState::failed:
    case OperationState::interrupted: return "failed";
    case OperationState::cancelled: return "cancelled";
  }
  return "failed";
}

std::string sentence_of(const PluginResult& result) {
  std::string_view what = "is not updated";
  if (result.result == "updated") what = "is updated";
  if (result.result == "up_to_date") what = "is already up to date";
  if (result.result == "skipped") what = "is left alone";
  return fmt::format("{} {}: {}", result.plugin_id, what, result.says);
}

Outcome outcome_of(const Operation& operation) {
  Outcome outcome;
  auto said = json::Document::parse(operation.output);
  if (said && said->root().is_object()) {
    if (const auto error = said->root().find("error"))
      outcome.error = service::decode_error(std::string(error->text()));
    read_change(said->root(), outcome);
    read_results(said->root(), outcome);
    outcome.said = std::move(*said);
  }
  if (operation.state != OperationState::done && !outcome.error) outcome.error = failure_of(operation, outcome);
  return outcome;
}

std::string sentence_of(const Operation& operation) {
  const std::string_view kind = kind_of(operation.request);
  const std::string what = operation.request.plugin_id.empty()
                               ? std::string(kind)
                               : fmt::format("{} of {}", kind, operation.request.plugin_id);
  if (operation.state == OperationState::waiting) return fmt::format("{} waits for its turn", what);
  if (operation.state == OperationState::running) {
    const std::string_view now = words_of(operation.progress);
    return now.empty() ? fmt::format("{} is at work", what) : fmt::format("{}: {}", what, now);
  }
  const Outcome outcome = outcome_of(operation);
  return outcome.error ? fmt::format("{} failed: {}", what, outcome.error->text()) : outcome.message;
}

}  // namespace trueup::web
