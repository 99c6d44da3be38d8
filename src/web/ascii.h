// Letters of header names, hosts and media types, which are ASCII whatever the locale says.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace trueup::web {

inline std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

inline std::string_view trimmed_ascii(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace trueup::web
