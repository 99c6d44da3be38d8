#include "web/backend.h"

#include <algorithm>
#include <array>
#include <utility>

#include "web/api/common.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::array<const char*, 7> kTraced{"config/saved_repositories.json",
                                             "config/config.json",
                                             "config/config_secrets.json",
                                             "config/uninstalled_plugins.json",
                                             "data/plugin_state.json",
                                             ".trueup/ledger.db",
                                             ".trueup/journal"};
constexpr int kMostRounds = 3;                // of looking again because something changed meanwhile
constexpr std::int64_t kTickNs = 20'000'000;  // two writes within it may leave the same time on a file

std::int64_t nanoseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

Result<Knowledge> learn_with(const WithWorld& with_world) {
  Result<Knowledge> learned = Error{.message = "nothing was looked at"};
  RETURN_IF_ERROR(with_world([&learned](engine::World& world) { learned = learn(world); }));
  return learned;
}

}  // namespace

Backend::Backend(BackendPorts ports) : ports_(std::move(ports)) {
  news_ = ports_.daemon.subscribe([this] {
    known_is_settled_ = false;
    if (tell_) tell_();
  });
}

Backend::Trace Backend::trace() const {
  Trace now;
  const auto root = ports_.file_system.open_root_for_reading(ports_.root);
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

/// What the daemon does stands beside what was looked at, as of this moment.
void Backend::add_daemons() {
  if (!known_ || known_->daemon == ports_.daemon.snapshot()) return;
  auto next = std::make_shared<Knowledge>(*known_);
  next->daemon = ports_.daemon.snapshot();
  next->version = ++version_;
  known_ = std::move(next);
}

void Backend::know(std::function<void(const Result<Knowing>&)> then) {
  if (known_ && known_is_settled_ && trace() == known_trace_) {
    // What no trace tells is looked for beside the answer: nobody waits for that.
    if (!looking_ && ports_.loop.now() - known_at_ >= kTrustedFor) {
      rounds_ = 0;
      look();
    }
    add_daemons();
    return then(known_);
  }
  waiters_.push_back(std::move(then));
  if (!looking_) {
    rounds_ = 0;
    look();
  }
}

void Backend::know_anew(std::function<void(const Result<Knowing>&)> then) {
  known_is_settled_ = false;  // also what is looked at already is looked at once more
  know(std::move(then));
}

void Backend::look() {
  looking_ = true;
  known_is_settled_ = true;  // what the daemon says from now on is newer than this look
  ports_.worker.start([this, before = trace()] {
    auto learned = std::make_shared<Result<Knowledge>>(learn_with(ports_.with_world));
    ports_.loop.post([this, before, learned] { looked(before, std::move(*learned)); });
  });
}

void Backend::looked(Trace before, Result<Knowledge> learned) {
  looking_ = false;
  const bool overtaken = !known_is_settled_;  // the daemon did something meanwhile
  if (!learned) {
    const Result<Knowing> failed = learned.error();
    for (const Waiter& waiter : std::exchange(waiters_, {})) waiter(failed);
    return;
  }
  const bool is_new = !known_ || known_->observation != learned->observation || known_->plan != learned->plan ||
                      known_->cards != learned->cards || known_->history != learned->history ||
                      known_->repositories != learned->repositories;
  if (is_new) {
    learned->version = ++version_;
    learned->daemon = ports_.daemon.snapshot();
    const bool path_changed = !known_ || known_->observation.disk.path != learned->observation.disk.path;
    known_ = std::make_shared<const Knowledge>(std::move(*learned));
    if (path_changed) before = trace();  // with the plugins directory, which is known only now
  }
  known_trace_ = std::move(before);
  known_at_ = ports_.loop.now();
  const std::int64_t now = nanoseconds(ports_.clock.wall_now());
  known_is_settled_ = known_is_settled_ && std::ranges::none_of(known_trace_, [now](const auto& file) {
                        return file && now - file->changed_ns < kTickNs;
                      });
  if (++rounds_ < kMostRounds && (overtaken || trace() != known_trace_)) return look();  // it changed meanwhile
  add_daemons();
  const Result<Knowing> known = known_;
  for (const Waiter& waiter : std::exchange(waiters_, {})) waiter(known);
  if (is_new && tell_) tell_();
}

void Backend::read(std::function<Response(engine::World&)> work, std::function<void(Response)> then) {
  if (reading_ == limits::kMaxRequestsAtOnce) {
    return then(
        failed({.code = ErrorCode::unsupported, .message = "so much is asked for at once that this has to wait"}));
  }
  ++reading_;
  ports_.worker.start([this, work = std::move(work), then = std::move(then)] {
    auto response = std::make_shared<Response>();
    const Status there = ports_.with_world([&](engine::World& world) { *response = work(world); });
    if (!there) *response = failed(there.error());
    ports_.loop.post([this, response, then] {
      --reading_;
      then(std::move(*response));
    });
  });
}

void Backend::submit(service::OperationRequest request, std::function<void(const Result<std::int64_t>&)> then) {
  ports_.daemon.submit(std::move(request), [then = std::move(then)](const Result<std::int64_t>& id) { then(id); });
}

void Backend::wait(std::int64_t id, platform::Loop::Duration longest,
                   std::function<void(const service::Operation*)> then) {
  struct Waiting {
    std::function<void(const service::Operation*)> then;
    std::unique_ptr<platform::Pending> patience;
  };
  auto waiting = std::make_shared<Waiting>(Waiting{std::move(then), nullptr});
  const auto tell = [waiting](const service::Operation* ended) {
    if (const auto once = std::exchange(waiting->then, {})) once(ended);
  };
  waiting->patience = ports_.loop.after(longest, [tell] { tell(nullptr); });
  ports_.daemon.when_ended(id, [tell, waiting](const service::Operation& ended) {
    waiting->patience.reset();
    tell(&ended);
  });
}

}  // namespace trueup::web
