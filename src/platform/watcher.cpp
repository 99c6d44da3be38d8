#include "platform/watcher.h"

#include <fmt/core.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <utility>

namespace trueup::platform {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const std::string_view begin = pattern.substr(0, star);
  const std::string_view end = pattern.substr(star + 1);
  return name.size() >= begin.size() + end.size() && name.starts_with(begin) && name.ends_with(end);
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [name](const std::string& pattern) { return matches(pattern, name); });
}

}  // namespace

bool counts(const WatchedDirectory& directory, std::string_view name) {
  if (any_matches(directory.except, name)) return false;
  return directory.names.empty() || any_matches(directory.names, name);
}

FakeWatcher::FakeWatcher() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void FakeWatcher::wake() {
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
}

WatchEvents FakeWatcher::take() {
  std::uint64_t count = 0;
  (void)!::read(wake_.get(), &count, sizeof count);
  return std::exchange(waiting_, {});
}

void FakeWatcher::tell(const std::string& topic) {
  waiting_.topics.insert(topic);
  wake();
}

void FakeWatcher::tell_everything(const std::string& why) {
  waiting_.everything = true;
  waiting_.why = why;
  wake();
}

}  // namespace trueup::platform
