#include "support/command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace trueup::test {
namespace {

using Clock = std::chrono::steady_clock;

void require(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::abort();
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) { require(fd >= 0, "test support: no descriptor"); }
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  require(pipe2(ends.data(), O_CLOEXEC) == 0, "pipe");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return ends;
}

int make_input(const std::string& text) {
  const int fd = memfd_create("input", MFD_CLOEXEC);
  require(fd >= 0, "memfd_create");
  require(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "write input");
  lseek(fd, 0, SEEK_SET);
  return fd;
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const CommandOptions& options, int input,
                         int output, int errors) {
  setpgid(0, 0);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) _exit(127);
  for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  execvp(pointers[0], pointers.data());
  _exit(127);
}

/// Reads what is there now; closes at the end of the stream.
void drain(Descriptor& from, std::string& into) {
  std::array<char, 1U << 16U> buffer{};
  while (from.get() >= 0) {
    const ssize_t count = read(from.get(), buffer.data(), buffer.size());
    if (count > 0) {
      into.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      from.close();
    } else if (errno != EINTR) {
      return;
    }
  }
}

/// Collects output until the child ends; false when `deadline` came first.
bool collect(Descriptor& output, Descriptor& errors, const Descriptor& child, Clock::time_point deadline,
             CommandResult& result) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 3> waits = {pollfd{output.get(), POLLIN, 0}, pollfd{errors.get(), POLLIN, 0},
                                   pollfd{child.get(), POLLIN, 0}};
    poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    drain(output, result.output);
    drain(errors, result.errors);
    if (waits[2].revents != 0) {
      drain(output, result.output);
      drain(errors, result.errors);
      return true;
    }
  }
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& arguments, const CommandOptions& options) {
  const auto deadline = Clock::now() + options.timeout;
  const auto output_pipe = make_pipe();
  const auto error_pipe = make_pipe();
  Descriptor input(make_input(options.input));
  Descriptor output(output_pipe[0]);
  Descriptor output_end(output_pipe[1]);
  Descriptor errors(error_pipe[0]);
  Descriptor error_end(error_pipe[1]);

  const pid_t pid = fork();
  require(pid >= 0, "fork");
  if (pid == 0) become(arguments, options, input.get(), output_end.get(), error_end.get());
  setpgid(pid, pid);  // here as well: whichever comes first, the group exists before a kill
  output_end.close();
  error_end.close();

  CommandResult result;
  const Descriptor child(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));  // glibc declares pidfd_open for C only
  result.timed_out = !collect(output, errors, child, deadline, result);
  if (result.timed_out) kill(-pid, SIGKILL);

  int status = 0;
  require(waitpid(pid, &status, 0) == pid, "waitpid");
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace trueup::test
