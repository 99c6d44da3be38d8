#include "platform/child_program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "platform/descriptor.h"
#include "platform/guarded_group.h"

namespace trueup::platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFirstGiven = 3;
constexpr std::chrono::milliseconds kStopAskedEvery{200};
constexpr int kOutOfTheWay = 100;  // above every number that a descriptor is to get in the child

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return read_error(errno, "open", "a pipe");
  return Pipe{.read_end = Descriptor(ends[0]), .write_end = Descriptor(ends[1])};
}

/// What the child is to find open, in its own numbers.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void give(const Descriptor& from, int to) { posix_spawn_file_actions_adddup2(&actions_, from.get(), to); }
  void work_in(const std::string& directory) { posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()); }
  void silence(int number) { posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", O_WRONLY, 0); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// In a group that can be ended with all that it starts, and signals as any program expects them.
class Attributes {
 public:
  explicit Attributes(const std::optional<GuardedGroup>& group) {
    posix_spawnattr_init(&attributes_);
    if (!group) return;
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, group->number());
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Copies with numbers so high that giving one never overwrites another that is still to be given.
Result<std::vector<Descriptor>> copies_of(const std::vector<int>& descriptors) {
  std::vector<Descriptor> copies;
  for (const int number : descriptors) {
    copies.emplace_back(::fcntl(number, F_DUPFD_CLOEXEC, kOutOfTheWay));
    if (!copies.back().is_open()) return read_error(errno, "hand on", "an open file");
  }
  return copies;
}

/// As the kernel wants a list of texts.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> start(const ChildProgram& child, const Pipe& input, const Pipe& output,
                    const std::optional<GuardedGroup>& group) {
  ASSIGN_OR_RETURN(const std::vector<Descriptor> copies, copies_of(child.descriptors));
  FileActions actions;
  actions.give(input.read_end, STDIN_FILENO);
  actions.give(output.write_end, STDOUT_FILENO);
  if (child.errors_too) {
    actions.give(output.write_end, STDERR_FILENO);
  } else {
    actions.silence(STDERR_FILENO);
  }
  for (std::size_t i = 0; i < copies.size(); ++i) actions.give(copies[i], kFirstGiven + static_cast<int>(i));
  if (!child.directory.empty()) actions.work_in(child.directory);
  const Attributes attributes(group);
  std::vector<std::string> words{child.program};
  words.insert(words.end(), child.arguments.begin(), child.arguments.end());
  std::vector<std::string> variables = child.environment;
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> environment = pointers_to(variables);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, child.program.c_str(), actions.get(), attributes.get(), arguments.data(), environment.data());
  if (failed != 0) return read_error(failed, "run", child.program);
  return pid;
}

/// Cuts what comes into lines; what has no end yet waits.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& on_line) : on_line_(on_line) {}

  void add(std::string_view part) {
    waiting_ += part;
    std::size_t start = 0;
    for (std::size_t end = 0; (end = waiting_.find('\n', start)) != std::string::npos; start = end + 1) {
      on_line_(std::string_view(waiting_).substr(start, end - start));
    }
    waiting_.erase(0, start);
  }
  void end() {
    if (!waiting_.empty()) on_line_(waiting_);
  }

 private:
  const std::function<void(std::string_view)>& on_line_;
  std::string waiting_;
};

/// The signals by which a person, or the system, ends a program. While this lives they are held back from this thread;
/// what came reaches us when it goes.
class EndingSignals {
 public:
  explicit EndingSignals(bool wanted) {
    if (!wanted) return;
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction now{};
      const bool ignored = ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
      if (!ignored) sigaddset(&held, number);
    }
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
    told_ = Descriptor(::signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
    holds_ = true;
  }
  ~EndingSignals() {
    if (!holds_) return;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    if (came_ != 0) ::kill(::getpid(), came_);
  }
  EndingSignals(const EndingSignals&) = delete;
  EndingSignals& operator=(const EndingSignals&) = delete;

  [[nodiscard]] int descriptor() const { return told_.get(); }  // -1: none is heard of, as poll() takes it
  bool came() {
    signalfd_siginfo one{};
    if (told_.is_open() && ::read(told_.get(), &one, sizeof one) == sizeof one) came_ = static_cast<int>(one.ssi_signo);
    return came_ != 0;
  }

 private:
  sigset_t before_{};
  Descriptor told_;
  int came_ = 0;
  bool holds_ = false;
};

/// Until it says no more and has ended. Why it is to be killed, if it is.
class Hearing {
 public:
  Hearing(const ChildProgram& child, Descriptor from, pid_t pid, EndingSignals& signals, Lines& lines)
      : child_(child), from_(std::move(from)), signals_(signals), lines_(lines) {
    process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  }

  ChildEnd hear() {
    const Clock::time_point deadline = Clock::now() + child_.patience;
    const std::chrono::milliseconds longest = child_.stop_wanted ? kStopAskedEvery : std::chrono::milliseconds(60'000);
    for (;;) {
      if (signals_.came() || (child_.stop_wanted && child_.stop_wanted())) return {.in_time = false, .stopped = true};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return {.in_time = false};
      // Its end counts only once it says no more: what it said last is still in the pipe. -1 is left out by poll().
      std::array<pollfd, 2> waiting{
          pollfd{.fd = from_.is_open() ? from_.get() : process_.get(), .events = POLLIN, .revents = 0},
          pollfd{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0}};
      const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(std::min(left, longest).count()));
      if (ready < 0 && errno != EINTR) return {};
      if (ready <= 0 || waiting[0].revents == 0) continue;
      if (!from_.is_open()) return {};
      if (!take()) return {.in_time = false, .too_much = true};
      if (!from_.is_open() && !process_.is_open()) return {};
    }
  }

 private:
  /// One piece of what it says. False: that is too much.
  bool take() {
    std::array<char, 4096> part{};
    const auto count = retry_interrupted([&] { return ::read(from_.get(), part.data(), part.size()); });
    if (count <= 0) {
      from_.reset();
      lines_.end();
      return true;
    }
    heard_ += static_cast<std::size_t>(count);
    if (heard_ > child_.most_output) return false;
    lines_.add({part.data(), static_cast<std::size_t>(count)});
    return true;
  }

  const ChildProgram& child_;
  Descriptor from_;
  EndingSignals& signals_;
  Lines& lines_;
  Descriptor process_;
  std::size_t heard_ = 0;
};

}  // namespace

Result<ChildEnd> run_child(const ChildProgram& child, const std::function<void(std::string_view)>& on_line) {
  if (child.input.size() > kMostChildInput) {
    return Error{.code = ErrorCode::invalid, .message = "too much to ask of it at once", .where = child.program};
  }
  ASSIGN_OR_RETURN(Pipe input, make_pipe());
  ASSIGN_OR_RETURN(Pipe output, make_pipe());
  EndingSignals signals(child.with_its_own);
  std::optional<GuardedGroup> group;
  if (child.with_its_own) {
    auto made = GuardedGroup::make();
    if (!made) return std::move(made).error();
    group.emplace(std::move(*made));
  }
  ASSIGN_OR_RETURN(const pid_t pid, start(child, input, output, group));
  input.read_end.reset();
  output.write_end.reset();
  const Status asked = write_fully(input.write_end.get(), child.input, child.program);
  input.write_end.reset();
  Lines lines(on_line);
  ChildEnd end = Hearing(child, std::move(output.read_end), pid, signals, lines).hear();
  if (!end.in_time || !asked) ::kill(pid, SIGKILL);
  if (group && !end.in_time) group->end();
  int status = 0;
  retry_interrupted([&] { return ::waitpid(pid, &status, 0); });
  group.reset();  // what it started and left behind ends with it
  if (WIFEXITED(status)) {
    end.exit_status = WEXITSTATUS(status);
  } else {
    end.exit_status = -1;
    end.signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  return end;
}

Result<std::string> own_executable() {
  std::string path(4096, '\0');
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length < 0) return read_error(errno, "read", "/proc/self/exe");
  path.resize(static_cast<std::size_t>(length));
  return path;
}

}  // namespace trueup::platform
