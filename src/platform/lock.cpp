#include "platform/lock.h"

#include <fmt/core.h>
#include <unistd.h>

#include <charconv>

namespace trueup::platform {

namespace {

constexpr std::size_t kLongestOwner = 4096;
constexpr Clock::Duration kFirstPause = std::chrono::milliseconds(10);
constexpr Clock::Duration kLongestPause = std::chrono::milliseconds(200);
constexpr Clock::Duration kSigning = std::chrono::milliseconds(100);  // a holder has locked before it has signed
constexpr std::string_view kNobody = "-";  // over the first byte: the rest is an old holder's

std::string encode(const LockOwner& owner) {
  return fmt::format("{} {} {} {}\n", owner.pid, owner.start_time, owner.since.count(), owner.command);
}

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

std::optional<LockOwner> decode(std::string_view text) {
  LockOwner owner;
  std::int64_t since = 0;
  const std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  text = text.substr(0, line_end);
  if (!take_number(text, owner.pid) || !take_number(text, owner.start_time) || !take_number(text, since)) {
    return std::nullopt;
  }
  owner.since = Clock::Duration(since);
  owner.command = text;
  return owner;
}

/// The holder that the text names, if that very process is alive.
std::optional<LockOwner> living_owner(std::string_view text, const ProcessTable& processes) {
  auto owner = decode(text);
  if (!owner) return std::nullopt;
  const auto started = processes.start_time(owner->pid);
  if (!started || *started != owner->start_time) return std::nullopt;
  return owner;
}

/// What fails here, on a full disk say, only makes us nameless to those who wait.
void sign(WritableFile& file, const std::string& command, const Clock& clock, const ProcessTable& processes) {
  LockOwner self{.pid = ::getpid(), .since = clock.boot_time(), .command = command};
  self.start_time = processes.start_time(self.pid).value_or(0);
  const std::string text = encode(self);
  if (file.write_at(0, text)) (void)file.truncate(text.size());
}

/// The locked file is still the one that others will find under the name.
bool is_current(const WritableFile& file, const Directory& directory, const std::string& name) {
  const auto held = file.info();
  const auto named = directory.info(name, Links::refuse);
  return held && named && held->same_file(*named);
}

}  // namespace

Result<ProcessLock> ProcessLock::acquire(WritableDirectory& directory, const std::string& command, Clock::Duration wait,
                                         Clock& clock, const ProcessTable& processes, const std::string& name) {
  const Clock::Duration deadline = clock.monotonic_now() + wait;
  Clock::Duration pause = kFirstPause;
  for (;;) {
    ASSIGN_OR_RETURN(auto file, directory.open_for_writing(name, 0600));
    const Status locked = file->try_lock(FileLock::exclusive);
    if (locked && is_current(*file, directory, name)) {
      const std::string before = file->read_at(0, kNobody.size()).value_or("");
      sign(*file, command, clock, processes);
      return ProcessLock(std::move(file), !before.empty() && before != kNobody);
    }
    if (!locked && locked.error().code != ErrorCode::contended) return locked.error();
    const Clock::Duration left = deadline - clock.monotonic_now();
    if (left <= Clock::Duration::zero()) {
      const auto owner = living_owner(file->read_at(0, kLongestOwner).value_or(""), processes);
      if (!owner && left > -kSigning) {
        clock.sleep(kFirstPause);
        continue;
      }
      return Error{.code = ErrorCode::busy,
                   .message = describe(owner, clock.boot_time()),
                   .where = directory.display_path(),
                   .hint = "run the command again when it is done, or let it wait longer with --wait SECONDS"};
    }
    clock.sleep(std::min(pause, left));
    pause = std::min(pause * 2, kLongestPause);
  }
}

ProcessLock::~ProcessLock() {
  if (file_ == nullptr) return;
  (void)file_->write_at(0, kNobody);  // a failure only makes the next message about us less exact
  (void)file_->try_lock(FileLock::none);
}

std::optional<LockOwner> lock_owner(const Directory& directory, const ProcessTable& processes) {
  const auto text = directory.read(kLockName, kLongestOwner, Links::refuse);
  return text ? living_owner(text->bytes, processes) : std::nullopt;
}

std::string describe(const std::optional<LockOwner>& owner, Clock::Duration boot_time) {
  if (!owner) return "another trueup is working";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(boot_time - owner->since).count();
  return fmt::format("another trueup (pid {}, `{}`, for {} s) is working", owner->pid, owner->command,
                     std::max<std::int64_t>(seconds, 0));
}

}  // namespace trueup::platform
