// Newer versions through the API and on the page, on an installation in memory.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "cli/web_test_support.h"
#include "store/local_source.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebUpdates : public WebTest {
 protected:
  WebUpdates() {
    for (const char* id : {"clock", "radar", "tide"}) {
      add_plugin(id, "1.0.0");
      sections_.emplace_back(id, R"({"enabled": false, "x": 1.50})");
    }
    configure(sections_);
    offer({{"clock", "1.0.0"}, {"radar", "2.0.0"}});
  }

  /// The registry of this installation has these from now on.
  void offer(const std::vector<std::pair<std::string, std::string>>& plugins) {
    std::string list;
    for (const auto& [id, version] : plugins) {
      list += fmt::format(R"({}{{"id": "{}", "name": "{}", "latest_version": "{}", "plugin_path": "plugins/{}"}})",
                          list.empty() ? "" : ", ", id, id, version, id);
      put_files(id, version);
    }
    write("registry/plugins.json", fmt::format(R"({{"plugins": [{}]}})", list));
    use_registry(source_);
    begin();
  }
  void put_files(const std::string& id, const std::string& version) {
    write("registry/plugins/" + id + "/manifest.json",
          fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", "entry_point": "manager.py",
                           "display_modes": ["{0}"]}})",
                      id, version));
    write("registry/plugins/" + id + "/manager.py", fmt::format("class P:\n    version = '{}'\n", version));
  }
  Response update(const std::string& id) {
    return post("/api/v3/plugins/update", fmt::format(R"({{"plugin_id": "{}"}})", id));
  }
  std::string version_of(const std::string& id) {
    const auto manifest = json::Document::parse(read("plugin-repos/" + id + "/manifest.json"));
    return manifest->root().find("version")->string().value();
  }

  store::LocalSource source_{disk, path("registry")};
  std::vector<std::pair<std::string, std::string>> sections_;
};

TEST_F(WebUpdates, a_newer_version_takes_the_place_of_the_old_one_and_undo_brings_that_back) {
  const std::string config = read("config/config.json");
  const Response answer = update("radar");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json_at(answer, {"status"}), "\"success\"");
  EXPECT_EQ(json_at(answer, {"message"}), "\"radar is updated: 2.0.0 is in the place of 1.0.0\"");
  EXPECT_EQ(json_at(answer, {"data", "commit"}), "null") << "the two fields that LEDMatrix's clients read";
  EXPECT_EQ(json_at(answer, {"data", "last_updated"}), "null");
  EXPECT_EQ(json_at(answer, {"data", "version"}), "\"2.0.0\"");
  EXPECT_EQ(version_of("radar"), "2.0.0");
  EXPECT_EQ(read("config/config.json"), config);
  const std::string number = json_at(answer, {"history"});
  EXPECT_EQ(post("/api/trueup/v1/undo", fmt::format(R"({{"n": {}}})", number)).status, 200);
  EXPECT_EQ(version_of("radar"), "1.0.0");
}

TEST_F(WebUpdates, what_is_the_latest_is_already_up_to_date_in_the_words_that_ledmatrixs_page_looks_for) {
  const Response answer = update("clock");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(json_at(answer, {"message"}), HasSubstr("already up to date"));
  EXPECT_EQ(json_at(answer, {"changed"}), "false");
  EXPECT_EQ(json_at(answer, {"data", "result"}), "\"up_to_date\"");
  const Response left = update("tide");
  EXPECT_EQ(left.status, 200) << "no store has it: that is no failure";
  EXPECT_THAT(json_at(left, {"message"}), HasSubstr("tide is left alone"));
}

TEST_F(WebUpdates, ledmatrixs_own_page_asks_with_a_form) {
  EXPECT_EQ(post_form("/api/v3/plugins/update?plugin_id=radar", "").status, 200);
  EXPECT_EQ(version_of("radar"), "2.0.0");
}

TEST_F(WebUpdates, F138_what_cannot_be_updated_says_why_and_changes_nothing) {
  const Response unknown = update("nobody");
  EXPECT_EQ(unknown.status, 404) << unknown.body;
  EXPECT_EQ(json_at(unknown, {"error_code"}), "\"PLUGIN_NOT_FOUND\"");
  EXPECT_EQ(update("../config").status, 400);
  EXPECT_EQ(post("/api/v3/plugins/update", "{}").status, 400);

  write("registry/plugins/radar/manifest.json", "{ not a manifest");
  const auto before = theirs(disk);
  const Response spoiled = update("radar");
  EXPECT_GE(spoiled.status, 400) << spoiled.body;
  EXPECT_EQ(json_at(spoiled, {"error_code"}), "\"PLUGIN_UPDATE_FAILED\"");
  EXPECT_THAT(json_at(spoiled, {"message"}), HasSubstr("radar is not updated"));
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/2"), {"data", "status"}), "\"failed\"");
}

TEST_F(WebUpdates, F138_a_store_that_cannot_be_read_is_no_proof_that_all_is_up_to_date) {
  write("registry/plugins.json", "{ broken");
  begin();
  const Response answer = update("radar");
  EXPECT_GE(answer.status, 500) << answer.body;
  EXPECT_THAT(answer.body, Not(HasSubstr("up to date")));
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "latest_version"}), "\"\"");
  EXPECT_THAT(get("/").body, HasSubstr("Whether there are newer versions cannot be told"));
}

TEST_F(WebUpdates, F128_of_all_of_them_each_has_its_result_and_one_that_fails_leaves_the_others_alone) {
  offer({{"clock", "1.0.0"}, {"radar", "2.0.0"}, {"tide", "3.0.0"}});
  write("registry/plugins/tide/manifest.json", "{ not a manifest");
  const Response answer = post("/api/trueup/v1/update", R"({"all": true})");
  EXPECT_EQ(answer.status, 207) << answer.body;
  EXPECT_EQ(json_at(answer, {"data", "successful"}), "false");
  EXPECT_EQ(json_at(answer, {"data", "results", "0", "result"}), "\"up_to_date\"");
  EXPECT_EQ(json_at(answer, {"data", "results", "1", "result"}), "\"updated\"");
  EXPECT_EQ(json_at(answer, {"data", "results", "2", "result"}), "\"failed\"");
  EXPECT_EQ(json_at(answer, {"data", "results", "3"}), "(not there)");
  EXPECT_THAT(json_at(answer, {"message"}), HasSubstr("1 updated, 1 already up to date, 1 not updated: tide ("));
  EXPECT_EQ(version_of("radar"), "2.0.0");
  EXPECT_EQ(version_of("tide"), "1.0.0");
}

TEST_F(WebUpdates, one_or_all_has_to_be_said) {
  EXPECT_EQ(post("/api/trueup/v1/update", "{}").status, 400);
  EXPECT_EQ(post("/api/trueup/v1/update", R"({"all": true, "plugin_id": "radar"})").status, 400);
  const Response one = post("/api/trueup/v1/update", R"({"plugin_id": "radar"})");
  EXPECT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(json_at(one, {"data", "results", "0", "plugin_id"}), "\"radar\"");
}

TEST_F(WebUpdates, the_list_and_the_page_tell_what_is_newer_until_it_is_here) {
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "latest_version"}), "\"2.0.0\"");
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "update_available"}), "true");
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "0", "update_available"}), "false");
  EXPECT_THAT(get("/").body, HasSubstr("id=\"update-radar\""));
  EXPECT_THAT(get("/").body, Not(HasSubstr("id=\"update-clock\"")));
  EXPECT_THAT(get("/").body, Not(HasSubstr("update-all"))) << "for one there is its own button";
  update("radar");
  EXPECT_THAT(get("/").body, Not(HasSubstr("id=\"update-radar\"")));
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "update_available"}), "false");
}

TEST_F(WebUpdates, F96_what_does_not_fit_this_ledmatrix_is_not_offered_as_an_update_and_the_version_it_needs_is_said) {
  const auto row = [this](const std::string& key) {
    return json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", key});
  };
  write("src/__init__.py", "__version__ = \"3.0.0\"\n");
  write("registry/plugins.json",
        R"({"plugins": [{"id": "radar", "latest_version": "2.0.0", "plugin_path": "plugins/radar",
                                     "ledmatrix_min_version": "2.0.0", "ledmatrix_min": "3.1.0"}]})");
  begin();
  EXPECT_EQ(row("update_available"), "false");
  EXPECT_EQ(row("latest_version"), "\"2.0.0\"");
  EXPECT_EQ(row("update_refused"), "\"this plugin asks for LEDMatrix 3.1.0 or newer, and this is 3.0.0\"");
  EXPECT_THAT(get("/").body, Not(HasSubstr("id=\"update-radar\"")));
  EXPECT_THAT(get("/").body,
              HasSubstr("2.0.0 is offered: this plugin asks for LEDMatrix 3.1.0 or newer, and this is 3.0.0"));
  write("src/__init__.py", "__version__ = \"3.1.0\"\n");
  begin();
  EXPECT_EQ(row("update_available"), "true");
  EXPECT_EQ(row("update_refused"), "null");
  EXPECT_THAT(get("/").body, HasSubstr("id=\"update-radar\""));
  EXPECT_THAT(get("/").body, Not(HasSubstr("is offered: ")));
}

TEST_F(WebUpdates, F96_nor_is_what_turned_out_not_to_fit_when_it_was_fetched) {
  write("src/__init__.py", "__version__ = \"3.0.0\"\n");
  std::string manifest = read("registry/plugins/radar/manifest.json");
  manifest.insert(manifest.find('{') + 1, R"("min_ledmatrix_version": "3.1.0", )");
  write("registry/plugins/radar/manifest.json", manifest);
  begin();
  EXPECT_THAT(get("/").body, HasSubstr("id=\"update-radar\"")) << "nobody knows yet";
  EXPECT_EQ(update("radar").status, 409);
  EXPECT_THAT(get("/").body, Not(HasSubstr("id=\"update-radar\"")));
  EXPECT_THAT(get("/").body,
              testing::AllOf(HasSubstr("2.0.0 is offered: "),
                             HasSubstr("this plugin asks for LEDMatrix 3.1.0 or newer, and this is 3.0.0")));
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "update_available"}), "false");
  EXPECT_THAT(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "update_refused"}),
              HasSubstr("`trueup update radar --retry`"))
      << "the page itself has no such button";
  EXPECT_EQ(version_of("radar"), "1.0.0");
}

TEST_F(WebUpdates, while_it_is_at_work_the_page_says_so_and_asks_no_second_time) {
  platform::FakeWorker paused;
  begin(nullptr, &paused);
  const auto first = ask_later(request(Method::post, "/api/v3/plugins/update", R"({"plugin_id": "radar"})"));
  EXPECT_THAT(get("/").body, HasSubstr("update of radar waits for its turn"));
  EXPECT_THAT(get("/").body, testing::ContainsRegex("id=\"update-radar\"[^>]*aria-busy=\"true\""));
  const auto again = ask_later(request(Method::post, "/api/v3/plugins/update", R"({"plugin_id": "radar"})"));
  EXPECT_EQ(post("/api/v3/plugins/toggle", R"({"plugin_id": "radar", "enabled": true})").status, 409);
  while (paused.do_next()) loop.settle();
  ASSERT_TRUE(*first && *again);
  EXPECT_EQ((*first)->body, (*again)->body) << "asked twice, done once";
  EXPECT_EQ(version_of("radar"), "2.0.0");
}

}  // namespace
}  // namespace trueup::cli
