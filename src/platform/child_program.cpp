#include "platform/child_program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "platform/descriptor.h"

namespace trueup::platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFirstGiven = 3;
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
  void silence(int number) { posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", O_WRONLY, 0); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
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

Result<pid_t> start(const ChildProgram& child, const Pipe& input, const Pipe& output) {
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
  std::vector<std::string> words{child.program};
  words.insert(words.end(), child.arguments.begin(), child.arguments.end());
  std::vector<std::string> variables = child.environment;
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> environment = pointers_to(variables);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, child.program.c_str(), actions.get(), nullptr, arguments.data(), environment.data());
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

/// False: it took too long or said too much.
bool hear(const Descriptor& from, Clock::time_point deadline, std::size_t most, Lines& lines) {
  std::array<char, 4096> part{};
  std::size_t heard = 0;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{.fd = from.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    const auto count = retry_interrupted([&] { return ::read(from.get(), part.data(), part.size()); });
    if (count <= 0) break;
    heard += static_cast<std::size_t>(count);
    if (heard > most) return false;
    lines.add({part.data(), static_cast<std::size_t>(count)});
  }
  lines.end();
  return true;
}

}  // namespace

Result<ChildEnd> run_child(const ChildProgram& child, const std::function<void(std::string_view)>& on_line) {
  if (child.input.size() > kMostChildInput) {
    return Error{.code = ErrorCode::invalid, .message = "too much to ask of it at once", .where = child.program};
  }
  ASSIGN_OR_RETURN(Pipe input, make_pipe());
  ASSIGN_OR_RETURN(Pipe output, make_pipe());
  ASSIGN_OR_RETURN(const pid_t pid, start(child, input, output));
  input.read_end.reset();
  output.write_end.reset();
  const Status asked = write_fully(input.write_end.get(), child.input, child.program);
  input.write_end.reset();
  Lines lines(on_line);
  const bool heard = hear(output.read_end, Clock::now() + child.patience, child.most_output, lines);
  if (!heard || !asked) ::kill(pid, SIGKILL);
  int status = 0;
  retry_interrupted([&] { return ::waitpid(pid, &status, 0); });
  ChildEnd end{.in_time = heard};
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
