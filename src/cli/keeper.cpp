#include "cli/keeper.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/pass_view.h"
#include "cli/registry.h"
#include "cli/root.h"
#include "engine/display_time.h"
#include "engine/fetch_waits.h"
#include "engine/look.h"
#include "engine/refresh.h"
#include "engine/unattended.h"
#include "engine/unfinished.h"
#include "service/watch_list.h"
#include "store/plugin_source.h"

namespace trueup::cli {
namespace {

// Another trueup at work is not waited for long: the pass is made again soon, and the owner's wishes come first.
constexpr std::chrono::seconds kLockWait{2};
constexpr std::chrono::minutes kGatesLookedAtEvery{5};
constexpr const char* kFirmware = "/sys/devices/platform/soc/soc:firmware";
constexpr std::size_t kMostFirmwareBytes = 8192;  // files of /sys say that they are a page long

class FunctionSink final : public Sink {
 public:
  explicit FunctionSink(const std::function<void(std::string_view)>& to) : to_(to) {}
  void write(std::string_view text) override { to_(text); }

 private:
  const std::function<void(std::string_view)>& to_;
};

class GivenEnvironment final : public platform::Environment {
 public:
  explicit GivenEnvironment(std::map<std::string, std::string> variables) : variables_(std::move(variables)) {}
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::string> variables_;
};

/// What is logged goes where the asker's own log would go, and to whoever shows progress.
class TellingLogger final : public Logger {
 public:
  TellingLogger(const service::CommandOutput& output, bool all) : output_(output), all_(all) {}
  void log(const LogEvent& event) override {
    output_.log(event);
    const bool important = event.level == LogLevel::error || event.level == LogLevel::warning;
    if (important || (all_ && event.level == LogLevel::info)) {
      output_.err(format_log_line(event, LogFormat::plain) + "\n");
    }
  }

 private:
  const service::CommandOutput& output_;
  bool all_;
};

/// What waits is held as in a pass, so that what is shown does not change between the two.
engine::PassReport report_of_looking(engine::Look seen, const engine::World& world, const model::Policy& policy) {
  engine::PassReport report;
  report.plan = plan_of(seen, policy);
  world.unattended->hold(report.plan);
  report.next_try = next_try(seen, report.plan);
  report.steps.resize(report.plan.steps.size());
  report.observation = std::move(seen.observation);
  return report;
}

Result<engine::PassReport> only_look(engine::World& world, const model::Policy& policy) {
  ASSIGN_OR_RETURN(auto seen, engine::look_again(world));
  return report_of_looking(std::move(seen), world, policy);
}

/// Recovers, and looks. Where another trueup is at work the recovery is his, or the next pass's.
Result<engine::PassReport> first_look(engine::World& world, const model::Policy& policy) {
  auto settled = engine::look_when_settled(world, "serve", sources::SettingsCheck::changed);
  if (!settled) return only_look(world, policy);
  world.unattended->mark(settled->seen.observation, world.clock.monotonic_now());
  return report_of_looking(std::move(settled->seen), world, policy);
}

Result<engine::PassReport> report_of(service::PassKind kind, engine::World& world, const model::Policy& policy) {
  switch (kind) {
    case service::PassKind::first_look: return first_look(world, policy);
    case service::PassKind::look: return only_look(world, policy);
    case service::PassKind::full: return engine::reconcile(world, policy);
  }
  return Error{.message = "a kind of pass without a function"};
}

service::GateFacts gate_facts(const platform::FileSystem& file_system, const std::string& root) {
  service::GateFacts facts;
  if (const auto directory = file_system.open_root_for_reading(root)) {
    if (const auto free = (*directory)->free_bytes()) facts.free_bytes = *free;
  }
  if (const auto firmware = file_system.open_root_for_reading(kFirmware)) {
    const auto text = (*firmware)->read("get_throttled", kMostFirmwareBytes, platform::Links::follow);
    if (text) facts.throttled = service::throttled_in(text->bytes);
  }
  return facts;
}

void again_in(service::PassOutcome& outcome, service::Duration wait, platform::Clock& clock) {
  const auto next = clock.monotonic_now() + wait;
  outcome.again_at = std::min<service::Duration>(outcome.again_at.value_or(next), next);
}

std::optional<service::DisplayWait> display_wait(const OwnSettings& settings, const Machine& machine,
                                                 const std::string& root) {
  if (settings.heavy_work == model::HeavyWork::any_time) return std::nullopt;  // nothing is read for it
  const auto time = engine::display_time(machine.file_system, root, machine.clock);
  if (!time || !time->now) return std::nullopt;
  return service::wait_for_display(settings.heavy_work, time->hours, *time->now);
}

bool anything_settles(const engine::PassReport& report) {
  const auto& findings = report.after ? report.after->findings : report.plan.findings;
  return std::ranges::count(findings, "settling", &model::Inconsistency::reason) > 0;
}

}  // namespace

Keeper::Keeper(const Invocation& invocation, const Machine& machine, std::string root)
    : invocation_(invocation), machine_(machine), root_(std::move(root)) {}

service::PassOutcome Keeper::pass(service::PassKind kind, engine::Unattended& memory,
                                  const service::StopWanted& stop) const {
  service::PassOutcome outcome;
  const auto settings = read_own_settings(root_, machine_.file_system);
  if (!settings) {
    outcome.report = settings.error();
    return outcome;
  }
  Machine machine = machine_;
  machine.stop_wanted = stop;  // whoever ends the daemon is not kept waiting by a download
  const auto registry = find_registry(invocation_.registry, root_, *settings, machine, {});
  engine::World world = world_of(machine, root_);
  world.store = registry.get();
  world.display_cache = settings->display_cache;
  world.lock_wait = kLockWait;
  world.unattended = &memory;
  world.stop_wanted = stop;
  StringSink nowhere;
  Console console{nowhere, nowhere, {}};
  const Call call{invocation_, *settings, world, machine_, console};
  const model::Policy policy = policy_of(call);
  outcome.on_finding = settings->on_finding;
  outcome.gates = service::gates_of(gate_facts(machine_.file_system, root_));
  const bool machine_waits = !outcome.gates.empty();
  const auto display = display_wait(*settings, machine_, root_);
  if (display) outcome.gates.push_back(display->gate);
  memory.fetching_waits = {};
  if (!outcome.gates.empty()) {
    memory.fetching_waits = {.reason = outcome.gates.front().reason, .says = outcome.gates.front().says};
  }
  // Where it does not answer the pass goes on with the copy, and what it is told then says so.
  const bool asks = kind != service::PassKind::first_look && outcome.gates.empty();
  if (asks) (void)engine::refresh_registry(world, store::Ask::when_due);
  outcome.report = report_of(kind, world, policy);
  if (!outcome.report) return outcome;
  if (outcome.report->observation.reading(model::Source::disk).verdict == model::Verdict::complete) {
    outcome.watch = watch_after(*settings, outcome.report->observation);
  }
  if (anything_settles(*outcome.report)) outcome.again_at = memory.settling.due();
  if (outcome.report->next_try) again_in(outcome, *outcome.report->next_try, machine_.clock);
  if (machine_waits) again_in(outcome, kGatesLookedAtEvery, machine_.clock);
  if (display) again_in(outcome, display->left, machine_.clock);
  return outcome;
}

std::vector<platform::WatchedDirectory> Keeper::first_watch() const { return service::watch_list({.root = root_}); }

std::vector<platform::WatchedDirectory> Keeper::watch_after(const OwnSettings& settings,
                                                            const model::Observation& seen) const {
  service::Places places{.root = root_,
                         .display_cache = settings.display_cache,
                         .registry = local_registry(invocation_.registry, root_, settings, machine_)};
  const auto root = machine_.file_system.open_root_for_reading(root_);
  if (!root) return service::watch_list(places);
  places.linked_files = service::linked_files(**root);
  places.plugins = absolute_path(seen.disk.path, root_);
  for (const auto& directory : seen.disk.directories) {
    if (directory.kind == model::EntryKind::directory || directory.kind == model::EntryKind::link) {
      places.plugin_directories.push_back(directory.name);
    }
  }
  return service::watch_list(places);
}

int Keeper::command(const service::CommandRequest& request, const service::CommandOutput& output) const {
  std::map<std::string, std::string> variables = request.environment;
  if (variables.empty()) {  // an operation: it is about this installation, and its registry is the daemon's
    variables["TRUEUP_ROOT"] = root_;
    if (!invocation_.registry.empty()) {
      const bool is_path = invocation_.registry != "none" && invocation_.registry.find("://") == std::string::npos;
      variables["TRUEUP_REGISTRY"] =
          is_path ? absolute_path(invocation_.registry, machine_.working_directory) : invocation_.registry;
    } else if (const auto variable = machine_.environment.get("TRUEUP_REGISTRY")) {
      variables["TRUEUP_REGISTRY"] = *variable;
    }
  }
  const GivenEnvironment environment(std::move(variables));
  platform::GivenInput input(request.input.value_or(""));
  TellingLogger logger(output, request.tells_all);
  const Machine machine{.file_system = machine_.file_system,
                        .clock = machine_.clock,
                        .random = machine_.random,
                        .processes = machine_.processes,
                        .services = machine_.services,
                        .environment = environment,
                        .logger = logger,
                        .input = input,
                        .working_directory = request.working_directory,
                        .user_id = machine_.user_id,
                        .zone = machine_.zone,
                        .is_daemon = true,
                        .stop_wanted = output.stop_wanted,
                        .run_child = machine_.run_child,
                        .progress = output.progress};
  FunctionSink out(output.out);
  FunctionSink err(output.err);
  Console console{out,
                  err,
                  {.interactive = request.interactive,
                   .colours = request.colours,
                   .columns = static_cast<std::size_t>(request.columns),
                   .rows = static_cast<std::size_t>(request.rows)}};
  return run(request.words, machine, console);
}

}  // namespace trueup::cli
