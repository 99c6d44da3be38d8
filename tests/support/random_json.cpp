#include "support/random_json.h"

#include <array>
#include <iterator>

namespace trueup::test {
namespace {

constexpr std::array<std::string_view, 38> kScalars = {
    "1",
    "0",
    "true",
    "false",
    "null",
    "\"x\"",
    "\"\"",
    "-0",
    "-0.0",
    "1.0",
    "0.10",
    "1E3",
    "1e15",
    "1e16",
    "123456789012345678901234567890",
    "2.5e-7",
    "1e999",
    "-1e999",
    "1e-999",
    "NaN",
    "Infinity",
    "-Infinity",
    "5e-324",
    "1.7976931348623157e308",
    "9007199254740993",
    "9007199254740993.0",
    "0.1e1",
    "123456.789e-12",
    "\"\\u00fc\\/\\\\\"",
    "\"\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\\ud800\\udc00\"",
    "\"it's\"",
    "\"\\\"'\\n\\t\\b\"",
    "\"\\u0000\\u001f\x7f\"",
    "\"a long text that is longer than any small buffer and has no escapes in it at all\"",
    "1.5"};

constexpr std::array<std::string_view, 12> kKeys = {"\"a\"",       "\"b\"",         "\"enabled\"",  "\"\"",
                                                    "\"c d\"",     "\"\\u0061\"",   "\"\xC3\xBC\"", "\"\\u00fc\"",
                                                    "\"\\u00FC\"", "\"k\\\"\\\\\"", "\"\\ud800\"",  "\"-\""};

struct Layout {
  std::string_view line_break;  // empty: one line
  std::string_view unit;
  std::string_view colon;
  std::string_view comma;
};

constexpr std::array<Layout, 7> kLayouts = {{{"\n", "    ", ": ", ","},
                                             {"\n", "  ", ": ", ","},
                                             {"", "", ": ", ", "},
                                             {"", "", ":", ","},
                                             {"\r\n", "\t", ": ", ","},
                                             {"\n", "  ", " : ", " ,"},
                                             {"\n\n", "   ", ":\t", ","}}};

class Maker {
 public:
  explicit Maker(Choices& choices) : choices_(choices) {}

  std::string container(std::size_t depth, bool object) {
    // Mostly the file's layout, sometimes one of its own, as after a hand edit.
    const Layout before = layout_;
    if (depth == 0 || choices_.one_in(8)) layout_ = kLayouts.at(choices_.pick(kLayouts.size()));
    const std::size_t count = choices_.pick(choices_.one_in(40) ? 40 : 5);
    std::string out(object ? "{" : "[");
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out += layout_.comma;
      out += line(depth + 1);
      if (object) out += random_key(choices_) + std::string(layout_.colon);
      out += value(depth + 1);
    }
    if (count > 0) out += line(depth);
    if (count == 0 && choices_.one_in(6)) out += " ";
    out += object ? "}" : "]";
    layout_ = before;
    return out;
  }

  std::string value(std::size_t depth) {
    const std::size_t kind = choices_.pick(depth > 4 ? 6 : 10);
    if (kind < 6) return std::string(kScalars.at(choices_.pick(kScalars.size())));
    return container(depth, kind < 9);
  }

 private:
  std::string line(std::size_t depth) {
    if (layout_.line_break.empty()) return {};
    std::string out(layout_.line_break);
    for (std::size_t i = 0; i < depth; ++i) out += layout_.unit;
    return out;
  }

  Choices& choices_;
  Layout layout_ = kLayouts[0];
};

}  // namespace

std::string random_document(Choices& choices) {
  std::string out = Maker(choices).container(0, true);
  if (choices.one_in(3)) out += "\n";
  if (choices.one_in(8)) out = "\r\n " + out + "\n\n";
  return out;
}

std::string random_value(Choices& choices) { return Maker(choices).value(2); }

std::string random_key(Choices& choices) {
  if (choices.one_in(4)) return "\"k" + std::to_string(choices.pick(40)) + "\"";
  return std::string(kKeys.at(choices.pick(kKeys.size())));
}

std::string damaged(std::string text, Choices& choices) {
  constexpr std::string_view kBytes = "{}[]\",:\\0-+.eEu/'\n\t \x01\x80\xC3\xFF#NIt";
  for (std::size_t changes = 1 + choices.pick(3); changes > 0; --changes) {
    const std::size_t at = (choices.pick(256) * 256 + choices.pick(256)) % (text.size() + 1);
    const char byte = kBytes[choices.pick(kBytes.size())];
    switch (choices.pick(4)) {
      case 0: text.insert(at, 1, byte); break;
      case 1: text.erase(at, 1); break;
      case 2: text.resize(at); break;
      default:
        if (at < text.size()) text[at] = byte;
    }
  }
  return text;
}

}  // namespace trueup::test
