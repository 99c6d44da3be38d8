// Being told that something in a directory may have changed, instead of asking again and again.
//
// Events are hints, the scan is the truth: a Watcher says where to look, never what is there. It never fails; what it
// cannot watch it names, with advice, and whoever asked looks there from time to time. Directories are watched, not
// files, so that an editor that renames is seen.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/descriptor.h"
#include "platform/mounts.h"

namespace trueup::platform {

struct WatchedDirectory {
  std::string path;                      // absolute; links in it are followed
  std::vector<std::string> names = {};   // that count, such as "config.json" or "*.py" (one star); empty: all
  std::vector<std::string> except = {};  // that never count, of the same form
  std::string topic = {};                // what is handed back when one of them changes
  bool operator==(const WatchedDirectory&) const = default;
};

/// Whether a change of `name` counts.
bool counts(const WatchedDirectory& directory, std::string_view name);

struct WatchEvents {
  std::set<std::string> topics;  // in which something may have changed
  bool everything = false;       // events were lost, or a directory is no longer the one that was watched
  std::string why;               // of that, in a few words
  bool operator==(const WatchEvents&) const = default;
  [[nodiscard]] bool empty() const { return topics.empty() && !everything; }
};

class Watcher {
 public:
  Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  virtual ~Watcher() = default;

  /// From now on these and no others. To be called again whenever take() said `everything`: a directory that is not
  /// there is waited for, and found by its name.
  virtual void watch(const std::vector<WatchedDirectory>& directories) = 0;
  /// What cannot be watched, a sentence each, with what the owner can do about it. Empty: all is.
  [[nodiscard]] virtual const std::vector<std::string>& blind() const = 0;
  /// Readable when take() may have something to tell.
  [[nodiscard]] virtual int descriptor() const = 0;
  /// What was told since the last time.
  virtual WatchEvents take() = 0;
};

/// By inotify, and by the kernel's table of mounts.
class RealWatcher final : public Watcher {
 public:
  RealWatcher();

  void watch(const std::vector<WatchedDirectory>& directories) override;
  [[nodiscard]] const std::vector<std::string>& blind() const override { return blind_; }
  [[nodiscard]] int descriptor() const override { return either_.is_open() ? either_.get() : events_.get(); }
  WatchEvents take() override;

 private:
  void listen_to_both();
  /// Why one watch of the kernel is there: a directory itself, or the name under which one is waited for.
  struct Reason {
    WatchedDirectory directory;
    std::string awaited;  // the one name that counts, where the directory is not there
  };
  void add(const WatchedDirectory& directory, std::map<int, std::vector<Reason>>& into);
  void await(const WatchedDirectory& directory, std::map<int, std::vector<Reason>>& into);
  int add_watch(const std::string& path);
  void cannot(std::string sentence);
  void note(int watch, std::uint32_t mask, std::string_view name, WatchEvents& events);

  Descriptor events_;
  Mounts mounts_;
  Descriptor either_;  // readable when one of the two has news
  std::map<int, std::vector<Reason>> watches_;
  std::vector<std::string> blind_;
};

/// A test says what happened.
class FakeWatcher final : public Watcher {
 public:
  FakeWatcher();

  void watch(const std::vector<WatchedDirectory>& directories) override { watched = directories; }
  [[nodiscard]] const std::vector<std::string>& blind() const override { return cannot_see; }
  [[nodiscard]] int descriptor() const override { return wake_.get(); }
  WatchEvents take() override;

  void tell(const std::string& topic);
  void tell_everything(const std::string& why);

  std::vector<WatchedDirectory> watched;
  std::vector<std::string> cannot_see;

 private:
  void wake();

  Descriptor wake_;
  WatchEvents waiting_;
};

}  // namespace trueup::platform
