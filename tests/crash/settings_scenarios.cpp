#include <fmt/core.h>

#include "engine/configure.h"
#include "engine/core_settings.h"
#include "json/document.h"
#include "scenario_lists.h"

namespace trueup::test {
namespace {

using engine::World;

model::Setting value(const char* text) {
  return model::setting_of(json::Document::parse(text)->root(), model::SettingOrigin::config);
}

void with_schema(Place& place) {
  steady(place);
  place.write("plugin-repos/clock/config_schema.json",
              R"({"type": "object", "properties": {"color": {"type": "string", "default": "white"},)"
              R"( "api_key": {"type": "string", "x-secret": true}}})");
}

/// Of a plugin that is not installed any more.
void leave_settings(Place& place) {
  steady(place);
  place.configure({{"bystander", R"({"enabled": true})"},
                   {"clock", R"({"enabled": true, "color": "red"})"},
                   {"gone", R"({"enabled": false, "speed": 1.50})"}});
  place.write("config/config_secrets.json", fmt::format(R"({{"gone": {{"api_key": "{}"}}}})", kSecret), 0640);
  place.record({{"bystander", true}, {"clock", true}, {"gone", false}});
}

/// Of both files, and of whether the plugin is on.
Status save_many(World& world) {
  ASSIGN_OR_RETURN(const auto patch,
                   engine::decode_patch(fmt::format(
                       R"({{"config": {{"color": "blue", "api_key": "{}", "enabled": false}}}})", kSecret)));
  return status_of(engine::save_settings(world, "clock", patch));
}

Status replace_whole_config(World& world) {
  return status_of(engine::replace_config(
      world,
      value(
          R"({"timezone": "Europe/Oslo", "display": {"brightness": 40}, "bystander": {"enabled": true}, "clock": {"enabled": true}})"),
      {"kitchen"}));
}

}  // namespace

std::vector<Scenario> settings_verbs() {
  return {
      {.name = "config set",
       .lay_out = steady,
       .run = [](World& world) { return status_of(engine::set_setting(world, "clock", {"color"}, "\"blue\"")); }},
      {.name = "config set of a secret",
       .lay_out = with_schema,
       .run = [](World& world) { return status_of(engine::set_setting(world, "clock", {"api_key"}, kSecret)); }},
      {.name = "config unset",
       .lay_out = steady,
       .run = [](World& world) { return status_of(engine::unset_setting(world, "clock", {"color"})); }},
      {.name = "config purge",
       .lay_out = leave_settings,
       .run = [](World& world) { return status_of(engine::purge_settings(world, "gone")); }},
      {.name = "config save of many settings", .lay_out = with_schema, .run = save_many},
      {.name = "config reset",
       .lay_out =
           [](Place& place) {
             with_schema(place);
             place.write("config/config_secrets.json", fmt::format(R"({{"clock": {{"api_key": "{}"}}}})", kSecret),
                         0640);
           },
       .run = [](World& world) { return status_of(engine::reset_settings(world, "clock", true)); }},
      {.name = "settings of the display",
       .lay_out = steady,
       .run =
           [](World& world) {
             return status_of(engine::save_core_settings(world, value(R"({"display": {"brightness": 40}})")));
           }},
      {.name = "the whole of the settings",
       .lay_out =
           [](Place& place) {
             steady(place);
             place.configure({{"bystander", R"({"enabled": true})"},
                              {"clock", R"({"enabled": true, "color": "red"})"},
                              {"kitchen", R"("buy milk")"}});
           },
       .run = replace_whole_config},
      {.name = "the secrets in one piece",
       .lay_out = steady,
       .run =
           [](World& world) {
             return status_of(engine::merge_secret_values(
                 world, value(fmt::format(R"({{"clock": {{"api_key": "{}"}}}})", kSecret).c_str())));
           }},
  };
}

}  // namespace trueup::test
