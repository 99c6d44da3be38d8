// `trueup serve` on a test's installation, from the moment it says that it is ready. Every wait here is for an event.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "service/client.h"
#include "support/files.h"
#include "support/installation.h"

namespace trueup::test {

class RunningDaemon {
 public:
  using Json = nlohmann::json;

  /// Returns when it is ready; a test fails where it does not get so far. `registry`: empty for the local one.
  explicit RunningDaemon(Installation& home, std::vector<std::string> more = {}, const std::string& registry = "")
      : RunningDaemon(home, std::move(more), registry, {}) {}
  /// `under`: the words of a program that starts it and lets it have its own number, like `strace -D`.
  RunningDaemon(Installation& home, std::vector<std::string> more, const std::string& registry,
                std::vector<std::string> under);
  /// Kills it if it still runs.
  ~RunningDaemon();
  RunningDaemon(const RunningDaemon&) = delete;
  RunningDaemon& operator=(const RunningDaemon&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool is_ready() const { return ready_; }
  void signal(int number) const;
  /// Its exit status; -1 when a signal ended it, or when it does not end.
  int wait_for_end();
  /// What it told its supervisor next.
  std::string told();
  /// What it logged so far.
  std::string log() const { return read_file(log_); }

  /// What it knows, from the first moment on at which `wanted` holds.
  Json when(const std::function<bool(const Json&)>& wanted);
  /// What it knows now.
  Json now() {
    return when([](const Json&) { return true; });
  }
  /// Nothing is being done at the moment at which it knew `known`.
  static bool is_idle(const Json& known) { return known["at_work"].get_ref<const std::string&>().empty(); }
  /// At rest: a pass was made after the newest change that was heard of, and nothing waits.
  Json at_rest() {
    return when([](const Json& known) { return is_idle(known) && known["waiting"] == 0 && known["passes"] > 0; });
  }
  /// One question and its answer.
  Result<std::string> ask(const service::Request& request);

 private:
  std::string own_;
  TempDirectory scratch_;
  std::filesystem::path log_;
  platform::Descriptor notify_;
  pid_t pid_ = -1;
  bool ready_ = false;
};

/// The finding of that id; null when there is none.
inline nlohmann::json finding_in(const nlohmann::json& known, const std::string& plugin_id) {
  for (const auto& finding : known["findings"]) {
    if (finding["plugin_id"] == plugin_id) return finding;
  }
  return nullptr;
}

}  // namespace trueup::test
