// The one thread that owns a long-running program's state: everything it does is a job of this loop, one after the
// other, so that nothing needs a lock.
//
// A port: AsioLoop (asio_loop.h) is the real one; a test drives a FakeLoop and turns its time. A job must not block:
// what does goes to a Worker (worker.h), whose answer comes back by post().
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace trueup::platform {

using Job = std::function<void()>;

/// What will be done later; destroying it calls it off.
class Pending {
 public:
  Pending() = default;
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  virtual ~Pending() = default;
};

enum class Direction { reading, writing };

/// One descriptor that is waited for again and again, in both directions at once if need be. Destroying it calls both
/// off; the descriptor stays its owner's.
class Watch {
 public:
  Watch() = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  virtual ~Watch() = default;

  /// Once, when it can be read or written without waiting. Takes the place of what was waited for in that direction;
  /// an empty job calls it off.
  virtual void when_ready(Direction direction, Job job) = 0;
};

class Loop {
 public:
  using Duration = std::chrono::nanoseconds;

  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  virtual ~Loop() = default;

  /// Monotonic.
  [[nodiscard]] virtual Duration now() const = 0;
  /// From any thread; all other calls belong to the loop's own.
  virtual void post(Job job) = 0;
  [[nodiscard]] virtual std::unique_ptr<Pending> after(Duration duration, Job job) = 0;
  /// Once, when `descriptor` can be read or written without waiting. Requires: it stays open until then or until this
  /// is called off.
  [[nodiscard]] virtual std::unique_ptr<Pending> when_ready(int descriptor, Direction direction, Job job) = 0;
  /// For who waits often: the system is told of the descriptor once. Requires: it stays open as long as the watch, and
  /// nobody else waits for it.
  [[nodiscard]] virtual std::unique_ptr<Watch> watch(int descriptor) = 0;
};

/// A watch made of single waits: of loops in tests.
class PlainWatch final : public Watch {
 public:
  /// Requires: `loop` outlives it.
  PlainWatch(Loop& loop, int descriptor) : loop_(loop), descriptor_(descriptor) {}
  void when_ready(Direction direction, Job job) override;

 private:
  Loop& loop_;
  int descriptor_;
  std::unique_ptr<Pending> reads_;
  std::unique_ptr<Pending> writes_;
};

/// A test turns the time and says when what came in is worked on.
class FakeLoop final : public Loop {
 public:
  ~FakeLoop() override;
  [[nodiscard]] Duration now() const override { return now_; }
  void post(Job job) override { posted_.push_back(std::move(job)); }
  [[nodiscard]] std::unique_ptr<Pending> after(Duration duration, Job job) override;
  [[nodiscard]] std::unique_ptr<Pending> when_ready(int descriptor, Direction direction, Job job) override;
  [[nodiscard]] std::unique_ptr<Watch> watch(int descriptor) override;

  /// Does all that can be done without time going on.
  void settle();
  /// Lets time go on, each timer at its time.
  void advance(Duration duration);
  /// How many timers are set: what would wake the program up.
  [[nodiscard]] std::size_t timers() const;

 private:
  class Entry;
  Duration now_ = std::chrono::hours(1);
  std::deque<Job> posted_;
  std::vector<Entry*> entries_;
};

}  // namespace trueup::platform
