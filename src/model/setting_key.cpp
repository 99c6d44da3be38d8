#include "model/setting_key.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/limits.h"
#include "json/write.h"

namespace trueup::model {
namespace {

Error wrong(std::string_view text, std::size_t at, std::string_view what) {
  return Error{.code = ErrorCode::invalid,
               .message = fmt::format("{} (column {})", what, at + 1),
               .where = std::string(text.substr(0, limits::kMaxSettingKeyBytes)),
               .hint = "write `location.city`, `leagues.\"eng.1\".enabled` or `/leagues/eng.1/enabled`"};
}

Result<std::vector<std::string>> parse_pointer(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '/') {
      parts.emplace_back();
    } else if (c != '~') {
      parts.back() += c;
    } else if (i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
      parts.back() += text[++i] == '0' ? '~' : '/';
    } else {
      return wrong(text, i, "`~` is written `~0`, and `/` inside a key `~1`");
    }
  }
  return parts;
}

/// From the opening quote at `at` to behind the closing one.
Result<std::string> parse_quoted(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::string part;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') {
      ++at;
      return part;
    }
    if (text[at] == '\\') {
      if (at + 1 == text.size() || (text[at + 1] != '"' && text[at + 1] != '\\')) {
        return wrong(text, at, R"(inside quotes a backslash stands before `"` or another backslash)");
      }
      ++at;
    }
    part += text[at];
  }
  return wrong(text, begin, "the quote is not closed");
}

Result<std::vector<std::string>> parse_dotted(std::string_view text) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (;;) {
    if (at < text.size() && text[at] == '"') {
      ASSIGN_OR_RETURN(auto part, parse_quoted(text, at));
      parts.push_back(std::move(part));
    } else {
      const std::size_t end = std::min(text.find('.', at), text.size());
      const std::string_view part = text.substr(at, end - at);
      if (part.empty()) return wrong(text, at, "a part between the dots is empty");
      if (const auto quote = part.find('"'); quote != std::string_view::npos) {
        return wrong(text, at + quote, "a quote stands around a whole part between dots");
      }
      parts.emplace_back(part);
      at = end;
    }
    if (at == text.size()) return parts;
    if (text[at] != '.') return wrong(text, at, "a dot belongs between two parts");
    ++at;
  }
}

}  // namespace

Result<std::vector<std::string>> parse_setting_key(std::string_view text) {
  if (text.size() > limits::kMaxSettingKeyBytes) return wrong(text, 0, "the key is too long");
  if (!json::is_text(text)) return wrong(text, 0, "the key is not UTF-8 text");
  auto parts = text.starts_with('/') ? parse_pointer(text) : parse_dotted(text);
  if (parts && parts->size() > limits::kMaxSettingKeyParts) return wrong(text, 0, "the key has too many parts");
  return parts;
}

std::string setting_key_text(const std::vector<std::string>& path) {
  std::string out;
  for (const std::string& part : path) {
    if (!out.empty()) out += '.';
    const bool plain = !part.empty() && part.find_first_of(".\"/") == std::string::npos;
    if (plain) {
      out += part;
      continue;
    }
    out += '"';
    for (const char c : part) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out;
}

}  // namespace trueup::model
