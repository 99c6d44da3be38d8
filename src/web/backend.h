// What the web needs of the rest of trueup: what is known, reading an installation, and changes, which are operations
// of the daemon like everybody else's: one queue, one numbering, one history.
//
// All calls and all answers belong to the loop's thread; what blocks is done by the daemon or by a worker of the web's
// own, so that no pass keeps a reader waiting.
//
// What is known is made anew before the answer when one of the few files that say something changed or the daemon did
// something, and beside the answer after ten seconds (the daemon watches, and tells sooner): no request walks the
// plugins directory (failure F155), and a change of config.json is in the very next answer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/world.h"
#include "platform/loop.h"
#include "platform/own_process.h"
#include "platform/worker.h"
#include "service/daemon.h"
#include "web/http.h"
#include "web/knowledge.h"

namespace trueup::web {

/// Calls its argument with the installation as trueup's settings say it is now. Where it may block.
using WithWorld = std::function<Status(const std::function<void(engine::World&)>&)>;

struct BackendPorts {
  service::Daemon& daemon;
  platform::Loop& loop;
  platform::Worker& worker;  // its end comes before the backend's
  const platform::FileSystem& file_system;
  platform::Clock& clock;
  std::string root;
  WithWorld with_world;
  std::function<platform::ProcessCost()> own_cost;
};

class Backend {
 public:
  static constexpr std::chrono::seconds kTrustedFor{10};

  explicit Backend(BackendPorts ports);

  /// At least as new as the files were when this was called.
  void know(std::function<void(const Result<Knowing>&)> then);
  /// The same after all was looked at anew, whatever the files say.
  void know_anew(std::function<void(const Result<Knowing>&)> then);
  /// What the daemon knows already; nothing is looked at for it.
  [[nodiscard]] std::shared_ptr<const service::Snapshot> daemons() const { return ports_.daemon.snapshot(); }
  [[nodiscard]] platform::ProcessCost own_cost() const { return ports_.own_cost(); }
  /// Reads the installation, or trueup's own files, in the worker; with 503 where very many wait for that already.
  void read(std::function<Response(engine::World&)> work, std::function<void(Response)> then);
  /// Told the number once it is accepted. Error: conflict, which names what is at work on that plugin; full.
  void submit(service::OperationRequest request, std::function<void(const Result<std::int64_t>&)> then);
  /// `then` is told what came of it, or nothing when it has not ended in that time. Requires: there is such an
  /// operation.
  void wait(std::int64_t id, platform::Loop::Duration longest,
            std::function<void(const service::Operation* ended)> then);
  Status cancel(std::int64_t id) { return ports_.daemon.cancel(id); }
  /// Called after every change that is noticed. One listener.
  void on_change(std::function<void()> tell) { tell_ = std::move(tell); }

 private:
  using Trace = std::vector<std::optional<platform::FileInfo>>;
  using Waiter = std::function<void(const Result<Knowing>&)>;

  [[nodiscard]] Trace trace() const;
  void look();
  void looked(Trace before, Result<Knowledge> learned);
  void add_daemons();

  BackendPorts ports_;
  std::function<void()> tell_;
  Knowing known_;
  Trace known_trace_;
  platform::Loop::Duration known_at_{};
  bool known_is_settled_ = false;
  bool looking_ = false;
  std::size_t reading_ = 0;  // requests that wait for the worker
  int rounds_ = 0;
  std::uint64_t version_ = 0;
  std::vector<Waiter> waiters_;
  std::unique_ptr<service::Subscription> news_;
};

}  // namespace trueup::web
