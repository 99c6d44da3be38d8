#include "platform/service_manager.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "platform/beneath.h"

namespace trueup::platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostAnswerBytes = 2000;  // more than one sentence of an error is no answer
constexpr std::chrono::seconds kPatience{60};   // the display has 30 seconds to end before it is killed

struct Running {
  pid_t pid = 0;
  Descriptor answer;  // its standard error
};

Result<Running> start(const std::string& program, const std::string& unit) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return read_error(errno, "open", "a pipe");
  Running running{.answer = Descriptor(ends[0])};
  const Descriptor write_end(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDERR_FILENO);
  std::array<std::string, 4> words{program, "--no-ask-password", "restart", unit};
  std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  std::array<char*, 1> environment{nullptr};
  const int failed =
      ::posix_spawn(&running.pid, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return read_error(failed, "run", program);
  return running;
}

/// What it says until it closes its end. False: it did not in time.
bool read_until_closed(const Descriptor& from, Clock::time_point deadline, std::string& text) {
  std::array<char, 512> part{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{.fd = from.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    const auto count = retry_interrupted([&] { return ::read(from.get(), part.data(), part.size()); });
    if (count <= 0) return true;
    if (text.size() < kMostAnswerBytes) text.append(part.data(), static_cast<std::size_t>(count));
  }
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Systemctl::Systemctl() : Systemctl({"/usr/bin/systemctl", "/bin/systemctl"}, kPatience) {}

Systemctl::Systemctl(std::vector<std::string> programs, std::chrono::milliseconds patience)
    : programs_(std::move(programs)), patience_(patience) {}

Status Systemctl::restart(const std::string& unit) {
  std::optional<std::string> program;
  for (const std::string& one : programs_) {
    if (!program && ::access(one.c_str(), X_OK) == 0) program = one;
  }
  if (!program) {
    return Error{.code = ErrorCode::unsupported, .message = "this system has no systemctl", .where = unit};
  }
  ASSIGN_OR_RETURN(const Running running, start(*program, unit));
  std::string answer;
  const bool in_time = read_until_closed(running.answer, Clock::now() + patience_, answer);
  if (!in_time) ::kill(running.pid, SIGKILL);
  int status = 0;
  retry_interrupted([&] { return ::waitpid(running.pid, &status, 0); });
  if (!in_time) {
    return Error{.code = ErrorCode::contended,
                 .message = fmt::format("systemctl did not answer within {} seconds",
                                        std::chrono::duration_cast<std::chrono::seconds>(patience_).count()),
                 .where = unit};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return ok();
  const std::string says = first_line(answer);
  return Error{.code = ErrorCode::refused,
               .message = says.empty() ? "systemctl refused to restart it" : fmt::format("systemctl says: {}", says),
               .where = unit};
}

Status FakeServiceManager::restart(const std::string& unit) {
  restarted.push_back(unit);
  if (answer && then) then();
  return answer;
}

}  // namespace trueup::platform
