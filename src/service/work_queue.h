// What is to be looked at or done, by name: each name at most once however often it is asked for, and never by two at
// once. What the owner asked for comes before what changed, and that before sweeps.
//
// A value without clock or thread. Level-triggered: a name says where to look, never what happened there; a name that
// is asked for while it is worked on is worked on exactly once more. It must never lose a name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace trueup::service {

enum class Urgency : std::uint8_t { owner, change, sweep };

/// Stands for the whole installation where a plugin could stand.
inline constexpr const char* kEverything = "*";

/// What is worked on together. The owner's wishes are done one by one; of all the rest one pass is made.
struct Batch {
  Urgency urgency = Urgency::sweep;
  std::vector<std::string> names;
  bool operator==(const Batch&) const = default;
};

class WorkQueue {
 public:
  /// A name that waits already keeps its place, or moves ahead if this is more urgent.
  void add(const std::string& name, Urgency urgency);
  /// What is called off; nothing happens to what is worked on.
  void remove(const std::string& name);
  /// What comes next: the owner's oldest wish alone, else everything else together. Nothing: nothing waits.
  /// Requires: done() was called for the batch before.
  std::optional<Batch> take();
  /// The same, of the owner's wishes only.
  std::optional<Batch> take_owners();
  /// What was asked for meanwhile waits from now on.
  void done(const Batch& batch);

  [[nodiscard]] bool waits(const std::string& name) const { return dirty_.contains(name); }
  [[nodiscard]] bool is_processed(const std::string& name) const { return processing_.contains(name); }
  /// The most urgent of what take() would give; nothing: nothing waits.
  [[nodiscard]] std::optional<Urgency> next() const;
  /// How many names wait.
  [[nodiscard]] std::size_t size() const { return dirty_.size(); }
  bool operator==(const WorkQueue&) const = default;

 private:
  // As in Kubernetes' work queue: everything in queue_ is in dirty_ and not in processing_.
  std::map<std::string, Urgency> dirty_;
  std::set<std::string> processing_;
  std::vector<std::string> queue_;
};

}  // namespace trueup::service
