// What the page says of findings and plugins, and what it offers to do about them.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "cli/web_test_support.h"
#include "store/local_source.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebPage : public WebTest {
 protected:
  WebPage() {
    add_plugin("clock");
    add_plugin("lamp");
    configure({{"clock", R"({"enabled": true})"}, {"lamp", R"({"enabled": false})"}});
  }
  /// Whether there is a button of that name.
  static bool offers(const Response& page, const std::string& label) {
    return page.body.find(">" + label + "<") != std::string::npos;
  }
};

TEST_F(WebPage, why_a_plugin_is_not_on_the_display_is_told_link_by_link) {
  const Response off = get("/plugins/lamp/why");
  EXPECT_EQ(off.status, 200);
  EXPECT_THAT(off.body, HasSubstr("lamp is not on the display, because it is not wanted"));
  EXPECT_THAT(off.body, HasSubstr("<code>config/config.json</code>"));
  EXPECT_THAT(off.body, HasSubstr("Nothing that trueup knows of"));
  post("/api/v3/plugins/toggle", R"({"plugin_id": "lamp", "enabled": true})");
  const Response on = get("/parts/why/lamp");
  EXPECT_THAT(on.body, Not(HasSubstr("is not on the display")));
  EXPECT_THAT(on.body, HasSubstr("id=\"undo-1\"")) << "what was done to it can be taken back here";
  EXPECT_EQ(get("/plugins/nobody/why").status, 404);
  EXPECT_EQ(get("/parts/why/no%20id").status, 404);
}

TEST_F(WebPage, a_damaged_plugin_says_what_is_wrong_with_it_also_when_it_is_to_be_left_alone) {
  write("plugin-repos/lamp/manifest.json", "{ broken");
  const std::string finding = json_at(get("/api/trueup/v1/findings?plugin_id=lamp"), {"data", "0", "finding"});
  EXPECT_TRUE(offers(get("/"), "Snooze for a week")) << get("/").body;
  const Response snoozed = post("/api/trueup/v1/ignore", fmt::format(R"({{"finding": {}, "seconds": 60}})", finding));
  ASSERT_EQ(snoozed.status, 200) << snoozed.body;
  const std::string page = get("/").body;
  EXPECT_THAT(page, HasSubstr("All is well"));
  EXPECT_THAT(page, testing::ContainsRegex("class=\"problem\">[^<]*manifest.json cannot be read"));
}

TEST_F(WebPage, what_was_snoozed_can_be_told_again) {
  write("plugin-repos/lamp/manifest.json", "{ broken");
  const std::string finding = json_at(get("/api/trueup/v1/findings?plugin_id=lamp"), {"data", "0", "finding"});
  EXPECT_FALSE(offers(get("/"), "Tell me again"));
  post("/api/trueup/v1/ignore", fmt::format(R"({{"finding": {}}})", finding));
  EXPECT_TRUE(offers(get("/"), "Tell me again"));
  EXPECT_EQ(post("/api/trueup/v1/undo", R"({"n": 1})").status, 200);
  EXPECT_FALSE(offers(get("/"), "Tell me again"));
  EXPECT_TRUE(offers(get("/"), "Snooze for a week"));
}

TEST_F(WebPage, what_cannot_be_read_cannot_be_snoozed_and_its_copy_is_one_button_away) {
  post("/api/v3/plugins/toggle", R"({"plugin_id": "lamp", "enabled": true})");
  write("config/config.json", R"({"clock": {"enabled": true}, "la)");
  const Response page = get("/");
  EXPECT_THAT(page.body, HasSubstr("config/config.json could not be read"));
  EXPECT_FALSE(offers(page, "Snooze for a week"));
  EXPECT_TRUE(offers(page, "Restore"));
}

TEST_F(WebPage, what_a_pass_did_can_be_taken_back_by_its_numbers) {
  add_plugin("stray");
  const auto before = read("config/config.json");
  const Response mended = post("/api/trueup/v1/reconcile", "{}");
  const std::string numbers = json_at(mended, {"data", "history"});
  EXPECT_EQ(numbers, "[1]") << mended.body;
  EXPECT_THAT(read("config/config.json"), HasSubstr("stray"));
  EXPECT_EQ(post("/api/trueup/v1/undo", R"({"n": 1})").status, 200);
  EXPECT_EQ(read("config/config.json"), before);
}

TEST_F(WebPage, check_now_looks_also_where_nothing_told_of_a_change) {
  get("/");
  ports.clock.advance(std::chrono::hours(1));
  loop.advance(std::chrono::milliseconds(1));
  // Deep in a plugin: no file that is asked before each answer tells of it, and nobody watches here.
  write("plugin-repos/lamp/manifest.json", "{ broken");
  EXPECT_THAT(get("/").body, HasSubstr("All is well"));
  const Response checked = post("/api/trueup/v1/check", "{}");
  EXPECT_EQ(json_at(checked, {"data", "manual"}), "1") << checked.body;
  EXPECT_THAT(get("/").body, HasSubstr("1 for you to decide"));
}

TEST_F(WebPage, the_store_says_what_was_fetched_and_found_unfit) {
  write("registry/plugins.json", R"({"plugins": [
      {"id": "radar", "name": "Radar", "latest_version": "1.0.0", "category": "time", "plugin_path": "plugins/radar"},
      {"id": "tide", "name": "Tide", "latest_version": "1.0.0", "category": "sea", "plugin_path": "plugins/tide"}]})");
  write("registry/plugins/radar/manifest.json", R"({"id": "another", "name": "Radar", "version": "1.0.0",
      "class_name": "P", "entry_point": "manager.py", "display_modes": ["radar"]})");
  write("registry/plugins/radar/manager.py", "class P:\n    pass\n");
  const store::LocalSource source(disk, path("registry"));
  use_registry(source);
  begin();
  EXPECT_THAT(get("/store").body, HasSubstr("<option>sea</option><option>time</option>"));
  EXPECT_THAT(get("/store").body, Not(HasSubstr("fetched and refused")));
  configure({{"clock", R"({"enabled": true})"}, {"lamp", R"({"enabled": false})"}, {"radar", R"({"enabled": true})"}});
  post("/api/trueup/v1/reconcile", "{}");
  EXPECT_THAT(get("/store").body, HasSubstr("It was fetched and refused: "));
}

TEST_F(WebPage, the_store_says_what_does_not_fit_this_ledmatrix_and_has_no_button_for_it) {
  write("src/__init__.py", "__version__ = \"3.0.0\"\n");
  write("registry/plugins.json", R"({"plugins": [
      {"id": "radar", "latest_version": "1.0.0", "plugin_path": "plugins/radar", "ledmatrix_min_version": "3.1"},
      {"id": "tide", "latest_version": "1.0.0", "plugin_path": "plugins/tide", "ledmatrix_min_version": "3.0"}]})");
  const store::LocalSource source(disk, path("registry"));
  use_registry(source);
  begin();
  const std::string page = get("/store").body;
  EXPECT_THAT(page, HasSubstr("It does not fit this LEDMatrix: needs 3.1 or later, this is 3.0.0"));
  EXPECT_EQ(page.find("does not fit"), page.rfind("does not fit")) << "only of one of the two";
  EXPECT_THAT(page, Not(HasSubstr("id=\"install-radar\"")));
  EXPECT_THAT(page, HasSubstr("id=\"install-tide\""));
}

TEST_F(WebPage, sentences_begin_and_end_as_sentences_do_and_ids_stay_as_they_are) {
  add_plugin("stray");
  EXPECT_THAT(get("/").body,
              HasSubstr("<p>Add &quot;stray&quot;: {&quot;enabled&quot;: false} to config/config.json.</p>"));
}

}  // namespace
}  // namespace trueup::cli
