#include "model/version.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace trueup::model {
namespace {

struct Parsed {
  std::vector<std::string> numbers;  // without leading zeros, so that length and then text order them
  std::vector<std::string> prerelease;
};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string without_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "" : std::string(digits.substr(first));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<Parsed> parse(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));
  const auto dash = text.find('-');
  Parsed parsed;
  for (const std::string_view part : split(text.substr(0, dash), '.')) {
    if (!is_digits(part)) return std::nullopt;
    parsed.numbers.push_back(without_zeros(part));
  }
  while (!parsed.numbers.empty() && parsed.numbers.back().empty()) parsed.numbers.pop_back();
  if (dash != std::string_view::npos) {
    for (const std::string_view part : split(text.substr(dash + 1), '.')) {
      if (part.empty()) return std::nullopt;
      parsed.prerelease.emplace_back(part);
    }
  }
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
    const std::string_view left = i < a.numbers.size() ? std::string_view(a.numbers[i]) : std::string_view();
    const std::string_view right = i < b.numbers.size() ? std::string_view(b.numbers[i]) : std::string_view();
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

bool is_version(std::string_view text) { return parse(text).has_value(); }

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
