// /api/trueup/v1: what trueup has and LEDMatrix has not. openapi.json beside this file describes it, and a test holds
// both to each other.
//
// Values of settings are in none of these answers: a step says what it does in one sentence.
#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "engine/reconcile.h"
#include "engine/resolve.h"
#include "engine/undo.h"
#include "planner/roster.h"
#include "web/api/common.h"
#include "web/assets.h"

namespace trueup::web {
namespace {

void write_evidence(json::Writer& out, const std::vector<model::Evidence>& all) {
  out.begin_array();
  for (const model::Evidence& one : all) {
    out.begin_object().key("fact").string(one.fact).key("where").string(one.where).end_object();
  }
  out.end_array();
}

void write_finding(json::Writer& out, const model::Inconsistency& finding) {
  out.begin_object().key("advice").string(finding.advice).key("can_auto_fix").boolean(finding.can_auto_fix);
  out.key("choices").begin_array();
  for (const model::Choice& choice : finding.choices) {
    out.begin_object().key("choose").string(choice.name).key("does").string(choice.does).end_object();
  }
  out.end_array().key("description").string(finding.description).key("evidence");
  write_evidence(out, finding.evidence);
  out.key("finding").string(finding.finding).key("fix_action").string(to_string(finding.fix_action));
  out.key("inconsistency_type").string(to_string(finding.inconsistency_type));
  out.key("plugin_id").string(finding.plugin_id).key("reason").string(finding.reason).end_object();
}

void write_findings(json::Writer& out, const std::vector<model::Inconsistency>& findings) {
  out.begin_array();
  for (const model::Inconsistency& finding : findings) write_finding(out, finding);
  out.end_array();
}

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
  write_findings(out, call.knowledge.plan.findings);
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
    if (!plugin || finding.plugin_id == *plugin) write_finding(out, finding);
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
    write_evidence(out, link.evidence);
    out.key("link").string(link.link).key("mend").string(link.mend).key("ok");
    if (link.known) {
      out.boolean(link.ok);
    } else {
      out.null();
    }
    out.key("sentence").string(link.sentence).end_object();
  }
  out.end_array().key("findings");
  write_findings(out, explanation->findings);
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
Response changed(std::string_view message, bool is_changed, const std::vector<std::string>& notes,
                 const std::vector<std::int64_t>& lines) {
  json::Writer out;
  out.begin_object().key("changed").boolean(is_changed).key("history").begin_array();
  for (const std::int64_t line : lines) out.integer(line);
  out.end_array().key("notes");
  write_texts(out, notes);
  out.end_object();
  return success(std::move(out).text(), message);
}

Answer reconcile(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  model::Policy policy;
  API_ASSIGN_OR_RETURN(const auto confirm, body.optional_text("confirm"));
  API_ASSIGN_OR_RETURN(const auto retry, body.optional_boolean("retry"));
  API_ASSIGN_OR_RETURN(const auto only, body.optional_text("plugin_id"));
  policy.confirmed_digest = confirm.value_or("");
  policy.retry = retry.value_or(false);
  if (only) {
    API_ASSIGN_OR_RETURN(std::string id, plugin_id_of(*only));
    policy.only.push_back(std::move(id));
  }
  return Work{.writes = true, .run = [policy](engine::World& world) {
                const auto report = engine::reconcile(world, policy);
                if (!report) return failed(report.error());
                if (report->error) return failed(*report->error);
                return changed(report->result.message, !report->history.empty(), report->notes, report->history);
              }};
}

Answer resolve(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string finding, body.text("finding"));
  API_ASSIGN_OR_RETURN(const std::string choice, body.text("choose"));
  return Work{.writes = true, .run = [finding, choice](engine::World& world) {
                const auto done = engine::resolve(world, finding, choice);
                if (!done) return failed(done.error());
                return changed(done->settled ? fmt::format("settled: {}", done->choice.does)
                                             : fmt::format("done, and still found: {}", done->choice.does),
                               !done->history.empty(), done->notes, done->history);
              }};
}

Answer ignore(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string finding, body.text("finding"));
  std::optional<std::chrono::seconds> lasts;
  if (const auto seconds = body.value("seconds")) {
    const auto number = seconds->integer();
    if (!number || *number < 1 || *number > 366LL * 24 * 3600) {
      return failure(bad_field("seconds", "is no number of seconds, from 1 to a year"));
    }
    lasts = std::chrono::seconds(*number);
  }
  return Work{.writes = true, .run = [finding, lasts](engine::World& world) {
                const auto done = engine::ignore(world, finding, lasts);
                if (!done) return failed(done.error());
                return changed(done->already ? "it was ignored already" : "ignored until what it rests on changes",
                               !done->already, done->notes, done->history);
              }};
}

Answer undo(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  std::int64_t number = 0;
  if (const auto field = body.value("n")) {
    const auto value = field->integer();
    if (!value || *value < 1) return failure(bad_field("n", "is no number of a line of history"));
    number = *value;
  }
  return Work{.writes = true, .run = [number](engine::World& world) {
                const auto reach = number == 0 ? engine::UndoReach::last_command : engine::UndoReach::this_one;
                const auto done = engine::undo(world, number, reach);
                if (!done) return failed(done.error());
                std::string says = "there was nothing left to undo";
                if (!done->undone.empty()) {
                  says =
                      fmt::format("number {} is undone: {}", done->undone.front().number, done->undone.front().result);
                }
                return changed(says, !done->undone.empty(), done->notes, done->history);
              }};
}

Answer operations(const Call& call) {
  json::Writer out;
  out.begin_array();
  for (const Operation& one : call.knowledge.operations) {
    out.begin_object().key("error").string(one.error).key("id").string(std::to_string(one.id));
    out.key("kind").string(to_string(one.order.kind)).key("message").string(one.message);
    out.key("plugin_id").string(one.order.plugin_id).key("state").string(to_string(one.state)).end_object();
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
          {Method::post, "/api/trueup/v1/reconcile", reconcile},
          {Method::post, "/api/trueup/v1/resolve", resolve},
          {Method::post, "/api/trueup/v1/ignore", ignore},
          {Method::post, "/api/trueup/v1/undo", undo}};
}

}  // namespace trueup::web
