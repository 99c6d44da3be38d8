#include "sources/damaged_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace trueup::sources {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t skip_blanks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && is_blank(bytes[at])) ++at;
  return at;
}

/// Behind the closing quote of the string that opens at `at`; nothing when it is not closed on its line, for a string
/// cannot pass a line's end and a lost quote must not turn the rest of the file inside out.
std::optional<std::size_t> end_of_string(std::string_view bytes, std::size_t at) {
  for (std::size_t i = at + 1; i < bytes.size() && bytes[i] != '\n'; ++i) {
    if (bytes[i] == '\\') {
      ++i;
    } else if (bytes[i] == '"') {
      return i + 1;
    }
  }
  return std::nullopt;
}

/// Calls `found(key, position behind the colon, depth)` for everything that looks like a member of an object.
template <typename Found>
void scan_members(std::string_view bytes, const Found& found) {
  int depth = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const char c = bytes[at];
    if (c == '"') {
      const auto end = end_of_string(bytes, at);
      if (!end) {
        ++at;
        continue;
      }
      const std::size_t colon = skip_blanks(bytes, *end);
      if (colon < bytes.size() && bytes[colon] == ':') found(bytes.substr(at + 1, *end - at - 2), colon + 1, depth);
      at = *end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
}

/// What a disk loses it loses in pieces of this size, or to the end of the file.
constexpr std::size_t kLeastOfDisk = 512;

}  // namespace

std::string common_accident(std::string_view bytes) {
  if (bytes.empty()) return "the file is empty (0 bytes)";
  const std::size_t first_nul = bytes.find('\0');
  if (first_nul == 0 && bytes.find_first_not_of('\0') == std::string_view::npos) {
    return fmt::format("the file is nothing but {} zero bytes, as a power cut while it was written leaves it",
                       bytes.size());
  }
  if (first_nul != std::string_view::npos) {
    const std::string_view before = bytes.substr(0, first_nul);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t zeros = std::min(bytes.find_first_not_of('\0', first_nul), bytes.size()) - first_nul;
    if (first_nul + zeros < bytes.size() && zeros < kLeastOfDisk) {
      const std::size_t column = first_nul - (before.rfind('\n') + 1);  // npos + 1 is 0
      return fmt::format("there is a zero byte at line {} column {}, which no text may hold", line, column + 1);
    }
    return fmt::format("the file has zero bytes from line {} on, as a power cut while it was written leaves it", line);
  }
  if (bytes.starts_with(kByteOrderMark)) {
    return "the file begins with a byte order mark, which LEDMatrix refuses: save it as UTF-8 without BOM";
  }
  if (skip_blanks(bytes, 0) == bytes.size()) {
    return fmt::format("the file is nothing but {} blanks", bytes.size());
  }
  return "";
}

std::vector<std::string> visible_top_level_keys(std::string_view bytes) {
  std::vector<std::string> keys;
  std::unordered_set<std::string_view> seen;
  scan_members(bytes, [&](std::string_view key, std::size_t, int depth) {
    if (depth == 1 && seen.insert(key).second) keys.emplace_back(key);
  });
  return keys;
}

std::optional<std::string> visible_string(std::string_view bytes, std::string_view wanted) {
  std::optional<std::string> value;
  scan_members(bytes, [&](std::string_view key, std::size_t behind, int) {
    if (value || key != wanted) return;
    const std::size_t start = skip_blanks(bytes, behind);
    if (start >= bytes.size() || bytes[start] != '"') return;
    const auto end = end_of_string(bytes, start);
    if (!end) return;
    const std::string_view text = bytes.substr(start + 1, *end - start - 2);
    if (text.find('\\') == std::string_view::npos) value = std::string(text);
  });
  return value;
}

}  // namespace trueup::sources
