// Section L of the failures, and what else a store on a network can do to an installation.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/first_wait.h"
#include "support/snapshot.h"
#include "support/store_home.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Json = nlohmann::json;

struct Store : testing::Test {
  StoreHome store{TRUEUP_BINARY};
  Installation& home = store.home;
  Trueup& trueup = store.trueup;

  std::vector<std::string> installed() {
    std::vector<std::string> names;
    for (const auto& one : fs::directory_iterator(home.plugins())) {
      const std::string name = one.path().filename().string();
      if (!name.starts_with(".")) names.push_back(name);
    }
    return names;
  }
  std::vector<std::string> ids_in_store() {
    std::vector<std::string> ids;
    const Json answer = Json::parse(trueup.run({"--json", "store", "search"}).output);
    for (const Json& one : answer.at("plugins")) {
      ids.push_back(one.at("id"));
    }
    return ids;
  }
};

TEST_F(Store, an_install_over_a_plugin_that_fails_leaves_the_plugin_F29) {
  store.offer("hockey", "2.0.0").publish();
  home.add_healthy("hockey", true, "1.0.0");
  write_file(home.plugin("hockey") / "marker", "mine");
  trueup.run({"store", "refresh"});
  const auto fails = [&](std::string_view how, int status) {
    const auto ran = trueup.run({"install", "hockey"});
    EXPECT_EQ(ran.exit_status, status) << how << ran.errors;
    EXPECT_THAT(ran.errors, Not(IsEmpty())) << how;
    for (const auto& one : fs::directory_iterator(home.plugins())) {
      const std::string name = one.path().filename().string();
      EXPECT_TRUE(name == "hockey" || name == ".trueup.standalone-backup-work") << how << ": " << name;
    }
    EXPECT_EQ(read_file(home.plugin("hockey") / "marker"), "mine") << how;
    EXPECT_THAT(read_file(home.plugin("hockey") / "manifest.json"), HasSubstr("1.0.0")) << how;
  };
  const std::string archive(StoreHome::kArchive);
  store.server.rules(R"({")" + archive + R"(": [{"status": 404}]})");
  fails("not found", 1);
  store.server.rules(R"({")" + archive + R"(": [{"body": "<html>log in</html>"}]})");
  fails("a web page", 1);
  store.server.rules(R"({")" + archive + R"(": [{"file": ")" + archive + R"(", "cut": 300}]})");
  fails("broken off", 1);
  store.server.rules("{}");
  auto broken = store.archive();
  for (ZipEntry& one : broken) {
    if (one.name.ends_with("manifest.json")) one.bytes = "{\"id\": ";
  }
  store.put_archive(zip_of(broken));
  fails("a broken manifest", 1);
  EXPECT_TRUE(trueup.list()["hockey"].enabled);
}

TEST_F(Store, a_plugin_under_another_id_is_replaced_only_by_what_fits_F30) {
  store.offer("weather", "2.7.0", "ledmatrix-weather").publish();
  home.add_healthy("ledmatrix-weather", true, "2.6.6");
  auto needs_more = store.archive();
  for (ZipEntry& one : needs_more) {
    if (!one.name.ends_with("manifest.json")) continue;
    Json manifest = Json::parse(one.bytes);
    manifest["min_ledmatrix_version"] = "99.0.0";
    one.bytes = manifest.dump();
  }
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  store.put_archive(zip_of(needs_more));
  const auto refused = trueup.run({"install", "weather"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("99.0.0")) << "both versions are named";
  EXPECT_THAT(refused.errors, HasSubstr("3.2.0"));
  EXPECT_THAT(read_file(home.plugin("ledmatrix-weather") / "manifest.json"), HasSubstr("2.6.6"));
  EXPECT_EQ(installed(), std::vector<std::string>{"ledmatrix-weather"});

  const auto fits = [&needs_more](const std::string& manifest_says) {
    auto files = needs_more;
    for (ZipEntry& one : files) {
      if (one.name.ends_with("manifest.json")) one.bytes = manifest_says;
    }
    return zip_of(files);
  };
  store.put_archive(fits("{\"id\": \"ledmatrix-wea"));
  EXPECT_EQ(trueup.run({"install", "weather"}).exit_status, 1) << "its manifest is broken";
  EXPECT_THAT(read_file(home.plugin("ledmatrix-weather") / "manifest.json"), HasSubstr("2.6.6"));

  Json whole;
  for (const ZipEntry& one : needs_more) {
    if (one.name.ends_with("manifest.json")) whole = Json::parse(one.bytes);
  }
  whole["min_ledmatrix_version"] = "2.0.0";
  store.put_archive(fits(whole.dump()));
  const auto done = trueup.run({"install", "weather"});
  EXPECT_EQ(done.exit_status, 0) << done.output << done.errors;
  EXPECT_THAT(done.output, HasSubstr("ledmatrix-weather 2.7.0")) << "its real id is told";
  EXPECT_THAT(read_file(home.plugin("ledmatrix-weather") / "manifest.json"), HasSubstr("2.7.0"));
  EXPECT_EQ(installed(), std::vector<std::string>{"ledmatrix-weather"});
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(json_at(read_file(home.state()), "/states/ledmatrix-weather/version"), "\"2.7.0\"");
  EXPECT_FALSE(json_at(read_file(home.state()), "/states/weather"));
  EXPECT_FALSE(json_at(read_file(home.config()), "/weather"));
}

TEST_F(Store, what_is_refused_is_not_downloaded_again_until_its_entry_changes_F94) {
  home.add_healthy("there");  // an empty plugins directory is another question
  store.offer("clock").publish();
  home.set_enabled("clock", true).record("clock", true);
  auto wrong = store.archive();
  for (ZipEntry& one : wrong) {
    if (one.name.ends_with("manifest.json")) one.bytes = R"({"id": "another", "name": "x", "display_modes": []})";
  }
  store.put_archive(zip_of(wrong));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(trueup.reconcile().ran.exit_status, 3);
  EXPECT_EQ(store.archive_requests(), 1U);
  EXPECT_EQ(trueup.run({"reconcile", "--retry"}).exit_status, 3);
  EXPECT_EQ(installed(), std::vector<std::string>{"there"});
}

TEST_F(Store, a_registry_that_cannot_be_reached_is_not_an_empty_one_F59) {
  home.add_healthy("there");
  for (int i = 0; i < 10; ++i) {
    const std::string id = "plugin-" + std::to_string(i);
    store.offer(id);
    home.set_enabled(id, true).record(id, true);
  }
  store.publish();
  const std::string path(StoreHome::kRegistry);
  for (const std::string answer :
       {R"([{"status": 500}])", R"([{"body": "<html>"}])", R"([{"body": "x", "length": 9}])"}) {
    store.server.rules("{\"" + path + "\": " + answer + "}");
    const Shown offline = trueup.reconcile();
    EXPECT_EQ(offline.ran.exit_status, 5) << answer;
    EXPECT_EQ(offline.sources.at("registry"), "unreadable");
    EXPECT_EQ(offline.steps_to_do(), 0U);
    EXPECT_EQ(installed(), std::vector<std::string>{"there"});
  }
  store.server.rules("{}");
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0) << "no restart, and nothing forced";
  EXPECT_EQ(installed().size(), 11U);
  EXPECT_EQ(store.archive_requests(), 1U) << "one archive holds them all";
}

TEST_F(Store, a_server_that_is_busy_for_a_moment_is_asked_again_F61) {
  store.offer("clock").publish();
  const std::string archive(StoreHome::kArchive);
  store.server.rules(R"({")" + archive + R"(": [{"status": 503}, {"status": 503}, {"file": ")" + archive + R"("}]})");
  const auto ran = trueup.run({"install", "clock"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_EQ(store.archive_requests(), 3U);
}

TEST_F(Store, a_host_that_fails_is_left_in_peace_and_everything_from_it_goes_on_together_F61) {
  home.add_healthy("there");
  for (const char* id : {"one", "two", "three"}) {
    store.offer(id);
    home.set_enabled(id, true).record(id, true);
  }
  store.publish();
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"body": "<html>log in</html>"}]})");
  const FirstWait wait;
  EXPECT_NE(trueup.reconcile().ran.exit_status, 0);
  const std::size_t asked = store.archive_requests();
  for (int i = 0; i < 3; ++i) {
    const Shown waits = trueup.reconcile();
    if (wait.is_over()) GTEST_SKIP() << FirstWait::kTooSlow;
    for (const char* id : {"one", "two", "three"}) {
      const ShownFinding* found = waits.finding(std::string("plugin_missing_on_disk:") + id);
      ASSERT_NE(found, nullptr) << id;
      EXPECT_EQ(found->reason, "source_waits") << id;
      EXPECT_THAT(found->advice, HasSubstr("pending: " + store.server.place()));
    }
    EXPECT_EQ(waits.steps_to_do(), 0U);
  }
  EXPECT_EQ(store.archive_requests(), asked) << "nothing is asked because a pass is made";
  store.server.rules("{}");
  EXPECT_EQ(trueup.run({"reconcile", "one"}).exit_status, 0) << "what is asked for by name is tried";
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0) << "it answers again: all that waited is due at once";
  EXPECT_EQ(installed().size(), 4U);
}

TEST_F(Store, what_the_server_does_not_have_is_not_asked_for_again_until_its_entry_changes_F61) {
  home.add_healthy("there");
  store.offer("clock");
  home.set_enabled("clock", true).record("clock", true);
  store.publish();
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"status": 404}]})");
  for (int i = 0; i < 3; ++i) {
    const Shown missing = trueup.reconcile();
    EXPECT_EQ(missing.ran.exit_status, 3) << "a person is told";
    const ShownFinding* found = missing.finding("plugin_missing_on_disk:clock");
    ASSERT_NE(found, nullptr);
    EXPECT_TRUE(i == 0 || found->advice.find("(404)") != std::string::npos) << found->advice;
  }
  EXPECT_EQ(store.archive_requests(), 1U);
  store.server.rules("{}");
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3) << "as long as nothing says that it is there now";
  EXPECT_EQ(store.archive_requests(), 1U);
  store.list_anew().offer("clock", "1.0.1").publish();
  trueup.run({"store", "refresh"});
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_EQ(trueup.list()["clock"].version, "1.0.1");
}

TEST_F(Store, a_damaged_archive_is_left_in_peace_and_holds_up_nothing_else_of_its_host_F61) {
  home.add_healthy("there");
  store.offer("one").list(R"({"id": "two", "name": "two", "latest_version": "1.0.0", "repo": ")" +
                          store.server.url("/u/two") + R"(", "branch": "main", "plugin_path": "plugins/two"})");
  for (const char* id : {"one", "two"}) home.set_enabled(id, true).record(id, true);
  store.publish();
  constexpr const char* kSecond = "/u/two/archive/refs/heads/main.zip";
  store.server.put(kSecond, "no archive at all");
  const FirstWait wait;
  EXPECT_NE(trueup.reconcile().ran.exit_status, 0);
  EXPECT_THAT(installed(), testing::UnorderedElementsAre("there", "one"));
  EXPECT_EQ(store.server.count(kSecond), 1U);
  for (int i = 0; i < 3; ++i) {
    const Shown waits = trueup.reconcile();
    if (wait.is_over()) GTEST_SKIP() << FirstWait::kTooSlow;
    const ShownFinding* found = waits.finding("plugin_missing_on_disk:two");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->reason, "offer_waits");
    EXPECT_THAT(found->advice, HasSubstr("pending: it failed a moment ago"));
    EXPECT_EQ(waits.steps_to_do(), 0U);
  }
  EXPECT_EQ(store.server.count(kSecond), 1U) << "nothing is asked because a pass is made";
  std::size_t failures = 0;
  const Json history = Json::parse(trueup.run({"--json", "history"}).output);
  for (const Json& line : history["history"]) {
    const bool failed = line["result"].get<std::string>().starts_with("failed: install two 1.0.0");
    failures += failed ? 1U : 0U;
    EXPECT_TRUE(!failed || line["plugin_id"] == "two");
  }
  EXPECT_EQ(failures, 1U) << "it is told when it begins to fail: " << history;
  store.server.put(kSecond, zip_of(entries_below(store.in_repository("one").parent_path(), "two-main/plugins/")));
  const int status = trueup.reconcile().ran.exit_status;
  if (wait.is_over()) GTEST_SKIP() << FirstWait::kTooSlow;
  EXPECT_NE(status, 3) << "it waits; a person has nothing to do";
  EXPECT_EQ(trueup.run({"reconcile", "one"}).exit_status, 0) << "what is asked for by name is another plugin";
  EXPECT_EQ(store.server.count(kSecond), 1U);
  fs::create_directories(store.in_repository("two"));
  write_plugin(store.in_repository("two"), "two", "1.0.0");
  store.server.put(kSecond, zip_of(entries_below(store.in_repository("two").parent_path(), "two-main/plugins/")));
  EXPECT_EQ(trueup.run({"reconcile", "--retry"}).exit_status, 0) << "it is forgotten";
  EXPECT_THAT(installed(), testing::UnorderedElementsAre("there", "one", "two"));
  fs::remove_all(home.plugin("two"));
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0) << "what once worked is not waited for";
}

TEST_F(Store, a_plugin_with_a_shorter_id_in_the_store_is_known_to_be_there_F63) {
  store.offer("weather", "2.7.0", "ledmatrix-weather").publish();
  for (int i = 0; i < 4; ++i) {
    const auto ran = trueup.run({"install", "weather"});
    EXPECT_EQ(ran.exit_status, 0) << ran.errors;
    EXPECT_THAT(ran.output, HasSubstr("ledmatrix-weather"));
    EXPECT_THAT(ran.output, HasSubstr(i > 0 ? "already" : "is installed"));
  }
  EXPECT_EQ(store.archive_requests(), 1U);
  const Json shown = Json::parse(trueup.run({"--json", "store", "show", "weather"}).output);
  EXPECT_EQ(shown["plugins"][0]["installed_id"], "ledmatrix-weather");
  EXPECT_EQ(shown["plugins"][0]["installed_version"], "2.7.0");
}

TEST_F(Store, a_good_list_stays_through_everything_that_is_not_better_F119) {
  store.offer("clock").offer("weather").publish();
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  const auto ids = ids_in_store();
  const std::string path(StoreHome::kRegistry);
  for (const std::string answer : {R"([{"status": 500}])", R"([{"body": "<html>"}])",
                                   R"([{"body": "{\"plugins\": []}"}])", R"([{"body": "{"}])"}) {
    store.server.rules("{\"" + path + "\": " + answer + "}");
    EXPECT_EQ(trueup.run({"store", "refresh"}).exit_status, 1) << answer;
    EXPECT_EQ(ids_in_store(), ids) << answer;
  }
  EXPECT_THAT(trueup.run({"status"}).output + trueup.run({"doctor"}).output, HasSubstr("not believed"));
}

TEST_F(Store, lists_and_plans_ask_nobody_F120) {
  store.offer("clock").publish();
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  const std::size_t asked = store.server.requests().size();
  store.server.rules(R"({"/plugins.json": [{"hang": true}]})");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"store", "search"}, {"store", "show", "clock"}, {"list"}, {"status"}, {"plan"}}) {
    EXPECT_EQ(trueup.run(words).exit_status, 0) << words.front();
  }
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0) << "it was asked a moment ago";
  EXPECT_EQ(store.server.requests().size(), asked);
}

TEST_F(Store, one_bad_entry_spoils_no_good_one_F122) {
  store.offer("clock")
      .list("{}")
      .list(R"({"id": null})")
      .list(R"({"id": 5})")
      .list(R"({"id": "../x"})")
      .list(R"({"id": "clock", "name": "a second one"})")
      .list(R"({"id": "odd", "name": null, "tags": "x", "latest_version": 1.2, "author": [], "repo": 7})")
      .list(R"({"id": "unhashed", "sha256": "no digest"})")
      .list(R"({"id": "skin", "type": "skin"})")
      .list("7")
      .offer("weather")
      .publish();
  EXPECT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  EXPECT_EQ(ids_in_store(), (std::vector<std::string>{"clock", "odd", "weather"}));
  EXPECT_THAT(trueup.run({"store", "search", "second"}).output, Not(HasSubstr("clock"))) << "the first one counts";
  EXPECT_EQ(trueup.run({"install", "weather"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"install", "odd"}).exit_status, 1);
  EXPECT_THAT(trueup.run({"doctor"}).output, HasSubstr("no SHA-256 digest"));
}

TEST_F(Store, a_branch_is_asked_for_by_its_whole_name_F124) {
  const std::map<std::string, std::string> branches{{"one", "pizzip"}, {"two", "feature/x"}, {"three", "v1.zip"}};
  for (const auto& [id, branch] : branches) {
    store.list(R"({"id": ")" + id + R"(", "repo": ")" + store.server.url("/u/my.github.io.git/") + R"(", "branch": ")" +
               branch + "\"}");
  }
  store.list(R"({"id": "option", "repo": ")" + store.server.url("/u/r") + R"(", "branch": "-x"})");
  store.publish();
  for (const auto& [id, branch] : branches) {
    trueup.run({"install", id});
    EXPECT_EQ(store.server.count("/u/my.github.io/archive/refs/heads/" + branch + ".zip"), 1U) << branch;
  }
  EXPECT_EQ(trueup.run({"install", "option"}).exit_status, 1);
}

TEST_F(Store, an_archive_that_is_not_the_promised_one_is_told_by_both_digests_F125) {
  store.offer("clock", "1.0.0", "", R"(, "sha256": ")" + std::string(64, 'a') + "\"").publish();
  const auto ran = trueup.run({"install", "clock"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_THAT(ran.errors, HasSubstr("expected " + std::string(64, 'a') + ", got "));
  EXPECT_EQ(store.archive_requests(), 2U) << "tried again once";
  EXPECT_THAT(installed(), IsEmpty());
}

TEST_F(Store, only_the_promised_folder_is_installed_or_nothing_F126) {
  store.offer("clock").publish();
  const auto manifest = R"({"id": "clock", "name": "Clock", "display_modes": [], "class_name": "A"})";
  const std::vector<std::vector<ZipEntry>> archives{
      {},
      {{"a/", "", 0040755}, {"b/", "", 0040755}},
      {{"r/clock/manifest.json", manifest}},
      {{"r/plugins/clock-evil/manifest.json", manifest}},
      {{"r/plugins/clock/sub/manifest.json", manifest}},
      {{"one/plugins/clock/manifest.json", manifest}, {"two/x", "x"}},
  };
  for (const auto& archive : archives) {
    store.put_archive(zip_of(archive));
    EXPECT_EQ(trueup.run({"install", "clock"}).exit_status, 1) << archive.size();
    EXPECT_THAT(installed(), IsEmpty());
  }
  for (const char* odd : {"plugins//clock/", "./plugins/clock"}) {
    StoreHome other(TRUEUP_BINARY);
    write_plugin(other.in_repository("clock"), "clock", "1.0.0");
    other.list(R"({"id": "clock", "repo": ")" + other.server.url("/u/plugins") + R"(", "plugin_path": ")" + odd +
               "\"}");
    other.publish();
    const auto ran = other.trueup.run({"install", "clock"});
    EXPECT_EQ(ran.exit_status, 0) << odd << ran.errors;
    EXPECT_TRUE(fs::exists(other.home.plugin("clock") / "manifest.json")) << odd;
  }
}

TEST_F(Store, two_installs_at_the_same_moment_are_one_F109) {
  store.offer("clock").publish();
  std::vector<std::string> shell{"sh", "-c", R"("$@" & "$@" & wait)", "sh"};
  for (const std::string& word : trueup.command({"install", "clock"})) shell.push_back(word);
  const auto ran = run_command(shell, {.environment = {{"https_proxy", ""}}, .timeout = std::chrono::seconds(30)});
  EXPECT_FALSE(ran.timed_out);
  EXPECT_EQ(store.archive_requests(), 1U) << ran.output << ran.errors;
  EXPECT_EQ(installed(), std::vector<std::string>{"clock"});
}

TEST_F(Store, nothing_is_written_outside_whatever_an_archive_names_F145) {
  store.offer("clock").publish();
  trueup.run({"store", "refresh"});
  const auto around = take_snapshot(home.config().parent_path());
  for (const char* name :
       {"../../config/config.json", "/abs", "C:\\x", "a\\..\\..\\b", "plugins-main/../../x", "./../x"}) {
    auto archive = store.archive();
    archive.push_back({name, "evil"});
    store.put_archive(zip_of(archive));
    const auto ran = trueup.run({"install", "clock"});
    EXPECT_EQ(ran.exit_status, 1) << name;
    EXPECT_THAT(ran.errors, HasSubstr("the archive holds a name")) << name;
    EXPECT_THAT(installed(), IsEmpty()) << name;
  }
  EXPECT_EQ(difference(around, take_snapshot(home.config().parent_path())), "");
}

TEST_F(Store, an_archive_made_to_fill_a_disk_leaves_nothing_behind_F147) {
  store.offer("clock").publish();
  trueup.run({"store", "refresh"});
  const auto leaves_nothing = [&](std::string_view what, const std::string& says) {
    const auto ran = trueup.run({"install", "clock"});
    EXPECT_EQ(ran.exit_status, 1) << what;
    EXPECT_THAT(ran.errors, HasSubstr(says)) << what;
    EXPECT_THAT(installed(), IsEmpty()) << what;
    EXPECT_THAT(files_containing(home.root() / ".trueup", "plugins-main"), IsEmpty()) << what << ": the download stays";
    const fs::path staging = home.plugins() / ".trueup.standalone-backup-work/staging";
    EXPECT_TRUE(!fs::exists(staging) || fs::is_empty(staging)) << what;
  };
  const auto with = [&](const std::vector<std::string>& names) {
    auto entries = store.archive();
    for (const std::string& name : names) entries.push_back({"plugins-main/plugins/clock/" + name, "x"});
    store.put_archive(zip_of(entries));
  };
  std::vector<std::string> many;
  for (int i = 0; i < 21'000; ++i) many.push_back("f" + std::to_string(i));
  with(many);
  leaves_nothing("many files", "more than");
  with({"same", "same"});
  leaves_nothing("one name twice", "one name twice");
  with({"same", "SAME"});
  leaves_nothing("one name but for its letters' case", "one name twice, but for capital letters");
  with({std::string(4096, 'n')});
  leaves_nothing("a long name", "a name that is too long");
  std::string deep;
  for (int i = 0; i < 50; ++i) deep += "d/";
  with({deep + "f"});
  leaves_nothing("many levels", "levels deep");
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"body": "PK", "length": 4000000000}]})");
  leaves_nothing("what claims to have no end", "it is larger than");
  store.server.rules("{}");
  with({"same"});
  EXPECT_EQ(trueup.run({"install", "clock"}).exit_status, 0) << "a limit is for what is over it";
}

TEST_F(Store, a_registry_leads_nobody_into_the_own_network_F148) {
  WebServer house;
  house.put("/x.zip", "secret");
  const std::string inside = house.url("/x.zip");
  store.server.rules(R"({"/away.zip": [{"status": 302, "headers": {"Location": ")" + inside + R"("}}]})");
  int number = 0;
  for (const std::string& url :
       std::vector<std::string>{inside, "https://localhost:" + house.port() + "/x.zip", "http://127.0.0.1/x.zip",
                                std::string("file:///etc/passwd"), store.server.url("/away.zip")}) {
    store.list(R"({"id": "p)" + std::to_string(number++) + R"(", "download_url": ")" + url + "\"}");
  }
  store.publish();
  for (int i = 0; i < number; ++i) EXPECT_EQ(trueup.run({"install", "p" + std::to_string(i)}).exit_status, 1) << i;
  EXPECT_THAT(house.requests(), IsEmpty());
  EXPECT_THAT(installed(), IsEmpty());
}

TEST_F(Store, an_offer_that_is_another_plugin_changes_nothing_F90) {
  store.offer("bar").publish();
  home.add_healthy("baz");
  auto other = store.archive();
  for (ZipEntry& one : other) {
    if (one.name.ends_with("manifest.json")) {
      Json manifest = Json::parse(one.bytes);
      manifest["id"] = "baz";
      one.bytes = manifest.dump();
    }
  }
  store.put_archive(zip_of(other));
  const auto before = take_snapshot(home.plugin("baz"));
  const auto ran = trueup.run({"install", "bar"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_THAT(ran.errors, HasSubstr("different plugin"));
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("baz"))), "");
  EXPECT_EQ(installed(), std::vector<std::string>{"baz"});
}

TEST_F(Store, an_install_by_any_name_takes_every_note_of_a_removal_away_F52) {
  store.offer("weather", "1.0.0", "ledmatrix-weather").publish();
  home.add_tombstone("ledmatrix-weather");
  store.server.rules(R"({")" + std::string(StoreHome::kArchive) + R"(": [{"status": 404}]})");
  EXPECT_EQ(trueup.run({"install", "weather"}).exit_status, 1);
  EXPECT_THAT(read_file(home.tombstones()), HasSubstr("ledmatrix-weather")) << "a failed install changes nothing";
  store.server.rules("{}");
  EXPECT_EQ(trueup.run({"install", "weather"}).exit_status, 0);
  EXPECT_THAT(read_file(home.tombstones()), Not(HasSubstr("ledmatrix-weather")));
  for (int i = 0; i < 3; ++i) trueup.reconcile();
  EXPECT_EQ(installed(), std::vector<std::string>{"ledmatrix-weather"});
}

}  // namespace
}  // namespace trueup::test
