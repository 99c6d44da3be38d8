#include "cli/render_json.h"

#include "cli/edit_text.h"
#include "cli/json_output.h"
#include "model/inconsistency_json.h"

namespace trueup::cli {
namespace {

void strings(JsonOutput& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

/// What is written by the layers below.
template <typename Write>
void part(JsonOutput& json, const Write& write) {
  json::Writer out({.compact = true});
  write(out);
  json.raw(std::move(out).text());
}

void evidence(JsonOutput& json, const std::vector<model::Evidence>& all) {
  part(json, [&all](json::Writer& out) { model::write_evidence(out, all); });
}

void inconsistency(JsonOutput& json, const model::Inconsistency& finding, const model::Fields& more = {}) {
  part(json, [&](json::Writer& out) { model::write_finding(out, finding, more); });
}

void inconsistencies(JsonOutput& json, const auto& findings) {
  json.begin_array();
  for (const model::Inconsistency& finding : findings) inconsistency(json, finding);
  json.end_array();
}

/// A value that may be shown as itself, another as null beside "shown": false.
void value(JsonOutput& json, const model::DocumentEdit& edit, const std::string& text) {
  if (may_show(edit, text)) {
    json.raw(text);
  } else {
    json.null();
  }
}

void document_edit(JsonOutput& json, const model::DocumentEdit& edit) {
  json.begin_object();
  json.key("document").text(to_string(edit.document));
  if (edit.expected) {
    json.key("expected");
    value(json, edit, *edit.expected);
  }
  if (edit.new_key) json.key("new_key").text(*edit.new_key);
  json.key("path");
  strings(json, edit.path);
  const bool all_shown =
      (!edit.expected || may_show(edit, *edit.expected)) && (!edit.value || may_show(edit, *edit.value));
  if (!all_shown) json.key("shown").boolean(false);
  if (edit.value) {
    json.key("value");
    value(json, edit, *edit.value);
  }
  json.end_object();
}

std::string_view to_string(engine::StepResult::Kind kind) {
  switch (kind) {
    case engine::StepResult::Kind::done: return "done";
    case engine::StepResult::Kind::failed: return "failed";
    case engine::StepResult::Kind::held: return "held";
  }
  return "held";
}

/// `result`: what became of it, nothing when it was only planned.
void step(JsonOutput& json, const model::Step& one, const engine::StepResult* result) {
  json.begin_object();
  json.key("action").text(to_string(one.action));
  json.key("edits").begin_array();
  for (const model::DocumentEdit& edit : one.edits) document_edit(json, edit);
  json.end_array();
  json.key("finding").text(one.finding);
  json.key("held").text(one.held);
  if (one.install) {
    json.key("install").begin_object().key("candidates");
    strings(json, one.install->candidates);
    json.key("wanted_id").text(one.install->wanted_id).end_object();
  }
  json.key("plugin_id").text(one.plugin_id);
  json.key("reason").text(one.reason);
  if (one.rebuild) {
    json.key("rebuild").begin_array();
    for (const auto& entry : one.rebuild->entries) json.text(entry.key);
    json.end_array();
  }
  if (result != nullptr) json.key("result").text(to_string(result->kind));
  json.key("summary").text(one.summary);
  if (one.uploads) {
    json.key("uploads").begin_object().key("from").text(one.uploads->from);
    json.key("to").text(one.uploads->to).end_object();
  }
  if (result != nullptr && !result->why.empty()) json.key("why").text(result->why);
  json.end_object();
}

void sources(JsonOutput& json, const model::Observation& observation) {
  json.begin_array();
  for (const model::SourceReading& reading : observation.sources) {
    json.begin_object().key("name").text(to_string(reading.source));
    if (!reading.reason.empty()) json.key("reason").text(reading.reason);
    json.key("verdict").text(to_string(reading.verdict)).end_object();
  }
  json.end_array();
}

/// What the display runs; unknown is said as unknown, never as an empty list.
void running(JsonOutput& json, const model::Observation& observation) {
  if (observation.reading(model::Source::runtime).verdict != model::Verdict::complete) {
    json.null();
    return;
  }
  json.begin_array();
  for (const model::RunningPlugin& plugin : observation.runtime.plugins) {
    if (!plugin.runs()) continue;
    json.begin_object().key("health").text(plugin.health).key("id").text(plugin.id);
    json.key("state").text(plugin.state).key("version").text(plugin.version).end_object();
  }
  json.end_array();
}

void pass(const PassView& view, bool with_running, Sink& out) {
  JsonOutput json(out);
  json.begin_object();
  if (view.reconciled) {
    json.key("history").begin_array();
    for (const std::int64_t number : view.history) json.number(number);
    json.end_array();
  }
  json.key("inconsistencies_fixed").begin_array();
  for (const model::Inconsistency& finding : view.result.inconsistencies_fixed) {
    const auto& not_seen = view.unverified;
    const bool verified = std::find(not_seen.begin(), not_seen.end(), finding.finding) == not_seen.end();
    inconsistency(json, finding, verified ? model::Fields{} : model::Fields{{"verified", "false"}});
  }
  json.end_array();
  json.key("inconsistencies_found");
  inconsistencies(json, view.result.inconsistencies_found);
  json.key("inconsistencies_manual");
  inconsistencies(json, view.result.inconsistencies_manual);
  json.key("message").text(view.result.message);
  json.key("notes");
  strings(json, view.notes);
  json.key("plan_digest").text(view.plan->digest);
  json.key("reconciliation_successful").boolean(view.result.reconciliation_successful);
  json.key("root").text(view.observation->root);
  json.key("rules").text(to_string(view.rules));
  if (with_running) {
    json.key("running");
    running(json, *view.observation);
  }
  json.key("schema").number(kJsonSchema);
  json.key("sources");
  sources(json, *view.observation);
  json.key("steps").begin_array();
  for (std::size_t i = 0; i < view.plan->steps.size(); ++i) {
    step(json, view.plan->steps[i], i < view.steps.size() ? &view.steps[i] : nullptr);
  }
  json.end_array();
  json.end_object().finish();
}

void tristate(JsonOutput& json, model::Tristate value) {
  switch (value) {
    case model::Tristate::yes: json.boolean(true); return;
    case model::Tristate::no: json.boolean(false); return;
    case model::Tristate::unknown: json.null(); return;
  }
}

}  // namespace

void write_plan_json(const PassView& view, Sink& out) { pass(view, false, out); }

void write_status_json(const PassView& view, Sink& out) { pass(view, true, out); }

void write_list_json(const std::vector<planner::RosterEntry>& plugins, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("plugins").begin_array();
  for (const planner::RosterEntry& row : plugins) {
    json.begin_object();
    json.key("directory").text(row.directory);
    json.key("display_modes");
    strings(json, row.display_modes);
    json.key("enabled").boolean(row.enabled);
    json.key("enabled_from").text(row.enabled_from);
    json.key("id").text(row.id);
    json.key("name").text(row.name);
    json.key("reasons");
    strings(json, row.reasons);
    json.key("running");
    tristate(json, row.running);
    json.key("state").text(to_string(row.state));
    json.key("version").text(row.version);
    json.end_object();
  }
  json.end_array().key("schema").number(kJsonSchema).end_object().finish();
}

void write_explain_json(const planner::Explanation& explanation, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("asked_by_mode").boolean(explanation.asked_by_mode).key("chain").begin_array();
  for (const planner::ChainLink& link : explanation.chain) {
    json.begin_object().key("evidence");
    evidence(json, link.evidence);
    json.key("link").text(link.link).key("mend").text(link.mend).key("ok");
    if (link.known) {
      json.boolean(link.ok);
    } else {
      json.null();
    }
    json.key("sentence").text(link.sentence).end_object();
  }
  json.end_array().key("display_modes").begin_array();
  for (const planner::ExplainedMode& mode : explanation.display_modes) {
    json.begin_object().key("also_by");
    strings(json, mode.also_by);
    json.key("mode").text(mode.mode).end_object();
  }
  json.end_array().key("findings");
  inconsistencies(json, explanation.findings);
  json.key("plugin_id").text(explanation.id).key("schema").number(kJsonSchema).end_object().finish();
}

void write_history_json(const std::vector<ledger::Action>& rows, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("history").begin_array();
  for (const ledger::Action& row : rows) {
    json.begin_object();
    json.key("at").number(row.at);
    json.key("n").number(row.number);
    json.key("plugin_id").text(row.plugin_id);
    json.key("reason").text(row.reason);
    json.key("result").text(row.result);
    json.key("undone_by");
    if (row.undone_by) {
      json.number(*row.undone_by);
    } else {
      json.null();
    }
    json.key("verb").text(row.verb);
    json.end_object();
  }
  json.end_array().key("schema").number(kJsonSchema).end_object().finish();
}

void write_doctor_json(const DoctorReport& report, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("checks").begin_array();
  for (const Check& check : report.checks) {
    json.begin_object().key("advice").text(check.advice).key("name").text(check.name).key("says").text(check.says);
    json.key("verdict").text(to_string(check.verdict)).end_object();
  }
  json.end_array();
  json.key("findings").number(static_cast<std::int64_t>(report.findings));
  const model::Neighbour& neighbour = report.ledmatrix;
  json.key("ledmatrix").begin_object();
  json.key("branch").text(neighbour.branch).key("commit").text(neighbour.commit);
  json.key("found").boolean(neighbour.found).key("known_by").text(neighbour.known_by);
  json.key("version").text(neighbour.version).key("web_process");
  tristate(json, neighbour.web_process);
  json.key("winner").text(to_string(neighbour.winner)).end_object();
  json.key("next_start").begin_array();
  for (const planner::NextStart& one : report.next_start) {
    json.begin_object().key("finding").text(one.finding).key("outcome").text(one.outcome);
    json.key("plugin_id").text(one.plugin_id).key("says").text(one.says).end_object();
  }
  json.end_array().key("root").text(report.root).key("schema").number(kJsonSchema).end_object().finish();
}

void write_change_json(const ChangeReport& report, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("changed").boolean(report.changed).key("details");
  strings(json, report.details);
  json.key("message").text(report.says).key("n");
  if (report.n) {
    json.number(*report.n);
  } else {
    json.null();
  }
  json.key("plugin_id").text(report.plugin_id).key("schema").number(kJsonSchema);
  json.key("verb").text(report.verb).end_object().finish();
}

void write_error_json(const Error& error, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("error").begin_object();
  json.key("code").text(to_string(error.code));
  if (!error.context.empty()) {
    json.key("context");
    strings(json, error.context);
  }
  json.key("hint").text(error.hint).key("message").text(error.message);
  json.key("where").text(error.where).end_object();
  json.key("schema").number(kJsonSchema).end_object().finish();
}

}  // namespace trueup::cli
