#include "model/version.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace trueup::model {
namespace {

/// Of a text that lives longer.
struct Parsed {
  std::vector<std::string_view> numbers;  // without leading zeros, so that length and then text order them
  std::vector<std::string_view> prerelease;
};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view without_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// Calls `take` with each part between dots, until it says no. Whether it took all.
template <typename Take>
bool each_part(std::string_view text, Take take) {
  for (;;) {
    const auto dot = text.find('.');
    if (!take(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

/// A version's text, parted.
struct Parts {
  std::string_view numbers;
  std::optional<std::string_view> labels;  // behind the dash
};

Parts parts_of(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));
  const auto dash = text.find('-');
  Parts parts{.numbers = text.substr(0, dash), .labels = {}};
  if (dash != std::string_view::npos) parts.labels = text.substr(dash + 1);
  return parts;
}

bool are_well_formed(const Parts& parts) {
  return each_part(parts.numbers, is_digits) &&
         (!parts.labels || each_part(*parts.labels, [](std::string_view label) { return !label.empty(); }));
}

std::optional<Parsed> parse(std::string_view text) {
  const Parts parts = parts_of(text);
  if (!are_well_formed(parts)) return std::nullopt;
  Parsed parsed;
  each_part(parts.numbers, [&parsed](std::string_view part) {
    parsed.numbers.push_back(without_zeros(part));
    return true;
  });
  while (!parsed.numbers.empty() && parsed.numbers.back().empty()) parsed.numbers.pop_back();
  if (!parts.labels) return parsed;
  each_part(*parts.labels, [&parsed](std::string_view part) {
    parsed.prerelease.push_back(part);
    return true;
  });
  return parsed;
}

int compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

int compare_identifiers(std::string_view a, std::string_view b) {
  const bool number_a = is_digits(a);
  const bool number_b = is_digits(b);
  if (number_a && number_b) return compare_digits(without_zeros(a), without_zeros(b));
  if (number_a != number_b) return number_a ? -1 : 1;
  return a.compare(b);
}

int compare(const Parsed& a, const Parsed& b) {
  for (std::size_t i = 0; i < std::max(a.numbers.size(), b.numbers.size()); ++i) {
    const std::string_view left = i < a.numbers.size() ? a.numbers[i] : std::string_view();
    const std::string_view right = i < b.numbers.size() ? b.numbers[i] : std::string_view();
    if (const int order = compare_digits(left, right); order != 0) return order;
  }
  if (a.prerelease.empty() != b.prerelease.empty()) return a.prerelease.empty() ? 1 : -1;
  for (std::size_t i = 0; i < std::min(a.prerelease.size(), b.prerelease.size()); ++i) {
    if (const int order = compare_identifiers(a.prerelease[i], b.prerelease[i]); order != 0) return order;
  }
  if (a.prerelease.size() == b.prerelease.size()) return 0;
  return a.prerelease.size() < b.prerelease.size() ? -1 : 1;
}

}  // namespace

bool is_version(std::string_view text) { return are_well_formed(parts_of(text)); }

VersionOrder compare_versions(std::string_view a, std::string_view b) {
  if (a == b) return VersionOrder::same;
  const auto left = parse(a);
  const auto right = parse(b);
  if (!left || !right) return VersionOrder::incomparable;
  const int order = compare(*left, *right);
  if (order == 0) return VersionOrder::same;
  return order < 0 ? VersionOrder::older : VersionOrder::newer;
}

}  // namespace trueup::model
