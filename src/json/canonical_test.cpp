#include "json/canonical.h"

#include <gtest/gtest.h>

#include "json/document.h"

namespace trueup::json {
namespace {

/// Two values of one list, compared by `compare`.
bool compared(bool (*compare)(Value, Value), const std::string& a, const std::string& b) {
  const auto first = Document::parse(a);
  const auto second = Document::parse(b);
  return compare(first->root(), second->root());
}

bool same(const std::string& a, const std::string& b) { return compared(equal, a, b); }
bool same_to_python(const std::string& a, const std::string& b) { return compared(python_equal, a, b); }

TEST(Canonical, does_not_depend_on_layout_order_or_escapes) {
  const auto document = Document::parse("{\"b\": [1.0, \"\u00fc\"], \"a\": {}, \"b\": [1.0, \"\\u00FC\"]}");
  EXPECT_EQ(canonical(document->root()), R"({"a":{},"b":[1.0,"\u00fc"]})");
  EXPECT_TRUE(same(R"({"a": 1, "b": "\/"})", R"({"b": "/", "a": 1})"));
  EXPECT_FALSE(same("1", "1.0"));
  EXPECT_FALSE(same("[]", "{}"));
}

TEST(PythonEqual, follows_python) {
  EXPECT_TRUE(same_to_python("1", "1.0"));
  EXPECT_TRUE(same_to_python("true", "1.0"));
  EXPECT_TRUE(same_to_python("0", "false"));
  EXPECT_TRUE(same_to_python("-0", "0.0"));
  EXPECT_FALSE(same_to_python("true", "\"true\""));
  EXPECT_FALSE(same_to_python("null", "false"));
  EXPECT_FALSE(same_to_python("9007199254740993", "9007199254740993.0")) << "the float is another number";
  EXPECT_TRUE(same_to_python("9007199254740992", "9007199254740993.0"));
  EXPECT_TRUE(same_to_python("10000000000000000000000", "1e22"));
  EXPECT_FALSE(same_to_python("NaN", "NaN"));
  EXPECT_TRUE(same_to_python("[NaN]", "[NaN]")) << "one object in memory";
  EXPECT_TRUE(same_to_python(R"({"a": [1, true]})", R"({"a": [1.0, 1]})"));
  EXPECT_FALSE(same_to_python(R"({"a": 1})", R"({"b": 1})"));
}

TEST(PythonRepr, prints_as_an_f_string) {
  const auto printed = [](const std::string& text) { return python_repr(Document::parse(text)->root()); };
  EXPECT_EQ(printed("\"it's\""), "it's");
  EXPECT_EQ(printed(R"(["it's", "a\"'", "\\", "\n\u0001\u00fc\u00ad\u2028\ud800"])"),
            R"(["it's", 'a"\'', '\\', '\n\x01ü\xad\u2028\ud800'])");
  EXPECT_EQ(printed(R"({"a": [true, null, 1e16, 1E-5, 1e15, -0, -0.0, NaN, -Infinity, 123456789012345678901]})"),
            "{'a': [True, None, 1e+16, 1e-05, 1000000000000000.0, 0, -0.0, nan, -inf, 123456789012345678901]}");
}

}  // namespace
}  // namespace trueup::json
