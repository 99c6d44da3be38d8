// /api/trueup/v1: what trueup has and LEDMatrix has not. openapi.json beside this file describes it, and a test holds
// both to each other.
//
// A step says what it does in one sentence; the values that it writes are not in these answers.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "model/inconsistency_json.h"
#include "planner/roster.h"
#include "web/api/common.h"
#include "web/assets.h"

namespace trueup::web {
namespace {

void write_step(json::Writer& out, const model::Step& step) {
  out.begin_object().key("action").string(to_string(step.action)).key("finding").string(step.finding);
  out.key("held").string(step.held).key("plugin_id").string(step.plugin_id).key("reason").string(step.reason);
  out.key("summary").string(step.summary).end_object();
}

void write_sources(json::Writer& out, const model::Observation& observation) {
  out.begin_array();
  for (const model::SourceReading& reading : observation.sources) {
    out.begin_object().key("detail").string(reading.detail).key("name").string(to_string(reading.source));
    out.key("verdict").string(to_string(reading.verdict)).end_object();
  }
  out.end_array();
}

Answer plan(const Call& call) {
  json::Writer out;
  out.begin_object().key("digest").string(call.knowledge.plan.digest).key("findings");
  model::write_findings(out, call.knowledge.plan.findings);
  out.key("sources");
  write_sources(out, call.knowledge.observation);
  out.key("steps").begin_array();
  for (const model::Step& step : call.knowledge.plan.steps) write_step(out, step);
  out.end_array().key("version").integer(static_cast<std::int64_t>(call.knowledge.version)).end_object();
  return success(std::move(out).text());
}

Answer findings(const Call& call) {
  const auto plugin = find(call.request.query, "plugin_id");
  json::Writer out;
  out.begin_array();
  for (const model::Inconsistency& finding : call.knowledge.plan.findings) {
    if (!plugin || finding.plugin_id == *plugin) model::write_finding(out, finding);
  }
  out.end_array();
  return success(std::move(out).text());
}

Answer explain(const Call& call) {
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_of(call.arguments.front()));
  const auto explanation = planner::explain(call.knowledge.observation, call.knowledge.plan, id);
  if (!explanation) {
    return failed({.code = ErrorCode::not_found, .message = fmt::format("nothing is known of `{}`", id), .where = id});
  }
  json::Writer out;
  out.begin_object().key("chain").begin_array();
  for (const planner::ChainLink& link : explanation->chain) {
    out.begin_object().key("evidence");
    model::write_evidence(out, link.evidence);
    out.key("link").string(link.link).key("mend").string(link.mend).key("ok");
    if (link.known) {
      out.boolean(link.ok);
    } else {
      out.null();
    }
    out.key("sentence").string(link.sentence).end_object();
  }
  out.end_array().key("findings");
  model::write_findings(out, explanation->findings);
  out.key("plugin_id").string(explanation->id).end_object();
  return success(std::move(out).text());
}

Answer history(const Call& call) {
  if (!call.knowledge.history_problem.empty()) {
    return failed({.code = ErrorCode::unreadable, .message = call.knowledge.history_problem});
  }
  json::Writer out;
  out.begin_array();
  for (const ledger::Action& one : call.knowledge.history) {
    out.begin_object().key("at").string(iso_time(one.at)).key("n").integer(one.number);
    out.key("plugin_id").string(one.plugin_id).key("reason").string(one.reason).key("result").string(one.result);
    out.key("undone_by");
    if (one.undone_by) {
      out.integer(*one.undone_by);
    } else {
      out.null();
    }
    out.key("verb").string(one.verb).end_object();
  }
  out.end_array();
  return success(std::move(out).text());
}

/// `data` of everything here that changes something.
Response changed(const Outcome& outcome, const Knowledge&) {
  json::Writer out;
  out.begin_object().key("changed").boolean(outcome.changed).key("history").begin_array();
  for (const std::int64_t line : outcome.history) out.integer(line);
  out.end_array().key("notes");
  write_texts(out, outcome.notes);
  out.end_object();
  return success(std::move(out).text(), outcome.message);
}

/// Something changed when something was found and is gone.
Response reconciled(const Outcome& outcome, const Knowledge& knowledge) {
  Outcome told = outcome;
  const auto fixed = told.said ? told.said->root().find("inconsistencies_fixed") : std::nullopt;
  told.changed = fixed && fixed->is_array() && fixed->at(0).has_value();
  return changed(told, knowledge);
}

Answer reconcile(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  API_ASSIGN_OR_RETURN(const auto confirm, body.optional_text("confirm"));
  API_ASSIGN_OR_RETURN(const auto retry, body.optional_boolean("retry"));
  API_ASSIGN_OR_RETURN(const auto only, body.optional_text("plugin_id"));
  service::OperationRequest request{.words = {"reconcile"}};
  if (only) {
    API_ASSIGN_OR_RETURN(request.plugin_id, plugin_id_of(*only));
    request.words.push_back(request.plugin_id);
  }
  if (retry.value_or(false)) request.words.emplace_back("--retry");
  if (confirm && !confirm->empty()) request.words.push_back("--confirm=" + *confirm);
  return Submission{.request = std::move(request), .answer = reconciled};
}

/// The finding that a body names, which is found now.
tl::expected<const model::Inconsistency*, ApiError> finding_in(const Call& call, const Body& body) {
  const auto name = body.text("finding");
  if (!name) return tl::unexpected(name.error());
  const model::Inconsistency* finding = call.knowledge.finding(*name);
  if (finding != nullptr) return finding;
  return tl::unexpected(api_error({.code = ErrorCode::not_found,
                                   .message = "that is not found any more, or never was",
                                   .where = escape_for_display(*name)}));
}

Answer resolve(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const model::Inconsistency* finding, finding_in(call, body));
  API_ASSIGN_OR_RETURN(const std::string choice, body.text("choose"));
  if (std::ranges::count(finding->choices, choice, &model::Choice::name) == 0) {
    return failure(bad_field("choose", "is none of the choices of this finding"));
  }
  return Submission{
      .request = {.words = {"resolve", finding->finding, "--choose", choice}, .plugin_id = finding->plugin_id},
      .answer = changed};
}

Answer ignore(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const model::Inconsistency* finding, finding_in(call, body));
  service::OperationRequest request{.words = {"ignore", finding->finding}, .plugin_id = finding->plugin_id};
  if (const auto seconds = body.value("seconds")) {
    const auto number = seconds->integer();
    if (!number || *number < 1 || *number > 366LL * 24 * 3600) {
      return failure(bad_field("seconds", "is no number of seconds, from 1 to a year"));
    }
    request.words.push_back(fmt::format("--for={}s", *number));
  }
  return Submission{.request = std::move(request), .answer = changed};
}

Answer undo(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  service::OperationRequest request{.words = {"undo"}};
  if (const auto field = body.value("n")) {
    const auto value = field->integer();
    if (!value || *value < 1) return failure(bad_field("n", "is no number of a line of history"));
    request.words.push_back(std::to_string(*value));
    const auto& history = call.knowledge.history;
    const auto line = std::ranges::find(history, *value, &ledger::Action::number);
    if (line != history.end()) request.plugin_id = line->plugin_id;
  }
  return Submission{.request = std::move(request), .answer = changed};
}

Response checked(const Knowledge& knowledge) {
  const auto count = [&knowledge](model::FixAction action) {
    return std::ranges::count(knowledge.plan.findings, action, &model::Inconsistency::fix_action);
  };
  const auto mendable = count(model::FixAction::auto_fix);
  const auto manual = count(model::FixAction::manual_fix_required);
  json::Writer out;
  out.begin_object().key("manual").integer(manual).key("mendable").integer(mendable);
  out.key("version").integer(static_cast<std::int64_t>(knowledge.version)).end_object();
  return success(std::move(out).text(), fmt::format("looked at everything: {} to mend, {} for you", mendable, manual));
}

Answer check(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  return Check{checked};
}

/// Calls off what waits; what is at work ends before its next step.
Answer cancel(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string text, body.text("operation_id"));
  std::int64_t id = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return failure(bad_field("operation_id", "is no number of an operation"));
  }
  return Cancellation{id};
}

Answer operations(const Call& call) {
  json::Writer out;
  out.begin_array();
  for (const service::Operation& one : call.knowledge.operations()) {
    const auto outcome = one.has_ended() ? outcome_of(one) : Outcome{};
    out.begin_object().key("error").string(outcome.error ? outcome.error->text() : "");
    out.key("history").begin_array();
    for (const std::int64_t line : outcome.history) out.integer(line);
    out.end_array().key("id").string(std::to_string(one.id)).key("kind").string(kind_of(one.request));
    out.key("message").string(sentence_of(one)).key("plugin_id").string(one.request.plugin_id);
    out.key("state").string(state_word(one.state)).end_object();
  }
  out.end_array();
  return success(std::move(out).text());
}

/// A reader first hears the newest version; where it is not the one that was shown, it asks again.
Answer events(const Call& call) {
  Response response{.content_type = "text/event-stream", .headers = {}, .body = {}, .is_event_stream = true};
  response.set("cache-control", "no-store");
  response.body = fmt::format("retry: 2000\nevent: changed\ndata: {{\"version\": {}}}\n\n", call.knowledge.version);
  return response;
}

Answer document(const Call&) { return json_response(std::string(asset("openapi.json")->bytes)); }

}  // namespace

std::vector<Endpoint> own_endpoints() {
  return {{Method::get, "/api/trueup/v1/plan", plan},
          {Method::get, "/api/trueup/v1/findings", findings},
          {Method::get, "/api/trueup/v1/plugins/{id}/explain", explain},
          {Method::get, "/api/trueup/v1/history", history},
          {Method::get, "/api/trueup/v1/operations", operations},
          {Method::get, "/api/trueup/v1/events", events},
          {Method::get, "/api/trueup/v1/openapi.json", document},
          {Method::post, "/api/trueup/v1/check", check},
          {Method::post, "/api/trueup/v1/reconcile", reconcile},
          {Method::post, "/api/trueup/v1/resolve", resolve},
          {Method::post, "/api/trueup/v1/ignore", ignore},
          {Method::post, "/api/trueup/v1/undo", undo},
          {Method::post, "/api/trueup/v1/operations/cancel", cancel}};
}

}  // namespace trueup::web
