#include "platform/own_process.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/descriptor.h"

namespace trueup::platform {
namespace {

constexpr std::size_t kMostBytes = 64U << 10U;

std::string read_of_proc(const char* path) {
  const Descriptor opened(retry_interrupted([&] { return ::open(path, O_RDONLY | O_CLOEXEC); }));
  return opened.is_open() ? read_to_end(opened.get(), 0, kMostBytes, path).value_or("") : std::string();
}

std::optional<std::uint64_t> number_behind(const std::string& text, std::string_view name) {
  auto at = text.find(name);
  if (at == std::string::npos) return std::nullopt;
  at = text.find_first_of("0123456789", at + name.size());
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), number);
  return failed == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> kibibytes(std::optional<std::uint64_t> number) {
  return number ? std::optional(*number * 1024) : std::nullopt;
}

}  // namespace

ProcessCost own_cost() {
  const std::string status = read_of_proc("/proc/self/status");
  return {.anonymous_bytes = kibibytes(number_behind(status, "\nRssAnon:")),
          .resident_bytes = kibibytes(number_behind(status, "\nVmRSS:")),
          .written_bytes = number_behind(read_of_proc("/proc/self/io"), "\nwrite_bytes:")};
}

std::string own_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

std::int64_t own_pid() { return ::getpid(); }

void keep_memory_small() {
  constexpr int kLargeBytes = 128 * 1024;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, kLargeBytes);
}

void end_at_once(int status) { std::_Exit(status); }

}  // namespace trueup::platform
