#include "engine/temporary_name.h"

#include <fmt/core.h>

#include <algorithm>

namespace trueup::engine {
namespace {

constexpr std::string_view kMark = ".trueup-";
constexpr std::string_view kUnfinished = ".unfinished";
constexpr std::string_view kReady = ".ready";
constexpr std::size_t kDigestStart = 32;  // 128 bits: nobody meets another's by chance, and the name stays short

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_transaction(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

}  // namespace

std::string unfinished_name(std::string_view file, std::string_view transaction) {
  return fmt::format(".{}{}{}{}", file, kMark, transaction, kUnfinished);
}

std::string ready_name(std::string_view file, std::string_view transaction, std::string_view digest,
                       std::string_view basis) {
  const std::string none(kDigestStart, '0');
  return fmt::format(".{}{}{}.{}.{}{}", file, kMark, transaction, digest.substr(0, kDigestStart),
                     basis.empty() ? std::string_view(none) : basis.substr(0, kDigestStart), kReady);
}

std::optional<TemporaryName> parse_temporary_name(std::string_view name) {
  const auto mark = name.rfind(kMark);
  if (!name.starts_with('.') || mark == std::string_view::npos || mark < 2) return std::nullopt;
  TemporaryName parsed{
      .file = std::string(name.substr(1, mark - 1)), .transaction = {}, .digest_start = {}, .basis_start = {}};
  std::string_view rest = name.substr(mark + kMark.size());
  if (rest.ends_with(kUnfinished)) {
    rest.remove_suffix(kUnfinished.size());
  } else if (rest.ends_with(kReady)) {
    rest.remove_suffix(kReady.size());
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos || rest.size() - dot != 2 * (kDigestStart + 1)) return std::nullopt;
    parsed.digest_start = rest.substr(dot + 1, kDigestStart);
    parsed.basis_start = rest.substr(dot + 2 + kDigestStart);
    if (rest[dot + 1 + kDigestStart] != '.' || !is_hexadecimal(parsed.digest_start) ||
        !is_hexadecimal(parsed.basis_start)) {
      return std::nullopt;
    }
    rest = rest.substr(0, dot);
  } else {
    return std::nullopt;
  }
  if (!is_transaction(rest)) return std::nullopt;
  parsed.transaction = rest;
  return parsed;
}

}  // namespace trueup::engine
