#include <poll.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/loop.h"

namespace trueup::platform {

class FakeLoop::Entry final : public Pending {
 public:
  explicit Entry(FakeLoop* loop) : loop_(loop) { loop_->entries_.push_back(this); }
  ~Entry() override {
    if (loop_ != nullptr) std::erase(loop_->entries_, this);
  }
  void leave() { loop_ = nullptr; }

  [[nodiscard]] bool is_ready() const {
    if (descriptor < 0) return false;
    pollfd asked{
        .fd = descriptor, .events = direction == Direction::reading ? short{POLLIN} : short{POLLOUT}, .revents = 0};
    return ::poll(&asked, 1, 0) > 0;
  }

  std::optional<Duration> at;
  int descriptor = -1;
  Direction direction = Direction::reading;
  Job job;

 private:
  FakeLoop* loop_;
};

FakeLoop::~FakeLoop() {
  for (Entry* entry : entries_) entry->leave();
}

std::unique_ptr<Pending> FakeLoop::after(Duration duration, Job job) {
  auto entry = std::make_unique<Entry>(this);
  entry->at = now_ + duration;
  entry->job = std::move(job);
  return entry;
}

std::unique_ptr<Pending> FakeLoop::when_ready(int descriptor, Direction direction, Job job) {
  auto entry = std::make_unique<Entry>(this);
  entry->descriptor = descriptor;
  entry->direction = direction;
  entry->job = std::move(job);
  return entry;
}

void PlainWatch::when_ready(Direction direction, Job job) {
  auto& waits = direction == Direction::reading ? reads_ : writes_;
  waits = job ? loop_.when_ready(descriptor_, direction, std::move(job)) : nullptr;
}

std::unique_ptr<Watch> FakeLoop::watch(int descriptor) { return std::make_unique<PlainWatch>(*this, descriptor); }

void FakeLoop::settle() {
  for (;;) {
    if (!posted_.empty()) {
      const Job job = std::move(posted_.front());
      posted_.pop_front();
      job();
      continue;
    }
    const auto due = std::ranges::find_if(entries_, [this](const Entry* entry) {
      return entry->job && ((entry->at && *entry->at <= now_) || entry->is_ready());
    });
    if (due == entries_.end()) return;
    std::exchange((*due)->job, {})();
  }
}

void FakeLoop::advance(Duration duration) {
  const Duration until = now_ + duration;
  settle();
  for (;;) {
    std::optional<Duration> next;
    for (const Entry* entry : entries_) {
      if (entry->job && entry->at && *entry->at <= until && (!next || *entry->at < *next)) next = entry->at;
    }
    if (!next) break;
    now_ = std::max(now_, *next);
    settle();
  }
  now_ = until;
  settle();
}

std::size_t FakeLoop::timers() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(entries_, [](const Entry* entry) { return entry->at && entry->job; }));
}

}  // namespace trueup::platform
