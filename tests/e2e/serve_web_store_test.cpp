// The store through the API of a running daemon, with a web server for the registry and for repositories of others.
#include <gmock/gmock.h>

#include "e2e/http_client.h"
#include "e2e/running_daemon.h"
#include "support/store_home.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr std::string_view kMine = "/me/mine/archive/refs/heads/main.zip";

class ServeWebStore : public testing::Test {
 protected:
  ServeWebStore() {
    home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
    home.add_healthy("there");
    store.offer("clock").publish();
    publish_mine(Json::object());
  }
  /// A repository of somebody's that is one plugin; `more` stands in its manifest as well.
  void publish_mine(const Json& more) {
    const TempDirectory single;
    write_plugin(single.path(), "mine", "0.3.0");
    Json manifest = Json::parse(read_file(single.path() / "manifest.json"));
    manifest.update(more);
    write_file(single.path() / "manifest.json", manifest.dump());
    store.server.put("/me/mine/raw/main/manifest.json", manifest.dump());
    store.server.put(kMine, zip_of(entries_below(single.path(), "mine-main/")));
  }
  Json ask_about(const std::string& path) {
    return json_of(post(port, "/api/v3/plugins/" + path, Json{{"repo_url", mine}}.dump()));
  }
  Json repositories() { return json_of(get(port, "/api/v3/plugins/saved-repositories"))["data"]["repositories"]; }
  bool is_installed() { return fs::exists(home.plugin("mine") / "manifest.json"); }

  StoreHome store{TRUEUP_BINARY};
  Installation& home = store.home;
  const std::string mine = store.server.url("/me/mine");
  const std::uint16_t port = free_port();
};

TEST_F(ServeWebStore, what_an_address_offers_is_told_before_anything_of_it_is_trusted_and_then_installed_and_saved) {
  RunningDaemon daemon(home, {"--web", std::to_string(port)}, store.server.url(StoreHome::kRegistry));
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  const Json offered = ask_about("registry-from-url");
  ASSERT_EQ(offered["plugins"].size(), 1U) << offered;
  EXPECT_EQ(offered["registry_url"], mine);
  EXPECT_EQ(offered["plugins"][0]["id"], "mine");
  EXPECT_EQ(offered["plugins"][0]["latest_version"], "0.3.0");
  EXPECT_EQ(offered["plugins"][0]["does_not_fit"], "");
  EXPECT_EQ(offered["plugins"][0]["verified"], false);
  EXPECT_EQ(repositories(), Json::array()) << "to look is not to save";
  EXPECT_EQ(store.server.count(kMine), 0U);

  const Json installed = ask_about("install-from-url");
  EXPECT_EQ(installed["status"], "success") << installed;
  EXPECT_EQ(installed["plugin_id"], "mine");
  EXPECT_TRUE(is_installed());
  EXPECT_EQ(repositories(), (Json{{{"name", "mine"}, {"type", "single"}, {"url", mine}}}));
  for (const Json& plugin : json_of(get(port, "/api/v3/plugins/installed"))["data"]["plugins"]) {
    EXPECT_EQ(plugin["enabled"], plugin["id"] != "mine") << "nothing is switched on by itself";
  }
  const Json listed = json_of(get(port, "/api/v3/plugins/store/list"))["data"]["plugins"];
  ASSERT_EQ(listed.size(), 2U) << listed;
  EXPECT_EQ(listed[1]["id"], "mine");
  EXPECT_EQ(listed[1]["verified"], false);
  EXPECT_EQ(listed[1]["source"], mine);

  const std::string body = Json{{"repo_url", mine}}.dump();
  const Json left =
      json_of(ask(port,
                  "DELETE /api/v3/plugins/saved-repositories HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body));
  EXPECT_EQ(left["data"]["repositories"], Json::array()) << left;
  EXPECT_TRUE(is_installed()) << "what was installed from it stays";
  EXPECT_EQ(ask_about("saved-repositories")["data"]["repositories"].size(), 1U);
  EXPECT_EQ(ask_about("saved-repositories")["status"], "error") << "it is saved already";
}

TEST_F(ServeWebStore, F96_what_an_address_offers_and_does_not_fit_is_told_and_not_fetched) {
  publish_mine(
      {{"min_ledmatrix_version", "2.0.0"}, {"versions", {{{"version", "0.3.0"}, {"ledmatrix_min", "9.0.0"}}}}});
  RunningDaemon daemon(home, {"--web", std::to_string(port)}, store.server.url(StoreHome::kRegistry));
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  EXPECT_EQ(ask_about("registry-from-url")["plugins"][0]["does_not_fit"], "needs 9.0.0 or later, this is 3.2.0");
  const Json refused = ask_about("install-from-url");
  EXPECT_EQ(refused["status"], "error");
  EXPECT_THAT(refused["message"].get<std::string>(), HasSubstr("asks for LEDMatrix 9.0.0 or newer, and this is 3.2.0"));
  EXPECT_FALSE(is_installed());
  EXPECT_EQ(store.server.count(kMine), 0U);
  EXPECT_EQ(repositories(), Json::array());
}

TEST_F(ServeWebStore, an_install_that_fails_behind_the_save_says_that_the_address_is_saved_and_how_to_forget_it) {
  publish_mine({{"entry_point", "gone.py"}});
  RunningDaemon daemon(home, {"--web", std::to_string(port)}, store.server.url(StoreHome::kRegistry));
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  const Json refused = ask_about("install-from-url");
  EXPECT_EQ(refused["status"], "error") << refused;
  EXPECT_FALSE(is_installed());
  EXPECT_EQ(repositories(), (Json{{{"name", "mine"}, {"type", "single"}, {"url", mine}}}));
  EXPECT_THAT(refused.value("details", ""), HasSubstr(mine + " is saved now: `trueup store remove " + mine + "`"))
      << refused;
}

TEST_F(ServeWebStore, a_pass_fetches_what_is_missing_and_force_tries_again_what_was_refused_before) {
  home.set_enabled("clock", true).record("clock", true);
  const std::string good = zip_of(store.archive());
  auto another = store.archive();
  for (ZipEntry& one : another) {
    if (!one.name.ends_with("manifest.json")) continue;
    Json manifest = Json::parse(one.bytes);
    manifest["id"] = "another";
    one.bytes = manifest.dump();
  }
  store.put_archive(zip_of(another));
  RunningDaemon daemon(home, {"--web", std::to_string(port)}, store.server.url(StoreHome::kRegistry));
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  const auto reconcile = [this](const char* body) {
    return json_of(post(port, "/api/v3/plugins/state/reconcile", body))["data"];
  };
  const Json refused = reconcile("{}");
  EXPECT_EQ(refused["inconsistencies_manual"], 1) << refused;
  EXPECT_EQ(store.archive_requests(), 1U);
  store.put_archive(good);
  EXPECT_EQ(reconcile(R"({"force": false})")["inconsistencies_manual"], 1) << "its entry is still the same";
  EXPECT_EQ(store.archive_requests(), 1U);
  const Json forced = reconcile(R"({"force": true})");
  EXPECT_EQ(forced["inconsistencies_fixed"], 1) << forced;
  EXPECT_EQ(forced["fixed"][0]["plugin_id"], "clock");
  EXPECT_TRUE(fs::exists(home.plugin("clock") / "manifest.json"));
  EXPECT_EQ(store.archive_requests(), 2U);
}

TEST_F(ServeWebStore, the_store_is_asked_again_when_it_is_wanted_and_a_token_is_known_of_but_never_told) {
  home.set_secret("github", R"({"api_token": "ghp_canary"})");
  RunningDaemon daemon(home, {"--web", std::to_string(port)}, store.server.url(StoreHome::kRegistry));
  ASSERT_TRUE(daemon.is_ready()) << daemon.log();
  store.offer("radar").publish();
  const Json asked = json_of(post(port, "/api/v3/plugins/store/refresh", "{}"));
  EXPECT_EQ(asked["plugin_count"], 2) << asked;
  EXPECT_THAT(get(port, "/api/v3/plugins/store/list"), HasSubstr("radar"));
  const std::string status = get(port, "/api/v3/plugins/store/github-status");
  EXPECT_EQ(json_of(status)["data"]["token_status"], "valid");
  EXPECT_EQ(json_of(status)["data"]["authenticated"], true);
  EXPECT_THAT(status, Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace trueup::test
