#include "web/engine_backend.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/install.h"
#include "engine/uninstall.h"

namespace trueup::web {
namespace {

constexpr std::array<const char*, 6> kTraced{
    "config/config.json",     "config/config_secrets.json", "config/uninstalled_plugins.json",
    "data/plugin_state.json", ".trueup/ledger.db",          ".trueup/journal"};
constexpr int kMostRounds = 3;                // of looking again because something changed meanwhile
constexpr std::int64_t kTickNs = 20'000'000;  // two writes within it may leave the same time on a file

std::int64_t nanoseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

struct Outcome {
  std::string message;
  std::string error;
};

Outcome carry_out(engine::World& world, const OperationOrder& order) {
  switch (order.kind) {
    case OperationOrder::Kind::install: {
      const auto done = engine::install(world, order.plugin_id);
      if (!done) return {.message = {}, .error = done.error().text()};
      return {.message = done->unchanged ? fmt::format("{} {} is installed already", done->plugin_id, done->version)
                                         : fmt::format("{} {} is installed", done->plugin_id, done->version),
              .error = {}};
    }
    case OperationOrder::Kind::uninstall: {
      const auto done = engine::uninstall(world, order.plugin_id,
                                          order.keep_settings ? engine::Settings::keep : engine::Settings::remove);
      if (!done) return {.message = {}, .error = done.error().text()};
      return {.message = fmt::format("{} is removed{}", done->plugin_id,
                                     done->kept_config ? "; its settings stay" : ", with its settings"),
              .error = {}};
    }
  }
  return {};
}

}  // namespace

EngineBackend::EngineBackend(engine::World& world, platform::Loop& loop, platform::Worker& worker)
    : world_(world), loop_(loop), worker_(worker) {}

EngineBackend::Trace EngineBackend::trace() const {
  Trace now;
  const auto root = world_.file_system.open_root_for_reading(world_.root);
  if (!root) return now;
  const auto add = [&](const std::string& path) {
    const auto info = (*root)->info(path, platform::Links::follow);
    now.push_back(info ? std::optional(*info) : std::nullopt);
  };
  for (const char* path : kTraced) add(path);
  const std::string plugins = known_ ? known_->observation.disk.path : std::string();
  if (!plugins.empty() && !plugins.starts_with('/')) add(plugins);
  return now;
}

bool EngineBackend::is_fresh(const Trace& now) const {
  return known_ && known_is_settled_ && now == known_trace_ && loop_.now() - known_at_ < kTrustedFor;
}

void EngineBackend::know(std::function<void(const Result<Knowing>&)> then) {
  if (!looking_ && is_fresh(trace())) return then(known_);
  waiters_.push_back(std::move(then));
  if (!looking_) {
    rounds_ = 0;
    look();
  }
}

void EngineBackend::look() {
  looking_ = true;
  worker_.start([this, before = trace()] {
    auto learned = std::make_shared<Result<Knowledge>>(learn(world_));
    loop_.post([this, before, learned] { looked(before, std::move(*learned)); });
  });
}

void EngineBackend::looked(Trace before, Result<Knowledge> learned) {
  looking_ = false;
  if (!learned) {
    const Result<Knowing> failed = learned.error();
    for (const Waiter& waiter : std::exchange(waiters_, {})) waiter(failed);
    return;
  }
  learned->operations = operations_;
  const bool is_new = !known_ || known_->observation != learned->observation || known_->plan != learned->plan ||
                      known_->cards != learned->cards || known_->history != learned->history ||
                      known_->operations != learned->operations;
  if (is_new) {
    learned->version = ++version_;
    const bool path_changed = !known_ || known_->observation.disk.path != learned->observation.disk.path;
    known_ = std::make_shared<const Knowledge>(std::move(*learned));
    if (path_changed) before = trace();  // with the plugins directory, which is known only now
  }
  known_trace_ = std::move(before);
  known_at_ = loop_.now();
  const std::int64_t now = nanoseconds(world_.clock.wall_now());
  known_is_settled_ =
      std::ranges::none_of(known_trace_, [now](const auto& file) { return file && now - file->changed_ns < kTickNs; });
  if (++rounds_ < kMostRounds && trace() != known_trace_) return look();  // it changed while it was looked at
  const Result<Knowing> known = known_;
  for (const Waiter& waiter : std::exchange(waiters_, {})) waiter(known);
  if (is_new && tell_) tell_();
}

void EngineBackend::changed() {
  known_is_settled_ = false;
  if (tell_) tell_();
}

void EngineBackend::work(Work work, std::function<void(Response)> then) {
  worker_.start([this, work = std::move(work), then = std::move(then)] {
    auto response = std::make_shared<Response>(work.run(world_));
    loop_.post([this, response, then, writes = work.writes] {
      then(std::move(*response));
      if (writes) changed();
    });
  });
}

Operation* EngineBackend::find(std::int64_t id) {
  const auto found =
      std::find_if(operations_.begin(), operations_.end(), [id](const auto& one) { return one.id == id; });
  return found == operations_.end() ? nullptr : &*found;
}

void EngineBackend::submit(const OperationOrder& order, std::function<void(const Result<std::int64_t>&)> then) {
  std::size_t waiting = 0;
  for (const Operation& one : operations_) {
    if (one.has_ended()) continue;
    ++waiting;
    if (one.order.plugin_id == order.plugin_id) {
      return then(Error{
          .code = ErrorCode::conflict,
          .message = fmt::format("operation {} ({}) of this plugin has not ended", one.id, to_string(one.order.kind)),
          .where = order.plugin_id});
    }
  }
  if (waiting >= kMostWaiting) {
    return then(Error{.code = ErrorCode::busy, .message = "too much is waiting already", .where = order.plugin_id});
  }
  const auto ended =
      std::find_if(operations_.begin(), operations_.end(), [](const auto& one) { return one.has_ended(); });
  if (operations_.size() >= kMostOperations && ended != operations_.end()) operations_.erase(ended);
  operations_.push_back({.id = ++last_operation_,
                         .order = order,
                         .message = fmt::format("{} of {} waits for its turn", to_string(order.kind), order.plugin_id),
                         .asked_at = nanoseconds(world_.clock.wall_now()) / 1'000'000'000});
  const std::int64_t id = last_operation_;
  then(id);
  changed();
  run_operation(id);
}

void EngineBackend::run_operation(std::int64_t id) {
  worker_.start([this, id, order = find(id)->order] {
    loop_.post([this, id] {
      if (Operation* operation = find(id)) {
        operation->state = Operation::State::running;
        operation->message =
            fmt::format("{} of {} is at work", to_string(operation->order.kind), operation->order.plugin_id);
        changed();
      }
    });
    auto outcome = std::make_shared<Outcome>(carry_out(world_, order));
    loop_.post([this, id, outcome] {
      if (Operation* operation = find(id)) {
        operation->state = outcome->error.empty() ? Operation::State::done : Operation::State::failed;
        operation->message = outcome->error.empty() ? outcome->message : outcome->error;
        operation->error = outcome->error;
        operation->ended_at = nanoseconds(world_.clock.wall_now()) / 1'000'000'000;
        changed();
      }
    });
  });
}

}  // namespace trueup::web
