#include "service/work_queue.h"

#include <algorithm>
#include <utility>

namespace trueup::service {

void WorkQueue::add(const std::string& name, Urgency urgency) {
  const auto [found, is_new] = dirty_.emplace(name, urgency);
  if (!is_new) {
    found->second = std::min(found->second, urgency);
    return;
  }
  if (!processing_.contains(name)) queue_.push_back(name);
}

void WorkQueue::remove(const std::string& name) {
  dirty_.erase(name);
  std::erase(queue_, name);
}

std::optional<Batch> WorkQueue::take_owners() {
  const auto wish =
      std::ranges::find_if(queue_, [this](const std::string& name) { return dirty_.at(name) == Urgency::owner; });
  if (wish == queue_.end()) return std::nullopt;
  Batch batch{Urgency::owner, {*wish}};
  queue_.erase(wish);
  dirty_.erase(batch.names.front());
  processing_.insert(batch.names.front());
  return batch;
}

std::optional<Batch> WorkQueue::take() {
  if (auto wish = take_owners()) return wish;
  if (queue_.empty()) return std::nullopt;
  Batch batch{*next(), std::exchange(queue_, {})};
  for (const std::string& name : batch.names) {
    dirty_.erase(name);
    processing_.insert(name);
  }
  return batch;
}

void WorkQueue::done(const Batch& batch) {
  for (const std::string& name : batch.names) {
    processing_.erase(name);
    if (dirty_.contains(name)) queue_.push_back(name);
  }
}

std::optional<Urgency> WorkQueue::next() const {
  std::optional<Urgency> most;
  for (const std::string& name : queue_) most = std::min(most.value_or(Urgency::sweep), dirty_.at(name));
  return most;
}

}  // namespace trueup::service
