// A process group that does not outlive us, however we end: also by SIGKILL, the kernel's killer, or a crash.
//
// Its first member is a copy of this process that does nothing but wait for the end of a pipe whose other end only we
// hold. Whoever is started into the group ends with it. The kernel's own "signal at the death of the parent" would not
// do: it reaches one process and not what that started, and counts the death of a thread.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "platform/descriptor.h"

namespace trueup::platform {

class GuardedGroup {
 public:
  static Result<GuardedGroup> make();
  /// Ends all that is still in it.
  ~GuardedGroup();
  GuardedGroup(GuardedGroup&& other) noexcept;
  GuardedGroup& operator=(GuardedGroup&& other) noexcept = delete;
  GuardedGroup(const GuardedGroup&) = delete;
  GuardedGroup& operator=(const GuardedGroup&) = delete;

  /// For POSIX_SPAWN_SETPGROUP. Nobody else has this number as long as this lives.
  [[nodiscard]] pid_t number() const { return guard_; }
  /// Ends all that is in it.
  void end() const;

 private:
  GuardedGroup(pid_t guard, Descriptor tie) : guard_(guard), tie_(std::move(tie)) {}

  pid_t guard_ = -1;
  Descriptor tie_;  // closed by the kernel when we are gone
};

}  // namespace trueup::platform
