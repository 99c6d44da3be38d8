#include "json/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::json {
namespace {

Result<std::string> edited(std::string text, const std::vector<Edit>& edits) {
  const auto document = Document::parse(std::move(text));
  EXPECT_TRUE(document.has_value()) << document.error().text();
  return apply(*document, edits);
}

std::string after(std::string text, const std::vector<Edit>& edits) {
  const auto result = edited(std::move(text), edits);
  EXPECT_TRUE(result.has_value()) << result.error().text();
  return result ? *result : "";
}

std::string error_of(std::string text, const std::vector<Edit>& edits) {
  const auto result = edited(std::move(text), edits);
  EXPECT_FALSE(result.has_value());
  if (result) return "";
  EXPECT_EQ(result.error().code, ErrorCode::invalid);
  return result.error().message;
}

TEST(Edit, replaces_exactly_the_bytes_of_the_value) {
  EXPECT_EQ(after("{\"a\" :1.0 ,\"b\":\t[1E3,\r\n \"\\u00fc\\/\"]}\n\n", {{{"a"}, "true"}}),
            "{\"a\" :true ,\"b\":\t[1E3,\r\n \"\\u00fc\\/\"]}\n\n");
  EXPECT_EQ(after("{\"a\": {\"b\": [1, 2]}}", {{{"a", "b", "1"}, "{}"}}), "{\"a\": {\"b\": [1, {}]}}");
  EXPECT_EQ(after(" 1 \n", {{{}, " 2 "}}), " 2 \n");
}

TEST(Edit, changes_the_duplicate_that_python_sees) {
  EXPECT_EQ(after(R"({"a": 1, "b": 2, "a": 3})", {{{"a"}, "4"}}), R"({"a": 1, "b": 2, "a": 4})");
  EXPECT_EQ(after(R"({"a": {"x": 1}, "a": {"x": 2}})", {{{"a", "x"}, "3"}}), R"({"a": {"x": 1}, "a": {"x": 3}})");
  EXPECT_EQ(after(R"({"a": 1, "b": 2, "a": 3})", {{{"a"}, std::nullopt}}), R"({"b": 2})");
}

TEST(Edit, adds_a_key_in_the_layout_of_its_neighbours) {
  EXPECT_EQ(after("{\n    \"a\": 1\n}", {{{"b"}, "2"}}), "{\n    \"a\": 1,\n    \"b\": 2\n}");
  EXPECT_EQ(after("{\r\n\t\"a\" : 1\r\n}\r\n", {{{"b"}, "2"}}), "{\r\n\t\"a\" : 1,\r\n\t\"b\" : 2\r\n}\r\n");
  EXPECT_EQ(after("{\"a\":1}", {{{"b"}, "2"}}), "{\"a\":1,\"b\":2}");
  EXPECT_EQ(after("{ \"a\": 1 }", {{{"b"}, "2"}}), "{ \"a\": 1, \"b\": 2 }");
  EXPECT_EQ(after("{\n  \"a\": 1,\n\n  \"b\": 2}", {{{"c"}, "3"}}), "{\n  \"a\": 1,\n\n  \"b\": 2,\n  \"c\": 3}");
  EXPECT_EQ(after("{\n    \"a\": 1\n  , \"b\": 2\n}", {{{"c"}, "3"}}),
            "{\n    \"a\": 1\n  , \"b\": 2\n  , \"c\": 3\n}");
  EXPECT_EQ(after("{\"a\": 1}", {{{"\u00fc\""}, "2"}}), "{\"a\": 1, \"\\u00fc\\\"\": 2}");
}

TEST(Edit, writes_into_an_empty_object_with_the_files_own_indentation) {
  EXPECT_EQ(after("{}", {{{"a"}, "1"}}), "{\n    \"a\": 1\n}");
  EXPECT_EQ(after("{}\r\n", {{{"a"}, "1"}, {{"b"}, "2"}}), "{\r\n    \"a\": 1,\r\n    \"b\": 2\r\n}\r\n");
  EXPECT_EQ(after("{\n\t\"a\": {}\n}", {{{"a", "b"}, "1"}}), "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}");
  EXPECT_EQ(after("{\n  \"x\": 1, \"a\": {}\n}", {{{"a", "b"}, "1"}}), "{\n  \"x\": 1, \"a\": {\"b\": 1}\n}");
  EXPECT_EQ(after("{\"a\":{}}", {{{"a", "b"}, "1"}}), "{\"a\":{\"b\":1}}");
  EXPECT_EQ(after("{\n  \"a\": {\n  }\n}", {{{"a", "b"}, "1"}}), "{\n  \"a\": {\n    \"b\": 1\n  }\n}");
}

TEST(Edit, makes_missing_objects_on_the_way_once) {
  EXPECT_EQ(after("{\n    \"a\": 1\n}", {{{"p", "enabled"}, "true"}, {{"p", "x", "y"}, "[]"}, {{"p", "x", "z"}, "2"}}),
            "{\n    \"a\": 1,\n    \"p\": {\n        \"enabled\": true,\n        \"x\": {\n            \"y\": [],\n"
            "            \"z\": 2\n        }\n    }\n}");
  EXPECT_EQ(after("{\"a\": 1}", {{{"p", "enabled"}, "true"}}), "{\"a\": 1, \"p\": {\"enabled\": true}}");
}

TEST(Edit, removes_a_key_with_one_separator) {
  const std::string text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
  EXPECT_EQ(after(text, {{{"a"}, std::nullopt}}), "{\n  \"b\": 2,\n  \"c\": 3\n}");
  EXPECT_EQ(after(text, {{{"b"}, std::nullopt}}), "{\n  \"a\": 1,\n  \"c\": 3\n}");
  EXPECT_EQ(after(text, {{{"c"}, std::nullopt}}), "{\n  \"a\": 1,\n  \"b\": 2\n}");
  EXPECT_EQ(after(text, {{{"a"}, std::nullopt}, {{"b"}, std::nullopt}}), "{\n  \"c\": 3\n}");
  EXPECT_EQ(after(text, {{{"a"}, std::nullopt}, {{"c"}, std::nullopt}}), "{\n  \"b\": 2\n}");
  EXPECT_EQ(after(text, {{{"a"}, std::nullopt}, {{"b"}, std::nullopt}, {{"c"}, std::nullopt}}), "{}");
  EXPECT_EQ(after("[1, 2, 3]", {{{"1"}, std::nullopt}}), "[1, 3]");
}

TEST(Edit, removing_what_is_not_there_changes_nothing) {
  EXPECT_EQ(after("{\"a\": 1}", {{{"b"}, std::nullopt}, {{"c", "d"}, std::nullopt}}), "{\"a\": 1}");
  EXPECT_EQ(after("[1]", {{{"5"}, std::nullopt}}), "[1]");
}

TEST(Edit, removes_adds_and_replaces_in_one_object_at_once) {
  const std::string text = "{\n  \"a\": 1,\n  \"b\": {\"x\": 1},\n  \"c\": 3\n}";
  EXPECT_EQ(after(text, {{{"c"}, std::nullopt}, {{"d"}, "4"}, {{"b", "x"}, "9"}, {{"a"}, std::nullopt}}),
            "{\n  \"b\": {\"x\": 9},\n  \"d\": 4\n}");
  EXPECT_EQ(after("{\n  \"a\": 1\n}", {{{"a"}, std::nullopt}, {{"b"}, "2"}, {{"c"}, "3"}}),
            "{\n  \"b\": 2,\n  \"c\": 3\n}");
}

TEST(Edit, appends_to_lists) {
  EXPECT_EQ(after("[\n  \"a\"\n]", {{{"-"}, "\"b\""}, {{"-"}, "\"c\""}}), "[\n  \"a\",\n  \"b\",\n  \"c\"\n]");
  EXPECT_EQ(after("{\"l\": []}", {{{"l", "-"}, "1"}, {{"l", "-"}, "2"}}), "{\"l\": [1, 2]}");
}

TEST(Edit, refuses_edits_that_make_no_sense_and_names_the_path) {
  EXPECT_EQ(error_of("{\"a\": \"x\"}", {{{"a", "b"}, "1"}}), "a is text, so nothing can be changed inside it");
  EXPECT_EQ(error_of("{\"a\": 1}", {{{"a", "b"}, std::nullopt}}), "a is a number, so nothing can be changed inside it");
  EXPECT_EQ(error_of("[]", {{{"b"}, "1"}}), "the whole document is a list, and 'b' is no position in it");
  EXPECT_EQ(error_of("{\"l\": [1]}", {{{"l", "1"}, "1"}}), "l has 1 elements, and none at 1");
  EXPECT_EQ(error_of("{}", {{{"a"}, "1"}, {{"a", "b"}, "1"}}), "two edits at once both touch a.b");
  EXPECT_EQ(error_of("{}", {{{"a", "b"}, "1"}, {{"a"}, std::nullopt}}), "two edits at once both touch a");
  EXPECT_EQ(error_of("{}", {{{"-"}, "1"}, {{"-"}, "2"}}), "two edits at once both touch -");
  EXPECT_THAT(error_of("{}", {{{"a"}, "{"}}), testing::HasSubstr("the new value for a is no JSON: line 1, column 2"));
  EXPECT_EQ(error_of("{}", {{{"\xFF"}, "1"}}), "a key is not UTF-8 text");
  error_of("{}", {{{}, std::nullopt}});
  error_of("{}", {{Path(2000, "a"), "1"}});
}

TEST(RenameKey, changes_the_key_and_nothing_else) {
  const auto document = Document::parse("{\n \"old\" : {\"x\": 1.0}, \"new\": 2, \"old\": 3}");
  EXPECT_EQ(*rename_key(*document, {"old"}, "other"), "{\n \"other\" : {\"x\": 1.0}, \"new\": 2, \"other\": 3}");
  EXPECT_EQ(rename_key(*document, {"old"}, "new").error().code, ErrorCode::conflict);
  EXPECT_EQ(rename_key(*document, {"older"}, "x").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace trueup::json
