// Who else runs on this machine: asked only to know whether LEDMatrix's programs are at work. Anything that cannot be
// told is said to be unknown, and whoever asks must take unknown for "runs". Signals nobody, starts nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace trueup::platform {

struct Process {
  std::int64_t pid = 0;
  std::vector<std::string> arguments = {};            // empty for a kernel thread
  std::optional<std::string> working_directory = {};  // nothing: not asked for, or not ours to see
  bool operator==(const Process&) const = default;
};

enum class UnitState { active, inactive, unknown };

class ProcessTable {
 public:
  /// Which processes to look at more closely, by pid and arguments.
  using Selection = std::function<bool(const Process&)>;

  virtual ~ProcessTable() = default;
  /// The selected processes, with their working directory where it can be read, by pid. Of one that ended meanwhile
  /// nothing is told. An error: not everything can be seen, so that "nobody" would prove nothing.
  virtual Result<std::vector<Process>> select(const Selection& wanted) const = 0;
  /// When the process was started, in clock ticks since boot; with the pid it names one process for ever.
  /// not_found: no such process.
  virtual Result<std::uint64_t> start_time(std::int64_t pid) const = 0;
  /// Of a system service, e.g. "ledmatrix-web.service".
  virtual UnitState unit_state(const std::string& unit) const = 0;
};

class RealProcessTable final : public ProcessTable {
 public:
  struct Places {  // other ones are for tests
    std::string proc = "/proc";
    std::string booted_by_systemd = "/run/systemd/system";
    std::vector<std::string> slices = {"/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/unified/system.slice",
                                       "/sys/fs/cgroup/systemd/system.slice"};
  };
  RealProcessTable();
  explicit RealProcessTable(Places places);

  Result<std::vector<Process>> select(const Selection& wanted) const override;
  Result<std::uint64_t> start_time(std::int64_t pid) const override;
  UnitState unit_state(const std::string& unit) const override;

 private:
  Places places_;
};

/// One look at who runs, however many questions are asked of it: the kernel's table has a file for each program.
class RememberedProcesses final : public ProcessTable {
 public:
  /// Requires: `table` outlives it. Looks when it is first asked.
  explicit RememberedProcesses(const ProcessTable& table) : table_(table) {}

  Result<std::vector<Process>> select(const Selection& wanted) const override;
  Result<std::uint64_t> start_time(std::int64_t pid) const override { return table_.start_time(pid); }
  UnitState unit_state(const std::string& unit) const override { return table_.unit_state(unit); }

 private:
  const ProcessTable& table_;
  mutable std::optional<Result<std::vector<Process>>> all_;
};

class FakeProcessTable final : public ProcessTable {
 public:
  Result<std::vector<Process>> select(const Selection& wanted) const override;
  Result<std::uint64_t> start_time(std::int64_t pid) const override;
  UnitState unit_state(const std::string& unit) const override;

  std::vector<Process> processes = {};
  std::map<std::int64_t, std::uint64_t> start_times = {};
  std::map<std::string, UnitState> units = {};  // one that is not here is inactive
  std::optional<Error> failure = {};            // select() gives it
};

}  // namespace trueup::platform
