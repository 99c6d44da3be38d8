#include "cli/json_output.h"

#include <fmt/core.h>

#include "base/utf8.h"

namespace trueup::cli {
namespace {

constexpr std::size_t kChunk = 1U << 16U;

bool is_plain(char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; }

/// How many bytes from `at` on are of the kind, which is nearly all of them.
template <typename Kind>
std::size_t run_of(std::string_view text, std::size_t at, Kind kind) {
  std::size_t end = at;
  while (end < text.size() && kind(text[end])) ++end;
  return end - at;
}

/// The inside of a JSON string, in ASCII: what a terminal could mistake for an order (escape, C1, bidi) is written as
/// \u....
void append_escaped(std::string& out, std::string_view text) {
  const auto unit = [&out](unsigned value) { out += fmt::format("\\u{:04x}", value); };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = run_of(text, at, is_plain);
    out.append(text, at, plain);
    at += plain;
    if (at == text.size()) return;
    const char c = text[at];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      ++at;
    } else if (c == '\n') {
      out += "\\n";
      ++at;
    } else if (const auto character = utf8_at(text, at)) {
      const auto code_point = static_cast<unsigned>(character->code_point);
      if (code_point > 0xFFFF) {
        unit(0xD800 + ((code_point - 0x10000) >> 10U));
        unit(0xDC00 + ((code_point - 0x10000) & 0x3FFU));
      } else {
        unit(code_point);
      }
      at += character->length;
    } else {
      unit(0xDC00U + static_cast<unsigned char>(c));  // as Python shows a byte that is no UTF-8
      ++at;
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

}  // namespace

void JsonOutput::separate() {
  if (!first_ && !after_key_) buffer_ += ',';
  first_ = false;
  after_key_ = false;
}

JsonOutput& JsonOutput::key(std::string_view name) {
  separate();
  append_quoted(buffer_, name);
  buffer_ += ':';
  after_key_ = true;
  return *this;
}

JsonOutput& JsonOutput::text(std::string_view value) {
  separate();
  append_quoted(buffer_, value);
  if (buffer_.size() > kChunk) flush();
  return *this;
}

JsonOutput& JsonOutput::raw(std::string_view json) {
  separate();
  const auto is_ascii = [](char c) { return c < '\x7f' && c >= 0; };
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t ascii = run_of(json, at, is_ascii);
    buffer_.append(json, at, ascii);
    at += ascii;
    if (at == json.size()) break;
    // Only a string of it can hold such a character.
    const auto character = utf8_at(json, at);
    const std::size_t length = character ? character->length : 1;
    append_escaped(buffer_, json.substr(at, length));
    at += length;
  }
  if (buffer_.size() > kChunk) flush();
  return *this;
}

JsonOutput& JsonOutput::open(char bracket) {
  separate();
  buffer_ += bracket;
  first_ = true;
  return *this;
}

JsonOutput& JsonOutput::close(char bracket) {
  buffer_ += bracket;
  first_ = false;
  return *this;
}

void JsonOutput::finish() {
  buffer_ += '\n';
  flush();
}

void JsonOutput::flush() {
  if (!buffer_.empty()) sink_.write(buffer_);
  buffer_.clear();
}

}  // namespace trueup::cli
