#include "sources/requirements.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "model/version.h"

namespace trueup::sources {
namespace {

using model::VersionOrder;

constexpr std::size_t kMostRequirements = 500;
constexpr std::size_t kMostLine = 200;  // what is longer is no package's name
constexpr std::array<std::string_view, 8> kSigns{"===", "==", ">=", "<=", "~=", "!=", ">", "<"};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_name_character(char one) {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '.' ||
         one == '-' || one == '_';
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view without_comment(std::string_view line) {
  if (trimmed(line).starts_with('#')) return {};
  return trimmed(line.substr(0, line.find(" #")));
}

/// False: there is something in it that only pip can judge.
bool read_conditions(std::string_view text, std::vector<std::string>& conditions) {
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view one = trimmed(text.substr(0, end));
    const auto sign =
        std::find_if(kSigns.begin(), kSigns.end(), [&](std::string_view s) { return one.starts_with(s); });
    if (sign == kSigns.end()) return false;
    conditions.push_back(std::string(*sign) + std::string(trimmed(one.substr(sign->size()))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

bool is_plain_character(char one) {
  return is_name_character(one) || std::string_view(" \t[],<>=!~*+;'\"()").find(one) != std::string_view::npos;
}

/// pip ends a line where Python's splitlines() does, and this shows as one line to a person.
bool breaks_line_for_python(char32_t one) {
  const bool control = one < 0x20 && one != '\t' && one != '\n';
  return control || one == 0x85 || one == 0x2028 || one == 0x2029;
}

/// A comment in one of the first two lines may name an encoding, by which pip reads the rest.
bool names_encoding(std::string_view line) {
  const std::size_t at = std::min(line.find("coding:"), line.find("coding="));
  if (!trimmed(line).starts_with('#') || at == std::string_view::npos) return false;
  return !trimmed(line.substr(at + std::string_view("coding:").size())).starts_with("utf-8");
}

bool reads_as_it_shows(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    const auto character = utf8_at(line, at);
    if (!character || breaks_line_for_python(character->code_point)) return false;
    if (character->code_point == 0xFEFF) return false;  // a mark of another encoding
    at += character->length;
  }
  return true;
}

bool is_plain(std::string_view line) {
  const std::string_view package = without_comment(line);
  if (package.empty()) return true;
  if (package.size() > kMostLine || !is_name_character(package.front()) || package.front() == '-') return false;
  if (package.front() == '.' || !std::all_of(package.begin(), package.end(), is_plain_character)) return false;
  return package.find(" -") == std::string_view::npos && package.find("\t-") == std::string_view::npos;
}

bool meets(const std::string& condition, const std::string& version) {
  const auto sign =
      *std::find_if(kSigns.begin(), kSigns.end(), [&](std::string_view s) { return condition.starts_with(s); });
  const std::string wanted = condition.substr(sign.size());
  const VersionOrder order = model::compare_versions(version, wanted);
  if (order == VersionOrder::incomparable) return true;  // "==2.*" and the like
  if (sign == "==" || sign == "===") return order == VersionOrder::same;
  if (sign == "!=") return order != VersionOrder::same;
  if (sign == ">=" || sign == "~=") return order != VersionOrder::older;
  if (sign == "<=") return order != VersionOrder::newer;
  return sign == ">" ? order == VersionOrder::newer : order == VersionOrder::older;
}

}  // namespace

std::size_t odd_line(std::string_view text) {
  std::size_t number = 0;
  for (std::string_view line : lines_of(text)) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!reads_as_it_shows(line) || !is_plain(line) || (number <= 2 && names_encoding(line))) return number;
  }
  return 0;
}

std::string distribution_name(std::string_view name) {
  std::string plain;
  for (const char one : name) {
    const bool dash = one == '-' || one == '_' || one == '.';
    if (dash && (plain.empty() || plain.back() == '-')) continue;
    plain += dash ? '-' : (one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one);
  }
  return plain;
}

std::vector<Requirement> decode_requirements(std::string_view text) {
  std::vector<Requirement> requirements;
  for (const std::string_view raw : lines_of(text)) {
    const std::string_view line = without_comment(raw);
    if (line.empty() || line.size() > kMostLine || line.starts_with('-') || line.ends_with('\\') ||
        line.find(';') != std::string_view::npos || line.find('@') != std::string_view::npos ||
        line.find("://") != std::string_view::npos) {
      continue;
    }
    std::size_t end = 0;
    while (end < line.size() && is_name_character(line[end])) ++end;
    std::string_view rest = trimmed(line.substr(end));
    if (rest.starts_with('[')) rest = trimmed(rest.substr(std::min(rest.find(']') + 1, rest.size())));
    Requirement requirement{.name = distribution_name(line.substr(0, end)), .text = std::string(line)};
    if (requirement.name.empty() || !read_conditions(rest, requirement.conditions)) continue;
    requirements.push_back(std::move(requirement));
    if (requirements.size() == kMostRequirements) break;
  }
  return requirements;
}

void add_distribution(std::string_view file_name, Distributions& distributions) {
  for (const std::string_view ending : {std::string_view(".dist-info"), std::string_view(".egg-info")}) {
    if (!file_name.ends_with(ending)) continue;
    file_name.remove_suffix(ending.size());
    const std::size_t dash = file_name.find('-');
    if (dash == 0) return;
    std::string version;
    if (dash != std::string_view::npos) {
      version = file_name.substr(dash + 1);
      version.resize(std::min(version.find("-py"), version.size()));
    }
    distributions.try_emplace(distribution_name(file_name.substr(0, dash)), std::move(version));
    return;
  }
}

std::vector<std::string> unmet(const std::vector<Requirement>& requirements, const Distributions& distributions) {
  std::vector<std::string> missing;
  for (const Requirement& requirement : requirements) {
    const auto found = distributions.find(requirement.name);
    const bool met = found != distributions.end() &&
                     std::all_of(requirement.conditions.begin(), requirement.conditions.end(),
                                 [&](const std::string& condition) { return meets(condition, found->second); });
    if (!met) missing.push_back(requirement.text);
  }
  return missing;
}

}  // namespace trueup::sources
