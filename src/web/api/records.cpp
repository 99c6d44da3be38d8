// /api/v3/plugins: what is recorded, reconciliation, operations and history.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/masking.h"
#include "json/document.h"
#include "web/api/common.h"

namespace trueup::web {
namespace {

/// An entry of plugin_state.json as it stands, with what is named like a secret masked.
std::string record_text(const model::StateRecord& record) {
  const auto document = json::Document::parse(record.text);
  if (!document) return "null";
  model::SettingPath at;
  return json_of(engine::masked_by_name(model::setting_of(document->root(), model::SettingOrigin::config), at, ""));
}

Answer state(const Call& call) {
  if (auto unknown = unless_known(call.knowledge, model::Source::state)) return *unknown;
  const auto& records = call.knowledge.observation.state;
  if (find(call.request.query, "plugin_id")) {
    API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(call.request));
    const auto found = std::find_if(records.begin(), records.end(), [&](const auto& one) { return one.key == id; });
    if (found == records.end()) {
      return failed(
          {.code = ErrorCode::not_found, .message = fmt::format("nothing is recorded of `{}`", id), .where = id});
    }
    return success(record_text(*found));
  }
  json::Writer out;
  out.begin_object();
  for (const model::StateRecord& record : records) out.key(record.key).raw(record_text(record));
  out.end_object();
  return success(std::move(out).text());
}

void write_short(json::Writer& out, const model::Inconsistency& finding, bool with_action) {
  out.begin_object().key("plugin_id").string(finding.plugin_id);
  out.key("type").string(to_string(finding.inconsistency_type)).key("description").string(finding.description);
  if (with_action) out.key("fix_action").string(to_string(finding.fix_action));
  out.key("finding").string(finding.finding).end_object();
}

std::string short_findings(std::optional<json::Value> all, bool with_action) {
  json::Writer out;
  out.begin_array();
  if (all && all->is_array()) {
    for (const json::Value one : all->elements()) {
      out.begin_object();
      for (const auto& [theirs, ours] : {std::pair("plugin_id", "plugin_id"), std::pair("type", "inconsistency_type"),
                                         std::pair("description", "description"), std::pair("fix_action", "fix_action"),
                                         std::pair("finding", "finding")}) {
        const auto text = one.find(ours);
        const bool left_out = !with_action && std::string_view(theirs) == "fix_action";
        if (text && !left_out) out.key(theirs).value(*text);
      }
      out.end_object();
    }
  }
  out.end_array();
  return std::move(out).text();
}

/// From what the command says of its pass to what LEDMatrix says of one.
std::string pass_text(json::Value said) {
  json::Writer out;
  out.begin_object();
  struct List {
    const char* name;
    const char* count;
    const char* with;
    bool with_action;
  };
  constexpr std::array kLists{List{"inconsistencies_found", "inconsistencies_found", "inconsistencies", true},
                              List{"inconsistencies_fixed", "inconsistencies_fixed", "fixed", true},
                              List{"inconsistencies_manual", "inconsistencies_manual", "manual_fix_required", false}};
  for (const List& list : kLists) {
    const auto all = said.find(list.name);
    const std::string findings = short_findings(all, list.with_action);
    std::int64_t count = 0;
    if (all && all->is_array()) {
      for ([[maybe_unused]] const json::Value one : all->elements()) ++count;
    }
    out.key(list.count).integer(count).key(list.with).raw(findings);
  }
  out.end_object();
  return std::move(out).text();
}

Answer reconcile(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  API_ASSIGN_OR_RETURN(const auto force, body.optional_boolean("force"));
  service::OperationRequest request{.words = {"reconcile"}};
  if (force.value_or(false)) request.words.emplace_back("--retry");
  return Submission{.request = std::move(request), .answer = [](const Outcome& outcome, const Knowledge&) {
                      if (!outcome.said) return failed({.message = "the pass said nothing that can be read"});
                      return success(pass_text(outcome.said->root()), outcome.message);
                    }};
}

/// Measured when it is asked for, not what some pass once found.
Answer reconciliation_status(const Call& call) {
  json::Writer out;
  bool manual = false;
  json::Writer list;
  list.begin_array();
  for (const model::Inconsistency& finding : call.knowledge.plan.findings) {
    if (finding.fix_action == model::FixAction::no_action) continue;
    manual = manual || finding.fix_action == model::FixAction::manual_fix_required;
    write_short(list, finding, false);
  }
  list.end_array();
  out.begin_object().key("done").boolean(true).key("successful").boolean(!manual).key("fixed_count").integer(0);
  out.key("unresolved").raw(std::move(list).text()).end_object();
  return success(std::move(out).text());
}

void time_or_null(json::Writer& out, std::string_view key, std::int64_t seconds) {
  out.key(key);
  if (seconds == 0) {
    out.null();
  } else {
    out.string(iso_time(seconds));
  }
}

Answer operation(const Call& call) {
  std::int64_t id = 0;
  const std::string& text = call.arguments.front();
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  const auto& all = call.knowledge.operations();
  const auto found = std::ranges::find(all, id, &service::Operation::id);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || found == all.end()) {
    return failed({.code = ErrorCode::not_found, .message = "there is no such operation", .where = text});
  }
  const bool runs = found->state == service::OperationState::running;
  json::Writer out;
  out.begin_object().key("operation_id").string(std::to_string(found->id));
  out.key("operation_type").string(kind_of(found->request)).key("plugin_id").string(found->request.plugin_id);
  out.key("parameters").begin_object();
  if (kind_of(found->request) == "uninstall") {
    out.key("preserve_config").boolean(std::ranges::count(found->request.words, "--keep-config") > 0);
  }
  out.end_object().key("status").string(state_word(found->state));
  const double so_far = !runs ? 0.0 : found->percent ? *found->percent / 100.0 : 0.1;
  out.key("progress").number(found->has_ended() ? 1.0 : so_far);
  const std::string says = sentence_of(*found);
  const Outcome outcome = found->has_ended() ? outcome_of(*found) : Outcome{};
  out.key("message").string(says).key("error");
  if (outcome.error) {
    out.string(outcome.error->text());
  } else {
    out.null();
  }
  out.key("result");
  if (found->state == service::OperationState::done) {
    out.begin_object().key("success").boolean(true).key("message").string(says).end_object();
  } else {
    out.null();
  }
  time_or_null(out, "created_at", found->asked_at);
  time_or_null(out, "completed_at", found->ended_at);
  out.end_object();
  return success(std::move(out).text());
}

Answer history(const Call& call) {
  if (!call.knowledge.history_problem.empty()) {
    return failed({.code = ErrorCode::unreadable, .message = call.knowledge.history_problem});
  }
  std::size_t most = 50;
  if (const auto limit = find(call.request.query, "limit")) {
    std::from_chars(limit->data(), limit->data() + limit->size(), most);
  }
  const auto plugin = find(call.request.query, "plugin_id");
  const auto type = find(call.request.query, "operation_type");
  json::Writer out;
  out.begin_array();
  std::size_t count = 0;
  for (const ledger::Action& one : call.knowledge.history) {
    if ((plugin && one.plugin_id != *plugin) || (type && one.verb != *type)) continue;
    if (count++ == most) break;
    out.begin_object().key("operation_id").string(std::to_string(one.number));
    out.key("operation_type").string(one.verb).key("plugin_id");
    if (one.plugin_id.empty()) {
      out.null();
    } else {
      out.string(one.plugin_id);
    }
    out.key("timestamp").string(iso_time(one.at)).key("status").string("success").key("user").null();
    out.key("details").begin_object().key("reason").string(one.reason).key("result").string(one.result);
    out.key("undone_by");
    if (one.undone_by) {
      out.integer(*one.undone_by);
    } else {
      out.null();
    }
    out.end_object().key("error").null().end_object();
  }
  out.end_array();
  return success(std::move(out).text());
}

}  // namespace

std::vector<Endpoint> record_endpoints() {
  return {{Method::get, "/api/v3/plugins/state", state},
          {Method::post, "/api/v3/plugins/state/reconcile", reconcile},
          {Method::get, "/api/v3/plugins/reconciliation-status", reconciliation_status},
          {Method::get, "/api/v3/plugins/operation/history", history},
          {Method::get, "/api/v3/plugins/operation/{id}", operation}};
}

}  // namespace trueup::web
