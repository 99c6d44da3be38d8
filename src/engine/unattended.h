// What passes that nobody asked for remember of each other: which plugin directories changed or went missing a moment
// ago, and which repairs another program may be undoing.
//
// Handed to the engine in World::unattended by the daemon; a verb of the command line has none. Values: no disk, no
// clock. It never makes a plan do more, only less.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fights.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

/// A directory that went missing or changed is acted on only when two looks, this long apart, agree.
class Settling {
 public:
  using Time = std::chrono::nanoseconds;  // of a monotonic clock
  static constexpr std::chrono::seconds kQuiet{10};

  /// Takes in what was seen at `now`, and lists in it what was not yet so for long enough. Of the first look all that
  /// is missing or damaged counts as new: it may be in the middle of somebody's update. A plugins directory that could
  /// not be read tells nothing.
  void mark(model::Observation& seen, Time now);
  /// When the last of what the newest look found settling will have settled; nothing: nothing is.
  [[nodiscard]] std::optional<Time> due() const { return due_; }

 private:
  struct Beside {
    std::vector<model::PluginDirectory> directories;  // one or none
    std::vector<model::Aside> asides;
    bool operator==(const Beside&) const = default;
    [[nodiscard]] bool empty() const { return directories.empty() && asides.empty(); }
  };
  struct Known {
    Beside beside;
    std::optional<Time> since;  // nothing: for long enough
    [[nodiscard]] bool gone() const { return beside.empty(); }
  };
  static std::map<std::string, Beside> names_in(const model::Observation& seen);

  bool looked_ = false;
  std::map<std::string, Known> known_;
  std::optional<Time> due_;
};

/// Why fetching plugins, and running pip, has to wait: a reason code, and a sentence for people. Empty: it has not.
struct Wait {
  std::string reason;
  std::string says;
  bool operator==(const Wait&) const = default;
};

struct Unattended {
  Settling settling;
  Fights fights;
  Wait fetching_waits;

  /// Takes what waits out of the plan; its findings say why.
  void hold(model::Plan& plan) const;

  void mark(model::Observation& seen, Settling::Time now) { settling.mark(seen, now); }
};

}  // namespace trueup::engine
