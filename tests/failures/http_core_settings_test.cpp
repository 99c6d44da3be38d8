// Failures seen in the wild, each by its id, as a client of the HTTP API meets them: the settings that are no plugin's.
#include <gmock/gmock.h>

#include "http_support.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(Http, F04_no_request_makes_a_new_section_of_config) {
  const auto before = theirs(disk);
  EXPECT_EQ(post("/api/v3/config/main", R"({"new_key": {"a": 1}})").status, 400);
  EXPECT_EQ(post("/api/v3/config/main", R"({"display": {"brightness": "bright"}})").status, 400) << "another type";
  EXPECT_EQ(post("/api/v3/config/main", R"({"display": 7})").status, 400) << "would push out a section";
  EXPECT_EQ(post("/api/v3/config/main", R"({"news": {"size": 4}})").status, 400) << "a plugin's";
  EXPECT_EQ(post("/api/v3/config/main", R"({"plugin_system": {"plugins_directory": "/etc"}})").status, 400);
  EXPECT_EQ(post("/api/v3/plugins/config", R"({"plugin_id": "display", "config": {"brightness": 1}})").status, 400);
  EXPECT_EQ(post("/api/v3/plugins/config", R"({"plugin_id": "nobody", "config": {"a": 1}})").status, 404);
  EXPECT_EQ(post("/api/v3/plugins/toggle", R"({"plugin_id": "nobody", "enabled": true})").status, 404);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F04_F37_settings_of_the_core_change_only_what_is_named_and_can_be_taken_back) {
  const auto before = theirs(disk);
  const std::string expected = with("\"brightness\": 90", "\"brightness\": 50");
  const Response saved = post("/api/v3/config/main", R"({"display": {"brightness": 50}})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(config(), expected);
  EXPECT_EQ(post("/api/v3/config/main", R"({"timezone": "Europe/Oslo"})").status, 200);
  EXPECT_THAT(config(), HasSubstr(R"("timezone": "Europe/Oslo")"));
  EXPECT_EQ(post("/api/v3/config/main", R"({"display": {"hardware": {"new_key": 1}}})").status, 200);
  EXPECT_THAT(json_at(get("/api/v3/config/main"), {"data", "display", "hardware", "new_key"}), "1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post("/api/trueup/v1/undo", "{}").status, 200);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F37_a_schedule_is_checked_and_saved_beside_what_is_there) {
  EXPECT_EQ(post("/api/v3/config/schedule", R"({"enabled": true, "start_time": "25:00", "end_time": "22:00"})").status,
            400);
  EXPECT_EQ(post("/api/v3/config/schedule", R"({"enabled": "yes"})").status, 400);
  EXPECT_EQ(post("/api/v3/config/schedule", "{}").status, 400);
  const Response saved = post("/api/v3/config/schedule",
                              R"({"enabled": true, "mode": "global", "start_time": "07:00", "end_time": "22:30"})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(
      post("/api/v3/config/schedule", R"({"monday_enabled": true, "monday_start": "08:00", "monday_end": "20:00"})")
          .status,
      200);
  const Response shown = get("/api/v3/config/schedule");
  EXPECT_EQ(json_at(shown, {"data", "end_time"}), "\"22:30\"");
  EXPECT_EQ(json_at(shown, {"data", "days", "monday", "start_time"}), "\"08:00\"");
  EXPECT_EQ(post("/api/v3/config/dim-schedule", R"({"enabled": true, "dim_brightness": 101})").status, 400);
  EXPECT_EQ(post("/api/v3/config/dim-schedule", R"({"enabled": true, "dim_brightness": 30})").status, 200);
  EXPECT_EQ(json_at(get("/api/v3/config/dim-schedule"), {"data", "dim_brightness"}), "30");
}

TEST_F(Http, F37_one_span_for_all_days_leaves_what_is_set_for_days_byte_for_byte) {
  configure({{"news", kSection},
             {"schedule", R"({"mode":"per-day", "enabled" : true,
        "days":  {"monday": {"enabled":true ,"start_time": "08:00","note": "mine"}, "funday": [1.0, 2e1]}, "more": 1.50})"},
             {"dim_schedule", R"({"days": {"sunday" :{"enabled": true}}, "dim_brightness": 30})"}});
  const std::string expected = with(R"("mode":"per-day", "enabled" : true)", R"("mode":"global", "enabled" : false)");
  std::string days;
  for (const char* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}) {
    days += fmt::format(R"(, "{0}_enabled": false, "{0}_start": "", "{0}_end": "20:00")", day);
  }
  // As LEDMatrix's page sends it: the fields of both modes at once.
  const Response saved = post("/api/v3/config/schedule", R"({"enabled": false, "mode": "global")" + days + "}");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(config(), expected);
  const Response dimmed =
      post("/api/v3/config/dim-schedule", R"({"mode": "global", "start_time": "22:00", "end_time": "06:30",
      "dim_brightness": 30, "sunday_enabled": false})");
  EXPECT_EQ(dimmed.status, 200) << dimmed.body;
  EXPECT_THAT(config(), HasSubstr(R"({"days": {"sunday" :{"enabled": true}}, "dim_brightness": 30,)"));
  EXPECT_EQ(post("/api/trueup/v1/undo", "{}").status, 200);
  EXPECT_EQ(config(), expected);
}

TEST_F(Http, F37_a_schedule_without_any_day_is_refused) {
  std::string days;
  for (const char* day : {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}) {
    days += fmt::format(R"({}"{}_enabled": false)", days.empty() ? "" : ", ", day);
  }
  const std::string before = config();
  const Response refused = post("/api/v3/config/schedule", "{" + days + "}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(json_at(refused, {"error_code"}), "\"VALIDATION_ERROR\"");
  EXPECT_EQ(config(), before);
}

TEST_F(Http, F04_the_flat_names_of_ledmatrixs_page_go_where_they_belong_and_change_nothing_else) {
  configure({{"news", kSection}, {"plugin_system", R"({"plugins_directory": "plugin-repos", "auto_discover": true})"}});
  const std::string keys = json_at(get("/api/v3/config/main"), {"data", "display", "hardware"});
  const Response saved = post("/api/v3/config/main", R"({"vegas_scroll_enabled": true, "vegas_scroll_speed": 60,
      "vegas_plugin_order": ["news"], "auto_discover": false, "plugin_rotation_order": ["news"]})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  const Response shown = get("/api/v3/config/main");
  EXPECT_EQ(json_at(shown, {"data", "display", "vegas_scroll", "enabled"}), "true");
  EXPECT_EQ(json_at(shown, {"data", "display", "vegas_scroll", "scroll_speed"}), "60");
  EXPECT_EQ(json_at(shown, {"data", "display", "vegas_scroll", "plugin_order"}), R"(["news"])");
  EXPECT_EQ(json_at(shown, {"data", "display", "plugin_rotation_order"}), R"(["news"])");
  EXPECT_EQ(json_at(shown, {"data", "plugin_system", "auto_discover"}), "false");
  EXPECT_EQ(json_at(shown, {"data", "display", "hardware"}), keys);
}

TEST_F(Http, F35_F102_a_whole_config_goes_back_as_it_was_shown_and_loses_nothing_unasked) {
  configure({{"news", R"({"enabled": true, "mqtt_password": "canary-mqtt"})"}, {"stranger", R"({"x": 1})"}});
  const std::string before = config();
  const std::string shown = json_at(get("/api/v3/config/main"), {"data"});
  EXPECT_THAT(shown, Not(HasSubstr("canary")));
  EXPECT_EQ(post("/api/v3/config/raw/main", shown).status, 200);
  EXPECT_EQ(config(), before);
  for (const char* refused : {"[]", "7", "{}", R"({"timezone": "UTC"})", "{ broken"}) {
    EXPECT_GE(post("/api/v3/config/raw/main", refused).status, 400) << refused;
    EXPECT_EQ(config(), before) << refused;
  }
  std::string without = shown;
  const auto at = without.find(", \"stranger\"");
  without.erase(at, without.find('}', at) + 1 - at);
  EXPECT_EQ(post("/api/v3/config/raw/main", without).status, 400) << "a section would go";
  EXPECT_EQ(post("/api/v3/config/raw/main?drop=stranger", without).status, 200);
  EXPECT_THAT(config(), Not(HasSubstr("stranger")));
  EXPECT_THAT(config(), HasSubstr("canary-mqtt"));
  EXPECT_EQ(post("/api/trueup/v1/undo", "{}").status, 200);
  EXPECT_EQ(config(), before);
  std::string broken = shown;
  broken.replace(broken.find("\"enabled\": true"), 15, "\"enabled\": \"yes\"");
  const Response would = post("/api/v3/config/raw/main", broken);
  EXPECT_EQ(would.status, 400) << "it would make a finding";
  EXPECT_THAT(would.body, HasSubstr("news"));
  EXPECT_EQ(config(), before);
}

TEST_F(Http, F102_masks_are_never_stored_as_secrets) {
  const std::string before = secrets();
  const std::string shown = json_at(get("/api/v3/config/secrets"), {"data"});
  EXPECT_EQ(post("/api/v3/config/raw/secrets", shown).status, 200);
  EXPECT_EQ(secrets(), before);
  EXPECT_EQ(post("/api/v3/config/raw/secrets", R"({"github": {"api_token": "canary-new"}})").status, 200);
  EXPECT_THAT(secrets(), HasSubstr("canary-new"));
  EXPECT_THAT(secrets(), HasSubstr("canary-key"));
}

}  // namespace
}  // namespace trueup::cli
