#include "support/system_calls.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "support/files.h"

namespace trueup::test {
namespace {

// openat is left to `is_writing`: most of them only read.
constexpr std::string_view kChanging =
    "write,writev,pwrite64,pwritev,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,link,linkat,symlink,"
    "symlinkat,mknod,mknodat,truncate,ftruncate,fallocate,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,utimensat,"
    "fsync,fdatasync,sync_file_range,setxattr,fsetxattr,copy_file_range,sendfile";

bool is_writing(const std::string& call) {
  const auto contains = [&call](std::string_view text) { return call.find(text) != std::string::npos; };
  if (call.starts_with("openat") || call.starts_with("creat")) {
    return contains("O_WRONLY") || contains("O_RDWR") || contains("O_CREAT") || contains("O_TRUNC");
  }
  if (call.starts_with("flock(")) return contains("LOCK_EX");
  // Its own output is no disk.
  return !call.starts_with("write(1,") && !call.starts_with("write(2,") && !call.starts_with("writev(1,") &&
         !call.starts_with("writev(2,") && !call.starts_with("write(1<") && !call.starts_with("write(2<") &&
         !call.starts_with("writev(1<") && !call.starts_with("writev(2<");
}

/// "812 write(..." and "812  write(..." lose their process id; lines that are no calls are left out.
std::vector<std::string> calls_of(const std::string& trace) {
  std::vector<std::string> calls;
  std::istringstream lines(trace);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find_first_not_of("0123456789 ");
    if (begin == std::string::npos) continue;
    line = line.substr(begin);
    if (line.starts_with("+++") || line.starts_with("---") || line.starts_with("<...")) continue;
    if (is_writing(line)) calls.push_back(line);
  }
  return calls;
}

}  // namespace

std::vector<std::string> traced(const std::vector<std::string>& options, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"strace", "-f", "-qq", "-y", "-s", "200"};
  // The search for leaks traces its own program, which nobody else may do at the same time.
  if (kIsInstrumented) all.insert(all.end(), {"-E", "ASAN_OPTIONS=detect_leaks=0"});
  all.insert(all.end(), options.begin(), options.end());
  all.emplace_back("--");
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

bool can_trace_system_calls() {
  static const bool can = run_command({"strace", "-qq", "-e", "trace=none", "true"}).exit_status == 0;
  return can;
}

std::vector<std::string> writing_calls(const std::vector<std::string>& arguments, CommandResult* result) {
  const TempDirectory place;
  const std::string file = place.path() / "trace";
  CommandResult ran =
      run_command(traced({"-o", file, "-e", "trace=openat,openat2,creat,flock," + std::string(kChanging)}, arguments));
  if (result != nullptr) *result = std::move(ran);
  return calls_of(read_file(file));
}

std::vector<std::string> on_disk(std::vector<std::string> calls) {
  if (kIsInstrumented) {
    std::erase_if(calls, [](const std::string& call) {
      return call.starts_with("write(") && call.find("<pipe:") < call.find(',');
    });
  }
  return calls;
}

std::size_t count_calls(const std::vector<std::string>& calls, std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(calls, [text](const std::string& call) { return call.find(text) != std::string::npos; }));
}

CommandResult run_and_kill_at_call(const std::vector<std::string>& arguments, const std::vector<std::string>& calls,
                                   std::size_t index) {
  // strace counts each system call by itself.
  const std::string name = calls.at(index).substr(0, calls.at(index).find('('));
  const auto number = std::count_if(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(index) + 1,
                                    [&name](const std::string& call) { return call.starts_with(name + "("); });
  return run_command(traced({"-o", "/dev/null", "-e", "trace=" + name, "-e",
                             "inject=" + name + ":signal=KILL:when=" + std::to_string(number)},
                            arguments));
}

}  // namespace trueup::test
