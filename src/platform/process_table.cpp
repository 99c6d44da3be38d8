#include "platform/process_table.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>

#include "platform/beneath.h"
#include "platform/real_file_system.h"

namespace trueup::platform {

namespace {

constexpr std::size_t kMaxProcFile = 1U << 20U;  // one command line; the kernel's own limit is 2 MiB in all

std::optional<std::int64_t> pid_of(const std::string& name) {
  std::int64_t pid = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (failed != std::errc() || end != name.data() + name.size() || pid <= 0) return std::nullopt;
  return pid;
}

std::vector<std::string> split_at_zeros(const std::string& bytes) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\0', start), bytes.size());
    parts.push_back(bytes.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

/// The bytes of a command line, most of which fit into `buffer`. The kernel's own table: nobody can put a link there,
/// so the plain open will do, and a read that does not fill the buffer is the last one.
Result<std::string> read_command(const Descriptor& proc, const std::string& path, std::span<char> buffer) {
  const Descriptor opened(
      retry_interrupted([&] { return ::openat(proc.get(), path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!opened.is_open()) return read_error(errno, "open", path);
  const ssize_t got = retry_interrupted([&] { return ::read(opened.get(), buffer.data(), buffer.size()); });
  if (got < 0) return read_error(errno, "read", path);
  std::string bytes(buffer.data(), static_cast<std::size_t>(got));
  if (static_cast<std::size_t>(got) < buffer.size()) return bytes;
  ASSIGN_OR_RETURN(const std::string rest, read_to_end(opened.get(), 0, kMaxProcFile, path));
  return bytes + rest;
}

Result<std::string> read_below(const Descriptor& directory, const std::string& path) {
  const Descriptor opened = open_beneath(directory.get(), path, O_RDONLY);
  if (!opened.is_open()) return read_error(errno, "open", path);
  return read_to_end(opened.get(), 0, kMaxProcFile, path);
}

std::optional<std::string> link_below(const Descriptor& directory, const std::string& path) {
  std::array<char, 4097> target = {};
  const ssize_t length = ::readlinkat(directory.get(), path.c_str(), target.data(), target.size());
  if (length <= 0 || static_cast<std::size_t>(length) == target.size()) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(length));
}

Descriptor open_directory(const std::string& path) {
  return Descriptor(retry_interrupted([&] { return ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }));
}

bool has_ended(const Error& error) { return error.os_error == ENOENT || error.os_error == ESRCH; }

/// Field 22 of /proc/PID/stat. The second field is the program's name and may hold anything, brackets included.
std::optional<std::uint64_t> start_time_of(std::string_view stat) {
  std::size_t at = stat.rfind(')');
  for (int field = 2; field < 22 && at != std::string_view::npos; ++field) at = stat.find(' ', at + 1);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t time = 0;
  const auto [end, failed] = std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), time);
  if (failed != std::errc()) return std::nullopt;
  return time;
}

}  // namespace

RealProcessTable::RealProcessTable() : RealProcessTable(Places{}) {}

RealProcessTable::RealProcessTable(Places places) : places_(std::move(places)) {}

Result<std::vector<Process>> RealProcessTable::select(const Selection& wanted) const {
  ASSIGN_OR_RETURN(const auto listing, RealFileSystem().open_root_for_reading(places_.proc));
  ASSIGN_OR_RETURN(const auto entries, listing->list());
  const Descriptor proc = open_directory(places_.proc);
  if (!proc.is_open()) return read_error(errno, "open", places_.proc);
  std::vector<Process> selected;
  bool sees_first_process = false;
  std::array<char, 4096> buffer = {};
  for (const DirectoryEntry& entry : entries) {
    const auto pid = pid_of(entry.name);
    if (!pid) continue;
    sees_first_process = sees_first_process || *pid == 1;
    const auto command = read_command(proc, entry.name + "/cmdline", buffer);
    if (!command && has_ended(command.error())) continue;
    if (!command) return command.error();
    Process process{.pid = *pid, .arguments = split_at_zeros(*command)};
    if (!wanted(process)) continue;
    process.working_directory = link_below(proc, entry.name + "/cwd");
    selected.push_back(std::move(process));
  }
  if (!sees_first_process) {  // mounted with hidepid
    return Error{.code = ErrorCode::unreadable,
                 .message = "the programs of other users are hidden from this one",
                 .where = places_.proc};
  }
  std::sort(selected.begin(), selected.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
  return selected;
}

Result<std::uint64_t> RealProcessTable::start_time(std::int64_t pid) const {
  const Descriptor proc = open_directory(places_.proc);
  if (!proc.is_open()) return read_error(errno, "open", places_.proc);
  const std::string path = fmt::format("{}/stat", pid);
  ASSIGN_OR_RETURN(const std::string stat, read_below(proc, path));
  const auto time = start_time_of(stat);
  if (time) return *time;
  return Error{.code = ErrorCode::unreadable, .message = "not as expected", .where = places_.proc + "/" + path};
}

UnitState RealProcessTable::unit_state(const std::string& unit) const {
  if (!open_directory(places_.booted_by_systemd).is_open() && errno == ENOENT) return UnitState::inactive;
  for (const std::string& slice : places_.slices) {
    const Descriptor units = open_directory(slice);
    if (!units.is_open()) continue;
    const auto members = read_below(units, unit + "/cgroup.procs");
    if (!members) return members.error().code == ErrorCode::not_found ? UnitState::inactive : UnitState::unknown;
    return members->empty() ? UnitState::inactive : UnitState::active;
  }
  return UnitState::unknown;
}

Result<std::vector<Process>> RememberedProcesses::select(const Selection& wanted) const {
  if (!all_) all_ = table_.select([](const Process&) { return true; });
  if (!*all_) return all_->error();
  std::vector<Process> selected;
  std::ranges::copy_if(**all_, std::back_inserter(selected), wanted);
  return selected;
}

Result<std::vector<Process>> FakeProcessTable::select(const Selection& wanted) const {
  if (failure) return *failure;
  std::vector<Process> selected;
  for (const Process& process : processes) {
    if (wanted(Process{.pid = process.pid, .arguments = process.arguments})) selected.push_back(process);
  }
  return selected;
}

Result<std::uint64_t> FakeProcessTable::start_time(std::int64_t pid) const {
  const auto found = start_times.find(pid);
  if (found != start_times.end()) return found->second;
  return Error{.code = ErrorCode::not_found, .message = "no such process", .where = fmt::format("process {}", pid)};
}

UnitState FakeProcessTable::unit_state(const std::string& unit) const {
  const auto found = units.find(unit);
  return found == units.end() ? UnitState::inactive : found->second;
}

}  // namespace trueup::platform
