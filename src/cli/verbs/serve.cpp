// `trueup serve`: puts the daemon together from real objects, as main() does for a command, and runs its loop until a
// signal ends it.
#include <fmt/core.h>

#include <charconv>
#include <csignal>
#include <optional>

#include "cli/keeper.h"
#include "cli/root.h"
#include "cli/web_part.h"
#include "engine/site.h"
#include "platform/asio_loop.h"
#include "platform/lock.h"
#include "platform/network_news.h"
#include "platform/own_process.h"
#include "platform/program.h"
#include "platform/supervisor.h"
#include "platform/watcher.h"
#include "platform/worker.h"
#include "service/server.h"
#include "store/network_identity.h"

namespace trueup::cli {
namespace {

constexpr const char* kDaemonLock = "daemon-lock";
constexpr std::chrono::seconds kProgramPatience{30};
constexpr std::chrono::milliseconds kLongestEnd{1800};  // what is not done by then is finished by the next start

/// How often the supervisor wants to hear of us; nothing when it does not ask this process.
std::optional<service::Duration> watchdog_of(const platform::Environment& environment) {
  const std::string text = environment.get("WATCHDOG_USEC").value_or("");
  std::int64_t microseconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), microseconds);
  if (failed != std::errc() || end != text.data() + text.size() || microseconds <= 0) return std::nullopt;
  const std::string pid = environment.get("WATCHDOG_PID").value_or("");
  if (!pid.empty() && pid != std::to_string(platform::own_pid())) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

/// Only one daemon an installation. The lock for writing is another one: each pass and command takes it for itself.
Result<platform::ProcessLock> only_daemon(const std::string& root, const Machine& machine) {
  engine::World world = world_of(machine, root);
  ASSIGN_OR_RETURN(const auto site, engine::Site::open(world));
  ASSIGN_OR_RETURN(auto* own, site->own());
  auto lock = platform::ProcessLock::acquire(*own, "serve", {}, machine.clock, machine.processes, kDaemonLock);
  if (lock) return lock;
  Error error = std::move(lock).error();
  if (error.code == ErrorCode::busy) {
    error.message = "a daemon works on this installation already: " + error.message;
    error.hint = "`systemctl stop trueup` ends the one that systemd started";
  }
  return error;
}

/// The owner's program, told of a finding.
Status run_owners_program(const std::vector<std::string>& words, const std::string& input) {
  ASSIGN_OR_RETURN(const int status, platform::run_program(words, input, kProgramPatience));
  if (status == 0) return ok();
  return Error{.code = ErrorCode::refused, .message = fmt::format("it ended with {}", status), .where = words.front()};
}

}  // namespace

Result<Outcome> run_serve(const Invocation& invocation, const Machine& machine, Console&) {
  if (machine.is_daemon) return Error{.code = ErrorCode::invalid, .message = "this is the daemon"};
  ASSIGN_OR_RETURN(const std::string root,
                   find_root(invocation.root, machine.working_directory, machine.environment, machine.file_system));
  // Changes of state are told in this log, one line each; the command line's own shows only what is wrong.
  const auto format = invocation.foreground
                          ? LogFormat::plain
                          : log_format_for_stderr(machine.environment.get("JOURNAL_STREAM").value_or(""));
  const auto logger = make_stderr_logger(format, LogLevel::info);
  const Machine daemons{.file_system = machine.file_system,
                        .clock = machine.clock,
                        .random = machine.random,
                        .processes = machine.processes,
                        .services = machine.services,
                        .environment = machine.environment,
                        .logger = *logger,
                        .input = machine.input,
                        .working_directory = machine.working_directory,
                        .user_id = machine.user_id,
                        .zone = machine.zone,
                        .is_daemon = true,
                        .run_child = machine.run_child};
  platform::keep_memory_small();

  const std::string own_path = fmt::format("{}/{}", root, engine::kOwnDirectory);
  ASSIGN_OR_RETURN(const auto only_one, only_daemon(root, daemons));
  ASSIGN_OR_RETURN(auto listener, platform::LocalListener::open(own_path, service::kSocketName));

  const Keeper keeper(invocation, daemons, root);
  platform::AsioLoop loop;
  platform::RealWatcher watcher;
  platform::KernelNetworkNews network_news;
  platform::Systemd supervisor(machine.environment.get("NOTIFY_SOCKET").value_or(""));
  platform::ThreadWorker scribe;
  platform::ThreadWorker runner;
  platform::ThreadWorker worker;
  service::Daemon daemon(
      {.loop = loop,
       .worker = worker,
       .scribe = scribe,
       .runner = runner,
       .watcher = watcher,
       .supervisor = supervisor,
       .clock = machine.clock,
       .file_system = machine.file_system,
       .logger = *logger,
       .own_directory = own_path,
       .pass = [&keeper](service::PassKind kind, engine::Unattended& memory,
                         const service::StopWanted& stop) { return keeper.pass(kind, memory, stop); },
       .command = [&keeper](const service::CommandRequest& request,
                            const service::CommandOutput& output) { return keeper.command(request, output); },
       .run_program = run_owners_program,
       .network_news = &network_news,
       .network = [&machine] { return store::network_identity(machine.file_system); },
       .watchdog = watchdog_of(machine.environment)});
  std::optional<service::Server> server;
  server.emplace(service::ServerPorts{.loop = loop,
                                      .daemon = daemon,
                                      .logger = *logger,
                                      .version = std::string(trueup_version()),
                                      .user_id = machine.user_id,
                                      .own_cost = platform::own_cost},
                 std::move(listener));
  std::unique_ptr<WebPart> page;
  if (invocation.web_port != 0) {
    ASSIGN_OR_RETURN(page, WebPart::open(invocation, daemons, root, loop, daemon));
  }
  std::unique_ptr<platform::Pending> last_moment;
  loop.on_signals({SIGTERM, SIGINT, SIGHUP}, [&](int signal) {
    if (signal == SIGHUP) return daemon.reload();
    if (last_moment) return;
    // A kill at any instant loses nothing; who waits for us is not kept waiting.
    last_moment = loop.after(kLongestEnd, [] { platform::end_at_once(kExitAgreement); });
    daemon.stop([&loop] { loop.stop(); });
  });
  daemon.start(keeper.first_watch());
  loop.run();
  server.reset();
  // Neither the owner's program nor a change by the page is waited for: what is interrupted, the next start finishes.
  if (runner.is_at_work() || (page && page->is_at_work())) platform::end_at_once(kExitAgreement);
  return Outcome{};
}

}  // namespace trueup::cli
