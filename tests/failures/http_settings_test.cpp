// Failures seen in the wild, each by its id: what a form or the API saves of a plugin's settings, and what stands in
// its way.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "http_support.h"

namespace trueup::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(Http, F134_a_box_that_is_not_ticked_is_false_and_others_stay) {
  const std::string expected = with("\"on_air\": true", "\"on_air\": false");
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "on_air=false").status, 200);
  EXPECT_EQ(config(), expected);
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "on_air=false&on_air=true&size=4").status, 200);
  EXPECT_THAT(config(), HasSubstr("\"on_air\": true"));
}

TEST_F(Http, F134_boxes_inside_objects_and_lists_are_false_exactly_where_they_are_not_ticked) {
  write("plugin-repos/news/config_schema.json", R"({"type": "object", "properties": {
      "look": {"type": "object", "properties": {"wide": {"type": "boolean"}, "dark": {"type": "boolean"}}},
      "rooms": {"type": "array", "items": {"type": "object", "properties": {
          "name": {"type": "string"}, "on": {"type": "boolean"}}}}}})");
  configure({{"news", R"({"enabled": true, "look": {"wide": true, "dark": true},
      "rooms": [{"name": "a", "on": true}, {"name": "b", "on": true}]})"}});
  const std::string nested = with(R"("wide": true)", R"("wide": false)");
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "look.wide=false").status, 200);
  EXPECT_EQ(config(), nested);
  const std::string listed = with(R"("b", "on": true)", R"("b", "on": false)");
  const Response saved = post_form("/api/v3/plugins/config?plugin_id=news",
                                   "rooms.0.name=a&rooms.0.on=false&rooms.0.on=true&rooms.1.name=b&rooms.1.on=false");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(config(), listed);
}

TEST_F(Http, F135_text_that_looks_like_a_number_stays_text_in_a_form) {
  for (const std::string text : {"8726607", "01234", "1e5", "true", "null", "+1", "-0"}) {
    const std::string sent = text.front() == '+' ? "%2B" + text.substr(1) : text;
    EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "city=" + sent).status, 200) << text;
    EXPECT_THAT(config(), HasSubstr(fmt::format("\"city\": \"{}\"", text)));
  }
}

TEST_F(Http, F136_a_value_that_was_wrong_before_does_not_stand_in_the_way_and_new_ones_are_named) {
  const Response saved = save(R"({"size": 4})");
  EXPECT_EQ(saved.status, 200);
  EXPECT_THAT(json_at(saved, {"notes"}), HasSubstr("mode"));
  const auto before = theirs(disk);
  const Response refused = save(R"({"size": 11, "city": "x"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(json_at(refused, {"error_code"}), "\"CONFIG_VALIDATION_FAILED\"");
  EXPECT_THAT(json_at(refused, {"context", "validation_errors"}), HasSubstr("size: must be at most 10"));
  EXPECT_THAT(json_at(refused, {"details"}), HasSubstr("city"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F137_a_form_names_a_list_by_its_places_or_whole_and_what_it_names_otherwise_is_refused_by_its_name) {
  write("plugin-repos/news/config_schema.json",
        R"({"type": "object", "properties": {"stations": {"type": "array", "items": {"type": "string"}}}})");
  configure({{"news", R"({"enabled": true, "stations": ["x", "y"]})"}});
  const std::string one = with(R"("y")", R"("z")");
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "stations.1=z").status, 200);
  EXPECT_EQ(config(), one);
  EXPECT_EQ(
      post_form("/api/v3/plugins/config?plugin_id=news", "stations=%5B%22a%22%2C%20%22b%22%2C%20%22c%22%5D").status,
      200);
  EXPECT_EQ(json_at(get("/api/v3/plugins/config?plugin_id=news"), {"data", "stations", "2"}), "\"c\"");
  const std::string before = config();
  for (const char* field : {"stations[]", "stations.7"}) {
    const Response refused = post_form("/api/v3/plugins/config?plugin_id=news", std::string(field) + "=q");
    EXPECT_EQ(refused.status, 400) << field;
    EXPECT_THAT(json_at(refused, {"context", "validation_errors"}), HasSubstr(field));
  }
  EXPECT_EQ(config(), before);
}

/// A plugin whose schema changed under its settings: one value is not allowed any more, and one list has one twice.
class OutgrownSettings : public Http {
 protected:
  OutgrownSettings() {
    write("plugin-repos/news/config_schema.json", R"({"type": "object", "properties": {
        "size": {"type": "integer", "maximum": 10}, "mode": {"type": "string", "enum": ["a", "b"]},
        "days": {"type": "array", "uniqueItems": true, "items": {"type": "string", "enum": ["Mon", "Sat", "Sun"]}},
        "stations": {"type": "array", "uniqueItems": true, "items": {"type": "string"}}}})");
    configure({{"news", R"({"enabled": true,  "size": 3.0, "mode": "gone", "days": ["Sat", "Caturday", "Sat"],
                            "stations": ["x", "y"]})"}});
  }
  void expect_told(const Response& saved) {
    EXPECT_EQ(saved.status, 200) << saved.body;
    EXPECT_THAT(
        json_at(saved, {"notes"}),
        AllOf(HasSubstr("mode must be"), HasSubstr("days holds the same value twice"), HasSubstr("days.1 must be"),
              HasSubstr("was so before"), Not(HasSubstr("size ")), Not(HasSubstr("stations "))));
  }
  void expect_refused(const Response& refused, const std::string& before, const std::string& named) {
    EXPECT_EQ(refused.status, 400) << refused.body;
    EXPECT_EQ(json_at(refused, {"error_code"}), "\"CONFIG_VALIDATION_FAILED\"");
    EXPECT_THAT(json_at(refused, {"context", "validation_errors"}), HasSubstr(named));
    EXPECT_THAT(json_at(refused, {"context", "validation_errors"}), Not(HasSubstr("mode"))) << "that is no news";
    EXPECT_EQ(config(), before);
  }
};

TEST_F(OutgrownSettings, F136_another_field_is_saved_alone_by_the_api_and_by_a_form_and_the_bad_ones_are_named) {
  const std::string four = with("3.0", "4");
  expect_told(save(R"({"size": 4})"));
  EXPECT_EQ(config(), four);
  const std::string five = with(R"("size": 4)", R"("size": 5)");
  expect_told(post_form("/api/v3/plugins/config?plugin_id=news", "size=5"));
  EXPECT_EQ(config(), five);
}

TEST_F(OutgrownSettings, F136_a_form_that_sends_everything_back_and_one_field_anew_changes_that_one) {
  const std::string six = with("3.0", "6");
  expect_told(post_form("/api/v3/plugins/config?plugin_id=news",
                        "size=6&mode=gone&days.0=Sat&days.1=Caturday&days.2=Sat&stations.0=x&stations.1=y"));
  EXPECT_EQ(config(), six);
  const std::string seven = with(R"("size": 6)", R"("size": 7)");
  expect_told(save(R"({"size": 7, "mode": "gone", "days": ["Sat", "Caturday", "Sat"], "stations": ["x", "y"]})"));
  EXPECT_EQ(config(), seven);
}

TEST_F(OutgrownSettings, F136_a_new_value_that_is_not_allowed_is_refused_by_its_name_and_changes_nothing) {
  const std::string before = config();
  expect_refused(save(R"({"size": 11})"), before, "size: must be at most 10");
  expect_refused(save(R"({"size": 4, "stations": ["x", "y", "x"]})"), before, "stations: holds the same value twice");
  expect_refused(save(R"({"days": ["Sat", "Caturday", "Sat", "Sat"]})"), before, "days: holds the same value twice");
  expect_refused(save(R"({"days": ["Sun", "Caturday", "Someday"]})"), before, "days.2: must be one of");
  expect_refused(post_form("/api/v3/plugins/config?plugin_id=news", "size=11"), before, "size: must be at most 10");
  expect_refused(post_form("/api/v3/plugins/config?plugin_id=news", "stations.0=x&stations.1=x"), before,
                 "stations: holds the same value twice");
  const Response other = save(R"({"mode": "neither"})");
  EXPECT_EQ(other.status, 400);
  EXPECT_THAT(json_at(other, {"context", "validation_errors"}), HasSubstr("mode: must be"));
  EXPECT_EQ(config(), before);
}

TEST_F(OutgrownSettings, F136_mending_one_of_them_is_a_save_like_any_other) {
  const std::string mended = with(R"("gone")", R"("b")");
  const Response saved = save(R"({"mode": "b"})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(config(), mended);
  EXPECT_THAT(json_at(saved, {"notes"}), AllOf(HasSubstr("days"), Not(HasSubstr("mode must"))));
}

}  // namespace
}  // namespace trueup::cli
