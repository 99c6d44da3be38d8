#include <fmt/core.h>

#include "platform/descriptor.h"
#include "platform/observed_file_system.h"

namespace trueup::platform {

Status CallCounter::before(const Call&) { return ok(); }

void CallCounter::after(const Call& call) {
  const std::lock_guard lock(mutex_);
  Count& count = counts_[call.operation][call.path];
  ++count.calls;
  count.bytes += call.bytes;
  calls_.push_back(call);
}

CallCounter::Count CallCounter::count(Operation operation) const {
  const std::lock_guard lock(mutex_);
  Count sum;
  const auto found = counts_.find(operation);
  if (found == counts_.end()) return sum;
  for (const auto& [path, count] : found->second) {
    sum.calls += count.calls;
    sum.bytes += count.bytes;
  }
  return sum;
}

CallCounter::Count CallCounter::count(Operation operation, const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(operation);
  if (found == counts_.end()) return {};
  const auto count = found->second.find(path);
  return count == found->second.end() ? Count{} : count->second;
}

std::uint64_t CallCounter::syncs() const {
  return count(Operation::sync_file).calls + count(Operation::sync_directory).calls +
         count(Operation::sync_everything).calls;
}

std::vector<std::string> CallCounter::trace() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> lines;
  for (const Call& call : calls_) lines.push_back(call.text());
  return lines;
}

void CallCounter::clear() {
  const std::lock_guard lock(mutex_);
  counts_.clear();
  calls_.clear();
}

Status DenyWrites::before(const Call& call) {
  if (!is_writing(call.operation)) return ok();
  const std::lock_guard lock(mutex_);
  attempts_.push_back(call.text());
  return write_error(EROFS, to_string(call.operation), call.path);
}

std::vector<std::string> DenyWrites::attempts() const {
  const std::lock_guard lock(mutex_);
  return attempts_;
}

Status FailNth::before(const Call& call) {
  const std::lock_guard lock(mutex_);
  ++seen_;
  if (seen_ == n_) hit_ = call.text();
  const bool fails = scope_ == Scope::once ? seen_ == n_ : seen_ >= n_;
  if (!fails) return ok();
  return is_writing(call.operation) ? write_error(os_error_, to_string(call.operation), call.path)
                                    : read_error(os_error_, to_string(call.operation), call.path);
}

bool FailNth::was_hit() const {
  const std::lock_guard lock(mutex_);
  return seen_ >= n_;
}

std::string FailNth::hit() const {
  const std::lock_guard lock(mutex_);
  return hit_;
}

}  // namespace trueup::platform
