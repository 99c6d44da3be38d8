// plugin_incompatible, too: the Python that runs the display lacks packages that a plugin asks for. The display
// installs them by itself when it starts the plugin, unless its marker says that this was done already; then nobody
// does but a person, or pip where the owner allows trueup to run it.
//
// pip is never given a requirements.txt that says more than names, versions and conditions: an option or an address in
// it decides from where other people's code comes, and `-r` which other file is read and repeated (promise 9).
#include <fmt/core.h>

#include "planner/aside_choice.h"
#include "planner/attempts.h"
#include "planner/file_names.h"
#include "planner/pip_command.h"
#include "planner/requirements.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::MissingRequirements;
using model::Source;

constexpr std::string_view kMarker = ".dependencies_installed";

/// What becomes of it without trueup. `why`: why trueup does not see to it; empty: it may not.
Found left_to_others(Inconsistency found, const MissingRequirements& lacks, const std::string& command,
                     const std::string& why) {
  if (lacks.marked) {
    return for_a_person(std::move(found), why.empty() ? fmt::format("run `{}{}`", kAsDisplay, command)
                                                      : fmt::format("{}; by hand: `{}{}`", why, kAsDisplay, command));
  }
  return left_alone(std::move(found),
                    fmt::format("{}{}the display installs them when it starts the plugin; by hand: `{}{}`", why,
                                why.empty() ? "" : "; ", kAsDisplay, command));
}

const model::Attempt* failure_of(const Context& context, const Situation& plugin, const MissingRequirements& lacks) {
  for (const model::Attempt& attempt : context.observation.ledger.attempts) {
    const bool same = attempt.source == model::kPipAttempt && attempt.entry_digest == lacks.digest;
    if (same && attempt.plugin_id == plugin.id) return &attempt;
  }
  return nullptr;
}

std::string id_of(std::string_view plugin_id) {
  return model::finding_id(InconsistencyType::plugin_incompatible, plugin_id, "requirements");
}

Inconsistency finding_of(const Situation& plugin, const MissingRequirements& lacks, const std::string& interpreter) {
  auto found = finding(InconsistencyType::plugin_incompatible, plugin.id, kRequirementsMissing,
                       fmt::format("Plugin {} needs Python packages that are not installed", plugin.id));
  found.finding = id_of(plugin.id);
  const std::string names = some_names(lacks.missing);
  found.current_state = {{"missing", json_text(names)}};
  found.expected_state = {{"missing", "\"\""}};
  found.evidence = {{lacks.file, fmt::format("asks for {}", names)},
                    {interpreter, "runs the display, and its packages have not that"}};
  if (!lacks.marked) return found;
  found.evidence.push_back({lacks.file.substr(0, lacks.file.rfind('/') + 1) + std::string(kMarker),
                            "makes the display believe that it has them"});
  return found;
}

void check(const Context& context, const Situation& plugin, Output& out) {
  if (!plugin.installed() || plugin.reserved || plugin.tombstoned || !enabled_of(plugin).enabled) return;
  const model::PythonFacts& python = context.observation.python;
  const MissingRequirements* lacks = python.find(plugin.directory()->name);
  if (lacks == nullptr || comes_back_from_aside(context, plugin)) return;
  Inconsistency found = finding_of(plugin, *lacks, python.interpreter);
  const std::string command = pip_command(python.interpreter, lacks->file);
  if (context.policy.python_requirements != model::PythonRequirements::install) {
    out.push_back(left_to_others(std::move(found), *lacks, command, {}));
    return;
  }
  if (lacks->odd_line > 0) {
    found.reason = kRequirementsNotPlain;
    out.push_back(left_to_others(std::move(found), *lacks, command, not_plain(*lacks)));
    return;
  }
  const model::Attempt* failure = failure_of(context, plugin, *lacks);
  if (failure != nullptr && lacks->waits && !asked_by_name(context, plugin)) {
    found.reason = kRequirementsWait;
    out.push_back(left_to_others(std::move(found), *lacks, command,
                                 fmt::format("{}; it is tried again later by itself, and at once by `trueup reconcile "
                                             "--retry`",
                                             failure->detail)));
    return;
  }
  auto step = step_for(found, model::StepAction::install_requirements,
                       fmt::format("install {} with `{}`", some_names(lacks->missing), command));
  out.push_back(mended_by(std::move(found), std::move(step)));
}

}  // namespace

bool is_about_requirements(const Inconsistency& finding) { return finding.finding == id_of(finding.plugin_id); }

std::string not_plain(const model::MissingRequirements& lacks) {
  return fmt::format(
      "trueup does not give {} to pip, because line {} of it says more than names, versions and conditions: look at it "
      "first",
      lacks.file, lacks.odd_line);
}

const Rule kRequirements{
    .type = InconsistencyType::plugin_incompatible,
    .says =
        "The Python that runs the display lacks packages that a plugin asks for which is on: the display installs them "
        "when it starts the plugin, or a person does where its marker says that it has; trueup runs pip only where its "
        "settings allow that. Where the Python or its packages are not known, nothing is found.",
    .needs = {Source::config, Source::disk, Source::state, Source::tombstones},
    .step_needs = {Source::ledger},
    .each = check};

}  // namespace trueup::planner
