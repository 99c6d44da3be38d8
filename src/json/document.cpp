#include "json/document.h"

#include <algorithm>

#include "base/utf8.h"
#include "json/parser.h"

namespace trueup::json {
namespace {

/// Encodes any code point, surrogates too.
void append_code_point(std::string& out, char32_t code_point) {
  if (code_point < 0xD800 || code_point > 0xDFFF) return append_utf8(out, code_point);
  out += static_cast<char>(0xED);
  out += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
  out += static_cast<char>(0x80U | (code_point & 0x3FU));
}

char32_t four_hex(std::string_view digits) {
  char32_t unit = 0;
  for (const char c : digits.substr(0, 4)) {
    const char32_t digit = c <= '9' ? static_cast<char32_t>(c - '0') : static_cast<char32_t>((c | 0x20) - 'a' + 10);
    unit = unit * 16 + digit;
  }
  return unit;
}

char short_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

void decode_string(std::string_view inside, std::string& out) {
  out.reserve(out.size() + inside.size());
  while (!inside.empty()) {
    const std::size_t plain = std::min(inside.find('\\'), inside.size());
    out.append(inside.substr(0, plain));
    inside.remove_prefix(plain);
    if (inside.empty()) return;
    if (inside[1] != 'u') {
      out += short_escape(inside[1]);
      inside.remove_prefix(2);
      continue;
    }
    char32_t code_point = four_hex(inside.substr(2));
    inside.remove_prefix(6);
    if (code_point >= 0xD800 && code_point <= 0xDBFF && inside.substr(0, 2) == "\\u") {
      const char32_t low = four_hex(inside.substr(2));
      if (low >= 0xDC00 && low <= 0xDFFF) {
        code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (low - 0xDC00);
        inside.remove_prefix(6);
      }
    }
    append_code_point(out, code_point);
  }
}

std::string_view Content::escaped_key(std::uint32_t node) const {
  return std::lower_bound(escaped_keys.begin(), escaped_keys.end(), node,
                          [](const auto& entry, std::uint32_t wanted) { return entry.first < wanted; })
      ->second;
}

std::uint32_t Content::winner_of_several(std::uint32_t node) const {
  const auto found = std::lower_bound(duplicates.begin(), duplicates.end(), node,
                                      [](const auto& entry, std::uint32_t wanted) { return entry.first < wanted; });
  return found == duplicates.end() || found->first != node ? node : found->second;
}

Result<Document> Document::parse(std::string bytes, Dialect dialect, std::size_t max_depth) {
  return take(bytes, dialect, max_depth);
}

Result<Document> Document::take(std::string& bytes, Dialect dialect, std::size_t max_depth) {
  auto content = std::make_shared<Content>();
  content->bytes = std::move(bytes);
  if (auto parsed = Parser(*content, dialect, max_depth).run(); !parsed) {
    bytes = std::move(content->bytes);
    return std::move(parsed).error();
  }
  return Document(std::move(content));
}

const std::string& Document::bytes() const { return content_->bytes; }
Value Document::root() const { return {content_.get(), 0}; }
const std::vector<Note>& Document::notes() const { return content_->notes; }

}  // namespace trueup::json
