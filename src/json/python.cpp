// Python's == and str() on loaded JSON: the rules of `--rules ledmatrix` compare and print with these.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

#include "base/utf8.h"
#include "json/canonical.h"
#include "json/number.h"
#include "json/printable.h"

namespace trueup::json {
namespace {

bool is_numeric(Value value) { return value.is_number() || value.is_boolean(); }

/// The digits of a number that Python could also hold as an int, so that any two can be compared exactly.
std::optional<std::string> whole_digits(Value value) {
  if (const auto truth = value.boolean()) return *truth ? "1" : "0";
  if (value.is_integer()) return python_integer(value.text());
  const double number = *value.number();
  if (!std::isfinite(number) || number != std::trunc(number)) return std::nullopt;
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed, 0);
  return python_integer(std::string_view(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())));
}

bool numbers_equal(Value a, Value b) {
  const bool both_floats = a.is_number() && b.is_number() && !a.is_integer() && !b.is_integer();
  if (both_floats) return *a.number() == *b.number();
  const auto whole_a = whole_digits(a);
  return whole_a && whole_a == whole_digits(b);
}

// Recursion in this file is bounded by the depth that the parser accepts.
bool items_equal(Value a, Value b) { return (a.text() == "NaN" && b.text() == "NaN") || python_equal(a, b); }

bool arrays_equal(Value a, Value b) {
  if (a.size() != b.size()) return false;
  auto other = b.elements().begin();
  for (const Value element : a.elements()) {
    if (!items_equal(element, *other)) return false;
    ++other;
  }
  return true;
}

bool objects_equal(Value a, Value b) {
  if (a.size() != b.size()) return false;
  const MemberIndex index(b);
  for (const Member& member : a.members()) {
    const auto other = index.find(member.key);
    if (!other || !items_equal(member.value, *other)) return false;
  }
  return true;
}

void append_escaped(std::string& out, char32_t code_point) {
  const auto number = static_cast<unsigned>(code_point);
  if (code_point < 0x100) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", number);
  } else if (code_point < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", number);
  } else {
    fmt::format_to(std::back_inserter(out), "\\U{:08x}", number);
  }
}

/// repr() of text. Requires: UTF-8 but for lone surrogates, as Value::string() gives it.
void append_text_repr(std::string& out, std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  out += quote;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_at(text, at);
    if (!character) {  // the three bytes of a lone surrogate
      const auto high = static_cast<unsigned char>(text[at + 1]);
      const auto low = static_cast<unsigned char>(text[at + 2]);
      append_escaped(out, 0xD000U | ((high & 0x3FU) << 6U) | (low & 0x3FU));
      at += 3;
      continue;
    }
    const char32_t c = character->code_point;
    if (c == '\\' || c == static_cast<char32_t>(quote)) {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (is_printable(c)) {
      out += text.substr(at, character->length);
    } else {
      append_escaped(out, c);
    }
    at += character->length;
  }
  out += quote;
}

void append_repr(std::string& out, Value value) {
  switch (value.kind()) {
    case Kind::null: out += "None"; return;
    case Kind::boolean: out += *value.boolean() ? "True" : "False"; return;
    case Kind::number: out += value.is_integer() ? python_integer(value.text()) : python_float(*value.number()); return;
    case Kind::string: append_text_repr(out, *value.string()); return;
    case Kind::array: {
      out += '[';
      const std::size_t empty = out.size();
      for (const Value element : value.elements()) {
        if (out.size() > empty) out += ", ";
        append_repr(out, element);
      }
      out += ']';
      return;
    }
    case Kind::object: {
      out += '{';
      const std::size_t empty = out.size();
      for (const Member& member : value.members()) {
        if (out.size() > empty) out += ", ";
        append_text_repr(out, member.key);
        out += ": ";
        append_repr(out, member.value);
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

bool python_equal(Value a, Value b) {
  if (is_numeric(a) && is_numeric(b)) return numbers_equal(a, b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::string: return a.text() == b.text() || *a.string() == *b.string();
    case Kind::array: return arrays_equal(a, b);
    case Kind::object: return objects_equal(a, b);
    case Kind::boolean: [[fallthrough]];
    case Kind::number: return numbers_equal(a, b);
  }
  return false;
}

std::string python_repr(Value value) {
  if (value.is_string()) return *value.string();
  std::string out;
  append_repr(out, value);
  return out;
}

}  // namespace trueup::json
