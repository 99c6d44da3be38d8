#include "cli/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "cli/text.h"

namespace trueup::cli {
namespace {

constexpr std::size_t kBar = 20;
constexpr std::string_view kLineStart = "\r\x1b[K";  // to its beginning, and nothing stands on it

std::string bar_of(std::uint64_t bytes, std::uint64_t total) {
  const auto done = static_cast<std::size_t>(std::min<std::uint64_t>(bytes * kBar / total, kBar));
  return fmt::format("[{}{}]", std::string(done, '#'), std::string(kBar - done, '.'));
}

std::string time_in_words(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds) + 1;
  return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min", (whole + 59) / 60);
}

/// Bytes a second; nothing while it would only jump.
std::optional<double> rate_of(const store::Transfer& transfer, double seconds) {
  constexpr double kTooShort = 0.5;
  if (seconds < kTooShort || transfer.bytes == 0) return std::nullopt;
  return static_cast<double>(transfer.bytes) / seconds;
}

/// ", 5 s left", or nothing where that cannot be told.
std::string time_left(const store::Transfer& transfer, double seconds) {
  const auto rate = rate_of(transfer, seconds);
  if (!rate || transfer.total <= transfer.bytes) return {};
  return fmt::format(", {} left", time_in_words(static_cast<double>(transfer.total - transfer.bytes) / *rate));
}

}  // namespace

std::string bytes_in_words(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits{"B", "kB", "MB", "GB"};
  constexpr double kStep = 1000;
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= kStep && unit + 1 < kUnits.size()) {
    value /= kStep;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string progress_line(const store::Transfer& transfer, double seconds, std::size_t columns) {
  std::string line = fmt::format("{}: {}", shown(transfer.what), bytes_in_words(transfer.bytes));
  if (transfer.total > 0) {
    line = fmt::format("{} {} of {}", bar_of(transfer.bytes, transfer.total), line, bytes_in_words(transfer.total));
  }
  if (const auto rate = rate_of(transfer, seconds)) {
    line += fmt::format(", {}/s", bytes_in_words(static_cast<std::uint64_t>(*rate)));
  }
  line += time_left(transfer, seconds);
  if (line.size() >= columns) line.resize(columns - 1);
  return line;
}

service::Doing progress_words(const store::Transfer& transfer, double seconds) {
  const std::string bytes = bytes_in_words(transfer.bytes);
  if (transfer.total == 0) return {.says = fmt::format("downloading {}: {}", transfer.what, bytes), .percent = {}};
  const std::uint64_t done = std::min(transfer.bytes, transfer.total);
  const auto percent = static_cast<int>(static_cast<double>(done) * 100 / static_cast<double>(transfer.total));
  const std::string left = time_left(transfer, seconds);
  return {.says = fmt::format("downloading {}: {} % ({} of {}{})", transfer.what, percent, bytes,
                              bytes_in_words(transfer.total), left),
          .percent = percent};
}

store::Transfer sum_of(const std::map<std::string, store::Transfer>& running) {
  if (running.size() == 1) return running.begin()->second;
  store::Transfer sum{.what = fmt::format("{} downloads", running.size())};
  bool all_known = true;
  for (const auto& [what, one] : running) {
    sum.bytes += one.bytes;
    sum.total += one.total;
    all_known = all_known && one.total > 0;
  }
  if (!all_known) sum.total = 0;
  return sum;
}

void Progress::draw() {
  if (!console_.terminal.interactive) return;
  if (running_.empty()) {
    console_.err.write(kLineStart);
    return;
  }
  const std::chrono::duration<double> spent = clock_.monotonic_now() - begun_;
  console_.err.write(
      fmt::format("{}{}", kLineStart, progress_line(sum_of(running_), spent.count(), console_.terminal.columns)));
}

void Progress::show(const store::Transfer& transfer) {
  const bool in_pipe = !console_.terminal.interactive;
  const auto found = running_.find(transfer.what);
  if (transfer.ended) {
    if (found == running_.end()) return;
    if (in_pipe) {
      console_.err.write(
          fmt::format("trueup: {}: {} downloaded\n", shown(transfer.what), bytes_in_words(found->second.bytes)));
    }
    running_.erase(found);
  } else {
    if (running_.empty()) begun_ = clock_.monotonic_now();
    if (found == running_.end() && in_pipe) {
      console_.err.write(fmt::format("trueup: downloading {}\n", shown(transfer.what)));
    }
    running_[transfer.what] = transfer;
  }
  draw();
  tell();
}

void Progress::tell() {
  constexpr std::chrono::milliseconds kRest{500};
  const auto now = clock_.monotonic_now();
  if (!tell_ || running_.empty() || (told_ && now - *told_ < kRest)) return;
  told_ = now;
  const std::chrono::duration<double> spent = now - begun_;
  tell_(progress_words(sum_of(running_), spent.count()));
}

}  // namespace trueup::cli
