#include "web/operation.h"

#include <fmt/core.h>

#include "service/request.h"

namespace trueup::web {
namespace {

using service::Operation;
using service::OperationState;

std::string text_of(json::Value object, std::string_view key) {
  const auto member = object.find(key);
  return member ? member->string().value_or("") : "";
}

void read_change(json::Value said, Outcome& outcome) {
  outcome.message = text_of(said, "message");
  if (const auto changed = said.find("changed")) outcome.changed = changed->text() == "true";
  const auto number = said.find("n");
  if (const auto n = number ? number->integer() : std::nullopt) outcome.history.push_back(*n);
  for (const char* list : {"details", "notes"}) {
    const auto texts = said.find(list);
    if (!texts || !texts->is_array()) continue;
    for (const json::Value one : texts->elements()) outcome.notes.push_back(one.string().value_or(""));
  }
}

/// Why one that failed without an error of its own did: what it said to people.
Error failure_of(const Operation& operation, const std::string& message) {
  if (operation.state == OperationState::cancelled) {
    return {.code = ErrorCode::conflict, .message = "it was called off before it was done"};
  }
  std::string why = message;
  if (why.empty()) why = operation.errors.substr(0, operation.errors.find('\n'));
  if (why.empty()) why = "it did not come to its end";
  return {.code = ErrorCode::internal, .message = why, .hint = "`trueup history` tells what was done"};
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

Outcome outcome_of(const Operation& operation) {
  Outcome outcome;
  auto said = json::Document::parse(operation.output);
  if (said && said->root().is_object()) {
    if (const auto error = said->root().find("error"))
      outcome.error = service::decode_error(std::string(error->text()));
    read_change(said->root(), outcome);
    outcome.said = std::move(*said);
  }
  if (operation.state != OperationState::done && !outcome.error) outcome.error = failure_of(operation, outcome.message);
  return outcome;
}

std::string sentence_of(const Operation& operation) {
  const std::string_view kind = kind_of(operation.request);
  const std::string what = operation.request.plugin_id.empty()
                               ? std::string(kind)
                               : fmt::format("{} of {}", kind, operation.request.plugin_id);
  if (operation.state == OperationState::waiting) return fmt::format("{} waits for its turn", what);
  if (operation.state == OperationState::running) {
    return operation.progress.empty() ? fmt::format("{} is at work", what)
                                      : fmt::format("{}: {}", what, operation.progress);
  }
  const Outcome outcome = outcome_of(operation);
  return outcome.error ? fmt::format("{} failed: {}", what, outcome.error->text()) : outcome.message;
}

}  // namespace trueup::web
