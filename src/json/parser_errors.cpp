// What the parser says about text that is no JSON, in words for the person who edited it by hand.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "json/parser.h"

namespace trueup::json {
namespace {

/// The word that starts at `at`, for messages; at most 20 letters.
std::string_view word_at(std::string_view bytes, std::size_t at) {
  std::size_t length = 0;
  while (length < 20 && at + length < bytes.size() &&
         std::isalpha(static_cast<unsigned char>(bytes[at + length])) != 0) {
    ++length;
  }
  return bytes.substr(at, length);
}

bool starts_comment(std::string_view rest) {
  return rest.substr(0, 2) == "//" || rest.substr(0, 2) == "/*" || rest.substr(0, 1) == "#";
}

std::string_view closing(Kind kind) { return kind == Kind::object ? "'}'" : "']'"; }

constexpr std::string_view kNoComments = "this looks like a comment, and JSON has none";
constexpr std::string_view kNoSingleQuotes = "text stands in double quotes (\") in JSON, not in single ones";

}  // namespace

bool Parser::fail(std::size_t offset, std::string_view message) {
  if (error_) return false;
  const auto [line, column] = json::line_column(content_.bytes, offset);
  error_ = Error{ErrorCode::unreadable, fmt::format("line {}, column {}: {}", line, column, message)};
  return false;
}

/// What makes the whole file unreadable, said before anything smaller in it is.
bool Parser::precheck() {
  const std::string_view bytes = content_.bytes;
  if (size_ >= kNoNode) return fail(0, "the file is larger than 4 GiB");
  if (bytes.find_first_not_of('\0') == std::string_view::npos && !bytes.empty()) {
    return fail(0, "the file holds nothing but zero bytes, as a power cut can leave it");
  }
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return fail(0, bytes.empty() ? "the file is empty" : "the file holds nothing but blanks");
  }
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") {
    fail(0, "the file starts with a byte order mark (BOM), and Python does not read such a file");
    error_->hint = "save it again as UTF-8 without BOM";
    return false;
  }
  if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") {
    fail(0, "the file is UTF-16 text, and Python does not read it as JSON here");
    error_->hint = "save it again as UTF-8 without BOM";
    return false;
  }
  return true;
}

bool Parser::fail_end() {
  if (current_ == kNoNode) return fail(at_, "the file ends where a value was expected");
  const Node& open = content_.nodes[current_];
  const auto [line, column] = json::line_column(content_.bytes, open.begin);
  return fail(at_, fmt::format("the file ends too early: the {} that opens at line {}, column {} is never closed",
                               open.kind == Kind::object ? "'{'" : "'['", line, column));
}

bool Parser::fail_value() {
  if (at_end()) return fail_end();
  const std::string_view bytes = content_.bytes;
  const std::string_view word = word_at(bytes, at_);
  if (starts_comment(bytes.substr(at_, 2))) return fail(at_, kNoComments);
  if (peek() == '\'') return fail(at_, kNoSingleQuotes);
  if (word == "True" || word == "TRUE") return fail(at_, "JSON writes true, in small letters");
  if (word == "False" || word == "FALSE") return fail(at_, "JSON writes false, in small letters");
  if (word == "None" || word == "Null" || word == "NULL") return fail(at_, "JSON writes null");
  if (word == "NaN" || word == "Infinity") return fail(at_, fmt::format("{} is no JSON number", word));
  // The word itself is not repeated: a quote that is missing around a secret is the commonest slip (promise 9).
  if (!word.empty()) return fail(at_, "a value was expected here, and text needs double quotes (\") around it");
  if (peek() == ',') return fail(at_, "a value was expected before this ','");
  if (peek() == '}' || peek() == ']') return fail(at_, fmt::format("a value was expected before this '{}'", peek()));
  if (peek() == '+' || peek() == '.') return fail(at_, "a number starts with a digit or '-' in JSON");
  if (static_cast<unsigned char>(peek()) >= 0x80 || static_cast<unsigned char>(peek()) < 0x20) {
    return fail(at_, fmt::format("a value was expected, and the byte 0x{:02x} starts none",
                                 static_cast<unsigned char>(peek())));
  }
  return fail(at_, fmt::format("a value was expected, and '{}' starts none", peek()));
}

bool Parser::fail_key() {
  if (starts_comment(content_.text(at_, std::min(at_ + 2, size_)))) return fail(at_, kNoComments);
  if (peek() == '\'') return fail(at_, kNoSingleQuotes);
  if (!word_at(content_.bytes, at_).empty()) return fail(at_, "a key needs double quotes (\") around it");
  return fail(at_, "a key in double quotes or '}' was expected");
}

bool Parser::fail_after_value() {
  if (at_end()) return fail_end();
  if (starts_comment(content_.text(at_, std::min(at_ + 2, size_)))) return fail(at_, kNoComments);
  const Kind kind = content_.nodes[current_].kind;
  const char c = peek();
  if (c == '"' || c == '{' || c == '[') {
    return fail(at_, fmt::format("a ',' or {} was expected before this '{}'", closing(kind), c));
  }
  return fail(at_, fmt::format("a ',' or {} was expected here", closing(kind)));
}

bool Parser::fail_control(std::size_t string_begin, unsigned char byte) {
  if (byte == '\n' || byte == '\r') {
    return fail(string_begin, "this text is not closed on its line: a '\"' is missing (a line break in it is \\n)");
  }
  if (byte == '\t') return fail(at_, "a tab stands inside a text, where it has to be written as \\t");
  return fail(at_, fmt::format("the control character 0x{:02x} stands inside a text", byte));
}

}  // namespace trueup::json
