// Which version an update takes, from where, and what it says of each plugin.
#include <gmock/gmock.h>

#include <thread>

#include "update_support.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

struct UpdateResults : UpdateTest {};

TEST_F(UpdateResults, the_stores_short_name_and_the_plugins_own_lead_to_the_same_one_F82) {
  for (const std::string word : {"stocks", "ledmatrix-stocks", "--all"}) {
    StoreHome other(TRUEUP_BINARY);
    other.home.add_plugin("ledmatrix-stocks", "1.0.0").set_enabled("ledmatrix-stocks", true);
    other.offer("stocks", "2.0.0", "ledmatrix-stocks").publish();
    const auto done = other.trueup.run({"--json", "update", word});
    EXPECT_EQ(done.exit_status, 0) << word << done.output << done.errors;
    EXPECT_EQ(*json_at(done.output, "/results/0/plugin_id"), "\"ledmatrix-stocks\"");
    EXPECT_EQ(*json_at(done.output, "/results/0/version"), "\"2.0.0\"");
    EXPECT_EQ(other.trueup.list()["ledmatrix-stocks"].version, "2.0.0");
  }
}

TEST_F(UpdateResults, a_prefix_that_nothing_confirms_is_no_evidence_F82) {
  home.add_plugin("ledmatrix-stocks", "1.0.0").set_enabled("ledmatrix-stocks", true);
  release({{"stocks", "2.0.0"}});
  const auto results = update({"--all"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_EQ(results.at("ledmatrix-stocks")["reason"], "candidate_unconfirmed");
  EXPECT_THAT(results.at("ledmatrix-stocks")["message"].get<std::string>(), HasSubstr("'stocks'"));
  EXPECT_EQ(store.archive_requests(), 0U);
}

TEST_F(UpdateResults, what_is_installed_is_never_replaced_by_something_older_F91) {
  home.add_healthy("foo", true, "2.0.0");
  release({{"foo", "1.9.0"}});
  const Snapshot before = take_snapshot(home.root());
  for (const char* word : {"foo", "--all"}) {
    const auto results = update({word});
    EXPECT_EQ(ran.exit_status, 1);
    EXPECT_EQ(results.at("foo")["reason"], "installed_is_newer");
    EXPECT_THAT(results.at("foo")["message"].get<std::string>(),
                testing::AllOf(HasSubstr("2.0.0"), HasSubstr("1.9.0")));
  }
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  EXPECT_EQ(store.archive_requests(), 0U);
}

TEST_F(UpdateResults, one_comparison_decides_what_is_newer_F92) {
  struct Pair {
    const char* installed;
    const char* offered;
    const char* becomes;
  };
  const std::vector<Pair> pairs{{"v1.2.0", "1.2.0", "up_to_date"},
                                {"1.2", "1.2.0", "up_to_date"},
                                {"1.10.0", "1.9.0", "failed"},
                                {"01.2.0", "1.2.0", "up_to_date"},
                                {"1.2.0-rc1", "1.2.0", "updated"},
                                {"1.2.0+b1", "1.2.0+b2", "up_to_date"},
                                {"1.9.0", "1.10.0", "updated"},
                                {"latest", "1.2.0", "failed"},
                                {"2024.01.05", "2024.1.5", "up_to_date"},
                                {"2024.01.05", "2024.02.01", "updated"}};
  std::vector<std::pair<std::string, std::string>> offers;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    home.add_healthy("p" + std::to_string(i), true, pairs[i].installed);
    offers.emplace_back("p" + std::to_string(i), pairs[i].offered);
  }
  // A version that is empty, of another type, or not stated at all.
  const std::map<std::string, Json> odd{{"odd-empty", ""}, {"odd-null", nullptr}, {"odd-number", 1.2}};
  for (const auto& [id, version] : odd) {
    home.add_healthy(id, true, "1.0.0");
    Json manifest = Json::parse(read_file(home.plugin(id) / "manifest.json"));
    manifest["version"] = version;
    write_file(home.plugin(id) / "manifest.json", manifest.dump());
    offers.emplace_back(id, "1.2.0");
  }
  release(offers);
  const auto results = update({"--all"});
  for (const auto& [id, version] : odd) EXPECT_EQ(result(results, id), "failed") << version << results.at(id);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_EQ(result(results, "p" + std::to_string(i)), pairs[i].becomes)
        << pairs[i].installed << " and " << pairs[i].offered;
  }
  const auto again = update({"--all"});
  EXPECT_EQ(std::ranges::count_if(again, [](const auto& one) { return one.second["result"] == "updated"; }), 0);
}

TEST_F(UpdateResults, all_means_what_was_there_at_the_start_and_nothing_that_is_no_directory_F16_F117) {
  home.add_healthy("one").add_healthy("two", false).add_healthy("three");
  home.write("plugin-repos/README.md", "no plugin");
  release({{"one", "2.0.0"}, {"two", "2.0.0"}, {"three", "1.0.0"}, {"four", "1.0.0"}});
  std::vector<std::string> ids;
  for (const auto& [id, one] : update({"--all"})) ids.push_back(id);
  EXPECT_THAT(ids, ElementsAre("one", "three", "two"));
  EXPECT_EQ(version_of("two"), "2.0.0") << "what is off is updated as well";
  const auto virtual_one = trueup.run({"update", "starlark:analogtime"});
  EXPECT_EQ(virtual_one.exit_status, 64);
}

TEST_F(UpdateResults, a_retry_fetches_anew_what_was_refused_F94) {
  home.add_healthy("foo", true, "1.0.0");
  release({{"foo", "2.0.0"}});
  const std::string good = zip_of(store.archive());
  set_in_manifest("foo", "id", "another");
  EXPECT_EQ(update({"foo"}).at("foo")["reason"], "identity_mismatch");
  store.put_archive(good);
  EXPECT_EQ(result(update({"foo"}), "foo"), "failed") << "the entry is still the same";
  EXPECT_EQ(result(update({"foo", "--retry"}), "foo"), "updated");
}

TEST_F(UpdateResults, each_plugin_is_told_of_by_itself_and_one_failure_is_a_failure_F128) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  for (const char* id : {"ok", "same", "gone", "needs", "mine"}) home.add_healthy(id, true, "1.0.0");
  store.offer("ok", "2.0.0").offer("same", "1.0.0").offer("needs", "2.0.0");
  store.list(R"({"id": "gone", "latest_version": "2.0.0", "repo": ")" + store.server.url("/u/gone") + R"("})");
  publish();
  set_in_manifest("needs", "min_ledmatrix_version", "99.0.0");
  const auto results = update({"--all"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_EQ(result(results, "ok"), "updated");
  EXPECT_EQ(result(results, "same"), "up_to_date");
  EXPECT_EQ(result(results, "gone"), "failed");
  EXPECT_EQ(result(results, "needs"), "failed");
  EXPECT_EQ(result(results, "mine"), "skipped");
  EXPECT_EQ(version_of("ok"), "2.0.0");
  for (const char* id : {"same", "gone", "needs", "mine"}) EXPECT_EQ(version_of(id), "1.0.0") << id;
  const Json history = Json::parse(trueup.run({"--json", "history"}).output);
  std::map<std::string, Json> lines;
  for (const Json& line : history["history"]) lines[line["plugin_id"]] = line;
  EXPECT_EQ(lines.size(), 3U) << "of what was tried, and of nothing else: " << history;
  EXPECT_EQ(lines["ok"]["result"].get<std::string>().find("updated ok from 1.0.0 to 2.0.0"), 0U);
  EXPECT_THAT(lines["gone"]["result"].get<std::string>(), HasSubstr("failed: gone stays at 1.0.0"));
  EXPECT_EQ(lines["gone"]["reason"], "archive_not_found");
  EXPECT_THAT(lines["needs"]["result"].get<std::string>(), HasSubstr("99.0.0"));
  EXPECT_EQ(lines["needs"]["reason"], "needs_newer_ledmatrix");
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0)
      << "what failed changed nothing, so the one that was updated goes back";
  EXPECT_EQ(version_of("ok"), "1.0.0");
  EXPECT_EQ(trueup.run({"update", "ok"}).exit_status, 0);
  EXPECT_THAT(trueup.run({"update", "--all"}).output, HasSubstr("1 left alone"));
}

TEST_F(UpdateResults, the_manifests_version_is_told_and_not_the_promised_one_F128) {
  home.add_healthy("foo", true, "1.0.0");
  release({{"foo", "3.0.0"}});
  set_in_manifest("foo", "version", "2.0.0");
  const auto results = update({"foo"});
  EXPECT_EQ(results.at("foo")["version"], "2.0.0");
  EXPECT_EQ(*json_at(home.read("data/plugin_state.json"), "/states/foo/version"), "\"2.0.0\"");
  EXPECT_THAT(trueup.run({"history"}).output, Not(HasSubstr("3.0.0")));
  const std::size_t asked = store.archive_requests();
  const auto again = update({"foo"});
  EXPECT_EQ(result(again, "foo"), "failed") << "the store promises what it has not";
  EXPECT_THAT(again.at("foo")["message"].get<std::string>(), testing::AllOf(HasSubstr("3.0.0"), HasSubstr("2.0.0")));
  EXPECT_EQ(store.archive_requests(), asked);
}

TEST_F(UpdateResults, an_archive_that_holds_nothing_newer_changes_nothing_F128) {
  home.add_healthy("foo", true, "2.0.0");
  release({{"foo", "3.0.0"}});
  set_in_manifest("foo", "version", "1.5.0");
  const auto results = update({"foo"});
  EXPECT_EQ(results.at("foo")["reason"], "not_newer");
  EXPECT_THAT(results.at("foo")["message"].get<std::string>(), testing::AllOf(HasSubstr("1.5.0"), HasSubstr("2.0.0")));
  EXPECT_EQ(version_of("foo"), "2.0.0");
}

TEST_F(UpdateResults, what_is_of_no_store_is_left_alone_and_no_failure_F129) {
  home.add_plugin("starlark-apps").add_plugin("mine");
  const fs::path manifest = home.plugin("starlark-apps") / "manifest.json";
  Json text = Json::parse(read_file(manifest));
  text["local_only"] = true;
  write_file(manifest, text.dump());
  release({{"starlark-apps", "9.0.0"}});
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--all"}, {"mine", "starlark-apps"}}) {
    const auto results = update(words);
    EXPECT_EQ(ran.exit_status, 0);
    EXPECT_EQ(results.at("starlark-apps")["reason"], "local_only");
    EXPECT_EQ(results.at("mine")["reason"], "no_source");
  }
  EXPECT_EQ(store.archive_requests(), 0U);
}

TEST_F(UpdateResults, a_plugin_is_updated_from_where_it_came_and_from_elsewhere_only_by_name_F130) {
  const TempDirectory mine;
  const auto offer_mine = [&](const std::string& version) {
    write_plugin(mine.path(), "mine", version);
    store.server.put("/me/mine/raw/main/manifest.json", read_file(mine.path() / "manifest.json"));
    store.server.put("/me/mine/archive/refs/heads/main.zip", zip_of(entries_below(mine.path(), "mine-main/")));
  };
  store.offer("clock").publish();
  offer_mine("1.0.0");
  ASSERT_EQ(trueup.run({"store", "add", store.server.url("/me/mine")}).exit_status, 0);
  install("mine");
  release({{"clock", "1.0.0"}, {"mine", "5.0.0"}});
  EXPECT_EQ(result(update({"mine"}), "mine"), "up_to_date") << "the registry's row is not where it came from";
  offer_mine("1.1.0");
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  EXPECT_EQ(update({"--all"}).at("mine")["version"], "1.1.0");
  ASSERT_EQ(trueup.run({"store", "remove", store.server.url("/me/mine")}).exit_status, 0);
  const std::size_t asked = store.archive_requests();
  const auto gone = update({"mine"});
  EXPECT_EQ(gone.at("mine")["reason"], "source_gone");
  EXPECT_THAT(gone.at("mine")["message"].get<std::string>(), HasSubstr("/me/mine"));
  EXPECT_EQ(store.archive_requests(), asked);
  EXPECT_EQ(version_of("mine"), "1.1.0");
  EXPECT_EQ(update({"mine", "--from", store.server.url(StoreHome::kRegistry)}).at("mine")["version"], "5.0.0");
}

TEST_F(UpdateResults, downloads_run_at_the_same_time) {
  std::string rules;
  for (const std::string id : {"a", "b", "c"}) {
    const TempDirectory files;
    write_plugin(files.path(), id, "2.0.0");
    const std::string path = "/" + id + ".zip";
    store.server.put(path, zip_of(entries_below(files.path(), id + "-main/")));
    store.list(R"({"id": ")" + id + R"(", "latest_version": "2.0.0", "download_url": ")" + store.server.url(path) +
               "\"}");
    rules += (rules.empty() ? "" : ", ") + ("\"" + path) + R"(": [{"together": 3, "file": ")" + path + "\"}]";
    home.add_healthy(id, true, "1.0.0");
  }
  publish();
  store.server.rules("{" + rules + "}");
  for (const auto& [id, one] : update({"--all"})) EXPECT_EQ(one["result"], "updated") << id << one;
  EXPECT_EQ(store.server.count("/a.zip"), 1U);
}

TEST_F(UpdateResults, of_thirty_the_downloads_run_together_and_the_commits_one_after_another) {
  constexpr int kPlugins = 30;
  constexpr int kAtOnce = 4;
  std::string rules;
  std::vector<std::string> ids;
  for (int i = 0; i < kPlugins; ++i) {
    const std::string id = "plugin-" + std::to_string(10 + i);
    const TempDirectory files;
    write_plugin(files.path(), id, "2.0.0");
    const std::string path = "/" + id + ".zip";
    store.server.put(path, zip_of(entries_below(files.path(), id + "-main/")));
    store.list(R"({"id": ")" + id + R"(", "latest_version": "2.0.0", "download_url": ")" + store.server.url(path) +
               "\"}");
    // Answered when so many are asked for at the same moment, and else never well.
    const int together = i < kPlugins - kPlugins % kAtOnce ? kAtOnce : kPlugins % kAtOnce;
    rules += (i == 0 ? "\"" : ", \"") + path + R"(": [{"together": )" + std::to_string(together) + R"(, "file": ")" +
             path + "\"}]";
    home.add_healthy(id, true, "1.0.0");
    ids.push_back(id);
  }
  publish();
  store.server.rules("{" + rules + "}");
  const auto results = update({"--all"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  const Json history = Json::parse(trueup.run({"--json", "history"}).output)["history"];
  ASSERT_EQ(history.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(result(results, ids[i]), "updated");
    EXPECT_EQ(version_of(ids[i]), "2.0.0");
    EXPECT_EQ(store.server.count("/" + ids[i] + ".zip"), 1U);
    EXPECT_EQ(history[i]["n"], i + 1);
    EXPECT_EQ(history[i]["plugin_id"], ids[i]) << "each by itself, in the order of the list";
    EXPECT_EQ(results.at(ids[i])["n"], i + 1);
  }
  EXPECT_EQ(trueup.run({"undo", "7"}).exit_status, 0) << "each is undone by itself";
  EXPECT_EQ(version_of(ids[6]), "1.0.0");
  EXPECT_EQ(version_of(ids[7]), "2.0.0");
}

TEST_F(UpdateResults, other_files_than_a_version_had_before_are_told_of_F125) {
  home.add_healthy("foo", true, "1.0.0");
  release({{"foo", "2.0.0"}});
  EXPECT_EQ(result(update({"foo"}), "foo"), "updated");
  EXPECT_THAT(ran.output, Not(HasSubstr("are not those")));
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  ASSERT_EQ(version_of("foo"), "1.0.0");
  store.list_anew().offer("foo", "2.0.0", "", R"(, "last_updated": "2026-03-01")");
  const fs::path code = store.in_repository("foo") / "manager.py";
  write_file(code, read_file(code) + "# the same number once more\n");
  publish();
  EXPECT_EQ(result(update({"foo"}), "foo"), "updated") << "told of, not refused";
  EXPECT_THAT(ran.output, HasSubstr("the files of foo 2.0.0 are not those that were installed as 2.0.0 before"));
  EXPECT_THAT(trueup.run({"history"}).output, HasSubstr("(other files than before)"));
}

TEST_F(UpdateResults, two_at_the_same_moment_do_the_work_once_F108) {
  home.add_healthy("foo", true, "1.0.0");
  release({{"foo", "2.0.0"}});
  std::vector<std::string> shell{"sh", "-c", R"(for i in 1 2 3 4; do "$@" & done; wait)", "sh"};
  for (const std::string& word : trueup.command({"update", "foo"})) shell.push_back(word);
  const auto all = run_command(shell, {.environment = {{"https_proxy", ""}}, .timeout = std::chrono::seconds(30)});
  EXPECT_FALSE(all.timed_out);
  EXPECT_EQ(store.archive_requests(), 1U) << all.output << all.errors;
  EXPECT_EQ(version_of("foo"), "2.0.0");
  EXPECT_EQ(Json::parse(trueup.run({"--json", "history"}).output)["history"].size(), 1U);
}

TEST_F(UpdateResults, a_server_that_never_answers_holds_nobody_else_up_F127) {
  home.add_healthy("foo", true, "1.0.0").add_healthy("bar", true, "1.0.0");
  release({{"foo", "2.0.0"}});
  store.server.rules(R"({")" + kArchivePath + R"(": [{"hang": true}]})");
  std::vector<std::string> shell{"sh", "-c", R"("$@" >/dev/null 2>&1 & echo $!)", "sh"};
  for (const std::string& word : trueup.command({"update", "foo"})) shell.push_back(word);
  const auto started = run_command(shell, {.environment = {{"https_proxy", ""}}});
  while (store.archive_requests() == 0) std::this_thread::yield();
  EXPECT_EQ(trueup.run({"list"}, {.timeout = std::chrono::seconds(10)}).exit_status, 0);
  EXPECT_EQ(trueup.run({"store", "search"}, {.timeout = std::chrono::seconds(10)}).exit_status, 0);
  EXPECT_EQ(trueup.run({"--wait", "0", "disable", "bar"}, {.timeout = std::chrono::seconds(10)}).exit_status, 4);
  run_command({"kill", "-9", started.output.substr(0, started.output.find('\n'))});
  EXPECT_EQ(trueup.run({"disable", "bar"}, {.timeout = std::chrono::seconds(30)}).exit_status, 0);
  EXPECT_EQ(version_of("foo"), "1.0.0");
  EXPECT_FALSE(fs::exists(home.plugins() / ".trueup.standalone-backup-work/staging"));
}

TEST_F(UpdateResults, after_a_removal_a_plugin_is_one_thing_everywhere_F22) {
  release({{"foo", "1.0.0"}});
  for (const bool keeps : {false, true}) {
    install("foo");
    ASSERT_EQ(trueup.run({"enable", "foo"}).exit_status, 0);
    ASSERT_EQ(trueup.run({"config", "set", "foo", "display_duration", "77"}).exit_status, 0);
    const auto removed = keeps ? trueup.run({"uninstall", "foo", "--keep-config"}) : trueup.run({"uninstall", "foo"});
    ASSERT_EQ(removed.exit_status, 0);
    install("foo");
    const std::string on = keeps ? "true" : "false";
    const std::string state = home.read("data/plugin_state.json");
    EXPECT_EQ(*json_at(home.read("config/config.json"), "/foo/enabled"), on);
    EXPECT_EQ(*json_at(state, "/states/foo/enabled"), on);
    EXPECT_EQ(*json_at(state, "/states/foo/status"), keeps ? "\"enabled\"" : "\"disabled\"");
    EXPECT_EQ(trueup.list()["foo"].enabled, keeps);
    EXPECT_EQ(json_at(home.read("config/config.json"), "/foo/display_duration").has_value(), keeps);
    EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
    ASSERT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
  }
}

TEST_F(UpdateResults, what_is_not_there_is_not_updated_and_the_rest_is) {
  home.add_healthy("clock", true, "1.0.0");
  release({{"clock", "2.0.0"}, {"weather", "1.0.0"}});
  const auto results = update({"clock", "weather", "clokc"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_EQ(result(results, "clock"), "updated");
  EXPECT_EQ(results.at("weather")["reason"], "not_found");
  EXPECT_THAT(results.at("clokc")["message"].get<std::string>(), HasSubstr("clock"));
  EXPECT_EQ(trueup.run({"update"}).exit_status, 64);
  EXPECT_EQ(trueup.run({"update", "clock", "--all"}).exit_status, 64);
}

}  // namespace
}  // namespace trueup::test
