#include "service/daemon.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/counted.h"
#include "service/operations_file.h"

namespace trueup::service {
namespace {

/// Another trueup works here: that is no failure, and soon over.
bool is_busy(const Error& error) { return error.code == ErrorCode::busy || error.code == ErrorCode::contended; }

bool is_write_error(const Error& error) {
  return error.code == ErrorCode::read_only || error.code == ErrorCode::full || error.code == ErrorCode::io;
}

bool left_something(const engine::PassReport& report) {
  return report.error || std::ranges::any_of(report.steps, [](const engine::StepResult& step) {
           return step.kind == engine::StepResult::Kind::failed;
         });
}

std::string status_line(const Snapshot& snapshot) {
  if (!snapshot.has_looked) return "has not looked yet";
  if (snapshot.problem) return "the last pass failed: " + snapshot.problem->message;
  if (snapshot.findings.empty()) return "all in agreement";
  const auto manual =
      std::ranges::count(snapshot.findings, model::FixAction::manual_fix_required, &model::Inconsistency::fix_action);
  return fmt::format("{}, {}", counted(snapshot.findings.size(), "finding", "findings"),
                     counted(static_cast<std::size_t>(manual), "needs a person", "need a person"));
}

}  // namespace

Daemon::Daemon(DaemonPorts ports) : ports_(std::move(ports)) {}

void Daemon::start(std::vector<platform::WatchedDirectory> directories) {
  if (auto own = ports_.file_system.open_root(ports_.own_directory)) {
    auto kept = load_operations(**own);
    if (kept.problem) log(LogLevel::warning, "operations.lost", {{"why", kept.problem->text()}});
    operations_ = std::move(kept.operations);
  }
  for (const Operation& operation : operations_.all()) {
    if (operation.state == OperationState::waiting) queue_.add(queue_name(operation.id), Urgency::owner);
  }
  // Watched before anything is looked at: what changes in between is looked at again.
  watch(std::move(directories));
  listen();
  if (ports_.network_news != nullptr) network_ = ports_.network();
  listen_to_network();
  keep_alive();
  publish();
  begin_pass({Urgency::sweep, {kEverything}}, PassKind::first_look);
}

void Daemon::reload() {
  if (phase_ != Phase::ready) return;
  log(LogLevel::info, "daemon.reloading");
  ports_.supervisor.tell(
      fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                  std::chrono::duration_cast<std::chrono::microseconds>(ports_.clock.monotonic_now()).count()));
  reloading_ = true;
  ports_.watcher.watch(watched_);
  want_pass(kEverything, Urgency::change);
}

void Daemon::stop(platform::Job ended) {
  if (phase_ == Phase::stopping) return;
  phase_ = Phase::stopping;
  ports_.supervisor.tell("STOPPING=1");
  log(LogLevel::info, "daemon.stopping",
      at_work_.empty() ? std::vector<LogField>{} : std::vector<LogField>{{"finishes", at_work_}});
  ended_ = std::move(ended);
  if (stop_) stop_->store(true);
  for (auto* timer : {&events_, &settling_, &network_news_, &full_pass_, &again_, &retry_, &blind_look_, &alive_})
    timer->reset();
  std::vector<std::string> names;
  for (const auto& [name, command] : commands_) {
    if (queue_.waits(name)) names.push_back(name);
  }
  for (const std::string& name : names) {
    decline(name, {.code = ErrorCode::unsupported, .message = "the daemon is about to end"});
  }
  publish();
  if (at_work_.empty() && saving_ == 0) ports_.loop.post(std::exchange(ended_, {}));
}

void Daemon::want_pass(const std::string& name, Urgency urgency) {
  queue_.add(name, urgency);
  pump();
}

void Daemon::pump() {
  if (!at_work_.empty() || phase_ != Phase::ready) return;
  auto batch = queue_.take();
  if (!batch) return;
  if (batch->urgency == Urgency::owner) return begin_owners(std::move(*batch));
  // While the disk takes no writes only the pass of the back-off tries again.
  const bool only_look = problem_ && is_write_error(*problem_) && batch->urgency != Urgency::sweep;
  begin_pass(std::move(*batch), only_look ? PassKind::look : PassKind::full);
}

void Daemon::begin_pass(Batch batch, PassKind kind) {
  at_work_ = "pass";
  began_ = ports_.loop.now();
  stop_ = std::make_shared<std::atomic<bool>>(false);
  // This pass is the answer to whatever asked for it; who asks from now on gets the next one.
  again_.reset();
  blind_look_.reset();
  if (kind != PassKind::look) {  // a look is no answer to what wants to write
    full_pass_.reset();
    retry_.reset();
  }
  publish();
  ports_.worker.start([this, batch = std::move(batch), kind, stop = stop_]() mutable {
    auto outcome = std::make_shared<PassOutcome>(ports_.pass(kind, memory_, [stop] { return stop->load(); }));
    platform::give_back_memory();
    ports_.loop.post([this, batch = std::move(batch), kind, outcome] {
      end_pass(batch, kind, std::move(*outcome), ports_.loop.now() - began_);
    });
  });
}

void Daemon::end_pass(const Batch& batch, PassKind kind, PassOutcome outcome, Duration took) {
  if (kind == PassKind::full) {
    ++counters_.passes;
    counters_.passes_took += took;
  }
  bool something_left = true;
  if (outcome.report) {
    something_left = left_something(*outcome.report);
    take_report(*outcome.report, kind);
    tell_owner(outcome.on_finding);
  } else {
    take_failure(outcome.report.error());
  }
  take_gates(std::move(outcome.gates));
  if (outcome.watch && *outcome.watch != watched_) {
    watch(std::move(*outcome.watch));
    queue_.add(kEverything, Urgency::change);  // what changed before it was watched
  }
  if (kind == PassKind::first_look && phase_ == Phase::starting) {
    phase_ = Phase::ready;
    ports_.supervisor.tell("READY=1");
    log(LogLevel::info, "daemon.ready");
    queue_.add(kEverything, Urgency::sweep);
  } else if (reloading_) {
    reloading_ = false;
    ports_.supervisor.tell("READY=1");
  }
  plan_ahead(outcome, kind, something_left && kind == PassKind::full);  // behind a first look a pass comes anyway
  work_ended(batch);
}

void Daemon::take_report(const engine::PassReport& report, PassKind kind) {
  const auto now = ports_.loop.now();
  for (const engine::StepResult& step : report.steps) {
    counters_.repairs_done += step.kind == engine::StepResult::Kind::done ? 1U : 0U;
    counters_.repairs_failed += step.kind == engine::StepResult::Kind::failed ? 1U : 0U;
  }
  findings_ = report.after ? report.after->findings : report.plan.findings;
  for (const LogEvent& event : news_.note(findings_, now)) ports_.logger.log(event);
  for (const engine::Fight& fight : report.fights) {
    log(LogLevel::warning, "fight",
        {{"plugin_id", fight.plugin_id},
         {"field", fight.field},
         {"says",
          fmt::format("another program undid the same repair {} times; from now on it is left alone until you decide",
                      engine::Fights::kRounds)}});
  }
  // What could not be read to its end leaves what is published as it is.
  (void)catalogue_.publish(report.observation);
  if (report.error) {
    take_failure(*report.error);
  } else if (kind == PassKind::full) {  // a look proves nothing about writing
    if (problem_) log(LogLevel::info, "pass.recovered");
    problem_.reset();
  }
  has_looked_ = true;
}

void Daemon::take_failure(const Error& error) {
  ++counters_.passes_failed;
  const bool is_news = !problem_ || problem_->code != error.code || problem_->message != error.message;
  if (is_news) {
    log(is_busy(error) ? LogLevel::info : LogLevel::error, "pass.failed",
        {{"why", error.text()}, {"hint", error.hint}});
  }
  problem_ = error;
}

void Daemon::take_gates(std::vector<Gate> gates) {
  const auto among = [](const std::vector<Gate>& all, const Gate& gate) {
    return std::ranges::count(all, gate.reason, &Gate::reason) > 0;
  };
  for (const Gate& gate : gates) {
    if (among(gates_, gate)) continue;
    log(LogLevel::warning, "gate.closed", {{"reason", gate.reason}, {"says", gate.says}});
  }
  for (const Gate& gate : gates_) {
    if (!among(gates, gate)) log(LogLevel::info, "gate.open", {{"reason", gate.reason}});
  }
  gates_ = std::move(gates);
}

void Daemon::plan_ahead(const PassOutcome& outcome, PassKind kind, bool something_left) {
  if (phase_ == Phase::stopping) return;
  const auto pass_after = [this](Duration wait, Urgency urgency) {
    return ports_.loop.after(wait, [this, urgency] { want_pass(kEverything, urgency); });
  };
  if (outcome.again_at) {
    const Duration left = *outcome.again_at - ports_.clock.monotonic_now();
    again_ = pass_after(std::max(left, Duration::zero()), Urgency::change);
  }
  if (!ports_.watcher.blind().empty()) blind_look_ = pass_after(kLookWhenBlindEvery, Urgency::sweep);
  if (kind == PassKind::look) return;
  full_pass_ = pass_after(kFullPassEvery, Urgency::sweep);
  if (something_left) {
    ++failures_;
    retry_ = pass_after(retry_after(failures_, problem_ && is_busy(*problem_)), Urgency::sweep);
  } else {
    failures_ = 0;
  }
}

void Daemon::work_ended(const Batch& batch) {
  queue_.done(batch);
  at_work_.clear();
  stop_.reset();
  stoppable_operation_ = 0;
  publish();
  if (phase_ == Phase::stopping) {
    if (saving_ == 0 && ended_) ports_.loop.post(std::exchange(ended_, {}));
    return;
  }
  pump();
}

std::vector<Gate> Daemon::gates_now() const {
  auto gates = gates_;
  if (problem_ && is_write_error(*problem_)) {
    const auto closed = gates_of({.free_bytes = {}, .throttled = {}, .read_only = true});
    gates.insert(gates.end(), closed.begin(), closed.end());
  }
  return gates;
}

void Daemon::publish() {
  auto next =
      std::make_shared<Snapshot>(Snapshot{.version = snapshot_->version + 1,
                                          .phase = phase_,
                                          .at_work = at_work_,
                                          .waiting = queue_.size(),
                                          .findings = findings_,
                                          .flapping = news_.flapping(),
                                          .blind = ports_.watcher.blind(),
                                          .gates = gates_now(),
                                          .problem = problem_,
                                          .operations = operations_.all(),
                                          .counters = counters_,
                                          .has_looked = has_looked_,
                                          .catalogue = catalogue_.version() > 0 ? catalogue_.current() : nullptr});
  snapshot_ = std::move(next);
  if (std::string status = status_line(*snapshot_); status != status_told_) {
    ports_.supervisor.tell("STATUS=" + status);
    status_told_ = std::move(status);
  }
  const std::vector<Subscription*> all(subscriptions_.begin(), subscriptions_.end());
  for (Subscription* one : all) {
    if (subscriptions_.contains(one)) one->call();
  }
}

std::unique_ptr<Subscription> Daemon::subscribe(platform::Job job) {
  return std::make_unique<Subscription>(subscriptions_, std::move(job));
}

void Daemon::log(LogLevel level, std::string name, std::vector<LogField> fields) {
  ports_.logger.log({.level = level, .name = std::move(name), .fields = std::move(fields)});
}

}  // namespace trueup::service
