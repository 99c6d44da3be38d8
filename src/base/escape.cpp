#include "base/escape.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/utf8.h"

namespace trueup {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Characters that show as nothing, or change how their neighbours show. The joiners U+200C and U+200D are left alone:
// scripts and emoji need them.
constexpr std::array kUnsafe = {
    Range{0x0000, 0x001F},    // C0: escape sequences start here
    Range{0x007F, 0x009F},    // DEL and C1: U+009B starts an escape sequence too
    Range{0x00AD, 0x00AD},    // soft hyphen
    Range{0x061C, 0x061C},    // Arabic letter mark
    Range{0x180E, 0x180E},    // a vowel separator without width
    Range{0x200B, 0x200B},    // space without width
    Range{0x200E, 0x200F},    // direction marks
    Range{0x2028, 0x202E},    // line and paragraph separators, bidirectional embeddings and overrides
    Range{0x2060, 0x206F},    // word joiner, invisible operators, bidirectional isolates
    Range{0xFEFF, 0xFEFF},    // byte order mark
    Range{0xFFF9, 0xFFFB},    // interlinear annotation
    Range{0xE0000, 0xE0FFF},  // tags: text that no screen shows
};

bool is_unsafe(char32_t code_point) {
  return std::any_of(kUnsafe.begin(), kUnsafe.end(),
                     [code_point](Range range) { return code_point >= range.first && code_point <= range.last; });
}

void append_escape(std::string& out, char32_t code_point) {
  const auto number = static_cast<unsigned>(code_point);
  auto end = std::back_inserter(out);
  if (code_point == U'\n') {
    out += "\\n";
  } else if (code_point == U'\r') {
    out += "\\r";
  } else if (code_point == U'\t') {
    out += "\\t";
  } else if (code_point < 0x80) {
    fmt::format_to(end, "\\x{:02x}", number);
  } else if (code_point <= 0xFFFF) {
    fmt::format_to(end, "\\u{:04x}", number);
  } else {
    fmt::format_to(end, "\\U{:08x}", number);
  }
}

}  // namespace

std::string escape_for_display(std::string_view text, LineBreaks line_breaks) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const auto character = utf8_at(text, position);
    if (!character) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[position]));
      ++position;
      continue;
    }
    const bool kept =
        line_breaks == LineBreaks::keep && (character->code_point == U'\n' || character->code_point == U'\t');
    if (kept || !is_unsafe(character->code_point)) {
      out += text.substr(position, character->length);
    } else {
      append_escape(out, character->code_point);
    }
    position += character->length;
  }
  return out;
}

}  // namespace trueup
