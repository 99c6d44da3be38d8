// Two programs that undo each other's writes for ever: noticed by what trueup itself keeps repairing, named, and left
// alone until a person decides. A value, fed with what passes did; it never makes a pass do more.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/reconcile.h"
#include "model/observation.h"

namespace trueup::service {

/// A repair that another program undid as often as it was made.
struct Fight {
  std::string finding;
  std::string plugin_id;
  std::string field;  // "config.json: clock.enabled"
  std::string says;   // one sentence: who, what, and how a person ends it
  std::string evidence_digest;
  bool operator==(const Fight&) const = default;
};

class Fights {
 public:
  using Time = std::chrono::nanoseconds;
  static constexpr int kRounds = 3;
  static constexpr std::chrono::minutes kWithin{10};

  /// Takes in a pass that ended at `now`. Fights that began with it.
  std::vector<Fight> note(const engine::PassReport& report, Time now);
  /// The owner acted on this plugin: it is his decision.
  void settle(const std::string& plugin_id);

  [[nodiscard]] const std::vector<Fight>& all() const { return fights_; }
  /// For passes: what they leave alone.
  [[nodiscard]] std::vector<model::Hold> holds() const;

 private:
  /// The same value written to one field again and again. Between two of them somebody else changed it back: had we
  /// done so ourselves, because the owner changed his mind, another value would have been written last.
  struct Repairs {
    std::string what;  // the values, and what they rest on
    std::vector<Time> times;
  };
  std::map<std::string, Repairs> repairs_;  // by field
  std::vector<Fight> fights_;
};

}  // namespace trueup::service
