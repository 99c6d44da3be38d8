#include "engine/install_requirements.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/look.h"
#include "engine/pip_run.h"
#include "engine/python_requirements.h"
#include "engine/unattended.h"
#include "planner/file_names.h"
#include "planner/requirements.h"
#include "planner/situation.h"

namespace trueup::engine {
namespace {

using model::MissingRequirements;
using model::Step;
using model::StepAction;
using planner::some_names;

constexpr std::string_view kPipFailed = "pip_failed";
constexpr std::uint32_t kMarkerMode = 0664;

/// What came of it for one plugin.
struct Came {
  enum class Kind : std::uint8_t { had_all, installed, failed };
  Kind kind = Kind::failed;
  std::string says;  // one sentence; empty: there is nothing to say
};

/// One session's runs, one after another.
class Installer {
 public:
  Installer(Session& session, const model::Observation& seen, std::string verb, OfferWaits& waits)
      : session_(session), world_(session.site().world()), seen_(seen), verb_(std::move(verb)), waits_(waits) {}

  /// What is missing is asked just before: the run for another plugin may have brought it.
  Came run(const std::string& plugin_id, const std::string& directory) {
    const model::PythonFacts python =
        find_missing_requirements(world_, world_.processes, session_.site().root(), seen_);
    if (python.interpreter.empty()) return {.says = "it is not known any more which Python runs the display"};
    const MissingRequirements* lacks = python.find(directory);
    if (lacks == nullptr) return {.kind = Came::Kind::had_all, .says = {}};
    if (lacks->odd_line > 0) return {.says = planner::not_plain(*lacks)};
    const std::string names = some_names(lacks->missing);
    if (world_.tell_of_wait) {
      world_.tell_of_wait(fmt::format("pip installs {} for {}; that may take minutes", names, plugin_id));
    }
    log(LogLevel::info, "repair.attempt", plugin_id, {});
    const PipEnd end = run_pip(world_, python.interpreter, lacks->file);
    std::string kept = kept_output(plugin_id, end);
    if (end.stopped) return {.says = end.why};
    std::string why = end.why;
    if (end.well) why = still_missing(directory);
    if (why.empty()) {
      note_success(plugin_id, directory, fmt::format("pip installed {} for {}{}", names, plugin_id, kept));
      return {.kind = Came::Kind::installed, .says = fmt::format("pip installed {} for {}", names, plugin_id)};
    }
    why += kept;
    note_failure(plugin_id, *lacks, why);
    return {.says = std::move(why)};
  }

 private:
  /// "; what it said is in …"
  std::string kept_output(const std::string& plugin_id, const PipEnd& end) {
    if (end.output.empty()) return {};
    const auto path = keep_output(session_.site(), plugin_id, end.output);
    if (path) return fmt::format("; what it said is in {}", *path);
    return fmt::format("; what it said could not be kept: {}", path.error().text());
  }

  [[nodiscard]] std::string still_missing(const std::string& directory) const {
    const model::PythonFacts python =
        find_missing_requirements(world_, world_.processes, session_.site().root(), seen_);
    if (python.interpreter.empty()) return "pip ended well, and the packages cannot be read any more";
    const MissingRequirements* lacks = python.find(directory);
    if (lacks == nullptr) return {};
    return fmt::format("pip ended well, and {} is still missing", some_names(lacks->missing));
  }

  void forget_attempts(const std::string& plugin_id) {
    for (const model::Attempt& attempt : seen_.ledger.attempts) {
      if (attempt.plugin_id != plugin_id || attempt.source != model::kPipAttempt) continue;
      waits_.forget(attempt);
      session_.record().attempts_removed.push_back({attempt.plugin_id, attempt.source, attempt.entry_digest});
    }
  }

  void note_success(const std::string& plugin_id, const std::string& directory, std::string says) {
    forget_attempts(plugin_id);
    session_.record().actions.push_back({.transaction_id = session_.next_transaction(),
                                         .verb = verb_,
                                         .plugin_id = plugin_id,
                                         .reason = std::string(ledger::kPackagesInstalled),
                                         .result = std::move(says)});
    log(LogLevel::info, "repair.done", plugin_id, {});
    put_marker(directory);
  }

  void note_failure(const std::string& plugin_id, const MissingRequirements& lacks, const std::string& why) {
    log(LogLevel::error, "repair.failed", plugin_id, why);
    model::Attempt attempt{.plugin_id = plugin_id,
                           .source = std::string(model::kPipAttempt),
                           .entry_digest = lacks.digest,
                           .count = 1,
                           .reason = std::string(kPipFailed),
                           .detail = why};
    for (const model::Attempt& before : seen_.ledger.attempts) {
      if (before.plugin_id != plugin_id || before.source != attempt.source) continue;
      if (before.entry_digest == attempt.entry_digest) {
        attempt.count += before.count;
      } else {
        waits_.forget(before);
        session_.record().attempts_removed.push_back({before.plugin_id, before.source, before.entry_digest});
      }
    }
    waits_.failed(attempt, &store::heavy_wait_after);
    if (attempt.count == 1) {  // of the next ones their count tells
      session_.note_failure(verb_, plugin_id, attempt.reason,
                            fmt::format("the Python packages of {} are not installed ({})", plugin_id, why));
    }
    session_.record().attempts_put.push_back(std::move(attempt));
  }

  /// As LEDMatrix's plugin loader leaves it, so that it does not run pip once more at its next start. Only where it
  /// stays true: a link leads to what is never touched, and a checkout gets new requirements under an old marker.
  void put_marker(const std::string& directory) {
    const auto plugins = session_.site().plugins();
    if (!plugins) return;
    const auto plugin = (*plugins)->open_writable(directory, platform::Links::refuse);
    if (!plugin || (*plugin)->info(".git", platform::Links::refuse)) return;
    const auto attributes = session_.site().attributes_in(**plugin, kMarkerMode);
    if (attributes) (void)(*plugin)->write_new(kMarker, "", *attributes, platform::Sync::no);
  }

  void log(LogLevel level, std::string name, const std::string& plugin_id, const std::string& why) const {
    LogEvent event{.level = level, .name = std::move(name), .fields = {{"plugin_id", plugin_id}}};
    event.fields.push_back({"action", std::string(to_string(StepAction::install_requirements))});
    if (!why.empty()) event.fields.push_back({"why", why});
    world_.logger.log(event);
  }

  Session& session_;
  World& world_;
  const model::Observation& seen_;
  std::string verb_;
  OfferWaits& waits_;
};

bool asks(const Step& step) { return step.held.empty() && step.action == StepAction::install_requirements; }

/// Its files are others than those that the plan looked at.
bool puts_in_place(const Step& step) {
  switch (step.action) {
    case StepAction::install_plugin:
    case StepAction::repair_files:
    case StepAction::take_aside_in:
    case StepAction::rename_plugin: return true;
    default: return false;
  }
}

std::string directory_of(const model::Observation& seen, const std::string& plugin_id) {
  const planner::Situations situations(seen);
  const planner::Situation* plugin = situations.find(plugin_id);
  return plugin == nullptr || plugin->directory() == nullptr ? std::string() : plugin->directory()->name;
}

/// The steps of a pass: those of its plan, and those that follow from what it put in place.
class PassWork {
 public:
  PassWork(Session& session, const model::Plan& plan, const model::Policy& policy, OfferWaits& waits,
           Execution& execution)
      : session_(session), plan_(plan), policy_(policy), waits_(waits), execution_(execution) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const bool done = execution.steps[i].kind == StepResult::Kind::done;
      if (asks(plan.steps[i])) asking_[plan.steps[i].plugin_id] = i;
      if (done && puts_in_place(plan.steps[i])) put_in_place_.insert(plan.steps[i].plugin_id);
    }
  }

  void run() {
    if (asking_.empty() && put_in_place_.empty()) return;
    World& world = session_.site().world();
    const auto seen = look_again(world);
    if (!seen) return fail_all(seen.error().text());
    model::Plan now = plan_of(*seen, policy_);
    if (world.unattended != nullptr) world.unattended->hold(now);
    Installer installer(session_, seen->observation, "reconcile", waits_);
    std::set<std::string> tried;
    for (const Step& step : now.steps) {
      const std::string& id = step.plugin_id;
      if (!asks(step) || (!asking_.contains(id) && !put_in_place_.contains(id))) continue;
      if (world.stop_wanted && world.stop_wanted()) break;
      tried.insert(id);
      settle(id, installer.run(id, directory_of(seen->observation, id)));
    }
    for (const auto& [id, index] : asking_) {
      if (tried.contains(id)) continue;
      const bool stands =
          std::ranges::count(now.findings, plan_.steps[index].finding, &model::Inconsistency::finding) > 0;
      settle(id,
             stands ? Came{.says = "it is not to be done just now"} : Came{.kind = Came::Kind::had_all, .says = {}});
    }
  }

 private:
  void settle(const std::string& id, const Came& came) {
    const auto step = asking_.find(id);
    if (step == asking_.end()) {
      if (came.kind == Came::Kind::failed) {
        session_.add_note(fmt::format("the Python packages of {} are not installed: {}", id, came.says));
      } else if (!came.says.empty()) {
        session_.add_note(came.says);
      }
      return;
    }
    const bool good = came.kind != Came::Kind::failed;
    execution_.steps[step->second] = {.kind = good ? StepResult::Kind::done : StepResult::Kind::failed,
                                      .why = good ? std::string() : came.says};
  }

  void fail_all(const std::string& why) {
    for (const auto& [id, index] : asking_) settle(id, {.says = why});
  }

  Session& session_;
  const model::Plan& plan_;
  const model::Policy& policy_;
  OfferWaits& waits_;
  Execution& execution_;
  std::map<std::string, std::size_t> asking_;  // the step of each plugin
  std::set<std::string> put_in_place_;
};

/// Directories of those that lack something, by id.
std::map<std::string, std::string> lacking(const World& world, const model::Observation& seen,
                                           const std::vector<std::string>& plugin_ids) {
  std::map<std::string, std::string> found;
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return found;
  const model::PythonFacts python = find_missing_requirements(world, world.processes, **root, seen);
  for (const std::string& id : plugin_ids) {
    std::string directory = directory_of(seen, id);
    if (python.find(directory) != nullptr) found.emplace(id, std::move(directory));
  }
  return found;
}

}  // namespace

void install_requirements(Session& session, const model::Plan& plan, const model::Policy& policy, OfferWaits& waits,
                          Execution& execution) {
  const bool allowed = policy.python_requirements == model::PythonRequirements::install;
  if (!allowed || policy.rules != model::RuleSet::safe || execution.stopped) return;
  PassWork(session, plan, policy, waits, execution).run();
}

Result<std::vector<std::string>> install_requirements_of(World& world, const model::Policy& policy,
                                                         const std::string& verb,
                                                         const std::vector<std::string>& plugin_ids) {
  std::vector<std::string> says;
  if (policy.python_requirements != model::PythonRequirements::install || plugin_ids.empty()) return says;
  // Looked at before the lock is taken: mostly nothing is missing, and then nothing is written.
  ASSIGN_OR_RETURN(const Look before, look(world));
  if (lacking(world, before.observation, plugin_ids).empty()) return says;
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  OfferWaits waits(world, seen.offer_waits);
  Installer installer(*session, seen.observation, verb, waits);
  for (const auto& [id, directory] : lacking(world, seen.observation, plugin_ids)) {
    if (world.stop_wanted && world.stop_wanted()) break;
    const Came came = installer.run(id, directory);
    const bool failed = came.kind == Came::Kind::failed;
    if (failed) says.push_back(fmt::format("the Python packages of {} are not installed: {}", id, came.says));
    if (!failed && !came.says.empty()) says.push_back(came.says);
  }
  waits.record(session->record());
  ASSIGN_OR_RETURN([[maybe_unused]] const auto history, session->end());
  return says;
}

}  // namespace trueup::engine
