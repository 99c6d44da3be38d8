#include "platform/guarded_group.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <csignal>

namespace trueup::platform {
namespace {

/// What the copy does. Other threads may have held any lock when it was made: only system calls.
[[noreturn]] void guard(int tied) {
  ::setpgid(0, 0);
  // Nothing of ours stays open through it: a lock, or the end of another guard's pipe, would outlive us.
  const bool bare = ::dup2(tied, STDIN_FILENO) >= 0 && ::close_range(1, UINT_MAX, 0) == 0 && ::chdir("/") == 0;
  ::prctl(PR_SET_NAME, "trueup-guard");
  char byte = 0;
  while (bare && ::read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
  }
  ::kill(-::getpid(), SIGKILL);  // by number: were the group not made, this reaches nobody
  ::_exit(1);
}

/// Only SIGKILL ends the copy: what is sent to its group is for the others. Held back before there is a copy.
class AllSignalsHeld {
 public:
  AllSignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsHeld(const AllSignalsHeld&) = delete;
  AllSignalsHeld& operator=(const AllSignalsHeld&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

Result<GuardedGroup> GuardedGroup::make() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return read_error(errno, "open", "a pipe");
  const Descriptor tied(ends[0]);
  Descriptor tie(ends[1]);
  const AllSignalsHeld held;
  const pid_t pid = ::fork();
  if (pid < 0) return read_error(errno, "start", "what ends a program with trueup");
  if (pid == 0) guard(tied.get());
  ::setpgid(pid, pid);  // both do it, so that it is done before either goes on
  return GuardedGroup(pid, std::move(tie));
}

GuardedGroup::GuardedGroup(GuardedGroup&& other) noexcept
    : guard_(std::exchange(other.guard_, -1)), tie_(std::move(other.tie_)) {}

GuardedGroup::~GuardedGroup() {
  if (guard_ < 0) return;
  end();
  retry_interrupted([this] { return ::waitpid(guard_, nullptr, 0); });
}

void GuardedGroup::end() const { ::kill(-guard_, SIGKILL); }

}  // namespace trueup::platform
