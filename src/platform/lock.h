// One writing trueup per installation. The lock is the kernel's (flock on the file "lock"), so it ends with its
// holder however that dies and is never stolen from a living one; what stands in the file only names the holder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/process_table.h"

namespace trueup::platform {

struct LockOwner {
  std::int64_t pid = 0;
  std::uint64_t start_time = 0;  // of the process, see ProcessTable
  Clock::Duration since = {};    // boot time when it got the lock
  std::string command = {};      // "reconcile"
  bool operator==(const LockOwner&) const = default;
};

inline constexpr const char* kLockName = "lock";

class ProcessLock {
 public:
  /// Takes the lock in `directory`, waiting for another holder at most `wait`; then ErrorCode::busy, naming him.
  /// `name`: of another lock than the one for writing.
  static Result<ProcessLock> acquire(WritableDirectory& directory, const std::string& command, Clock::Duration wait,
                                     Clock& clock, const ProcessTable& processes, const std::string& name = kLockName);

  ProcessLock(ProcessLock&&) noexcept = default;
  ProcessLock& operator=(ProcessLock&&) = delete;
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;
  ~ProcessLock();

  /// The holder before this one did not let go of it: it was killed, and nobody waited for what it wrote last.
  [[nodiscard]] bool former_holder_died() const { return former_holder_died_; }

 private:
  ProcessLock(std::unique_ptr<WritableFile> file, bool former_holder_died)
      : file_(std::move(file)), former_holder_died_(former_holder_died) {}

  std::unique_ptr<WritableFile> file_;
  bool former_holder_died_ = false;
};

/// Who works here right now, without taking the lock; nothing if nobody does, or it cannot be told.
std::optional<LockOwner> lock_owner(const Directory& directory, const ProcessTable& processes);

/// "another trueup (pid 812, `reconcile`, for 12 s) is working".
std::string describe(const std::optional<LockOwner>& owner, Clock::Duration boot_time);

}  // namespace trueup::platform
