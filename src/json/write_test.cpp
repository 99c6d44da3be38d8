#include "json/write.h"

#include <gtest/gtest.h>

#include "json/document.h"

namespace trueup::json {
namespace {

TEST(Quote, escapes_as_python_does) {
  EXPECT_EQ(quote("a\"\\/\n\r\t\b\f\x01\x7f"), "\"a\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\\u007f\"");
  EXPECT_EQ(quote("\u00fc\u20ac\U0001F600"), "\"\\u00fc\\u20ac\\ud83d\\ude00\"");
  EXPECT_EQ(quote("\xED\xA0\x80\xFF"), "\"\\ud800\\udcff\"") << "lone surrogates and bytes that are no text";
}

TEST(Quote, reads_back_wherever_something_needs_an_escape) {
  for (const std::string_view odd : {"", "\"", "\\", "\n", "\x01", "\x7f", "\u00fc", "\U0001F600", "\xED\xA0\x80"}) {
    for (const std::size_t length : {0U, 1U, 7U, 8U, 9U, 255U, 256U, 511U, 600U}) {
      for (const std::size_t at : {std::size_t{0}, length / 2, length}) {
        std::string text(length, 'x');
        text.insert(at, odd);
        const std::string quoted = quote(text);
        EXPECT_EQ(Document::parse(quoted)->root().string(), text) << quoted;
        std::string behind = "[";
        append_quoted(behind, text);
        EXPECT_EQ(behind, "[" + quoted);
      }
    }
  }
}

void write_sample(Writer& out) {
  out.begin_object();
  out.key("b").begin_array().integer(1).number(1e16).number(0.5).end_array();
  out.key("a").begin_object().key("z").null().key("y").boolean(true).end_object();
  out.key("e").begin_array().end_array();
  out.key("o").begin_object().end_object();
  out.end_object();
}

TEST(Writer, lays_out_as_json_dumps) {
  Writer line;
  write_sample(line);
  EXPECT_EQ(std::move(line).text(), R"({"b": [1, 1e+16, 0.5], "a": {"z": null, "y": true}, "e": [], "o": {}})");
  Writer indented({.indent = 2});
  write_sample(indented);
  EXPECT_EQ(std::move(indented).text(),
            "{\n  \"b\": [\n    1,\n    1e+16,\n    0.5\n  ],\n  \"a\": {\n    \"z\": null,\n    \"y\": true\n  },\n"
            "  \"e\": [],\n  \"o\": {}\n}");
}

TEST(Writer, sorts_keys_at_every_depth) {
  Writer line({.sort_keys = true});
  write_sample(line);
  EXPECT_EQ(std::move(line).text(), R"({"a": {"y": true, "z": null}, "b": [1, 1e+16, 0.5], "e": [], "o": {}})");
  Writer indented({.indent = 2, .sort_keys = true});
  indented.begin_array();
  write_sample(indented);
  indented.end_array();
  EXPECT_EQ(std::move(indented).text(),
            "[\n  {\n    \"a\": {\n      \"y\": true,\n      \"z\": null\n    },\n    \"b\": [\n      1,\n"
            "      1e+16,\n      0.5\n    ],\n    \"e\": [],\n    \"o\": {}\n  }\n]");
}

TEST(Writer, lays_a_parsed_value_out_anew) {
  const auto document = Document::parse("{\"a\":1.50,\"\\u0062\":[\"\u00fc\"],\"a\":{}}");
  Writer out({.indent = 4});
  out.value(document->root());
  EXPECT_EQ(std::move(out).text(), "{\n    \"a\": {},\n    \"b\": [\n        \"\\u00fc\"\n    ]\n}");
}

}  // namespace
}  // namespace trueup::json
