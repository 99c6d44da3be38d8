// The store on a network as a person uses it: find, install, repair without network, further repositories.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/snapshot.h"
#include "support/store_home.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

struct StoreCommand : testing::Test {
  StoreHome store{TRUEUP_BINARY};
  Installation& home = store.home;
  Trueup& trueup = store.trueup;
};

TEST_F(StoreCommand, a_plugin_is_found_installed_and_known_to_be_there) {
  store.offer("clock", "1.2.0").offer("weather", "2.0.0").publish();
  const auto installed = trueup.run({"install", "clock"});
  ASSERT_EQ(installed.exit_status, 0) << installed.errors;
  EXPECT_THAT(installed.output, HasSubstr("clock 1.2.0 is installed"));
  EXPECT_THAT(installed.errors, HasSubstr("trueup: downloading clock\n")) << "in a pipe: plain lines";
  EXPECT_THAT(installed.errors, Not(HasSubstr("\r")));
  EXPECT_EQ(json_at(home.read("plugin-repos/clock/.trueup-receipt.json"), "/origin"),
            Json(store.server.url(StoreHome::kRegistry)).dump());
  EXPECT_FALSE(trueup.list()["clock"].enabled) << "nothing is switched on by itself";
  const auto found = trueup.run({"store", "search", "SHOWS"});
  EXPECT_THAT(found.output, HasSubstr("clock\t1.2.0\tinstalled 1.2.0\tsomeone\tshows clock"));
  EXPECT_THAT(found.output, HasSubstr("weather\t2.0.0\t\tsomeone\tshows weather"));
  EXPECT_THAT(trueup.run({"store", "search", "--category", "sport"}).output, Not(HasSubstr("clock")));
  EXPECT_THAT(trueup.run({"store", "show", "weather"}).output, HasSubstr("not installed"));
  EXPECT_EQ(trueup.run({"store", "show", "nothing"}).exit_status, 1);
  const auto undone = trueup.run({"undo"});
  EXPECT_EQ(undone.exit_status, 0) << undone.errors;
  EXPECT_FALSE(fs::exists(home.plugin("clock")));
}

TEST_F(StoreCommand, an_install_is_one_download_one_unpack_and_one_rename) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "there is no strace here, or it may not trace";
  store.offer("clock", "1.2.0").publish();
  CommandResult ran;
  std::vector<std::string> words = trueup.command({"install", "clock"});
  words.insert(words.begin(), {"env", "https_proxy="});
  const auto calls = writing_calls(words, &ran);
  ASSERT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_EQ(store.archive_requests(), 1U);
  const auto with = [&](std::string_view first, std::string_view second) {
    std::vector<std::string> found;
    for (const std::string& call : calls) {
      if (call.find(first) != std::string::npos && call.find(second) != std::string::npos) found.push_back(call);
    }
    return found;
  };
  EXPECT_EQ(with("\"manager.py\"", "O_CREAT").size(), 1U) << testing::PrintToString(with("\"manager.py\"", ""));
  EXPECT_EQ(with("rename", "plugin-repos>, \"clock\"").size(), 1U) << testing::PrintToString(with("rename", ""));
}

TEST_F(StoreCommand, what_does_not_fit_this_ledmatrix_is_said_before_it_is_fetched_and_never_fetched) {
  home.write("src/__init__.py", "__version__ = \"3.0.0\"\n");
  home.add_healthy("there", true, "1.0.0");
  store.offer("clock", "1.2.0", "", R"(, "ledmatrix_min_version": "3.1.0")")
      .offer("weather", "2.0.0", "", R"(, "versions": [{"version": "2.0.0", "ledmatrix_min": "3.0.0"}])")
      .offer("tide", "1.0.0", "", R"(, "compatible_versions": ["^2.0.0"])")
      .offer("there", "2.0.0", "", R"(, "ledmatrix_min": "99.0.0")")
      .publish();
  trueup.run({"store", "refresh"});
  const std::string found = trueup.run({"store", "search"}).output;
  EXPECT_THAT(found, HasSubstr("clock\t1.2.0\t\tsomeone\tdoes not fit this LEDMatrix: needs 3.1.0 or later, this is "
                               "3.0.0; shows clock\n"));
  EXPECT_THAT(found, HasSubstr("weather\t2.0.0\t\tsomeone\tshows weather\n"));
  EXPECT_THAT(found, HasSubstr("does not fit this LEDMatrix: is for ^2.0.0, this is 3.0.0; shows tide\n"));
  EXPECT_THAT(trueup.run({"store", "show", "clock"}).output,
              HasSubstr("  needs        LEDMatrix 3.1.0 or later\n"
                        "  but          does not fit this LEDMatrix: needs 3.1.0 or later, this is 3.0.0\n"));
  EXPECT_THAT(trueup.run({"store", "show", "weather"}).output,
              testing::AllOf(HasSubstr("  needs        LEDMatrix 3.0.0 or later\n"), Not(HasSubstr("does not fit"))));
  const Json shown = Json::parse(trueup.run({"--json", "store", "show", "clock"}).output)["plugins"][0];
  EXPECT_EQ(shown["does_not_fit"], "needs 3.1.0 or later, this is 3.0.0");
  EXPECT_EQ(shown["ledmatrix_min_version"], "3.1.0");

  const Snapshot whole = take_snapshot(home.root());
  const Snapshot before = take_snapshot(home.plugin("there"));
  const auto newer = trueup.run({"--json", "install", "clock"});
  EXPECT_EQ(newer.exit_status, 1);
  EXPECT_THAT(newer.output + newer.errors,
              HasSubstr("this plugin asks for LEDMatrix 3.1.0 or newer, and this is 3.0.0"));
  const auto other = trueup.run({"install", "tide"});
  EXPECT_EQ(other.exit_status, 1);
  EXPECT_THAT(other.errors, HasSubstr("this plugin is for LEDMatrix ^2.0.0, and this is 3.0.0"));
  EXPECT_EQ(take_snapshot(home.root()), whole) << "what is refused before it begins leaves no trace";
  const std::string updated = trueup.run({"--json", "update", "--all"}).output;
  EXPECT_EQ(*json_at(updated, "/results/0/reason"), "\"needs_newer_ledmatrix\"");
  home.set_enabled("clock", true).record("clock", true);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3) << "that is a person's";
  EXPECT_EQ(store.archive_requests(), 0U);
  EXPECT_FALSE(fs::exists(home.plugin("clock")));
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("there"))), "");

  home.write("src/__init__.py", "__version__ = \"3.1.0\"\n");
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0) << "LEDMatrix was updated";
  EXPECT_TRUE(fs::exists(home.plugin("clock")));
  EXPECT_THAT(trueup.run({"store", "show", "clock"}).output, Not(HasSubstr("does not fit")));
}

TEST_F(StoreCommand, an_earlier_copy_serves_when_the_network_is_gone) {
  home.add_healthy("there");  // an empty plugins directory is another question
  for (const char* id : {"clock", "weather"}) {
    store.offer(id);
    home.set_enabled(id, true).record(id, true);
  }
  store.publish();
  ASSERT_EQ(trueup.reconcile().ran.exit_status, 0);
  const auto whole = take_snapshot(home.plugin("clock"));
  fs::remove_all(home.plugin("clock"));
  fs::remove(home.plugin("weather") / "manager.py");
  const std::string path(StoreHome::kArchive);
  store.server.rules("{\"" + path + R"(": [{"status": 500}], "/plugins.json": [{"status": 500}]})");
  const Shown repaired = trueup.reconcile();
  EXPECT_EQ(repaired.ran.exit_status, 0) << repaired.message;
  EXPECT_EQ(difference(whole, take_snapshot(home.plugin("clock")), Compare::contents), "");
  EXPECT_EQ(store.archive_requests(), 1U);
  EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
}

TEST_F(StoreCommand, a_plan_before_and_after_is_the_same_without_the_server) {
  home.add_healthy("there");
  store.offer("clock").publish();
  home.set_enabled("clock", true).record("clock", true);
  EXPECT_EQ(trueup.plan().ran.exit_status, 5) << "what was never fetched is unknown";
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  const std::size_t asked = store.server.requests().size();
  const Shown plan = trueup.plan();
  EXPECT_EQ(plan.ran.exit_status, 2);
  EXPECT_EQ(plan.steps_to_do(), 1U);
  EXPECT_EQ(store.server.requests().size(), asked);
}

TEST_F(StoreCommand, a_list_that_shrank_is_taken_when_the_owner_says_so) {
  store.offer("a").offer("b").offer("c").publish();
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  store.server.put(StoreHome::kRegistry, R"({"plugins": [{"id": "a"}]})");
  const auto refused = trueup.run({"store", "refresh"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.output, HasSubstr("lists 1 plugins now and listed 3 before"));
  EXPECT_THAT(refused.output, HasSubstr("--anyway"));
  EXPECT_EQ(trueup.run({"store", "refresh", "--anyway"}).exit_status, 0);
  EXPECT_THAT(trueup.run({"store", "search"}).output, Not(HasSubstr("c\t")));
}

TEST_F(StoreCommand, a_plugin_is_looked_at_and_installed_by_the_address_of_its_repository) {
  store.offer("clock", "1.0.0").publish();
  const TempDirectory single;
  write_plugin(single.path(), "mine", "0.3.0");
  store.server.put("/me/mine/raw/main/manifest.json", read_file(single.path() / "manifest.json"));
  store.server.put("/me/mine/archive/refs/heads/main.zip", zip_of(entries_below(single.path(), "mine-main/")));
  store.server.put("/me/list.json", R"({"plugins": [{"id": "clock", "repo": ")" + store.server.url("/me/clock") +
                                        R"("}, {"id": "other", "repo": ")" + store.server.url("/me/o") + R"("}]})");
  const std::string url = store.server.url("/me/mine");
  const std::string told = trueup.run({"--json", "store", "show", url}).output;
  const Json offer = Json::parse(told)["plugins"];
  ASSERT_EQ(offer.size(), 1U) << told;
  EXPECT_EQ(offer[0]["id"], "mine");
  EXPECT_EQ(offer[0]["verified"], false);
  EXPECT_FALSE(fs::exists(home.root() / "config/saved_repositories.json")) << "to look is not to save";

  const auto installed = trueup.run({"install", url});
  EXPECT_EQ(installed.exit_status, 0) << installed.errors;
  EXPECT_THAT(installed.output, HasSubstr("mine 0.3.0 is installed, from " + url));
  EXPECT_THAT(home.read("config/saved_repositories.json"), HasSubstr(url));
  EXPECT_FALSE(trueup.list()["mine"].enabled) << "nothing is switched on by itself";

  const std::string list = store.server.url("/me/list.json");
  const auto which = trueup.run({"install", list});
  EXPECT_EQ(which.exit_status, 1);
  EXPECT_THAT(which.errors, HasSubstr("clock, other"));
  const auto listed = trueup.run({"install", list, "--id", "clock"});
  EXPECT_EQ(listed.exit_status, 1) << "what the registry lists is not taken from elsewhere";
  EXPECT_FALSE(fs::exists(home.plugin("clock")));
  EXPECT_THAT(home.read("config/saved_repositories.json"), Not(HasSubstr("list.json")));
  EXPECT_EQ(trueup.run({"install", "file:///etc"}).exit_status, 1);
}

TEST_F(StoreCommand, a_repository_of_the_owner_is_a_source_for_what_he_names_and_no_more) {
  store.offer("clock", "1.0.0").publish();
  const TempDirectory single;
  write_plugin(single.path(), "mine", "0.3.0");
  store.server.put("/me/mine/raw/main/manifest.json", read_file(single.path() / "manifest.json"));
  store.server.put("/me/mine/archive/refs/heads/main.zip", zip_of(entries_below(single.path(), "mine-main/")));
  store.server.put("/me/other.json", R"({"plugins": [{"id": "clock", "latest_version": "9.9.9", "verified": true,
                                        "repo": ")" +
                                         store.server.url("/me/clock") + R"("}]})");
  home.write("config/saved_repositories.json", "[\n  {\"url\": \"https://127.0.0.1:1/kept\", \"note\": 1.0}\n]");
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 1) << "one of the saved ones does not answer";

  const auto added = trueup.run({"store", "add", store.server.url("/me/mine.git/")});
  EXPECT_EQ(added.exit_status, 0) << added.errors;
  EXPECT_EQ(trueup.run({"store", "add", store.server.url("/me/other.json")}).exit_status, 0);
  const std::string saved = home.read("config/saved_repositories.json");
  EXPECT_THAT(saved, HasSubstr("\"note\": 1.0")) << "what another wrote stays";
  EXPECT_EQ(json_at(saved, "/1"), R"({"name":"mine","type":"single","url":")" + store.server.url("/me/mine") + "\"}");
  EXPECT_THAT(trueup.run({"store", "add", store.server.url("/me/mine")}).output, HasSubstr("already"));

  home.set_enabled("mine", true);
  EXPECT_EQ(trueup.reconcile().steps_to_do(), 0U) << "nobody named it";
  const auto installed = trueup.run({"install", "mine"});
  EXPECT_EQ(installed.exit_status, 0) << installed.errors;
  EXPECT_TRUE(fs::exists(home.plugin("mine") / "manifest.json"));
  EXPECT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  EXPECT_EQ(trueup.list()["clock"].version, "1.0.0") << "the main registry's row counts";
  const Json rows = Json::parse(trueup.run({"--json", "store", "show", "clock"}).output)["plugins"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["latest_version"], "1.0.0");
  EXPECT_EQ(rows[1]["verified"], false);

  EXPECT_EQ(trueup.run({"store", "remove", store.server.url("/me/mine")}).exit_status, 0);
  EXPECT_THAT(home.read("config/saved_repositories.json"), Not(HasSubstr("/me/mine\"")));
  EXPECT_TRUE(fs::exists(home.plugin("mine")));
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_THAT(home.read("config/saved_repositories.json"), HasSubstr("/me/mine\""));
  EXPECT_EQ(trueup.run({"store", "remove", "https://nowhere.example/x"}).exit_status, 1);
  EXPECT_EQ(trueup.run({"store", "add", "ext::sh -c id"}).exit_status, 1);
}

TEST_F(StoreCommand, an_address_whose_plugin_does_not_come_stays_saved_and_that_is_said) {
  store.offer("clock").publish();
  const TempDirectory single;
  write_plugin(single.path(), "mine", "0.3.0");
  store.server.put("/me/mine/raw/main/manifest.json", read_file(single.path() / "manifest.json"));
  const std::string url = store.server.url("/me/mine");
  const auto ran = trueup.run({"install", url});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_THAT(ran.errors, HasSubstr(url + " is saved now: `trueup store remove " + url + "` forgets it"));
  EXPECT_EQ(trueup.run({"store", "remove", url}).exit_status, 0);
}

TEST_F(StoreCommand, F96_the_floor_of_a_plugin_in_a_repository_of_its_own_is_shown_and_holds_before_it_is_fetched) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  store.offer("clock").publish();
  const TempDirectory single;
  write_plugin(single.path(), "mine", "0.3.0");
  Json manifest = Json::parse(read_file(single.path() / "manifest.json"));
  manifest["min_ledmatrix_version"] = "2.0.0";
  manifest["requires"] = {{"min_ledmatrix_version", "3.10.0"}};
  manifest["versions"] = {{{"version", "0.3.0"}, {"ledmatrix_min", "3.9.0"}}};
  store.server.put("/me/mine/raw/main/manifest.json", manifest.dump());
  const std::string archive = "/me/mine/archive/refs/heads/main.zip";
  store.server.put(archive, zip_of(entries_below(single.path(), "mine-main/")));
  ASSERT_EQ(trueup.run({"store", "add", store.server.url("/me/mine")}).exit_status, 0);
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  EXPECT_THAT(trueup.run({"store", "search", "mine"}).output, HasSubstr("needs 3.10.0 or later, this is 3.2.0"));
  ASSERT_EQ(trueup.run({"store", "remove", store.server.url("/me/mine")}).exit_status, 0);
  EXPECT_EQ(trueup.run({"install", store.server.url("/me/mine")}).exit_status, 1);
  EXPECT_THAT(home.read("config/saved_repositories.json"), Not(HasSubstr("/me/mine"))) << "nothing was changed";
  ASSERT_EQ(trueup.run({"store", "add", store.server.url("/me/mine")}).exit_status, 0);
  const auto refused = trueup.run({"install", "mine"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("asks for LEDMatrix 3.10.0 or newer, and this is 3.2.0"));
  EXPECT_FALSE(fs::exists(home.plugin("mine")));
  EXPECT_EQ(store.server.count(archive), 0U);
}

TEST_F(StoreCommand, the_official_registry_is_the_default_and_github_sees_the_token) {
  store.offer("clock").publish();
  home.set_secret("github", R"({"api_token": "ghp_of_the_owner"})");
  const std::string official = "/ChuckBuilds/ledmatrix-plugins/main/plugins.json";
  store.server.put(official, R"({"plugins": [{"id": "clock"}]})");
  const auto ran = run_command({TRUEUP_BINARY, "--root", home.root().string(), "store", "refresh"},
                               {.environment = {{"TRUEUP_REGISTRY", ""}, {"https_proxy", store.server.proxy()}}});
  EXPECT_EQ(ran.exit_status, 0) << ran.output << ran.errors;
  ASSERT_EQ(store.server.count(official), 1U);
  EXPECT_THAT(store.server.requests().back().headers, HasSubstr("Bearer ghp_of_the_owner"));
  EXPECT_EQ(store.server.requests().front().connect, "raw.githubusercontent.com:443");
}

TEST_F(StoreCommand, a_registry_may_be_a_file) {
  store.offer("clock").publish();
  const TempDirectory files;
  write_file(files.path() / "clock.zip", zip_of(store.archive()));
  write_file(files.path() / "plugins.json", R"({"plugins": [{"id": "clock", "plugin_path": "plugins/clock",
             "latest_version": "1.0.0", "download_url": "file://)" +
                                                (files.path() / "clock.zip").string() + R"("}]})");
  trueup.use_registry("file://" + (files.path() / "plugins.json").string());
  const auto ran = trueup.run({"install", "clock"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_TRUE(fs::exists(home.plugin("clock") / "manifest.json"));
}

TEST_F(StoreCommand, a_missing_plugin_comes_back_in_the_version_that_was_there_without_network) {
  home.add_healthy("there");
  store.offer("clock", "1.0.0").publish();
  ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  ASSERT_EQ(trueup.run({"enable", "clock"}).exit_status, 0);
  store.list_anew().offer("clock", "2.0.0").publish();
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"status": 404}]})");
  const std::size_t asked = store.server.requests().size();
  const auto lose_and_find = [&](const std::string& version) {
    fs::remove_all(home.plugin("clock"));
    EXPECT_THAT(trueup.run({"plan"}).output, HasSubstr("clock " + version));
    EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
    EXPECT_EQ(trueup.list()["clock"].version, version);
    EXPECT_TRUE(trueup.list()["clock"].enabled);
  };
  lose_and_find("1.0.0");
  EXPECT_EQ(store.server.requests().size(), asked);
  store.server.rules("{}");
  ASSERT_EQ(trueup.run({"update", "clock"}).exit_status, 0);
  const std::size_t updated = store.server.requests().size();
  lose_and_find("2.0.0");
  EXPECT_EQ(store.server.requests().size(), updated);
}

TEST_F(StoreCommand, a_list_of_five_hundred_plugins_is_one_request) {
  for (int i = 0; i < 500; ++i) {
    const std::string id = "plugin-" + std::to_string(i);
    store.list(R"({"id": ")" + id + R"(", "repo": ")" + store.server.url("/u/plugins") +
               R"(", "plugin_path": "plugins/)" + id + R"(", "latest_version": "1.0.0"})");
  }
  store.publish();
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  EXPECT_EQ(Json::parse(trueup.run({"--json", "store", "search"}).output)["plugins"].size(), 500U);
  EXPECT_EQ(trueup.run({"store", "show", "plugin-77"}).exit_status, 0);
  EXPECT_EQ(store.server.requests().size(), 1U);
}

TEST_F(StoreCommand, words_that_it_does_not_know_are_wrong_usage) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"store"},
                                                {"store", "sell"},
                                                {"store", "show"},
                                                {"store", "add"},
                                                {"store", "refresh", "x"},
                                                {"store", "show", "../x"},
                                                {"store", "search", "--anyway"}}) {
    EXPECT_EQ(trueup.run(words).exit_status, 64) << words.back();
  }
}

}  // namespace
}  // namespace trueup::test
