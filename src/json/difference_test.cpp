#include "json/difference.h"

#include <gtest/gtest.h>

#include "json/canonical.h"

namespace trueup::json {
namespace {

/// What `before` becomes when it is to say what `wanted` says.
std::string made(const std::string& before, const std::string& wanted) {
  const auto there = Document::parse(before);
  const auto after = Document::parse(wanted);
  auto text = json::apply(*there, difference(there->root(), after->root(), {}));
  return text ? *text : text.error().text();
}

TEST(Difference, leaves_every_byte_of_what_stays) {
  EXPECT_EQ(made(R"([ 1.0,"b" , 2e3 ])", R"(["b", 2e3])"), R"([ "b" , 2e3 ])");
  EXPECT_EQ(made(R"({"a": [1.50,  {"x" :1}, "k"]})", R"({"a": [1.50, {"x": 2}, "k"]})"),
            R"({"a": [1.50,  {"x" :2}, "k"]})");
  EXPECT_EQ(made(R"([ "a",  "b" ])", R"(["a", "b", "c", 4])"), R"([ "a",  "b",  "c",  4 ])");
  EXPECT_EQ(made(R"({"a" : 1, "b":2})", R"({"b": 2, "c": 3})"), R"({"b":2, "c":3})");
}

TEST(Difference, says_what_is_wanted_whatever_was_there) {
  const char* const values[] = {"[]",
                                "[1]",
                                "[2]",
                                "[1,2]",
                                "[2,1]",
                                "[1,1,1]",
                                "[1,[2,3],{}]",
                                "[1,[3],{\"a\":1}]",
                                "{}",
                                "{\"a\":[1,2]}",
                                "{\"a\":[2],\"b\":{}}",
                                "7",
                                "\"x\"",
                                "[1,9,2]",
                                "[null,1,2,3]"};
  for (const char* before : values) {
    for (const char* wanted : values) {
      const auto got = Document::parse(made(before, wanted));
      const auto asked = Document::parse(wanted);
      ASSERT_TRUE(got) << before << " -> " << wanted;
      EXPECT_TRUE(equal(got->root(), asked->root())) << before << " -> " << wanted;
    }
  }
}

}  // namespace
}  // namespace trueup::json
