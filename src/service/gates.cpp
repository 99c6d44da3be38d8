#include "service/gates.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <string_view>

namespace trueup::service {
namespace {

// What the firmware complains of just now; its upper bits tell what once was so since the start.
constexpr std::uint32_t kUnderVoltage = 1U << 0U;
constexpr std::uint32_t kThrottled = 1U << 2U;
constexpr std::uint32_t kTooHot = 1U << 3U;

}  // namespace

std::vector<Gate> gates_of(const GateFacts& facts) {
  std::vector<Gate> gates;
  if (facts.read_only) {
    gates.push_back({.reason = "disk_read_only",
                     .says =
                         "the disk takes no writes, so it is only looked; a card that turned read-only is often one "
                         "that is about to fail",
                     .writes_too = true});
  }
  if (facts.free_bytes && *facts.free_bytes < kLeastFreeBytes) {
    gates.push_back({.reason = "free_space_low",
                     .says = fmt::format("only {} MiB are free on the disk: plugins are fetched when there are {}",
                                         *facts.free_bytes >> 20U, kLeastFreeBytes >> 20U)});
  }
  const std::uint32_t throttled = facts.throttled.value_or(0);
  if ((throttled & kUnderVoltage) != 0) {
    gates.push_back({.reason = "under_voltage",
                     .says =
                         "the Raspberry Pi says that its power supply is too weak just now: fetching plugins waits, "
                         "for a write that is cut off there can damage the card"});
  } else if ((throttled & (kThrottled | kTooHot)) != 0) {
    gates.push_back(
        {.reason = "throttled", .says = "the Raspberry Pi is too hot or slowed down just now: fetching plugins waits"});
  }
  return gates;
}

std::optional<DisplayWait> wait_for_display(model::HeavyWork when, const model::DisplayHours& hours,
                                            const model::WallTime& now) {
  const auto left = minutes_until_allowed(when, hours, now);
  if (!left || *left == 0) return std::nullopt;
  constexpr int kDay = 24 * 60;
  constexpr std::array kDays{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  const int at = now.minute + *left;
  const int days = at / kDay;
  const std::string day =
      days == 0 ? "" : fmt::format(" on {}", kDays.at(static_cast<std::size_t>(now.weekday + days) % kDays.size()));
  const bool is_dimmed = hours.at(now) == model::Panel::dimmed;
  return DisplayWait{
      .gate = {.reason = "display_on",
               .says = fmt::format("the display is {}: plugins are fetched when it is {}, from {:02}:{:02}{} on, as "
                                   "\"heavy_work\" in config/trueup/settings.json says",
                                   is_dimmed ? "dimmed" : "on",
                                   when == model::HeavyWork::display_off ? "off" : "dimmed or off", at % kDay / 60,
                                   at % 60, day)},
      .left = std::chrono::minutes(*left)};
}

std::optional<std::uint32_t> throttled_in(const std::string& text) {
  std::string_view digits = text;
  while (digits.ends_with('\n') || digits.ends_with(' ')) digits.remove_suffix(1);
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  std::uint32_t bits = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
  if (failed != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return bits;
}

}  // namespace trueup::service
