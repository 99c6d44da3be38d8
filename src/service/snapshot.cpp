#include "service/snapshot.h"

#include "json/write.h"
#include "model/inconsistency_json.h"

namespace trueup::service {
namespace {

void write_texts(json::Writer& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_finding(json::Writer& out, const model::Inconsistency& finding, bool flapping) {
  model::write_finding(out, finding, {{"flapping", flapping ? "true" : "false"}});
}

void write_findings(json::Writer& out, const Snapshot& snapshot) {
  out.key("findings").begin_array();
  for (const auto& finding : snapshot.findings) {
    write_finding(out, finding, snapshot.flapping.contains(finding.finding));
  }
  out.end_array();
}

void write_operations(json::Writer& out, const std::vector<Operation>& operations) {
  out.key("operations").begin_array();
  for (const Operation& operation : operations) {
    out.begin_object();
    out.key("id").integer(operation.id);
    write_texts(out, "words", operation.request.words);
    out.key("plugin_id").string(operation.request.plugin_id);
    out.key("state").string(to_string(operation.state));
    out.key("progress").string(operation.progress);
    if (operation.percent) out.key("percent").integer(*operation.percent);
    out.key("exit_status").integer(operation.exit_status);
    out.key("output").string(operation.output);
    out.key("errors").string(operation.errors);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::starting: return "starting";
    case Phase::ready: return "ready";
    case Phase::stopping: return "stopping";
  }
  return "starting";
}

std::string encode(const model::Inconsistency& finding, bool flapping) {
  json::Writer out;
  write_finding(out, finding, flapping);
  return std::move(out).text();
}

std::string encode(const Snapshot& snapshot) {
  const auto integer = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
  json::Writer out;
  out.begin_object();
  out.key("schema").integer(1);
  out.key("version").integer(integer(snapshot.version));
  out.key("phase").string(to_string(snapshot.phase));
  out.key("healthy").boolean(snapshot.is_healthy());
  out.key("at_work").string(snapshot.at_work);
  out.key("waiting").integer(integer(snapshot.waiting));
  out.key("passes").integer(integer(snapshot.counters.passes));
  out.key("problem");
  if (snapshot.problem) {
    out.string(snapshot.problem->text());
  } else {
    out.null();
  }
  write_texts(out, "blind", snapshot.blind);
  out.key("gates").begin_array();
  for (const Gate& gate : snapshot.gates) {
    out.begin_object();
    out.key("reason").string(gate.reason);
    out.key("says").string(gate.says);
    out.end_object();
  }
  out.end_array();
  write_findings(out, snapshot);
  write_operations(out, snapshot.operations);
  out.end_object();
  return std::move(out).text();
}

}  // namespace trueup::service
