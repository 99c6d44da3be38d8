// `trueup plan`: what reconcile would do, here or where a report comes from. Writes nothing, takes no lock.
#include "base/limits.h"
#include "cli/named_file.h"
#include "cli/pass_view.h"
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/look.h"
#include "engine/report.h"

namespace trueup::cli {
namespace {

Outcome show_plan(const engine::PlanReport& report, const Invocation& invocation, Console& console) {
  const PassView pass = view_of_looking(report, invocation);
  if (invocation.json) {
    write_plan_json(pass, console.out);
  } else {
    render_plan(pass, console.terminal, console.out);
  }
  return outcome_of(pass);
}

Result<model::Report> read_report(const std::string& path, const Machine& machine) {
  ASSIGN_OR_RETURN(std::string text, read_named_file(path, limits::kMaxReportBytes, "a report", machine));
  return model::decode_report(std::move(text));
}

}  // namespace

Result<Outcome> run_plan(Call& call) {
  ASSIGN_OR_RETURN(const engine::PlanReport report, engine::plan(call.world, policy_of(call)));
  return show_plan(report, call.invocation, call.console);
}

Result<Outcome> run_plan_from(const Invocation& invocation, const Machine& machine, Console& console) {
  auto report = read_report(invocation.from, machine);
  if (!report) {
    Error error = std::move(report).error();
    error.where = invocation.from;
    error.hint = "`trueup report -o FILE` makes one";
    return error;
  }
  Invocation as_there = invocation;
  if (!invocation.rules_given) as_there.rules = report->rules;
  return show_plan(engine::plan_of(std::move(*report), policy_of(as_there)), as_there, console);
}

}  // namespace trueup::cli
