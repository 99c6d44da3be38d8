// No input may give a text that could act on a terminal, and escaping twice must change nothing.
// links: base
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/escape.h"
#include "base/utf8.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const std::string& shown, trueup::LineBreaks line_breaks) {
  require(trueup::escape_for_display(shown, line_breaks) == shown);
  for (std::size_t at = 0; at < shown.size();) {
    const auto character = trueup::utf8_at(shown, at);
    require(character.has_value());
    const char32_t c = character->code_point;
    const bool kept = line_breaks == trueup::LineBreaks::keep && (c == U'\n' || c == U'\t');
    require(kept || (c >= 0x20 && (c < 0x7F || c > 0x9F)));
    require(!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069));
    at += character->length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto line_breaks : {trueup::LineBreaks::escape, trueup::LineBreaks::keep}) {
    check(trueup::escape_for_display(text, line_breaks), line_breaks);
  }
  return 0;
}
