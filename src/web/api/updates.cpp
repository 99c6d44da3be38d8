// Newer versions in the place of installed plugins: of one as programs written for LEDMatrix ask, and of all of them.
// What is offered, and what became of each, is the command's word.
#include <fmt/core.h>

#include <algorithm>

#include "web/api/common.h"

namespace trueup::web {
namespace {

/// Of one that was not updated: 404 where there is no such plugin, 409 where something of the owner's stands in the
/// way.
Response not_updated(const Error& error) {
  ApiError answer = api_error(error);
  if (answer.code != ApiCode::plugin_not_found) answer.code = ApiCode::plugin_update_failed;
  if (error.code == ErrorCode::unreadable) answer.status = 502;
  return failure(answer);
}

/// As LEDMatrix answers, with what its fields cannot say beside them.
Response updated(const Outcome& outcome, const Knowledge& knowledge) {
  json::Writer data;
  const PluginResult result = outcome.results.empty() ? PluginResult{} : outcome.results.front();
  const planner::RosterEntry* plugin = knowledge.plugin(result.plugin_id);
  const auto card = plugin == nullptr ? knowledge.cards.end() : knowledge.cards.find(plugin->directory);
  data.begin_object().key("commit").null().key("last_updated");
  if (card == knowledge.cards.end() || card->second.last_updated.empty()) {
    data.null();
  } else {
    data.string(card->second.last_updated);
  }
  data.key("plugin_id").string(result.plugin_id).key("reason").string(result.reason);
  data.key("result").string(result.result).key("version").string(result.version).end_object();
  return success(std::move(data).text(), outcome.message, what_changed(outcome));
}

Answer update(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json_or_form));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  return Submission{.request = {.words = {"update", id}, .plugin_id = id}, .answer = updated, .refusal = not_updated};
}

/// What became of each. One that failed leaves the others alone, and is not a failure of all (failure F128): 207.
Response updated_all(const Outcome& outcome, const Knowledge&) {
  json::Writer data;
  data.begin_object().key("changed").boolean(outcome.changed).key("history").begin_array();
  for (const std::int64_t line : outcome.history) data.integer(line);
  data.end_array().key("notes");
  write_texts(data, outcome.notes);
  bool successful = true;
  data.key("results").begin_array();
  for (const PluginResult& one : outcome.results) {
    successful = successful && one.result != "failed";
    data.begin_object().key("message").string(sentence_of(one)).key("plugin_id").string(one.plugin_id);
    data.key("reason").string(one.reason).key("result").string(one.result);
    data.key("version").string(one.version).end_object();
  }
  data.end_array().key("successful").boolean(successful).end_object();
  Response response = success(std::move(data).text(), outcome.message);
  if (!successful) response.status = 207;
  return response;
}

Answer update_some(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const auto all, body.optional_boolean("all"));
  API_ASSIGN_OR_RETURN(const auto retry, body.optional_boolean("retry"));
  API_ASSIGN_OR_RETURN(const auto only, body.optional_text("plugin_id"));
  if (all.value_or(false) == only.has_value()) {
    return failure(bad_field("plugin_id", "names the one that is to be updated, or `all` is true: one of them"));
  }
  service::OperationRequest request{.words = {"update"}};
  if (only) {
    API_ASSIGN_OR_RETURN(request.plugin_id, plugin_id_of(*only));
    request.words.push_back(request.plugin_id);
  } else {
    request.words.emplace_back("--all");
  }
  if (retry.value_or(false)) request.words.emplace_back("--retry");
  return Submission{.request = std::move(request), .answer = updated_all, .refusal = not_updated};
}

}  // namespace

std::vector<Endpoint> update_endpoints() {
  return {{Method::post, "/api/v3/plugins/update", update}, {Method::post, "/api/trueup/v1/update", update_some}};
}

}  // namespace trueup::web
