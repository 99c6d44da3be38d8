// A daemon whose world a test turns by hand: time, the worker, what watching tells, and what a pass comes to.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "platform/memory_file_system.h"
#include "service/daemon.h"

namespace trueup::service {

/// A report of the same; a pass comes to its own each time.
inline engine::PassReport another(const engine::PassReport& report) {
  engine::PassReport same;
  same.observation = report.observation;
  same.plan = report.plan;
  same.steps = report.steps;
  same.after = report.after;
  same.notes = report.notes;
  same.history = report.history;
  same.fights = report.fights;
  same.error = report.error;
  engine::conclude(same, same.after ? &*same.after : nullptr, model::RuleSet::safe);
  return same;
}

class DaemonTest : public ::testing::Test {
 protected:
  DaemonTest() {
    disk.put_directory("/pi/.trueup");
    start();
  }

  void start() {
    daemon = std::make_unique<Daemon>(DaemonPorts{
        .loop = loop,
        .worker = worker,
        .scribe = scribe,
        .runner = runner,
        .watcher = watcher,
        .supervisor = supervisor,
        .clock = clock,
        .file_system = disk,
        .logger = logger,
        .own_directory = "/pi/.trueup",
        .pass =
            [this](PassKind kind, engine::Unattended&, const StopWanted& stop) {
              kinds.push_back(kind);
              if (during_pass) during_pass(stop);
              PassOutcome answer{.report = pass_fails ? Result<engine::PassReport>(*pass_fails)
                                                      : Result<engine::PassReport>(another(report))};
              if (kind == PassKind::first_look && answer.report) answer.report->steps.clear();  // it does nothing
              answer.watch = watch_from_now_on;
              answer.again_at = again_at;
              answer.gates = gates;
              answer.on_finding = on_finding;
              return answer;
            },
        .command =
            [this](const CommandRequest& request, const CommandOutput& output) {
              commands.push_back(request.words);
              return on_command ? on_command(request, output) : 0;
            },
        .run_program =
            [this](const std::vector<std::string>& words, const std::string& input) {
              programs.emplace_back(words, input);
              return program_fails ? Status(*program_fails) : ok();
            },
        .network_news = &network_news,
        .network = [this] { return network; },
        .watchdog = watchdog,
    });
  }

  /// Lets everything be done that can be done without time going on; passes and commands as well.
  void settle() {
    loop.settle();
    while (scribe.do_next() || runner.do_next() || worker.do_next()) loop.settle();
  }
  void advance(Duration duration) {
    // In steps, so that what the worker does is done at its time.
    const Duration until = loop.now() + duration;
    settle();
    while (loop.now() < until) {
      loop.advance(
          std::min<Duration>(until - loop.now(), std::max<Duration>(duration / 200, std::chrono::milliseconds(1))));
      settle();
    }
  }
  /// From the start to rest: the first look and the pass behind it.
  void start_up() {
    daemon->start({{.path = "/pi/config", .topic = "config"}});
    settle();
  }
  [[nodiscard]] std::size_t passes() const {
    return static_cast<std::size_t>(std::ranges::count(kinds, PassKind::full));
  }
  [[nodiscard]] std::size_t logged(const std::string& name) const {
    return static_cast<std::size_t>(std::ranges::count(logger.events, name, &LogEvent::name));
  }

  platform::MemoryFileSystem disk;
  platform::FakeLoop loop;
  platform::FakeWorker worker;
  platform::FakeWorker scribe;
  platform::FakeWorker runner;
  platform::FakeWatcher watcher;
  platform::FakeNetworkNews network_news;
  std::string network = "at home";
  platform::RecordingSupervisor supervisor;
  platform::FakeClock clock;
  RecordingLogger logger;

  engine::PassReport report;
  std::optional<Error> pass_fails;
  std::function<void(const StopWanted&)> during_pass;
  std::optional<std::vector<platform::WatchedDirectory>> watch_from_now_on;
  std::optional<Duration> again_at;
  std::function<int(const CommandRequest&, const CommandOutput&)> on_command;
  std::optional<Duration> watchdog;

  std::vector<Gate> gates;
  std::vector<std::string> on_finding;
  std::optional<Error> program_fails;
  std::vector<std::pair<std::vector<std::string>, std::string>> programs;

  std::vector<PassKind> kinds;
  std::vector<std::vector<std::string>> commands;
  std::unique_ptr<Daemon> daemon;
};

}  // namespace trueup::service
