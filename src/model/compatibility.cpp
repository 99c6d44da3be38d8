#include "model/compatibility.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/limits.h"
#include "model/version.h"

namespace trueup::model {
namespace {

constexpr std::string_view kFirstKept = "2.0.0";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// From where on, and up to where: which ends belong to it.
struct Range {
  std::string from = {};  // empty: from the first on
  std::string to = {};    // empty: without an end
  bool with_from = true;
  bool with_to = true;
};

/// The first version that has a larger number at this place: "3.3.0" for "3.2.9" and 1.
std::optional<std::string> next_at(std::string_view version, std::size_t place) {
  if (version.starts_with('v') || version.starts_with('V')) version.remove_prefix(1);
  std::array<std::uint32_t, 2> numbers{};
  for (std::size_t i = 0; i <= place; ++i) {
    const auto [end, failed] = std::from_chars(version.data(), version.data() + version.size(), numbers.at(i));
    if (failed != std::errc()) return i == 0 ? std::nullopt : std::optional(fmt::format("{}.1.0", numbers[0]));
    version.remove_prefix(static_cast<std::size_t>(end - version.data()));
    if (version.starts_with('.')) version.remove_prefix(1);
  }
  if (place == 0) return fmt::format("{}.0.0", std::uint64_t{numbers[0]} + 1);
  return fmt::format("{}.{}.0", numbers[0], std::uint64_t{numbers[1]} + 1);
}

Range exactly(std::string_view version) { return {.from = std::string(version), .to = std::string(version)}; }

std::optional<Range> with_sign(std::string_view sign, std::string_view version) {
  const std::string text(version);
  if (sign == ">=") return Range{.from = text};
  if (sign == ">") return Range{.from = text, .with_from = false};
  if (sign == "<=") return Range{.to = text};
  if (sign == "<") return Range{.to = text, .with_to = false};
  if (sign == "==" || sign == "=") return exactly(version);
  const auto end = next_at(version, sign == "~" ? 1 : 0);
  if (!end) return std::nullopt;
  return Range{.from = text, .to = *end, .with_to = false};
}

std::optional<Range> range_of(std::string_view text) {
  if (const auto dash = text.find(" - "); dash != std::string_view::npos) {
    const std::string_view from = trimmed(text.substr(0, dash));
    const std::string_view to = trimmed(text.substr(dash + 3));
    if (!is_version(from) || !is_version(to)) return std::nullopt;
    return Range{.from = std::string(from), .to = std::string(to)};
  }
  text = trimmed(text);
  for (const std::string_view sign : {">=", "<=", "==", ">", "<", "~", "^", "="}) {
    if (!text.starts_with(sign)) continue;
    const std::string_view version = trimmed(text.substr(sign.size()));
    return is_version(version) ? with_sign(sign, version) : std::nullopt;
  }
  return is_version(text) ? std::optional(exactly(text)) : std::nullopt;
}

bool holds(const Range& range, std::string_view core) {
  const VersionOrder start = range.from.empty() ? VersionOrder::newer : compare_versions(core, range.from);
  const VersionOrder end = range.to.empty() ? VersionOrder::older : compare_versions(core, range.to);
  const bool behind_start = start == VersionOrder::newer || (range.with_from && start == VersionOrder::same);
  const bool before_end = end == VersionOrder::older || (range.with_to && end == VersionOrder::same);
  return behind_start && before_end;
}

/// In the order in which they stand there.
void add_floors_beneath(const json::Value& object, std::vector<StatedFloor>& floors) {
  const auto first = static_cast<std::ptrdiff_t>(floors.size());
  for (const std::string_view key : kMinimumCoreKeys) {
    if (const auto value = object.find(key)) floors.push_back({key, *value});
  }
  std::sort(floors.begin() + first, floors.end(),
            [](const StatedFloor& a, const StatedFloor& b) { return a.value.begin() < b.value.begin(); });
}

void add_floors(const json::Value& object, std::vector<StatedFloor>& floors) {
  add_floors_beneath(object, floors);
  if (const auto needs = object.find("requires")) add_floors_beneath(*needs, floors);
}

std::string strictest(const std::vector<StatedFloor>& floors) {
  std::string strictest;
  for (const StatedFloor& floor : floors) {
    strictest = stricter_minimum(std::move(strictest), floor.value.string().value_or(""));
  }
  return strictest;
}

}  // namespace

bool needs_newer_core(std::string_view minimum, std::string_view core) {
  if (minimum.empty() || core.empty() || compare_versions(core, minimum) != VersionOrder::older) return false;
  const bool label_only = compare_versions(core, kFirstKept) == VersionOrder::older;
  return !label_only || compare_versions(minimum, kFirstKept) == VersionOrder::newer;
}

std::string stricter_minimum(std::string one, std::string other) {
  const auto is_floor = [](const std::string& text) {
    return text.size() <= limits::kMaxRegistryVersionBytes && is_version(text);
  };
  if (!is_floor(one)) return is_floor(other) ? std::move(other) : std::string();
  if (!is_floor(other)) return one;
  return compare_versions(other, one) == VersionOrder::newer ? std::move(other) : std::move(one);
}

std::vector<StatedFloor> stated_floors(const json::Value& object) {
  std::vector<StatedFloor> floors;
  add_floors(object, floors);
  return floors;
}

std::vector<StatedFloor> stated_floors_of_manifest(const json::Value& manifest) {
  std::vector<StatedFloor> floors = stated_floors(manifest);
  const auto versions = manifest.find("versions");
  if (!versions) return floors;
  for (const json::Value version : versions->elements()) {
    if (!version.is_object()) continue;
    add_floors(version, floors);
    break;
  }
  return floors;
}

std::string minimum_core_of(const json::Value& object) { return strictest(stated_floors(object)); }

std::string minimum_core_of_manifest(const json::Value& manifest) {
  return strictest(stated_floors_of_manifest(manifest));
}

bool is_core_range(std::string_view text) { return range_of(text).has_value(); }

bool is_outside_ranges(const std::vector<std::string>& ranges, std::string_view core) {
  if (core.empty() || !is_version(core) || compare_versions(core, kFirstKept) == VersionOrder::older) return false;
  bool any = false;
  for (const std::string& text : ranges) {
    const auto range = range_of(text);
    if (!range) continue;
    if (holds(*range, core)) return false;
    any = true;
  }
  return any;
}

CoreFit core_fit(std::string_view minimum, const std::vector<std::string>& ranges, std::string_view core) {
  if (needs_newer_core(minimum, core)) return CoreFit::needs_newer;
  return is_outside_ranges(ranges, core) ? CoreFit::for_another : CoreFit::fits;
}

std::string_view reason_of(CoreFit fit) {
  switch (fit) {
    case CoreFit::fits: return "";
    case CoreFit::needs_newer: return kNeedsNewerCore;
    case CoreFit::for_another: return kForAnotherCore;
  }
  return "";
}

std::string why_not_fit(std::string_view minimum, const std::vector<std::string>& ranges, std::string_view core) {
  switch (core_fit(minimum, ranges, core)) {
    case CoreFit::fits: break;
    case CoreFit::needs_newer: return fmt::format("needs {} or later, this is {}", minimum, core);
    case CoreFit::for_another: return fmt::format("is for {}, this is {}", fmt::join(ranges, " or "), core);
  }
  return "";
}

}  // namespace trueup::model
