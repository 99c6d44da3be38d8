// The port to trueup without a daemon: verbs run as the command line runs them, one after the other, in a worker.
//
// What is known is made anew when one of the few files that say something changed, or after two seconds: no request
// walks the plugins directory (failure F155), and a change of config.json is in the very next answer.
#pragma once

#include <chrono>
#include <vector>

#include "platform/loop.h"
#include "platform/worker.h"
#include "web/backend.h"

namespace trueup::web {

class EngineBackend final : public Backend {
 public:
  static constexpr std::chrono::seconds kTrustedFor{2};
  static constexpr std::size_t kMostOperations = 100;  // that have ended
  static constexpr std::size_t kMostWaiting = 20;

  /// Requires: all of them outlive this; the worker's end comes first.
  EngineBackend(engine::World& world, platform::Loop& loop, platform::Worker& worker);

  void know(std::function<void(const Result<Knowing>&)> then) override;
  void work(Work work, std::function<void(Response)> then) override;
  void submit(const OperationOrder& order, std::function<void(const Result<std::int64_t>&)> then) override;
  void on_change(std::function<void()> tell) override { tell_ = std::move(tell); }

 private:
  using Trace = std::vector<std::optional<platform::FileInfo>>;
  using Waiter = std::function<void(const Result<Knowing>&)>;

  [[nodiscard]] Trace trace() const;
  [[nodiscard]] bool is_fresh(const Trace& now) const;
  void look();
  void looked(Trace before, Result<Knowledge> learned);
  void changed();
  void run_operation(std::int64_t id);
  Operation* find(std::int64_t id);

  engine::World& world_;
  platform::Loop& loop_;
  platform::Worker& worker_;
  std::function<void()> tell_;
  Knowing known_;
  Trace known_trace_;
  platform::Loop::Duration known_at_{};
  bool known_is_settled_ = false;
  bool looking_ = false;
  int rounds_ = 0;
  std::uint64_t version_ = 0;
  std::vector<Waiter> waiters_;
  std::vector<Operation> operations_;
  std::int64_t last_operation_ = 0;
};

}  // namespace trueup::web
