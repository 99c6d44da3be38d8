// All operations there are: those that wait, the one at work, and the last that ended. A value; the file it survives a
// restart in is operations_file.h.
//
// Every operation that was accepted gets an end, also over a kill (failure F114). On one plugin there is never more
// than one: whoever asks for another is told which one is in the way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/operation.h"

namespace trueup::service {

/// The name of an operation in the work queue.
std::string queue_name(std::int64_t id);

class Operations {
 public:
  static constexpr std::size_t kMostKept = 100;  // that have ended
  static constexpr std::size_t kMostWaiting = 100;
  static constexpr std::size_t kMostText = 64U << 10U;  // bytes of output kept of each

  /// Its id; that of one which waits and asks for the very same. Errors: invalid (no command that changes anything),
  /// conflict (another one on this plugin has not ended), full.
  Result<std::int64_t> submit(OperationRequest request, std::int64_t at);
  /// Error: not_found; conflict, when it has ended. One that runs ends before its next step.
  Status cancel(std::int64_t id);

  void begin(std::int64_t id);
  void tell(std::int64_t id, Doing doing);
  void end(std::int64_t id, int exit_status, std::string output, std::string errors, std::int64_t at);
  /// After a restart: what ran then has been interrupted, and recovery finished it or took it back.
  void restart();

  [[nodiscard]] const Operation* find(std::int64_t id) const;
  [[nodiscard]] const std::vector<Operation>& all() const { return operations_; }

  [[nodiscard]] std::string encode() const;
  static Result<Operations> decode(std::string bytes);
  bool operator==(const Operations&) const = default;

 private:
  Operation* find_mutable(std::int64_t id);
  void forget_old();

  std::int64_t last_id_ = 0;
  std::vector<Operation> operations_;  // by id
};

}  // namespace trueup::service
