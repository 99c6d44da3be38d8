#include "model/inconsistency_json.h"

#include <algorithm>

namespace trueup::model {
namespace {

void write_fields(json::Writer& out, Fields fields) {
  std::sort(fields.begin(), fields.end());
  out.begin_object();
  for (const auto& [name, value] : fields) out.key(name).raw(value);
  out.end_object();
}

}  // namespace

void write_evidence(json::Writer& out, const std::vector<Evidence>& all) {
  out.begin_array();
  for (const Evidence& one : all) {
    out.begin_object().key("fact").string(one.fact).key("where").string(one.where).end_object();
  }
  out.end_array();
}

void write_finding(json::Writer& out, const Inconsistency& finding, const Fields& more) {
  out.begin_object();
  out.key("advice").string(finding.advice);
  out.key("can_auto_fix").boolean(finding.can_auto_fix);
  if (!finding.choices.empty()) {
    out.key("choices").begin_array();
    for (const Choice& choice : finding.choices) {
      out.begin_object().key("choose").string(choice.name).key("does").string(choice.does).end_object();
    }
    out.end_array();
  }
  out.key("current_state");
  write_fields(out, finding.current_state);
  out.key("description").string(finding.description);
  out.key("evidence");
  write_evidence(out, finding.evidence);
  out.key("expected_state");
  write_fields(out, finding.expected_state);
  out.key("finding").string(finding.finding);
  out.key("fix_action").string(to_string(finding.fix_action));
  out.key("inconsistency_type").string(to_string(finding.inconsistency_type));
  out.key("plugin_id").string(finding.plugin_id);
  out.key("reason").string(finding.reason);
  for (const auto& [name, value] : more) out.key(name).raw(value);
  out.end_object();
}

void write_findings(json::Writer& out, const std::vector<Inconsistency>& findings) {
  out.begin_array();
  for (const Inconsistency& finding : findings) write_finding(out, finding);
  out.end_array();
}

}  // namespace trueup::model
