// What every verb of settings refuses before it does anything: names that no plugin may have, and a world of which a
// part could not be read.
#include <cerrno>

#include "engine/configure.h"
#include "engine/core_settings.h"
#include "engine/engine_test_support.h"
#include "json/document.h"

namespace trueup::engine {
namespace {

struct Verb {
  std::string name;
  std::function<Status(World&, const std::string& plugin)> run;
};

template <typename T>
Status status_of(const Result<T>& result) {
  return result ? ok() : Status(result.error());
}

model::Setting value(const std::string& json) {
  return model::setting_of(json::Document::parse(json).value().root(), model::SettingOrigin::config);
}

std::vector<Verb> verbs_of_a_plugin() {
  return {
      {"get", [](World& on, const std::string& id) { return status_of(get_settings(on, id, {})); }},
      {"get all", [](World& on, const std::string& id) { return status_of(get_settings_tree(on, id, "***")); }},
      {"set", [](World& on, const std::string& id) { return status_of(set_setting(on, id, {"city"}, "Oslo")); }},
      {"unset", [](World& on, const std::string& id) { return status_of(unset_setting(on, id, {"city"})); }},
      {"save",
       [](World& on, const std::string& id) {
         return status_of(save_settings(on, id, {.values = value(R"({"city": "Oslo"})")}));
       }},
      {"reset", [](World& on, const std::string& id) { return status_of(reset_settings(on, id, false)); }},
      {"purge", [](World& on, const std::string& id) { return status_of(purge_settings(on, id)); }},
  };
}

std::vector<Verb> all_verbs() {
  auto verbs = verbs_of_a_plugin();
  verbs.push_back({"core", [](World& on, const std::string&) {
                     return status_of(save_core_settings(on, value(R"({"timezone": "Europe/Oslo"})")));
                   }});
  verbs.push_back({"replace", [](World& on, const std::string&) {
                     return status_of(replace_config(on, value(R"({"timezone": "UTC", "display": {}})"), {"clock"}));
                   }});
  verbs.push_back({"secrets", [](World& on, const std::string&) {
                     return status_of(merge_secret_values(on, value(R"({"clock": {"api_key": "k"}})")));
                   }});
  return verbs;
}

class ConfigureRefusals : public EngineTest {
 protected:
  ConfigureRefusals() {
    configure({{"clock", R"({"enabled": true, "city": "Bergen"})"}, {"gone", R"({"enabled": false, "city": "Bodø"})"}});
    record_state({record("gone", false)});
    add_plugin("clock");
  }
};

TEST_F(ConfigureRefusals, a_name_that_no_plugin_may_have_is_called_wrong_and_not_unknown) {
  for (const Verb& verb : verbs_of_a_plugin()) {
    for (const char* name : {"", "..", "a/b", "../clock"}) {
      auto on = world();
      const auto before = disk.files();
      const Status done = verb.run(on, name);
      ASSERT_FALSE(done) << verb.name << " of '" << name << "'";
      EXPECT_EQ(done.error().code, ErrorCode::invalid) << verb.name << " of '" << name << "': " << done.error().text();
      EXPECT_EQ(disk.files(), before) << verb.name << " of '" << name << "'";
    }
  }
}

TEST_F(ConfigureRefusals, while_a_source_cannot_be_read_nothing_is_told_and_nothing_changes_F09) {
  for (const char* unread : {"config/config.json", "config/config_secrets.json", "plugin-repos"}) {
    for (const Verb& verb : all_verbs()) {
      platform::MemoryFileSystem failing(disk.image());
      failing.fail_reading(path(unread), EIO);
      auto on = ports.world(failing);
      const auto before = theirs(failing);
      const Status done = verb.run(on, verb.name == "purge" ? "gone" : "clock");
      ASSERT_FALSE(done) << verb.name << " without " << unread;
      EXPECT_EQ(done.error().code, ErrorCode::unreadable)
          << verb.name << " without " << unread << ": " << done.error().text();
      EXPECT_EQ(theirs(failing), before) << verb.name << " without " << unread;
    }
  }
}

}  // namespace
}  // namespace trueup::engine
