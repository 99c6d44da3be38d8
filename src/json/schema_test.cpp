#include "json/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Schema schema_of(const std::string& text) {
  const auto schema = Schema::compile(*Document::parse(text));
  EXPECT_TRUE(schema.has_value()) << schema.error().text();
  return *schema;
}

std::vector<std::string> violations(const std::string& schema, const std::string& instance) {
  const auto document = Document::parse(instance);
  const auto found = schema_of(schema).validate(document->root());
  EXPECT_TRUE(found.has_value()) << found.error().text();
  std::vector<std::string> out;
  for (const auto& each : *found) out.push_back(each.text());
  return out;
}

std::string schema_error(const std::string& text) {
  const auto schema = Schema::compile(*Document::parse(text));
  EXPECT_FALSE(schema.has_value());
  return schema ? "" : schema.error().message;
}

TEST(Schema, says_for_each_setting_what_it_must_be_and_where_it_stands) {
  const std::string schema = R"({"type": "object", "required": ["enabled", "key"], "additionalProperties": false,
    "properties": {"enabled": {"type": "boolean"}, "brightness": {"type": ["integer", "null"], "maximum": 255},
                   "team": {"enum": ["home", "away"]}, "colors": {"items": {"minimum": 0}, "maxItems": 1}}})";
  EXPECT_THAT(violations(schema,
                         "{\n  \"enabled\": \"yes\",\n  \"brightness\": 300.5,\n  \"team\": \"none\",\n"
                         "  \"colors\": [1, -1],\n  \"extra\": 1\n}"),
              ElementsAre("key: is missing (line 1, column 1)",
                          "enabled: must be true or false, and is text (line 2, column 14)",
                          "brightness: must be at most 255 (line 3, column 17)",
                          "brightness: must be a whole number or null, and is a number (line 3, column 17)",
                          "team: must be one of \"home\", \"away\" (line 4, column 11)",
                          "colors: must have at most 1 element, and has 2 (line 5, column 13)",
                          "colors.1: must be at least 0 (line 5, column 17)",
                          "extra: is a key that is not known here (line 6, column 3)"));
  EXPECT_THAT(violations(schema, R"({"enabled": true, "key": 1, "brightness": 2.0})"),
              ElementsAre(HasSubstr("key: is a key")));
}

TEST(Schema, never_repeats_a_value_that_may_be_secret) {
  for (const auto& text : violations(R"({"type": "object", "additionalProperties": {"pattern": "^x", "maxLength": 3,
      "enum": ["x"], "const": "x", "not": {}, "anyOf": [false]}})",
                                     R"({"token": "hunter22"})")) {
    EXPECT_THAT(text, testing::Not(HasSubstr("hunter")));
  }
}

TEST(Schema, refuses_a_broken_schema_with_the_place_in_it) {
  EXPECT_EQ(schema_error("{\n \"type\": \"text\"}"), "line 2, column 10: 'text' is no type of JSON Schema");
  EXPECT_THAT(schema_error(R"({"properties": {"a": 5}})"), HasSubstr("a schema is an object, true or false"));
  EXPECT_THAT(schema_error(R"({"minLength": -1})"), HasSubstr("'minLength' must be a whole number"));
  EXPECT_THAT(schema_error(R"({"multipleOf": 0})"), HasSubstr("above 0"));
  EXPECT_THAT(schema_error(R"({"pattern": "("})"), HasSubstr("the pattern is none that can be used"));
  EXPECT_THAT(schema_error(R"({"required": "a"})"), HasSubstr("'required' must be a list"));
  EXPECT_THAT(schema_error(R"({"$ref": "#/definitions/none"})"), HasSubstr("leads to nothing"));
  EXPECT_THAT(schema_error(R"({"$ref": "https://example.org/x.json"})"), HasSubstr("nothing is fetched"));
}

TEST(Schema, ends_whatever_the_schema_does) {
  const auto refused = [](const std::string& schema, const std::string& instance) {
    const auto document = Document::parse(instance);
    const auto result = schema_of(schema).validate(document->root());
    EXPECT_FALSE(result.has_value());
    return result ? "" : result.error().message;
  };
  EXPECT_THAT(refused(R"({"$ref": "#"})", "1"), HasSubstr("refers to itself"));
  EXPECT_THAT(refused(R"({"allOf": [{"$ref": "#"}, {"$ref": "#"}]})", "1"), HasSubstr("refers to itself"));
  EXPECT_THAT(refused(R"({"pattern": "^(a+)+$"})", "\"" + std::string(10'000, 'a') + "!\""),
              HasSubstr("takes too long"));
  EXPECT_THAT(refused(R"({"pattern": "a"})", "\"" + std::string(100'000, 'a') + "\""), HasSubstr("16384 bytes"));
  // Each level asks twice: 2^40 questions.
  std::string doubling = R"({"$ref": "#/definitions/0", "definitions": {)";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "{\"$ref\": \"#/definitions/" + std::to_string(i + 1) + "\"}";
    doubling += "\"" + std::to_string(i) + "\": {\"allOf\": [" + next + ", " + next + "]}, ";
  }
  EXPECT_THAT(refused(doubling + "\"40\": true}}", "1"), HasSubstr("more work"));
  std::string parts = "[true";
  for (int i = 0; i < 30'000; ++i) parts += ",true";
  EXPECT_THAT(schema_error("{\"items\": " + parts + "]}"), HasSubstr("more than 20000 parts"));
}

TEST(Schema, notes_words_that_it_does_not_know) {
  const Schema schema =
      schema_of(R"({"x-widget": 1, "requierd": [], "format": "uri", "properties": {"requierd": true}})");
  ASSERT_EQ(schema.unknown_keywords().size(), 1U);
  EXPECT_EQ(schema.unknown_keywords()[0], (UnknownKeyword{"requierd", LineColumn{1, 17}}));
}

TEST(Schema, gives_the_defaults_as_ledmatrix_does) {
  EXPECT_EQ(schema_of(R"({"properties": {"a": {"default": 1.0}, "none": {"type": "string"},
      "o": {"type": "object", "properties": {"x": {"default": "\u00fc"}, "y": {}}}, "empty": {"type": "object", "properties": {}},
      "given": {"type": "object", "default": {"z": 1}, "properties": {"x": {"default": 2}}},
      "l": {"type": "array"}, "m": {"type": "array", "items": {"default": 3}},
      "n": {"type": "array", "items": {"type": "object", "properties": {}, "default": {}}}}})")
                .defaults(),
            R"({"a": 1.0, "o": {"x": "\u00fc"}, "given": {"z": 1}, "l": [], "m": [3], "n": []})");
  EXPECT_EQ(schema_of("true").defaults(), "{}");
}

TEST(Schema, finds_secrets_wherever_they_are_marked) {
  const Schema schema = schema_of(R"({"properties": {
      "token": {"type": ["string", "null"], "x-secret": true},
      "open": {"type": "string", "x-secret": false},
      "login": {"type": "object", "x-secret": true, "properties": {"user": {}}},
      "keys": {"type": "array", "items": {"x-secret": true}},
      "accounts": {"type": ["array", "null"], "items": {"properties": {"password": {"x-secret": true}}}},
      "either": {"oneOf": [{"properties": {"pin": {"$ref": "#/definitions/pin"}}}, {"type": "string"}]},
      "tree": {"$ref": "#/definitions/tree"}},
    "patternProperties": {"^secret_": {"x-secret": true}},
    "definitions": {"pin": {"x-secret": true}, "tree": {"properties": {"sub": {"$ref": "#/definitions/tree"}, "key": {"x-secret": 1}}}}})");
  std::vector<std::string> paths;
  for (const auto& path : schema.secret_paths()) paths.push_back(to_text(path));
  EXPECT_THAT(paths, ElementsAre("accounts[].password", "either.pin", "keys[]", "login", "token", "tree.key", "*"));
  EXPECT_TRUE(schema.is_secret({"token"}));
  EXPECT_TRUE(schema.is_secret({"login", "user"})) << "it lies in a secret object";
  EXPECT_TRUE(schema.is_secret({"accounts", "3", "password"}));
  EXPECT_TRUE(schema.is_secret({"tree", "sub", "sub", "key"}));
  EXPECT_FALSE(schema.is_secret({"open"}));
  EXPECT_FALSE(schema.is_secret({"accounts", "3", "name"}));
  EXPECT_FALSE(schema.is_secret({}));
}

}  // namespace
}  // namespace trueup::json
