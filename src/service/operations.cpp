#include "service/operations.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "json/document.h"
#include "json/write.h"

namespace trueup::service {
namespace {

constexpr std::array<std::string_view, 13> kVerbs{"install", "uninstall", "update",    "enable",  "disable",
                                                  "config",  "undo",      "reconcile", "restore", "resolve",
                                                  "ignore",  "store",     "picture"};
constexpr std::array kStates{OperationState::waiting, OperationState::running,   OperationState::done,
                             OperationState::failed,  OperationState::cancelled, OperationState::interrupted};

std::string sentence_of(const OperationRequest& request) {
  std::string text = "`";
  for (const std::string& word : request.words) text += text.size() > 1 ? " " + word : word;
  return text + "`";
}

Error unreadable(std::string message) { return {.code = ErrorCode::unreadable, .message = std::move(message)}; }

std::string text_of(json::Value object, std::string_view key) {
  const auto member = object.find(key);
  return member ? member->string().value_or("") : "";
}

std::int64_t number_of(json::Value object, std::string_view key) {
  const auto member = object.find(key);
  return member ? member->integer().value_or(0) : 0;
}

Result<Operation> decode_operation(json::Value value) {
  if (!value.is_object()) return unreadable("an operation is no object");
  Operation operation{.id = number_of(value, "id")};
  if (const auto words = value.find("words")) {
    for (const auto word : words->elements()) operation.request.words.push_back(word.string().value_or(""));
  }
  operation.request.plugin_id = text_of(value, "plugin_id");
  if (const auto input = value.find("input")) operation.request.input = input->string();
  const std::string state = text_of(value, "state");
  const auto known = std::ranges::find_if(kStates, [&state](OperationState one) { return to_string(one) == state; });
  if (known == kStates.end() || operation.id <= 0 || operation.request.words.empty()) {
    return unreadable("an operation is not what trueup writes");
  }
  operation.state = *known;
  operation.exit_status = static_cast<int>(number_of(value, "exit_status"));
  operation.output = text_of(value, "output");
  operation.errors = text_of(value, "errors");
  operation.asked_at = number_of(value, "asked_at");
  operation.ended_at = number_of(value, "ended_at");
  return operation;
}

void encode_operation(const Operation& operation, json::Writer& out) {
  out.begin_object();
  out.key("id").integer(operation.id);
  out.key("words").begin_array();
  for (const std::string& word : operation.request.words) out.string(word);
  out.end_array();
  out.key("plugin_id").string(operation.request.plugin_id);
  if (operation.request.input) out.key("input").string(*operation.request.input);
  out.key("state").string(to_string(operation.state));
  out.key("exit_status").integer(operation.exit_status);
  out.key("output").string(operation.output);
  out.key("errors").string(operation.errors);
  out.key("asked_at").integer(operation.asked_at);
  if (operation.ended_at != 0) out.key("ended_at").integer(operation.ended_at);
  out.end_object();
}

/// Cut between two characters.
std::string shortened(std::string text) {
  if (text.size() <= Operations::kMostText) return text;
  std::size_t end = Operations::kMostText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

}  // namespace

std::string_view to_string(OperationState state) {
  switch (state) {
    case OperationState::waiting: return "waiting";
    case OperationState::running: return "running";
    case OperationState::done: return "done";
    case OperationState::failed: return "failed";
    case OperationState::cancelled: return "cancelled";
    case OperationState::interrupted: return "interrupted";
  }
  return "failed";
}

std::string queue_name(std::int64_t id) { return fmt::format("operation {}", id); }

Result<std::int64_t> Operations::submit(OperationRequest request, std::int64_t at) {
  if (request.words.empty() || !std::ranges::count(kVerbs, request.words.front())) {
    return Error{.code = ErrorCode::invalid, .message = "this is no command that changes anything"};
  }
  std::size_t waiting = 0;
  for (const Operation& other : operations_) {
    if (other.has_ended()) continue;
    ++waiting;
    if (other.state == OperationState::waiting && other.request == request) return other.id;
    if (other.request.plugin_id != request.plugin_id) continue;
    return Error{.code = ErrorCode::conflict,
                 .message = fmt::format("{} has not ended yet (operation {})", sentence_of(other.request), other.id),
                 .where = request.plugin_id,
                 .hint = "wait for it, or cancel it"};
  }
  if (waiting >= kMostWaiting) {
    return Error{.code = ErrorCode::full, .message = fmt::format("{} operations wait already", waiting)};
  }
  operations_.push_back({.id = ++last_id_, .request = std::move(request), .asked_at = at});
  forget_old();
  return last_id_;
}

Status Operations::cancel(std::int64_t id) {
  Operation* operation = find_mutable(id);
  if (operation == nullptr) {
    return Error{.code = ErrorCode::not_found, .message = fmt::format("there is no operation {}", id)};
  }
  if (operation->has_ended()) {
    return Error{.code = ErrorCode::conflict, .message = fmt::format("operation {} has ended already", id)};
  }
  if (operation->state == OperationState::running) {
    operation->stop_wanted = true;
  } else {
    operation->state = OperationState::cancelled;
    operation->request.input.reset();
  }
  return ok();
}

void Operations::begin(std::int64_t id) {
  if (Operation* operation = find_mutable(id)) operation->state = OperationState::running;
}

void Operations::tell(std::int64_t id, Doing doing) {
  Operation* operation = find_mutable(id);
  if (operation == nullptr) return;
  operation->progress = std::move(doing.says);
  operation->percent = doing.percent;
}

void Operations::end(std::int64_t id, int exit_status, std::string output, std::string errors, std::int64_t at) {
  Operation* operation = find_mutable(id);
  if (operation == nullptr) return;
  operation->state =
      exit_status == 1 || exit_status == 4 || exit_status == 64 ? OperationState::failed : OperationState::done;
  if (operation->stop_wanted && operation->state == OperationState::failed) {
    operation->state = OperationState::cancelled;
  }
  operation->exit_status = exit_status;
  operation->ended_at = at;
  operation->output = shortened(std::move(output));
  operation->errors = shortened(std::move(errors));
  operation->progress.clear();
  operation->percent.reset();
  operation->request.input.reset();
  forget_old();
}

void Operations::restart() {
  for (Operation& operation : operations_) {
    if (operation.state != OperationState::running) continue;
    operation.state = OperationState::interrupted;
    operation.request.input.reset();
    operation.errors = "the daemon ended while it was at work; `trueup history` tells what became of it";
    operation.exit_status = 1;
  }
}

const Operation* Operations::find(std::int64_t id) const {
  const auto found = std::ranges::find(operations_, id, &Operation::id);
  return found == operations_.end() ? nullptr : &*found;
}

Operation* Operations::find_mutable(std::int64_t id) {
  const auto found = std::ranges::find(operations_, id, &Operation::id);
  return found == operations_.end() ? nullptr : &*found;
}

void Operations::forget_old() {
  auto ended = static_cast<std::size_t>(std::ranges::count_if(operations_, &Operation::has_ended));
  std::erase_if(operations_, [&ended](const Operation& one) { return one.has_ended() && ended-- > kMostKept; });
}

std::string Operations::encode() const {
  json::Writer out({.indent = 1});
  out.begin_object();
  out.key("schema").integer(1);
  out.key("last_id").integer(last_id_);
  out.key("operations").begin_array();
  for (const Operation& operation : operations_) encode_operation(operation, out);
  out.end_array();
  out.end_object();
  return std::move(out).text() + "\n";
}

Result<Operations> Operations::decode(std::string bytes) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::move(bytes)));
  const auto root = document.root();
  if (!root.is_object() || number_of(root, "schema") != 1) return unreadable("it is not what trueup writes");
  Operations operations;
  operations.last_id_ = number_of(root, "last_id");
  if (const auto list = root.find("operations")) {
    for (const auto value : list->elements()) {
      ASSIGN_OR_RETURN(Operation operation, decode_operation(value));
      const bool in_order = operations.operations_.empty() || operations.operations_.back().id < operation.id;
      if (!in_order || operation.id > operations.last_id_) return unreadable("its operations are out of order");
      operations.operations_.push_back(std::move(operation));
    }
  }
  operations.forget_old();
  return operations;
}

}  // namespace trueup::service
