#include "service/request.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/document.h"
#include "json/write.h"

namespace trueup::service {
namespace {

constexpr std::array kAsks{Ask::command, Ask::snapshot, Ask::follow, Ask::submit, Ask::cancel, Ask::metrics};
constexpr std::array kCodes{ErrorCode::not_found, ErrorCode::unreadable,  ErrorCode::invalid, ErrorCode::refused,
                            ErrorCode::contended, ErrorCode::busy,        ErrorCode::full,    ErrorCode::read_only,
                            ErrorCode::conflict,  ErrorCode::unsupported, ErrorCode::io,      ErrorCode::internal};

Error invalid(std::string_view what) {
  return {.code = ErrorCode::invalid, .message = "this is no request that trueup understands: " + std::string(what)};
}

/// Reads members of one object and remembers whether one was of the wrong type.
class Reader {
 public:
  explicit Reader(json::Value object) : object_(object) {}

  std::string text(std::string_view key) {
    const auto member = object_.find(key);
    if (!member) return {};
    const auto value = member->string();
    good_ = good_ && value;
    return value.value_or("");
  }
  std::optional<std::string> maybe_text(std::string_view key) {
    return object_.find(key) ? std::optional(text(key)) : std::nullopt;
  }
  bool flag(std::string_view key) {
    const auto member = object_.find(key);
    if (!member) return false;
    good_ = good_ && member->is_boolean();
    return member->boolean().value_or(false);
  }
  std::int64_t number(std::string_view key, std::int64_t otherwise) {
    const auto member = object_.find(key);
    if (!member) return otherwise;
    const auto value = member->integer();
    good_ = good_ && value;
    return value.value_or(otherwise);
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> all;
    const auto member = object_.find(key);
    if (!member) return all;
    good_ = good_ && member->is_array();
    for (const auto element : member->elements()) {
      good_ = good_ && element.is_string();
      all.push_back(element.string().value_or(""));
    }
    return all;
  }
  std::map<std::string, std::string> table(std::string_view key) {
    std::map<std::string, std::string> all;
    const auto member = object_.find(key);
    if (!member) return all;
    good_ = good_ && member->is_object();
    for (const auto& one : member->members()) {
      good_ = good_ && one.value.is_string();
      all.emplace(one.key, one.value.string().value_or(""));
    }
    return all;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  json::Value object_;
  bool good_ = true;
};

void write_texts(json::Writer& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_command(json::Writer& out, const CommandRequest& command) {
  write_texts(out, "words", command.words);
  out.key("working_directory").string(command.working_directory);
  out.key("environment").begin_object();
  for (const auto& [name, value] : command.environment) out.key(name).string(value);
  out.end_object();
  if (command.input) out.key("input").string(*command.input);
  out.key("interactive").boolean(command.interactive);
  out.key("colours").boolean(command.colours);
  out.key("columns").integer(command.columns);
  out.key("rows").integer(command.rows);
  out.key("tells_all").boolean(command.tells_all);
  out.key("wait_ms").integer(command.wait.count());
}

CommandRequest read_command(Reader& in) {
  constexpr std::int64_t kWidest = 100'000;
  constexpr std::int64_t kLongestWait = 24LL * 3600 * 1000;
  CommandRequest command{.words = in.texts("words"),
                         .working_directory = in.text("working_directory"),
                         .environment = in.table("environment"),
                         .input = in.maybe_text("input"),
                         .interactive = in.flag("interactive"),
                         .colours = in.flag("colours"),
                         .columns = in.number("columns", 80),
                         .rows = in.number("rows", 24),
                         .tells_all = in.flag("tells_all")};
  command.columns = std::clamp<std::int64_t>(command.columns, 1, kWidest);
  command.rows = std::clamp<std::int64_t>(command.rows, 1, kWidest);
  command.wait = std::chrono::milliseconds(std::clamp<std::int64_t>(in.number("wait_ms", 10'000), 0, kLongestWait));
  return command;
}

}  // namespace

std::string_view to_string(Ask ask) {
  switch (ask) {
    case Ask::command: return "command";
    case Ask::snapshot: return "snapshot";
    case Ask::follow: return "follow";
    case Ask::submit: return "submit";
    case Ask::cancel: return "cancel";
    case Ask::metrics: return "metrics";
  }
  return "snapshot";
}

std::string encode(const Request& request) {
  json::Writer out;
  out.begin_object();
  out.key("ask").string(to_string(request.ask));
  out.key("version").string(request.version);
  if (request.ask == Ask::command) write_command(out, request.command);
  if (request.ask == Ask::submit) {
    write_texts(out, "words", request.operation.words);
    out.key("plugin_id").string(request.operation.plugin_id);
    if (request.operation.input) out.key("input").string(*request.operation.input);
  }
  if (request.ask == Ask::cancel) out.key("id").integer(request.id);
  out.end_object();
  return std::move(out).text();
}

Result<Request> decode_request(std::string bytes) {
  const auto document = json::Document::parse(std::move(bytes));
  if (!document) return invalid(document.error().message);
  if (!document->root().is_object()) return invalid("it is no object");
  Reader in(document->root());
  const std::string ask = in.text("ask");
  const auto known = std::ranges::find_if(kAsks, [&ask](Ask one) { return to_string(one) == ask; });
  if (known == kAsks.end()) return invalid("it asks for nothing that there is");
  Request request{.ask = *known, .version = in.text("version")};
  if (request.ask == Ask::command) request.command = read_command(in);
  if (request.ask == Ask::submit) {
    request.operation = {
        .words = in.texts("words"), .plugin_id = in.text("plugin_id"), .input = in.maybe_text("input")};
  }
  if (request.ask == Ask::cancel) request.id = in.number("id", 0);
  if (!in.good()) return invalid("a member is of the wrong type");
  return request;
}

std::string encode(const Error& error) {
  json::Writer out;
  out.begin_object();
  out.key("code").string(to_string(error.code));
  out.key("message").string(error.message);
  out.key("where").string(error.where);
  out.key("hint").string(error.hint);
  write_texts(out, "context", error.context);
  out.end_object();
  return std::move(out).text();
}

Error decode_error(std::string bytes) {
  const auto document = json::Document::parse(std::move(bytes));
  if (!document || !document->root().is_object()) {
    return Error{.code = ErrorCode::internal, .message = "the daemon refused, and did not say why"};
  }
  Reader in(document->root());
  Error error{.code = ErrorCode::internal,
              .message = in.text("message"),
              .where = in.text("where"),
              .hint = in.text("hint"),
              .context = in.texts("context")};
  const std::string code = in.text("code");
  for (const ErrorCode one : kCodes) {
    if (to_string(one) == code) error.code = one;
  }
  return error;
}

}  // namespace trueup::service
