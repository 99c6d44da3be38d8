#include "web/api/common.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "model/plugin_id.h"

namespace trueup::web {

tl::expected<std::string, ApiError> plugin_id_of(const std::string& text) {
  const auto id = model::PluginId::parse(text);
  if (id) return id->value();
  return tl::unexpected(
      bad_field("plugin_id", fmt::format("is no plugin's id: {}", escape_for_display(id.error().message))));
}

tl::expected<std::string, ApiError> plugin_id_in(const Body& body) {
  auto text = body.text("plugin_id");
  return text ? plugin_id_of(*text) : text;
}

tl::expected<std::string, ApiError> plugin_id_in(const Request& request) {
  const auto text = find(request.query, "plugin_id");
  if (!text) {
    ApiError error = missing_field("plugin_id");
    error.context = {{"missing_params", R"(["plugin_id"])"}};
    return tl::unexpected(std::move(error));
  }
  return plugin_id_of(std::string(*text));
}

void write_texts(json::Writer& out, const std::vector<std::string>& texts) {
  out.begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

Response failed(const Error& error) {
  ApiError answer = api_error(error);
  json::Writer list;
  list.begin_array();
  for (const std::string& line : error.context) {
    const std::string shown = escape_for_display(line);
    list.string(shown);
    answer.details += (answer.details.empty() ? "" : "; ") + shown;
  }
  list.end_array();
  if (!error.context.empty() && error.code == ErrorCode::invalid) {
    answer.code = ApiCode::config_validation_failed;
    answer.message += ": " + escape_for_display(error.context.front());
    answer.context.emplace_back("validation_errors", std::move(list).text());
  }
  return failure(answer);
}

std::optional<Response> unless_known(const Knowledge& knowledge, model::Source source) {
  const model::SourceReading& reading = knowledge.observation.reading(source);
  if (reading.known()) return std::nullopt;
  return failed({.code = ErrorCode::unreadable, .message = reading.detail, .where = reading.path});
}

std::vector<std::pair<std::string, std::string>> what_changed(const Outcome& outcome) {
  json::Writer notes;
  write_texts(notes, outcome.notes);
  std::vector<std::pair<std::string, std::string>> more{{"changed", outcome.changed ? "true" : "false"},
                                                        {"notes", std::move(notes).text()}};
  if (!outcome.history.empty()) more.emplace_back("history", std::to_string(outcome.history.back()));
  return more;
}

Response told(const Outcome& outcome, const Knowledge&) { return success("", outcome.message, what_changed(outcome)); }

}  // namespace trueup::web
