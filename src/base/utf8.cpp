#include "base/utf8.h"

#include <array>

namespace trueup {
namespace {

constexpr unsigned byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

/// Length that a first byte announces; 0 for a byte that cannot start a character.
constexpr std::size_t announced_length(unsigned first) {
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return 2;
  if (first >= 0xE0U && first <= 0xEFU) return 3;
  if (first >= 0xF0U && first <= 0xF4U) return 4;
  return 0;
}

constexpr std::array<char32_t, 5> kSmallestOfLength = {0, 0, 0x80, 0x800, 0x10000};

}  // namespace

std::optional<Utf8Character> utf8_at(std::string_view text, std::size_t position) {
  const unsigned first = byte_at(text, position);
  const std::size_t length = announced_length(first);
  if (length == 0 || length > text.size() - position) return std::nullopt;
  if (length == 1) return Utf8Character{first, 1};

  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte_at(text, position + i);
    if ((next & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (next & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallestOfLength[length] || surrogate || value > 0x10FFFF) return std::nullopt;
  return Utf8Character{value, length};
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6U));
  } else {
    if (code_point < 0x10000) {
      put(0xE0 | (code_point >> 12U));
    } else {
      put(0xF0 | (code_point >> 18U));
      put(0x80 | ((code_point >> 12U) & 0x3F));
    }
    put(0x80 | ((code_point >> 6U) & 0x3F));
  }
  put(0x80 | (code_point & 0x3F));
}

}  // namespace trueup
