// The form of a plugin's settings, as it is sent to a browser.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class SettingsPage : public WebTest {
 protected:
  SettingsPage() { add_plugin("news"); }
  /// The page of `news` with this schema and these settings.
  std::string page(const std::string& schema, const std::string& section = R"({"enabled": true})",
                   const std::string& secrets = "{}") {
    write("plugin-repos/news/config_schema.json", schema);
    configure({{"news", section}});
    write("config/config_secrets.json", R"({"news": )" + secrets + "}", 0600);
    const Response answer = get("/plugins/news/settings");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }
  static std::string schema_of(const std::string& properties) {
    return R"({"type": "object", "properties": )" + properties + "}";
  }
};

TEST_F(SettingsPage, each_kind_of_setting_has_its_kind_of_field) {
  const std::string html = page(schema_of(R"({
    "city": {"type": "string", "default": "Oslo", "title": "Your city", "description": "Where it rains"},
    "size": {"type": "integer", "minimum": 1, "maximum": 10, "default": 3},
    "speed": {"type": "number"},
    "on_air": {"type": "boolean", "default": true},
    "mode": {"enum": ["slow", "fast", 3]},
    "days": {"type": "array", "items": {"enum": ["mon", "tue"]}},
    "teams": {"type": "array", "items": {"type": "string"}, "default": ["A", "B"]},
    "text_color": {"type": "array", "items": {"type": "integer"}, "default": [255, 0, 128]},
    "back": {"type": "string", "format": "color", "default": "#112233"},
    "start": {"type": "string", "format": "time", "default": "08:30"},
    "place": {"type": "object", "properties": {"north": {"type": "number"}}},
    "anything": {}
  })"));
  for (const char* part : {R"(>Your city</label>)", "Where it rains", "Default: Oslo", R"(value="Oslo")",
                           R"(type="number" id="field-2" value="3" step="1" min="1" max="10")", R"(step="any")",
                           R"(<input type="checkbox" id="field-4" checked)",
                           R"(<option value="&quot;fast&quot;">fast</option>)", R"(<option value="3">3</option>)",
                           R"(value="&quot;mon&quot;")", "A&#10;B<", R"(type="color" id="field-8" value="#ff0080")",
                           R"(type="color" id="field-9" value="#112233")", R"(type="time" id="field-10" value="08:30")",
                           R"(data-path="[&quot;place&quot;, &quot;north&quot;]")", R"(data-kind="json")"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  EXPECT_THAT(html, Not(HasSubstr("data-path=\"[&quot;enabled&quot;]"))) << "it has a switch";
}

TEST_F(SettingsPage, lists_of_objects_can_grow_and_each_element_has_its_fields) {
  const std::string html =
      page(schema_of(R"({"feeds": {"type": "array", "items": {"type": "object", "properties": {
          "name": {"type": "string"}, "code": {"type": "string", "x-secret": true}}}}})"),
           R"({"feeds": [{"name": "a"}, {"name": "b"}]})", R"({"feeds": [{"code": "canary-a"}, {}]})");
  EXPECT_THAT(html, HasSubstr(R"(data-path="[&quot;feeds&quot;, &quot;1&quot;, &quot;name&quot;]")"));
  EXPECT_THAT(html, HasSubstr("<template>"));
  EXPECT_THAT(html, HasSubstr("is set; leave blank to keep it"));
  EXPECT_THAT(html, HasSubstr("placeholder=\"not set\""));
  EXPECT_THAT(html, Not(HasSubstr("canary")));
}

TEST_F(SettingsPage, F101_no_secret_is_in_the_page_with_or_without_a_schema) {
  const std::string section = R"({"mqtt_password": "canary-1", "deep": {"token": "canary-2"}, "plain": "seen"})";
  for (const std::string& schema :
       {schema_of(R"({"key": {"type": "string", "x-secret": true}, "deep": {"type": "object", "x-secret": true,
                   "properties": {"token": {"type": "string"}, "other": {"type": "string"}}}})"),
        std::string("{ broken"), std::string("[]"), std::string(R"({"type": "object"})")}) {
    const std::string html = page(schema, section, R"({"key": "canary-3", "deep": {"other": "canary-4"}})");
    EXPECT_THAT(html, Not(HasSubstr("canary"))) << schema;
    EXPECT_THAT(html, HasSubstr("seen")) << schema;
    EXPECT_THAT(html, HasSubstr("is set; leave blank to keep it")) << schema;
  }
}

TEST_F(SettingsPage, a_schema_that_is_missing_or_broken_never_makes_the_page_fail) {
  for (const char* schema :
       {"", "{ broken", "null", "[]", R"({"properties": 7})", R"({"properties": {"a": 7, "b": {"type": 7}}})",
        R"x({"properties": {"a": {"$ref": "#/properties/a"}, "b": {"$ref": "http://x/y"}, "c": {"enum": {}}}})x",
        R"({"properties": {"a": {"type": ["null", "string"]}, "list": {"items": {"type": "object"}}}})",
        R"({"properties": {"a": {"enum": [NaN]}}})"}) {
    EXPECT_THAT(page(schema, R"({"a": "text", "list": [{"x": 1}], "n": null})"), HasSubstr("</form>")) << schema;
  }
  std::string deep = R"({"type": "string"})";
  for (int i = 0; i < 60; ++i) deep = R"({"type": "object", "properties": {"a": )" + deep + "}}";
  EXPECT_THAT(page(deep), HasSubstr("</form>"));
}

TEST_F(SettingsPage, F149_text_of_a_schema_never_becomes_markup) {
  const std::string evil = R"(<img src=x onerror=alert(1)>\"'`)";
  const std::string html = page(schema_of(
      R"({")" + evil + R"(": {"type": "string", "title": ")" + evil + R"(", "description": ")" + evil +
      R"(", "default": ")" + evil + R"("}, "list": {"type": "array", "title": ")" + evil +
      R"(", "items": {"type": "object", "properties": {")" + evil + R"(": {"enum": [")" + evil + R"("]}}}}})"));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;img"));
}

TEST_F(SettingsPage, a_value_that_is_not_allowed_any_more_is_shown_as_that) {
  EXPECT_THAT(page(schema_of(R"({"mode": {"enum": ["a", "b"]}})"), R"({"mode": "gone"})"),
              HasSubstr("gone (not allowed any more)"));
  const std::string list = page(schema_of(R"({"days": {"type": "array", "items": {"enum": ["Sat", "Sun"]}}})"),
                                R"({"days": ["Sat", "Caturday", "Sat"]})");
  EXPECT_THAT(list, HasSubstr("checked> Sat<"));
  EXPECT_THAT(list, HasSubstr("checked> Caturday (not allowed any more)<")) << "and is not lost when another is ticked";
}

}  // namespace
}  // namespace trueup::cli
