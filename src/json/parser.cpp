#include "json/parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "base/memory.h"
#include "base/utf8.h"
#include "json/plain_text.h"

namespace trueup::json {
namespace {

constexpr std::array<std::uint8_t, 256> make_plain_table() {
  std::array<std::uint8_t, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = 1;
  plain['"'] = 0;
  plain['\\'] = 0;
  return plain;
}

/// Bytes of a string that need no second look.
constexpr auto kPlain = make_plain_table();

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// The indentation of a line is most of what stands between values.
bool four_spaces(const char* data) { return std::memcmp(data, "    ", 4) == 0; }

/// 1 for each of eight bytes that is zero, and sometimes for one above it that is not.
std::uint64_t perhaps_zero(std::uint64_t word) { return (((word - kOneInEachByte) & ~word) >> 7U) & kOneInEachByte; }

/// No document holds more values: each is the first, or stands behind a comma or an opening bracket. Counting is far
/// cheaper than growing the list of nodes and touching its memory twice.
std::size_t most_values(std::string_view bytes) {
  constexpr std::size_t kAddedUp = 127;  // two for each word fit into a byte of the sum
  std::size_t count = 1;
  std::size_t at = 0;
  while (at + 8 <= bytes.size()) {
    const std::size_t words = std::min((bytes.size() - at) / 8, kAddedUp);
    std::uint64_t sum = 0;
    for (const std::size_t end = at + words * 8; at < end; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof(word));
      sum += perhaps_zero(word ^ (kOneInEachByte * 0x2CU));  // ','
      sum += perhaps_zero((word | (kOneInEachByte * 0x20U)) ^
                          (kOneInEachByte * 0x7BU));  // '[' and '{' differ in this one bit
    }
    constexpr std::uint64_t kEverySecond = 0x00FF00FF00FF00FFULL;
    const std::uint64_t pairs = (sum & kEverySecond) + ((sum >> 8U) & kEverySecond);
    count += (pairs * 0x0001000100010001ULL) >> 48U;
  }
  for (; at < bytes.size(); ++at) count += bytes[at] == ',' || bytes[at] == '[' || bytes[at] == '{' ? 1U : 0U;
  return count;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code unit of \uXXXX at `at`, or -1.
int code_unit(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + 6 || bytes[at] != '\\' || bytes[at + 1] != 'u') return -1;
  int unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const int digit = hex_value(bytes[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

}  // namespace

Parser::Parser(Content& content, Dialect dialect, std::size_t max_depth)
    : content_(content),
      data_(content.bytes.data()),
      size_(content.bytes.size()),
      dialect_(dialect),
      max_depth_(std::min(max_depth, limits::kMaxJsonDepth)) {}

Status Parser::run() {
  if (precheck() && document()) {
    finish_notes();
    return ok();
  }
  return std::move(*error_);
}

bool Parser::document() {
  content_.nodes.reserve(std::min(most_values(content_.bytes), limits::kMaxJsonValues));
  // A text that only looks like many values must not take their memory.
  populate(content_.nodes.data(), std::min(content_.nodes.capacity() * sizeof(Node), 2 * content_.bytes.size()));
  skip_space();
  while (true) {
    if (!value()) return false;
    bool complete = false;
    if (!after_value(complete)) return false;
    if (complete) break;
  }
  skip_space();
  if (at_end()) return true;
  return fail(at_, "the document is complete before this; nothing may follow it");
}

/// Reads one scalar, or opens containers down to the first scalar or empty container.
bool Parser::value() {
  while (true) {
    const char c = peek();
    if (c != '{' && c != '[') return scalar();
    if (!open(c == '{' ? Kind::object : Kind::array)) return false;
    skip_space();
    if (peek() == (c == '{' ? '}' : ']') && !at_end()) return close(peek());
    if (c == '{' && !key()) return false;
  }
}

/// Closes what ends here and moves to where the next value starts.
bool Parser::after_value(bool& complete) {
  while (current_ != kNoNode) {
    skip_space();
    const bool object = content_.nodes[current_].kind == Kind::object;
    const char c = peek();
    if (c == ',') {
      ++at_;
      skip_space();
      if (object) return key();
      return peek() == ']' ? fail(at_, "a comma stands before this ']'; JSON allows none there") : true;
    }
    if (at_end() || c != (object ? '}' : ']')) return fail_after_value();
    if (!close(c)) return false;
  }
  complete = true;
  return true;
}

bool Parser::open(Kind kind) {
  if (depth_ >= max_depth_) {
    return fail(at_, fmt::format("lists and objects are nested more than {} deep", max_depth_));
  }
  if (!add(kind, at_, 0)) return false;
  current_ = static_cast<std::uint32_t>(content_.nodes.size() - 1);
  ++depth_;
  ++at_;
  return true;
}

bool Parser::close(char bracket) {
  Node& node = content_.nodes[current_];
  ++at_;
  node.end = static_cast<std::uint32_t>(at_);
  node.next = static_cast<std::uint32_t>(content_.nodes.size());
  if (bracket == '}' && node.count > 1) find_duplicates(current_);
  current_ = node.parent;
  --depth_;
  return true;
}

bool Parser::key() {
  if (peek() != '"') {
    if (at_end()) return fail_end();
    if (peek() == '}') return fail(at_, "a comma stands before this '}'; JSON allows none there");
    return fail_key();
  }
  key_begin_ = static_cast<std::uint32_t>(at_);
  key_flags_ = 0;
  if (!string(key_flags_, kEscapedKey)) return false;
  key_end_ = static_cast<std::uint32_t>(at_);
  skip_space();
  if (peek() != ':') {
    return at_end() ? fail_end() : fail(at_, "a ':' was expected between the key and its value");
  }
  ++at_;
  skip_space();
  return true;
}

bool Parser::add(Kind kind, std::size_t begin, std::uint8_t flags) {
  auto& nodes = content_.nodes;
  if (nodes.size() >= limits::kMaxJsonValues) {
    return fail(begin, fmt::format("the file holds more than {} values", limits::kMaxJsonValues));
  }
  const auto index = static_cast<std::uint32_t>(nodes.size());
  Node& node = nodes.emplace_back();
  node.begin = static_cast<std::uint32_t>(begin);
  node.end = static_cast<std::uint32_t>(at_);
  node.parent = current_;
  node.next = index + 1;
  node.kind = kind;
  node.flags = flags;
  if (current_ == kNoNode) return true;
  Node& parent = nodes[current_];
  ++parent.count;
  if (parent.kind == Kind::array) return true;
  node.key_begin = key_begin_;
  node.key_end = key_end_;
  node.flags |= key_flags_;
  if ((key_flags_ & kEscapedKey) != 0) {
    auto& [owner, text] = content_.escaped_keys.emplace_back(index, std::string());
    decode_string(content_.text(key_begin_ + 1, key_end_ - 1), text);
  }
  return true;
}

bool Parser::scalar() {
  const std::size_t begin = at_;
  switch (peek()) {
    case '"': {
      std::uint8_t flags = 0;
      return string(flags, kEscapedText) && add(Kind::string, begin, flags);
    }
    case 't': return word("true", Kind::boolean, 0);
    case 'f': return word("false", Kind::boolean, 0);
    case 'n': return word("null", Kind::null, 0);
    case 'N': return dialect_ == Dialect::python ? word("NaN", Kind::number, kNonFinite) : fail_value();
    case 'I': return dialect_ == Dialect::python ? word("Infinity", Kind::number, kNonFinite) : fail_value();
    case '-': [[fallthrough]];
    case '0': [[fallthrough]];
    case '1': [[fallthrough]];
    case '2': [[fallthrough]];
    case '3': [[fallthrough]];
    case '4': [[fallthrough]];
    case '5': [[fallthrough]];
    case '6': [[fallthrough]];
    case '7': [[fallthrough]];
    case '8': [[fallthrough]];
    case '9': return number();
    default: return fail_value();
  }
}

bool Parser::word(std::string_view spelling, Kind kind, std::uint8_t flags) {
  const std::size_t begin = at_;
  if (std::string_view(data_ + at_, size_ - at_).substr(0, spelling.size()) != spelling) return fail_value();
  at_ += spelling.size();
  if (!at_end() && (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '_')) {
    at_ = begin;
    return fail_value();
  }
  if ((flags & kNonFinite) != 0) note(NoteKind::non_finite, begin);
  return add(kind, begin, flags);
}

bool Parser::number() {
  const std::size_t begin = at_;
  if (peek() == '-') {
    ++at_;
    if (peek() == 'I' && dialect_ == Dialect::python) {
      at_ = begin;
      return word("-Infinity", Kind::number, kNonFinite);
    }
  }
  const std::size_t digits = at_;
  while (is_digit(peek())) ++at_;
  const std::size_t whole = at_ - digits;
  if (whole == 0) return fail(begin, "a '-' must be followed by a number");
  if (whole > 1 && data_[digits] == '0') return fail(begin, "a number may not start with 0");
  bool integer = true;
  if (peek() == '.') {
    integer = false;
    ++at_;
    if (!is_digit(peek())) return fail(at_, "a digit was expected after the decimal point");
    while (is_digit(peek())) ++at_;
  }
  if (peek() == 'e' || peek() == 'E') {
    integer = false;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!is_digit(peek())) return fail(at_, "a digit was expected in the exponent");
    while (is_digit(peek())) ++at_;
  }
  return finish_number(begin, whole, integer);
}

bool Parser::finish_number(std::size_t begin, std::size_t whole_digits, bool integer) {
  if (integer && dialect_ == Dialect::python && whole_digits > limits::kMaxPythonDigits) {
    return fail(begin, fmt::format("Python reads no whole number of more than {} digits", limits::kMaxPythonDigits));
  }
  // Only a number with an exponent or hundreds of digits can be beyond a double.
  if (!integer && (at_ - begin > 300 || content_.text(begin, at_).find_first_of("eE") != std::string_view::npos) &&
      is_infinite(content_.text(begin, at_))) {
    note(NoteKind::non_finite, begin);
  }
  return add(Kind::number, begin, integer ? std::uint8_t{kWholeNumber} : std::uint8_t{0});
}

bool Parser::string(std::uint8_t& flags, std::uint8_t escaped_flag) {
  const std::size_t begin = at_++;
  while (true) {
    std::size_t plain = 8;
    while (plain == 8 && at_ + 8 <= size_) at_ += plain = plain_of_eight(data_ + at_);
    while (at_ < size_ && kPlain[static_cast<unsigned char>(data_[at_])] != 0) ++at_;
    if (at_end()) return fail(begin, "this text is never closed: a '\"' is missing");
    const auto byte = static_cast<unsigned char>(data_[at_]);
    if (byte == '"') {
      ++at_;
      return true;
    }
    if (byte == '\\') {
      flags |= escaped_flag;
      if (!escape()) return false;
    } else if (byte < 0x20) {
      return fail_control(begin, byte);
    } else {
      const auto character = utf8_at(content_.bytes, at_);
      if (!character) return fail(at_, fmt::format("the byte 0x{:02x} is not UTF-8 text", byte));
      at_ += character->length;
    }
  }
}

bool Parser::escape() {
  const std::size_t begin = at_;
  const char c = at_ + 1 < size_ ? data_[at_ + 1] : '\0';
  if (c != 'u') {
    if (c == '\0' || std::strchr("\"\\/bfnrt", c) == nullptr) {
      return fail(begin, "a '\\' in a text must be followed by one of \" \\ / b f n r t u");
    }
    at_ += 2;
    return true;
  }
  const int unit = code_unit(content_.bytes, at_);
  if (unit < 0) return fail(begin, "'\\u' must be followed by four hexadecimal digits");
  at_ += 6;
  if (unit < 0xD800 || unit > 0xDFFF) return true;
  const int second = unit < 0xDC00 ? code_unit(content_.bytes, at_) : -1;
  if (second >= 0xDC00 && second <= 0xDFFF) {
    at_ += 6;
  } else {
    note(NoteKind::lone_surrogate, begin);
  }
  return true;
}

void Parser::skip_all_space() {
  while (at_ < size_ && is_space(data_[at_])) {
    ++at_;
    while (at_ + 4 <= size_ && four_spaces(data_ + at_)) at_ += 4;
  }
}

void Parser::note(NoteKind kind, std::size_t offset, std::string_view key) {
  if (content_.notes.size() < limits::kMaxJsonNotes) {
    content_.notes.push_back(Note{.kind = kind, .key = std::string(key), .offset = offset, .position = {}});
  }
}

}  // namespace trueup::json
