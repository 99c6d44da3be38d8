#include "engine/configure.h"

#include <gmock/gmock.h>

#include "engine/engine_test_support.h"
#include "engine/undo.h"

namespace trueup::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSchema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "enabled": {"type": "boolean", "default": true},
    "city": {"type": "string", "default": "Oslo", "minLength": 2},
    "size": {"type": "integer", "maximum": 10},
    "leagues": {"type": "object", "properties": {"eng.1": {"type": "object", "properties": {"on": {"type": "boolean"}}}}},
    "teams": {"type": "array", "items": {"type": "string"}},
    "account": {"type": "object", "properties": {"user": {"type": "string"},
                                                 "key": {"type": "string", "x-secret": true}}},
    "feeds": {"type": "array", "items": {"type": "object", "properties": {
        "name": {"type": "string"}, "code": {"type": "string", "x-secret": true}}}},
    "codes": {"type": "array", "items": {"type": "string", "x-secret": true}}
  }
})";

class Configure : public EngineTest {
 protected:
  Configure() {
    add_plugin("news");
    write("plugin-repos/news/config_schema.json", kSchema);
    configure({{"clock", "{\"x\":1.50,   \"enabled\": true}"}, {"news", kSection}});
  }

  Status set(const model::SettingPath& path, const std::string& text) {
    auto on = world();
    const auto done = set_setting(on, "news", path, text);
    if (!done) return done.error();
    last = *done;
    return ok();
  }
  std::string shown(const model::SettingPath& path) {
    auto on = world();
    const auto report = get_settings(on, "news", path);
    if (!report) return report.error().text();
    std::string out;
    for (const ShownSetting& one : report->settings) {
      out += fmt::format("{}{}={}{}", out.empty() ? "" : " ", one.path.empty() ? "" : one.path.back(),
                         one.secret ? "secret" : one.json, one.from == model::SettingOrigin::schema_default ? "?" : "");
    }
    return out;
  }
  std::string config() { return read("config/config.json"); }
  std::string secrets() { return read("config/config_secrets.json"); }

  static constexpr const char* kSection =
      "{\n        \"enabled\": true,\n        \"size\": 3,\n        \"extra\": 1e3\n    }";
  ConfigureReport last;
};

TEST_F(Configure, the_schema_says_whether_a_value_is_a_number_or_text) {
  ASSERT_TRUE(set({"city"}, "12"));
  EXPECT_THAT(config(), HasSubstr("\"city\": \"12\""));
  ASSERT_TRUE(set({"size"}, "7"));
  EXPECT_THAT(config(), HasSubstr("\"size\": 7,"));
  ASSERT_TRUE(set({"teams"}, R"(["a", "b"])"));
  EXPECT_EQ(shown({"teams"}), R"(teams=["a", "b"])");
}

TEST_F(Configure, every_other_byte_stays) {
  const std::string before = config();
  ASSERT_TRUE(set({"size"}, "4"));
  std::string expected = before;
  expected.replace(expected.find("\"size\": 3"), 9, "\"size\": 4");
  EXPECT_EQ(config(), expected);
}

TEST_F(Configure, what_the_schema_forbids_is_refused_with_its_reason_and_nothing_changes) {
  const auto before = theirs(disk);
  struct Case {
    model::SettingPath path;
    const char* text;
    const char* reason;
  };
  for (const Case& one : {Case{{"size"}, "11", "size must be at most 10"},
                          {{"size"}, "big", "size must be"},
                          {{"city"}, "A", "city must"},
                          {{"leagues", "eng.1", "on"}, "perhaps", R"(leagues."eng.1".on must be)"},
                          {{"sizo"}, "1", "not known"},
                          {{"size", "x"}, "1", "leads through"}}) {
    const auto refused = set(one.path, one.text);
    ASSERT_FALSE(refused) << one.text;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    EXPECT_THAT(refused.error().message, HasSubstr(one.reason));
  }
  EXPECT_THAT(set({"sizo"}, "1").error().hint, HasSubstr("`size`"));
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(read(".trueup/lock"), "(not there)") << "a refused value leaves a trace of trueup";
}

TEST_F(Configure, what_was_wrong_before_is_no_reason_to_refuse) {
  ASSERT_TRUE(set({"city"}, "Lund")) << "`extra` is forbidden, and not what was asked for";
  EXPECT_THAT(last.notes, Not(testing::IsEmpty()));
}

TEST_F(Configure, a_secret_goes_to_the_secrets_file_and_leaves_configuration) {
  configure({{"news", R"({"enabled": true, "account": {"user": "u", "key": "old"}})"}});
  ASSERT_TRUE(set({"account", "key"}, "n3w"));
  EXPECT_TRUE(last.secret);
  EXPECT_THAT(config(), Not(HasSubstr("old")));
  EXPECT_THAT(config(), HasSubstr(R"("account": {"user": "u"})"));
  EXPECT_THAT(secrets(), HasSubstr("\"n3w\""));
  EXPECT_THAT(secrets(), HasSubstr("hush")) << "another section of the secrets file";
  EXPECT_EQ(shown({"account"}), "user=\"u\" key=secret");
}

TEST_F(Configure, an_object_with_a_secret_in_it_is_parted) {
  ASSERT_TRUE(set({"account"}, R"({"user": "u", "key": "k3y"})"));
  EXPECT_THAT(config(), Not(HasSubstr("k3y")));
  EXPECT_THAT(secrets(), HasSubstr("k3y"));
  EXPECT_EQ(shown({"account"}), "user=\"u\" key=secret");
}

TEST_F(Configure, secrets_in_lists_are_parted_too_and_read_back_as_set) {
  ASSERT_TRUE(set({"feeds"}, R"([{"name": "a"}, {"name": "b", "code": "c0de"}])"));
  EXPECT_THAT(config(), Not(HasSubstr("c0de")));
  EXPECT_THAT(secrets(), HasSubstr("c0de"));
  EXPECT_EQ(shown({"feeds"}), R"-(feeds=[{"name": "a"}, {"name": "b", "code": "(hidden)"}])-");
  ASSERT_TRUE(set({"feeds", "0", "code"}, "first"));
  ASSERT_TRUE(set({"feeds", "-"}, R"({"name": "c"})"));
  EXPECT_THAT(config(), Not(HasSubstr("first")));
  EXPECT_EQ(shown({"feeds"}),
            R"-(feeds=[{"name": "a", "code": "(hidden)"}, {"name": "b", "code": "(hidden)"}, {"name": "c"}])-");
  ASSERT_TRUE(set({"codes"}, R"(["x1y", "z2"])"));
  EXPECT_THAT(config(), Not(HasSubstr("x1y")));
  EXPECT_EQ(shown({"codes"}), "codes=secret");
}

TEST_F(Configure, one_element_of_a_list_changes_alone) {
  configure({{"news", "{\n        \"enabled\": true,\n        \"teams\": [\"a\",  \"b\"]\n    }"}});
  ASSERT_TRUE(set({"teams", "1"}, "c"));
  EXPECT_THAT(config(), HasSubstr("[\"a\",  \"c\"]"));
  ASSERT_TRUE(set({"teams", "-"}, "d"));
  EXPECT_EQ(shown({"teams"}), R"(teams=["a", "c", "d"])");
  auto on = world();
  ASSERT_TRUE(unset_setting(on, "news", {"teams", "0"}));
  EXPECT_EQ(shown({"teams"}), R"(teams=["c", "d"])");
}

TEST_F(Configure, what_the_secrets_file_has_is_changed_there_or_it_would_win) {
  write("config/config_secrets.json", R"({"news": {"city": "Bergen", "display_duration": 5}})", 0640);
  ASSERT_TRUE(set({"city"}, "Lund"));
  EXPECT_THAT(secrets(), HasSubstr("Lund"));
  EXPECT_THAT(config(), Not(HasSubstr("Lund")));
  ASSERT_TRUE(set({"display_duration"}, "20"));
  EXPECT_THAT(config(), HasSubstr("\"display_duration\": 20")) << "a core key belongs in config.json";
  EXPECT_THAT(secrets(), Not(HasSubstr("display_duration")));
}

TEST_F(Configure, without_a_schema_a_name_decides_what_is_secret) {
  add_plugin("bare");
  configure({{"bare", R"({"enabled": true, "mqtt": {"password": "p4ss"}, "list": [{"token": "t0k"}]})"}});
  auto on = world();
  const auto report = get_settings(on, "bare", {});
  ASSERT_TRUE(report);
  for (const ShownSetting& one : report->settings) {
    EXPECT_THAT(one.json, Not(HasSubstr("p4ss")));
    EXPECT_THAT(one.json, Not(HasSubstr("t0k")));
  }
  ASSERT_TRUE(set_setting(on, "bare", {"mqtt", "password"}, "n3w"));
  EXPECT_THAT(secrets(), HasSubstr("n3w"));
  EXPECT_THAT(config(), Not(HasSubstr("p4ss")));
  ASSERT_TRUE(set_setting(on, "bare", {"size"}, "12"));
  ASSERT_TRUE(set_setting(on, "bare", {"name"}, "12 monkeys"));
  EXPECT_THAT(config(), HasSubstr(R"("size": 12, "name": "12 monkeys")"));
}

TEST_F(Configure, enabled_is_the_owners_switch) {
  ASSERT_TRUE(set({"enabled"}, "false"));
  EXPECT_EQ(last.enabled, false);
  EXPECT_THAT(config(), HasSubstr("\"enabled\": false,\n        \"size\""));
  EXPECT_FALSE(set({"enabled"}, "maybe"));
  auto on = world();
  EXPECT_FALSE(unset_setting(on, "news", {"enabled"}));
}

TEST_F(Configure, F89_a_key_with_a_dot_is_found_without_quotes_and_no_branch_is_made_up) {
  ASSERT_TRUE(set({"leagues", "eng.1", "on"}, "true"));
  ASSERT_TRUE(set({"leagues", "eng", "1", "on"}, "false"));
  EXPECT_THAT(config(), testing::ContainsRegex(R"("eng.1": \{\s*"on": false)"));
  EXPECT_THAT(config(), Not(HasSubstr(R"("eng":)")));
  EXPECT_EQ(shown({"leagues", "eng", "1", "on"}), "on=false");
  auto on = world();
  ASSERT_TRUE(unset_setting(on, "news", {"leagues", "eng", "1", "on"}));
  EXPECT_THAT(config(), Not(HasSubstr("\"on\"")));
}

TEST_F(Configure, without_a_schema_all_of_an_object_that_only_the_secrets_file_has_stays_there) {
  disk.erase(path("plugin-repos/news/config_schema.json"));
  write("config/config_secrets.json", R"({"news": {"portal": {"a": "SA"}}})");
  const std::string before = config();
  ASSERT_TRUE(set({"portal"}, R"({"a": "SA2", "b": "SB"})"));
  EXPECT_EQ(config(), before);
  EXPECT_THAT(secrets(), HasSubstr("SB"));
  ASSERT_TRUE(set({"portal", "c"}, "SC"));
  EXPECT_EQ(config(), before);
  EXPECT_THAT(secrets(), HasSubstr("SC"));
  EXPECT_THAT(shown({}), Not(HasSubstr("SB")));
}

TEST_F(Configure, a_list_or_a_number_that_the_schema_forbids_is_not_called_text) {
  EXPECT_THAT(set({"teams"}, R"(["A", 5])").error().text(), HasSubstr("teams.1 must be text"));
  EXPECT_THAT(set({"size"}, "3.5").error().text(), Not(HasSubstr("is text")));
}

TEST_F(Configure, unset_takes_a_key_out_of_both_files_and_undo_brings_every_byte_back) {
  write("config/config_secrets.json", R"({"news": {"account": {"key": "k"}}, "github": {}})", 0640);
  const auto before = theirs(disk);
  auto on = world();
  const auto done = unset_setting(on, "news", {"account"});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(secrets(), Not(HasSubstr("account")));
  ASSERT_TRUE(undo(on, done->history.back(), UndoReach::this_one));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Configure, undo_takes_back_the_key_alone_when_the_file_went_on) {
  ASSERT_TRUE(set({"leagues", "eng.1", "on"}, "true"));
  const auto number = last.history.back();
  ASSERT_TRUE(set({"size"}, "9"));
  auto on = world();
  ASSERT_TRUE(undo(on, number, UndoReach::this_one));
  EXPECT_THAT(config(), Not(HasSubstr("leagues")));
  EXPECT_THAT(config(), HasSubstr("\"size\": 9"));
}

TEST_F(Configure, what_is_not_set_cannot_be_unset_and_near_names_are_told) {
  auto on = world();
  const auto mistyped = unset_setting(on, "news", {"sise"});
  ASSERT_FALSE(mistyped);
  EXPECT_THAT(mistyped.error().hint, HasSubstr("`size`"));
  EXPECT_THAT(unset_setting(on, "news", {"city"}).error().message, HasSubstr("default"));
  EXPECT_THAT(set_setting(on, "newz", {"city"}, "x").error().hint, HasSubstr("`news`"));
}

TEST_F(Configure, purge_is_for_a_plugin_that_is_gone) {
  auto on = world();
  EXPECT_EQ(purge_settings(on, "news").error().code, ErrorCode::refused);
  EXPECT_EQ(purge_settings(on, "display").error().code, ErrorCode::invalid);
  configure({{"gone", R"({"enabled": false})"}, {"news", kSection}});
  write("config/config_secrets.json", R"({"gone": {"api_key": "k"}, "github": {}})", 0640);
  EXPECT_EQ(purge_settings(on, "gone").error().code, ErrorCode::not_found) << "nothing shows that it is a plugin";
  record_state({record("gone", false)});
  const auto before = theirs(disk);
  const auto done = purge_settings(on, "gone");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(config(), Not(HasSubstr("gone")));
  EXPECT_THAT(secrets(), Not(HasSubstr("gone")));
  ASSERT_TRUE(undo(on, done->history.back(), UndoReach::this_one));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Configure, killed_at_any_call_a_secret_is_never_lost_on_its_way) {
  configure({{"news", R"({"enabled": true, "account": {"user": "u", "key": "old"}})"}});
  for (int n = 1;; ++n) {
    platform::MemoryFileSystem copy(disk.image());
    DeadFrom killer(n);
    copy.set_observer(&killer);
    auto on = ports.world(copy);
    static_cast<void>(set_setting(on, "news", {"account", "key"}, "n3w"));
    copy.set_observer(nullptr);
    const auto files = copy.files();
    const std::string both = files.at(path("config/config.json")) + files.at(path("config/config_secrets.json"));
    EXPECT_TRUE(both.find("old") != std::string::npos || both.find("n3w") != std::string::npos) << n;
    if (!killer.was_hit()) break;
  }
}

}  // namespace
}  // namespace trueup::engine
