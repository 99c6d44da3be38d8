// What the web needs of the rest of trueup, as a port: what is known, work on the installation in its turn, and a word
// when something changed. EngineBackend (engine_backend.h) does it by itself; a daemon that has a queue of its own puts
// its own behind it.
//
// All calls and all answers belong to the loop's thread; what blocks is done elsewhere, one thing at a time.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/world.h"
#include "web/http.h"
#include "web/knowledge.h"
#include "web/operation.h"

namespace trueup::web {

/// One piece of work on the installation that ends in an answer. Called where it may block.
struct Work {
  bool writes = false;
  std::function<Response(engine::World& world)> run;
};

class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  /// At least as new as the files were when this was called.
  virtual void know(std::function<void(const Result<Knowing>&)> then) = 0;
  virtual void work(Work work, std::function<void(Response)> then) = 0;
  /// The number by which it can be looked up. Error: conflict, which names what is at work on that plugin; full.
  virtual void submit(const OperationOrder& order, std::function<void(const Result<std::int64_t>&)> then) = 0;
  /// Called after every change that is noticed. One listener.
  virtual void on_change(std::function<void()> tell) = 0;
};

}  // namespace trueup::web
