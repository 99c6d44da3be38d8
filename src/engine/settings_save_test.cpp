// Many settings saved at once, as a page and the API do it.
#include <gmock/gmock.h>

#include "engine/configure.h"
#include "engine/engine_test_support.h"
#include "engine/undo.h"
#include "json/document.h"

namespace trueup::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSchema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "city": {"type": "string", "minLength": 2},
    "mode": {"enum": ["a", "b"]},
    "size": {"type": "integer", "maximum": 10},
    "on_air": {"type": "boolean"},
    "api_key": {"type": "string", "x-secret": true, "minLength": 3},
    "leagues": {"type": "object", "properties": {"eng.1": {"type": "object", "properties": {"on": {"type": "boolean"}}}}},
    "feeds": {"type": "array", "items": {"type": "object", "properties": {
        "name": {"type": "string"}, "code": {"type": "string", "x-secret": true}}}}
  }
})";

class SaveSettings : public EngineTest {
 protected:
  SaveSettings() {
    add_plugin("news");
    write("plugin-repos/news/config_schema.json", kSchema);
    configure(
        {{"clock", "{\"x\":1.50,   \"enabled\": true}"},
         {"news",
          R"({"enabled": true, "size": 3, "mode": "gone", "on_air": true, "users": {"a": 1}, "display_duration": 1e1,
                    "leagues": {"eng.1": {"on": true}}, "feeds": [{"name": "a"}, {"name": "b"}]})"}});
    write(
        "config/config_secrets.json",
        R"({"github": {"api_token": "hush"}, "news": {"api_key": "K-1234", "feeds": [{"code": "A"}, {"code": "B"}]}})",
        0600);
  }

  Status save(const std::string& patch, std::vector<model::SettingPath> remove = {}) {
    const auto document = json::Document::parse(patch);
    auto on = world();
    const auto done = save_settings(
        on, "news", {model::setting_of(document->root(), model::SettingOrigin::config), std::move(remove)});
    if (!done) return done.error();
    last = *done;
    return ok();
  }
  /// The plugin's settings as LEDMatrix would see them, on one line.
  std::string merged(const model::SettingPath& path) {
    const auto config = json::Document::parse(this->config());
    const auto secret = json::Document::parse(secrets());
    auto all = model::setting_of(*config->root().find("news"), model::SettingOrigin::config);
    if (const auto over = secret->root().find("news")) {
      model::merge_secrets(all, model::setting_of(*over, model::SettingOrigin::secrets));
    }
    const auto* found = model::find(all, path);
    return found == nullptr ? "(not there)" : json_of(*found);
  }
  std::string config() { return read("config/config.json"); }
  std::string secrets() { return read("config/config_secrets.json"); }

  ConfigureReport last;
};

TEST_F(SaveSettings, F36_F37_only_what_is_named_changes_to_the_byte) {
  std::string expected = config();
  expected.replace(expected.find("\"size\": 3"), 9, "\"size\": 4");
  const std::string before = secrets();
  ASSERT_TRUE(save(R"({"size": 4})"));
  EXPECT_EQ(config(), expected);
  EXPECT_EQ(secrets(), before);
}

TEST_F(SaveSettings, what_is_so_already_is_not_written) {
  const auto before = theirs(disk);
  ASSERT_TRUE(save(R"({"size": 3, "leagues": {"eng.1": {"on": true}}, "users": {}})"));
  EXPECT_FALSE(last.changed);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, F89_a_key_with_a_dot_is_one_key) {
  ASSERT_TRUE(save(R"({"leagues": {"eng.1": {"on": false}}})"));
  EXPECT_EQ(merged({"leagues"}), R"({"eng.1": {"on": false}})");
}

TEST_F(SaveSettings, F98_F102_a_secret_that_comes_back_blank_or_masked_stays) {
  const std::string before = secrets();
  for (const char* sent : {R"("")", R"("   ")", "null", "\"(hidden)\"", "\"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\""}) {
    ASSERT_TRUE(save(fmt::format(R"({{"api_key": {}, "size": 5}})", sent))) << sent;
    EXPECT_EQ(secrets(), before) << sent;
  }
  ASSERT_TRUE(save(R"({"api_key": "new-one"})"));
  EXPECT_EQ(merged({"api_key"}), "\"new-one\"");
  EXPECT_THAT(config(), Not(HasSubstr("new-one")));
  ASSERT_TRUE(save("{}", {{"api_key"}}));
  EXPECT_EQ(merged({"api_key"}), "(not there)");
}

TEST_F(SaveSettings, F99_a_secret_in_a_list_stays_with_its_element) {
  const auto feeds = [this] { return merged({"feeds"}); };
  const std::string both = R"([{"name": "a", "code": "A"}, {"name": "b", "code": "B"}])";
  ASSERT_TRUE(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "b", "code": ""}], "size": 1})"));
  EXPECT_EQ(feeds(), both);
  ASSERT_TRUE(save(R"({"feeds": [{"name": "b", "code": ""}, {"name": "a", "code": ""}]})"));
  EXPECT_EQ(feeds(), R"([{"name": "b", "code": "B"}, {"name": "a", "code": "A"}])");
  ASSERT_TRUE(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "b", "code": ""}]})"));
  ASSERT_TRUE(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "b", "code": "new"}]})"));
  EXPECT_EQ(feeds(), R"([{"name": "a", "code": "A"}, {"name": "b", "code": "new"}])");
  ASSERT_TRUE(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "c", "code": ""}]})"));
  EXPECT_EQ(feeds(), R"([{"name": "a", "code": "A"}, {"name": "c", "code": "new"}])");
  ASSERT_TRUE(save(R"({"feeds": [{"name": "c", "code": ""}]})"));
  EXPECT_EQ(feeds(), R"([{"name": "c", "code": "new"}])");
  EXPECT_THAT(config(), Not(HasSubstr("\"new\"")));
}

TEST_F(SaveSettings, F99_where_no_element_can_be_meant_with_certainty_nothing_changes) {
  const auto before = theirs(disk);
  const Status done = save(R"({"feeds": [{"name": "x", "code": ""}, {"name": "y", "code": ""}]})");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::invalid);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, F136_what_was_wrong_before_does_not_stand_in_the_way_and_is_told) {
  ASSERT_TRUE(save(R"({"size": 7})"));
  EXPECT_EQ(merged({"size"}), "7");
  EXPECT_THAT(last.notes, testing::Contains(HasSubstr("mode")));
}

TEST_F(SaveSettings, F136_what_is_wrong_in_an_element_of_a_list_goes_where_the_element_goes_and_a_second_one_is_new) {
  write("plugin-repos/news/config_schema.json", R"({"type": "object", "properties": {"rooms": {"type": "array",
      "items": {"type": "object", "required": ["name"], "properties": {"name": {}, "mode": {"enum": ["a", "b"]}}}}}})");
  configure({{"news", R"({"enabled": true, "rooms": [{"name": "x"}, {"name": "y", "mode": "gone"}, {"mode": "a"}]})"}});
  ASSERT_TRUE(save(R"({"rooms": [{"name": "z"}, {"name": "y", "mode": "gone"}, {"mode": "b"}]})"));
  EXPECT_EQ(merged({"rooms"}), R"([{"name": "z"}, {"name": "y", "mode": "gone"}, {"mode": "b"}])");
  EXPECT_THAT(last.notes, testing::Contains(HasSubstr("rooms.1.mode")));
  EXPECT_THAT(last.notes, testing::Contains(HasSubstr("rooms.2.name")));
  ASSERT_TRUE(save(R"({"rooms": [{"name": "y", "mode": "gone"}, {"mode": "b"}]})")) << "another one is taken out";
  const auto before = theirs(disk);
  for (const auto& [patch, named] :
       {std::pair(R"({"rooms": [{"name": "q", "mode": "gone"}, {"name": "y", "mode": "gone"}]})", "rooms.1.mode"),
        {R"({"rooms": [{"name": "y", "mode": "gone"}, {"name": "q", "mode": "gone"}]})", "rooms.1.mode"},
        {R"({"rooms": [{"name": "y", "mode": "other"}]})", "rooms.0.mode"},
        {R"({"rooms": [{"name": "y", "mode": "gone"}, {"mode": "b"}, {"mode": "b"}]})", "rooms.2.name"}}) {
    const Status done = save(patch);
    ASSERT_FALSE(done) << patch;
    EXPECT_THAT(done.error().context, testing::ElementsAre(testing::StartsWith(named))) << patch;
  }
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, F136_a_mistake_is_excused_with_its_element_and_in_no_other_one) {
  write("plugin-repos/news/config_schema.json", R"({"type": "object", "properties": {
      "gpio": {"type": "object", "additionalProperties": {"enum": ["a", "b"]}},
      "pins": {"type": "array", "items": {"enum": ["a", "b"]}},
      "rooms": {"type": "array", "items": {"type": "object", "properties": {"mode": {"enum": ["a", "b"]}}}}}})");
  configure({{"news", R"({"enabled": true, "gpio": {"1": "gone", "2": "a"}, "pins": ["gone", "a"],
                          "rooms": [{"name": "x", "mode": "gone"}, {"name": "z", "mode": "a"}]})"}});
  const auto before = theirs(disk);
  for (const auto& [patch, named] :
       {std::pair(R"({"gpio": {"1": "a", "2": "gone"}})", "gpio.2"),
        {R"({"rooms": [{"name": "x", "mode": "a"}, {"name": "z", "mode": "gone"}]})", "rooms.1.mode"},
        {R"({"pins": ["a", "gone", "gone"]})", "pins.2"}}) {
    const Status done = save(patch);
    ASSERT_FALSE(done) << patch;
    EXPECT_THAT(done.error().context, testing::ElementsAre(testing::StartsWith(named))) << patch;
  }
  EXPECT_EQ(theirs(disk), before);
  ASSERT_TRUE(save(R"({"rooms": [{"name": "z", "mode": "a"}, {"name": "x", "mode": "gone"}], "pins": ["a", "gone"]})"));
  EXPECT_EQ(merged({"pins"}), R"(["a", "gone"])") << "they changed places and nothing else";
  EXPECT_THAT(last.notes, testing::Contains(HasSubstr("rooms.1.mode")));
}

TEST_F(SaveSettings, F136_a_form_that_sends_back_what_stands_there_changes_nothing_whatever_it_could_mean) {
  write("plugin-repos/news/config_schema.json", R"({"type": "object", "properties": {
      "pick": {"enum": ["a", "b"]}, "any": {}, "size": {"type": "integer"}}})");
  configure({{"news", R"({"enabled": true, "pick": "7", "any": "8", "size": "9"})"}});
  const std::string before = config();
  const auto form = [this](std::vector<std::pair<std::string, std::string>> fields) -> Status {
    auto on = world();
    const auto done = save_settings(on, "news", {.values = model::empty_object({}), .fields = std::move(fields)});
    return done ? ok() : Status(done.error());
  };
  const Status back = form({{"pick", "7"}, {"any", "8"}});
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(config(), before);
  EXPECT_FALSE(form({{"pick", "6"}}));
  ASSERT_TRUE(form({{"size", "9"}})) << "a reading that the schema allows mends it";
  EXPECT_EQ(merged({"size"}), "9");
}

TEST_F(SaveSettings, F136_every_new_mistake_is_named_and_nothing_changes) {
  const auto before = theirs(disk);
  const Status done = save(R"({"size": 70, "city": "x", "mode": "c", "on_air": false})");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().context.size(), 3U);
  EXPECT_THAT(done.error().context, testing::Contains(HasSubstr("size: must be at most 10")));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, F26_enabled_changes_only_when_it_is_named) {
  ASSERT_TRUE(save(R"({"size": 1})"));
  EXPECT_EQ(merged({"enabled"}), "true");
  ASSERT_TRUE(save(R"({"enabled": false, "size": 2})"));
  EXPECT_EQ(merged({"enabled"}), "false");
  EXPECT_EQ(last.enabled, false);
  const auto before = theirs(disk);
  EXPECT_FALSE(save(R"({"enabled": "false"})"));
  EXPECT_FALSE(save(R"({"enabled": true, "size": 70})"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, what_is_so_already_makes_nothing_but_the_lock) {
  ASSERT_TRUE(save(R"({"enabled": true, "size": 3})"));
  EXPECT_FALSE(last.changed);
  EXPECT_EQ(read(".trueup/journal"), "(not there)");
  EXPECT_FALSE(platform::tree_of(disk.image()).contains(path(".trueup/kept").substr(1)));
}

TEST_F(SaveSettings, one_undo_takes_back_the_settings_and_the_switch) {
  const auto before = theirs(disk);
  ASSERT_TRUE(save(R"({"enabled": false, "size": 2, "api_key": "K-9999"})"));
  EXPECT_EQ(last.history.size(), 2U);
  auto on = world();
  ASSERT_TRUE(undo(on, 0, UndoReach::last_command));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, make_a_section_in_one_piece_that_says_whether_the_plugin_is_on) {
  configure({{"clock", R"({"enabled": true})"}});
  write("config/config_secrets.json", R"({"github": {"api_token": "hush"}})", 0600);
  const auto before = theirs(disk);
  ASSERT_TRUE(save(R"({"size": 2, "api_key": "K-9999", "enabled": true})"));
  EXPECT_THAT(config(), HasSubstr("\"news\": {\n        \"enabled\": true,\n        \"size\": 2\n    }"));
  EXPECT_EQ(last.enabled, true);
  auto on = world();
  ASSERT_TRUE(undo(on, 0, UndoReach::last_command));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, whether_the_plugin_is_on_is_never_taken_out) {
  const auto before = theirs(disk);
  const auto done = save(R"({"size": 2})", {{"enabled"}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::refused);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, a_value_that_would_push_out_an_object_is_refused) {
  const auto before = theirs(disk);
  EXPECT_FALSE(save(R"({"users": 7})"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, F89_F135_a_field_of_a_form_is_read_as_the_schema_wants_it) {
  const auto form = [this](std::vector<std::pair<std::string, std::string>> fields) -> Status {
    auto on = world();
    const auto done = save_settings(on, "news", {.values = model::empty_object({}), .fields = std::move(fields)});
    return done ? ok() : Status(done.error());
  };
  for (const char* text : {"8726607", "01234", "+1", "1e5", "true", "null", "[1]"}) {
    ASSERT_TRUE(form({{"city", text}})) << text;
    EXPECT_EQ(merged({"city"}), fmt::format("\"{}\"", text));
  }
  ASSERT_TRUE(form({{"size", "7"}, {"leagues.eng.1.on", "true"}, {"leagues.eng.1.on", "false"}, {"api_key", ""}}));
  EXPECT_EQ(merged({"size"}), "7");
  EXPECT_EQ(merged({"leagues"}), R"({"eng.1": {"on": false}})");
  EXPECT_EQ(merged({"api_key"}), "\"K-1234\"");
  EXPECT_EQ(merged({"on_air"}), "true");
  const auto before = theirs(disk);
  EXPECT_FALSE(form({{"leagues.fra.1.on", "true"}, {"size", "8"}}));
  EXPECT_FALSE(form({{"size", "many"}}));
  EXPECT_FALSE(form({{"feeds.99999999.name", "x"}}));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, one_line_of_history_takes_all_of_it_back) {
  const auto before = theirs(disk);
  ASSERT_TRUE(save(R"({"size": 4, "api_key": "new-one", "city": "Oslo", "leagues": {"eng.1": {"on": false}}})"));
  ASSERT_EQ(last.history.size(), 1U);
  auto on = world();
  ASSERT_TRUE(undo(on, last.history.front(), UndoReach::this_one));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(SaveSettings, what_is_shown_holds_no_secret_and_says_which_are_set) {
  auto on = world();
  const auto tree = get_settings_tree(on, "news", "");
  ASSERT_TRUE(tree);
  EXPECT_THAT(json_of(tree->settings), Not(HasSubstr("K-1234")));
  EXPECT_EQ(json_of(*model::find(tree->settings, {"feeds"})),
            R"([{"name": "a", "code": ""}, {"name": "b", "code": ""}])");
  EXPECT_THAT(tree->hidden, testing::Contains(model::SettingPath{"api_key"}));
}

}  // namespace
}  // namespace trueup::engine
