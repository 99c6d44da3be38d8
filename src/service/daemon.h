// The daemon: keeps one installation true from its start on. One thread owns all of it; what blocks is done by a
// worker, one thing at a time, so that no two ever write.
//
//   start -> first look, published at once -> passes: at the start, after each change, when one failed (by its own
//   back-off), once an hour. What the owner asks for comes before them.
//
// It decides nothing about plugins: a pass is the engine's, handed in, and so is what a command line does. A pass is
// never made because somebody asks what is known (failure F58).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reconcile.h"
#include "engine/unattended.h"
#include "host/catalogue.h"
#include "platform/file_system.h"
#include "platform/loop.h"
#include "platform/network_news.h"
#include "platform/supervisor.h"
#include "platform/watcher.h"
#include "platform/worker.h"
#include "service/gates.h"
#include "service/news.h"
#include "service/operations.h"
#include "service/pace.h"
#include "service/request.h"
#include "service/snapshot.h"
#include "service/work_queue.h"

namespace trueup::service {

using StopWanted = std::function<bool()>;

/// What a pass came to, and what follows for the next ones.
struct PassOutcome {
  Result<engine::PassReport> report = Error{};
  std::optional<std::vector<platform::WatchedDirectory>> watch = {};  // nothing: as before
  std::optional<Duration> again_at = {};                              // when what settles will have settled
  std::vector<Gate> gates = {};                                       // what is closed now
  std::vector<std::string> on_finding = {};                           // the owner's program and its words
};

/// A look writes nothing.
enum class PassKind : std::uint8_t { first_look, look, full };

/// Where a command's words go while it is done. Called in the worker.
struct CommandOutput {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  std::function<void(const LogEvent&)> log;
  StopWanted stop_wanted;
  std::function<void(Doing)> progress = {};  // what it does just now; may be empty
};

/// The same on the loop's side: told there, in this order, `ended` or `declined` last.
struct CommandListener {
  std::function<void()> begun;
  std::function<void(std::string)> out;
  std::function<void(std::string)> err;
  std::function<void(int)> ended;
  std::function<void(const Error&)> declined;  // nothing was done
};

struct DaemonPorts {
  platform::Loop& loop;
  platform::Worker& worker;  // passes and commands
  platform::Worker& scribe;  // the file of operations
  platform::Worker& runner;  // the owner's own program
  platform::Watcher& watcher;
  platform::Supervisor& supervisor;
  platform::Clock& clock;
  platform::FileSystem& file_system;
  Logger& logger;
  std::string own_directory;  // .trueup, absolute
  /// Both are called in the worker.
  std::function<PassOutcome(PassKind, engine::Unattended&, const StopWanted&)> pass;
  std::function<int(const CommandRequest&, const CommandOutput&)> command;
  /// Called in the runner: the owner's program, with a finding as its input.
  std::function<Status(const std::vector<std::string>&, const std::string&)> run_program;
  platform::NetworkNews* network_news = nullptr;  // nothing: a changed network is found by the hourly pass
  /// A fingerprint of the network; empty: there is none.
  std::function<std::string()> network = {};
  std::optional<Duration> watchdog = {};  // how often the supervisor wants to hear of us at least
};

/// While it lives its job is called after every change. It must not outlive the daemon.
class Subscription {
 public:
  Subscription(std::set<Subscription*>& all, platform::Job job) : all_(all), job_(std::move(job)) { all_.insert(this); }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription() { all_.erase(this); }
  void call() const { job_(); }

 private:
  std::set<Subscription*>& all_;
  platform::Job job_;
};

class Daemon {
 public:
  explicit Daemon(DaemonPorts ports);

  /// `directories`: what can be told before anything was looked at.
  void start(std::vector<platform::WatchedDirectory> directories);
  /// SIGHUP: looks at everything anew, settings included.
  void reload();
  /// Ends what is at work after its step, begins nothing more, and then says so.
  void stop(platform::Job ended);

  /// As of the newest change. For faces that run on the same loop.
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return snapshot_; }
  [[nodiscard]] std::unique_ptr<Subscription> subscribe(platform::Job job);

  /// `then` is told the id once it would survive a restart, or why there is none.
  void submit(OperationRequest request, std::function<void(Result<std::int64_t>)> then);
  Status cancel(std::int64_t id);
  /// Once, with all that it said, however much that is; at once when it has ended already. Not when the daemon ends
  /// before it. Requires: there is such an operation.
  void when_ended(std::int64_t id, std::function<void(const Operation&)> then);
  /// Does it when its turn comes. The name is for abandon().
  std::string command(CommandRequest request, CommandListener listener);
  /// Nobody listens any more: it is not begun, or ends before its next step.
  void abandon(const std::string& name);

 private:
  struct Command {
    CommandRequest request;
    CommandListener listener;
    std::unique_ptr<platform::Pending> patience;
  };

  // daemon.cpp
  void pump();
  void begin_pass(Batch batch, PassKind kind);
  void end_pass(const Batch& batch, PassKind kind, PassOutcome outcome, Duration took);
  void take_report(const engine::PassReport& report, PassKind kind);
  void take_failure(const Error& error);
  void plan_ahead(const PassOutcome& outcome, PassKind kind, bool something_left);
  void take_gates(std::vector<Gate> gates);
  void tell_owner(const std::vector<std::string>& words);
  void want_pass(const std::string& name, Urgency urgency);
  void work_ended(const Batch& batch);
  [[nodiscard]] std::vector<Gate> gates_now() const;
  void publish();
  void log(LogLevel level, std::string name, std::vector<LogField> fields = {});

  // daemon_watching.cpp
  void watch(std::vector<platform::WatchedDirectory> directories);
  void listen();
  void hear();
  void settle();
  void act_on_events();
  void listen_to_network();
  void look_at_network();
  void keep_alive();

  // daemon_commands.cpp
  void begin_owners(Batch batch);
  void begin_command(const Batch& batch, const std::shared_ptr<Command>& command);
  void begin_operation(const Batch& batch, std::int64_t id);
  void decline(const std::string& name, const Error& error);
  void save_operations(std::function<void(Status)> then);
  void tell_end(const Operation& operation);
  [[nodiscard]] std::int64_t seconds_now() const;

  DaemonPorts ports_;
  Phase phase_ = Phase::starting;
  WorkQueue queue_;
  std::string at_work_;                      // what the worker does; empty: nothing
  std::shared_ptr<std::atomic<bool>> stop_;  // of what the worker does
  std::int64_t stoppable_operation_ = 0;
  platform::Job ended_;
  Duration began_{};

  engine::Unattended memory_;  // the worker's, while a pass is at work
  News news_;
  int failures_ = 0;
  std::optional<Error> problem_;
  Counters counters_;
  std::vector<model::Inconsistency> findings_;
  bool has_looked_ = false;
  host::CataloguePublisher catalogue_;
  std::vector<Gate> gates_;
  std::vector<std::string> owners_program_;  // which was told so far
  bool hook_failed_ = false;
  bool reloading_ = false;

  std::vector<platform::WatchedDirectory> watched_;
  std::vector<std::string> blind_told_;
  platform::WatchEvents heard_;
  int settle_rounds_ = 0;
  std::string network_;

  Operations operations_;
  std::multimap<std::int64_t, std::function<void(const Operation&)>> wait_for_end_;  // by the operation's id
  std::map<std::string, std::shared_ptr<Command>> commands_;
  std::int64_t last_command_ = 0;
  int saving_ = 0;
  bool save_failed_ = false;

  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();
  std::set<Subscription*> subscriptions_;
  std::string status_told_;

  std::unique_ptr<platform::Pending> events_;
  std::unique_ptr<platform::Pending> settling_;
  std::unique_ptr<platform::Pending> network_news_;
  std::unique_ptr<platform::Pending> full_pass_;
  std::unique_ptr<platform::Pending> again_;
  std::unique_ptr<platform::Pending> retry_;
  std::unique_ptr<platform::Pending> blind_look_;
  std::unique_ptr<platform::Pending> alive_;
};

}  // namespace trueup::service
