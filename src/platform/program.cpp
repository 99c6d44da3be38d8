#include "platform/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "platform/descriptor.h"
#include "platform/guarded_group.h"

namespace trueup::platform {
namespace {

/// A file without a name: whoever never reads his input cannot make us wait.
Result<Descriptor> as_file(const std::string& input) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (!file.is_open()) return write_error(errno, "make a file in memory", "input");
  RETURN_IF_ERROR(write_fully(file.get(), input, "input"));
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return write_error(errno, "rewind", "input");
  return file;
}

Result<pid_t> start(const std::vector<std::string>& words, const Descriptor& input, const GuardedGroup& group) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  std::vector<char*> environment{path.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // What it starts ends with it, and signals are as any program expects them.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, group.number());
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, words.front().c_str(), &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return read_error(failed, "run", words.front());
  return pid;
}

}  // namespace

Result<int> run_program(const std::vector<std::string>& words, const std::string& input,
                        std::chrono::milliseconds patience) {
  if (words.empty() || !words.front().starts_with('/')) {
    return Error{.code = ErrorCode::invalid, .message = "a program is named by its whole path", .where = {}};
  }
  ASSIGN_OR_RETURN(const Descriptor file, as_file(input));
  ASSIGN_OR_RETURN(const GuardedGroup group, GuardedGroup::make());
  ASSIGN_OR_RETURN(const pid_t pid, start(words, file, group));
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd waiting{.fd = process.get(), .events = POLLIN, .revents = 0};
  const bool ended = process.is_open() &&
                     retry_interrupted([&] { return ::poll(&waiting, 1, static_cast<int>(patience.count())); }) > 0;
  if (!ended) group.end();
  int status = 0;
  retry_interrupted([&] { return ::waitpid(pid, &status, 0); });
  if (!ended) return Error{.code = ErrorCode::contended, .message = "it did not end in time", .where = words.front()};
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return Error{.code = ErrorCode::io, .message = "a signal ended it", .where = words.front()};
}

}  // namespace trueup::platform
