// Reading UTF-8 strictly: what is not well-formed (overlong, surrogate, cut off, above U+10FFFF) is told, never
// guessed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace trueup {

struct Utf8Character {
  char32_t code_point = 0;
  std::size_t length = 1;  // bytes

  bool operator==(const Utf8Character&) const = default;
};

/// The character that starts at `position`; empty when the bytes there are not well-formed UTF-8.
/// Requires: position < text.size().
std::optional<Utf8Character> utf8_at(std::string_view text, std::size_t position);

/// Appends the UTF-8 form of `code_point`. Requires: it is at most U+10FFFF and no surrogate.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace trueup
