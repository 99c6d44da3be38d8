// Failures seen in the wild, each by its id, as a client of the HTTP API meets them.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "http_support.h"
#include "json/write.h"
#include "store/local_source.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Every address that can be read, with a plugin filled in.
std::vector<std::string> readable(const web::WebApplication& application) {
  std::vector<std::string> all;
  for (const auto& [method, pattern] : application.addresses()) {
    if (method != Method::get) continue;
    for (const std::string id : {"news", "bare"}) {
      const auto at = pattern.find("{id}");
      all.push_back(at == std::string::npos ? pattern : std::string(pattern).replace(at, 4, id));
      all.push_back(all.back() + "?plugin_id=" + id);
    }
  }
  return all;
}

TEST_F(Http, F143_files_of_a_plugin_are_its_own_and_nothing_that_is_meant_for_nobody) {
  write("plugin-repos/news/web_ui/page.html", "<b>hello</b>");
  write("plugin-repos/news/credentials.json", R"({"token": "canary-file"})");
  write("plugin-repos/news/private.json", R"({"x": "canary-file"})", 0600);
  write("plugin-repos/news/.git/config", "canary-file");
  write("plugin-repos/news-evil/x.txt", "canary-file");
  disk.put_link(path("plugin-repos/news/link.json"), "../../config/config_secrets.json");
  const Response page = get("/api/v3/plugins/news/static/web_ui/page.html");
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_EQ(page.body, "<b>hello</b>");
  EXPECT_THAT(std::string(*page.header("content-security-policy")), HasSubstr("sandbox"));
  for (const char* target :
       {"credentials.json", "private.json", ".git/config", "link.json", "manager.py", "nothing.txt", "web_ui"}) {
    const Response answer = get(std::string("/api/v3/plugins/news/static/") + target);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_THAT(answer.body, Not(HasSubstr("canary"))) << target;
  }
  for (const char* target : {"/api/v3/plugins/news/static/../news-evil/x.txt", "/api/v3/plugins/..%2f/static/x.txt",
                             "/api/v3/plugins/news/static/%2e%2e/news-evil/x.txt"}) {
    EXPECT_FALSE(web::parse_target(target)) << target;
  }
  EXPECT_EQ(get("/api/v3/plugins/nobody/static/x.txt").status, 404);
}

TEST_F(Http, F15_keys_of_the_core_are_nobodys_mistake_and_stay) {
  const std::string expected = with("\"size\": 3", "\"size\": 4");
  EXPECT_EQ(save(R"({"size": 4})").status, 200);
  EXPECT_EQ(config(), expected);
  EXPECT_EQ(save(R"({"display_duration": 20})").status, 200);
  EXPECT_EQ(save(R"({"bogus_key": 20})").status, 400);
  configure({{"news", R"({"enabled": true, "display_duration": 15, "live_priority": true, "vegas_width_pct": 50,
      "vegas_overflow": "clip", "size": 3, "bogus_key": 7})"}});
  const std::string kept = with("\"size\": 3", "\"size\": 4");
  const Response saved = save(R"({"size": 4})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_THAT(json_at(saved, {"notes"}), HasSubstr("bogus_key")) << "what is really unknown is told";
  for (const char* known : {"vegas", "display_duration", "live_priority"}) {
    EXPECT_THAT(json_at(saved, {"notes"}), Not(HasSubstr(known)));
    EXPECT_THAT(get("/api/trueup/v1/findings").body, Not(HasSubstr(known)));
  }
  EXPECT_EQ(config(), kept) << "and all of them stay";
}

TEST_F(Http, F26_enabled_changes_only_when_the_request_names_it) {
  EXPECT_EQ(save(R"({"size": 4})").status, 200);
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "size=5").status, 200);
  EXPECT_THAT(config(), HasSubstr(R"({"enabled": true, "size": 5)"));
  EXPECT_EQ(save(R"({"enabled": false})").status, 200);
  EXPECT_THAT(config(), HasSubstr(R"({"enabled": false, "size": 5)"));
  EXPECT_EQ(post("/api/v3/plugins/config/reset", R"({"plugin_id": "news"})").status, 200);
  EXPECT_EQ(json_at(get("/api/v3/config/main"), {"data", "news", "enabled"}), "false");
  EXPECT_EQ(post("/api/v3/plugins/toggle", R"({"plugin_id": "news"})").status, 400);
  EXPECT_EQ(json_at(get("/api/v3/config/main"), {"data", "news", "enabled"}), "false");
  EXPECT_EQ(post("/api/v3/plugins/toggle", R"({"plugin_id": "news", "enabled": true})").status, 200);
  EXPECT_EQ(json_at(get("/api/v3/config/main"), {"data", "news", "enabled"}), "true");
}

TEST_F(Http, F35_settings_of_a_plugin_whose_manifest_is_damaged_outlive_a_save_of_another) {
  add_plugin("other");
  configure({{"other", R"({"enabled": true, "keep": 1.50})"}, {"news", kSection}, {"stranger", R"({"x": 1})"}});
  write("plugin-repos/other/manifest.json", "{ damaged");
  const std::string expected = with("\"size\": 3", "\"size\": 4");
  EXPECT_EQ(save(R"({"size": 4})").status, 200);
  EXPECT_EQ(config(), expected);
  disk.erase(path("plugin-repos/other"));  // an update is at work, say
  const std::string later = with("\"size\": 4", "\"size\": 5");
  EXPECT_EQ(save(R"({"size": 5})").status, 200);
  EXPECT_EQ(config(), later);
}

TEST_F(Http, F36_F37_a_save_changes_exactly_what_it_names) {
  const std::string secrets_before = secrets();
  for (const auto& [patch, from, to] : std::vector<std::array<std::string, 3>>{
           {R"({"size": 4})", "\"size\": 3", "\"size\": 4"},
           {R"({"on_air": false})", "\"on_air\": true", "\"on_air\": false"},
           {R"({"leagues": {"eng.1": {"on": false}}})", R"({"eng.1": {"on": true}})", R"({"eng.1": {"on": false}})"}}) {
    const std::string expected = with(from, to);
    EXPECT_EQ(save(patch).status, 200) << patch;
    EXPECT_EQ(config(), expected);
  }
  EXPECT_EQ(secrets(), secrets_before);
}

TEST_F(Http, F89_keys_with_dots_are_found_in_forms_and_in_json) {
  const std::string expected = with(R"({"eng.1": {"on": true}})", R"({"eng.1": {"on": false}})");
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "leagues.eng.1.on=false").status, 200);
  EXPECT_EQ(config(), expected);
  const auto before = theirs(disk);
  EXPECT_EQ(post_form("/api/v3/plugins/config?plugin_id=news", "leagues.fra.1.on=false").status, 400);
  EXPECT_EQ(theirs(disk), before);
  add_plugin("my.news");
  write("plugin-repos/my.news/config_schema.json", kNewsSchema);
  configure({{"my", R"({"news": {"size": 1}})"}, {"my.news", R"({"enabled": true, "size": 3})"}});
  const std::string dotted = with("\"size\": 3", "\"size\": 4");
  EXPECT_EQ(post("/api/v3/plugins/config", R"({"plugin_id": "my.news", "config": {"size": 4}})").status, 200);
  EXPECT_EQ(config(), dotted) << "an id with a dot is one key as well";
}

TEST_F(Http, F98_F102_what_was_read_and_is_sent_back_changes_no_secret) {
  const std::string before = secrets();
  const Response shown = get("/api/v3/plugins/config?plugin_id=news");
  EXPECT_EQ(save(json_at(shown, {"data"})).status, 200) << "also the mode, which was wrong before";
  EXPECT_EQ(secrets(), before);
  for (const char* masked :
       {R"("")", R"("  ")", "null", "\"\\u2022\\u2022\\u2022\\u2022\\u2022\\u2022\\u2022\\u2022\""}) {
    EXPECT_EQ(save(fmt::format(R"({{"api_key": {}, "size": 5}})", masked)).status, 200) << masked;
    EXPECT_EQ(secrets(), before) << masked;
  }
  const Response cleared = post("/api/v3/plugins/config", R"({"plugin_id": "news", "clear": ["api_key"]})");
  EXPECT_EQ(cleared.status, 200) << cleared.body;
  EXPECT_THAT(secrets(), Not(HasSubstr("canary-key")));
}

TEST_F(Http, F99_a_list_that_grows_or_shrinks_or_changes_one_secret_changes_no_other) {
  const auto codes = [this] { return json_at(Response{.body = secrets()}, {"news", "feeds"}); };
  const std::string before = secrets();
  EXPECT_EQ(save(R"({"size": 4})").status, 200);
  EXPECT_EQ(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "b", "code": ""}]})").status, 200);
  EXPECT_EQ(secrets(), before) << "nothing of it was changed";
  EXPECT_EQ(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "b", "code": "new-b"}]})").status, 200);
  EXPECT_EQ(codes(), R"([{"code": "canary-a"}, {"code": "new-b"}])");
  EXPECT_EQ(save(R"({"feeds": [{"name": "a"}, {"name": "b"}, {"name": "c", "code": "new-c"}]})").status, 200);
  EXPECT_EQ(codes(), R"([{"code": "canary-a"}, {"code": "new-b"}, {"code": "new-c"}])");
  EXPECT_EQ(save(R"({"feeds": [{"name": "b", "code": ""}, {"name": "c", "code": ""}]})").status, 200);
  EXPECT_EQ(codes(), R"([{"code": "new-b"}, {"code": "new-c"}])");
  EXPECT_EQ(json_at(get("/api/v3/config/main"), {"data", "news", "feeds"}), R"([{"name": "b"}, {"name": "c"}])");
}

TEST_F(Http, F99_secrets_in_a_list_stay_with_their_elements) {
  EXPECT_EQ(save(R"({"feeds": [{"name": "b", "code": ""}, {"name": "a", "code": ""}]})").status, 200);
  EXPECT_THAT(secrets(), HasSubstr(R"([{"code": "canary-b"}, {"code": "canary-a"}])"));
  const auto before = theirs(disk);
  EXPECT_EQ(save(R"({"feeds": [{"name": "x", "code": ""}, {"name": "y", "code": ""}]})").status, 400);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F101_F153_no_answer_holds_a_secret_a_path_of_the_source_or_a_stack) {
  write(
      "data/plugin_state.json",
      R"({"version": 1, "states": {"news": {"plugin_id": "news", "enabled": true, "metadata": {"token": "canary-state"}}}})");
  write("config/uninstalled_plugins.json", R"(["canary-no-secret"])");
  add_plugin("bare");  // without a schema
  configure({{"news", kSection}, {"bare", R"({"enabled": true, "rooms": [{"api_token": "canary-bare"}]})"}});
  EXPECT_EQ(save(R"({"api_key": "canary-changed"})").status, 200);
  EXPECT_EQ(save(R"({"api_key": "canary-again", "city": ""})").status, 400);
  EXPECT_THAT(get("/api/trueup/v1/history").body, HasSubstr("news")) << "and what was done is told";
  for (const std::string& target : readable(*application)) {
    const Response answer = get(target);
    EXPECT_LT(answer.status, 500) << target << answer.body;
    for (const char* secret : {"canary-github", "canary-key", "canary-a", "canary-b", "canary-mqtt", "canary-state",
                               "canary-bare", ".cpp"}) {
      EXPECT_THAT(answer.body, Not(HasSubstr(secret))) << target;
    }
  }
  const Response shown = get("/api/v3/plugins/config?plugin_id=news");
  EXPECT_THAT(json_at(shown, {"secrets_set"}), HasSubstr("api_key")) << "set and unset can be told apart";
  for (const LogEvent& event : ports.logger.events) {
    for (const LogField& field : event.fields) EXPECT_THAT(field.value, Not(HasSubstr("canary")));
  }
}

TEST_F(Http, F107_a_deleted_element_is_not_brought_back_by_what_the_secrets_file_still_has) {
  configure({{"news", R"({"enabled": true, "feeds": [{"name": "a"}]})"}});
  EXPECT_THAT(json_at(get("/api/v3/plugins/config?plugin_id=news"), {"data", "feeds"}), Not(HasSubstr("}, {")));
  EXPECT_THAT(get("/plugins/news/settings").body, Not(HasSubstr("feeds.2")));
  const std::string secrets_before = secrets();
  EXPECT_EQ(save(R"({"size": 4})").status, 200);
  EXPECT_EQ(post("/api/v3/plugins/state/reconcile", "").status, 200);
  EXPECT_EQ(json_at(get("/api/v3/config/main"), {"data", "news", "feeds"}), R"([{"name": "a"}])");
  EXPECT_EQ(secrets(), secrets_before) << "who did not name the list has not decided about it";
  EXPECT_EQ(save(R"({"feeds": [{"name": "a", "code": ""}, {"name": "c", "code": ""}]})").status, 200);
  EXPECT_THAT(secrets(), testing::AllOf(HasSubstr("canary-a"), Not(HasSubstr("canary-b"))))
      << "and a new one does not inherit what the deleted one had";
}

TEST_F(Http, F90_F148_no_request_leads_the_store_to_files_programs_or_passwords) {
  const auto before = theirs(disk);
  for (const char* pattern : {"install-from-url", "registry-from-url", "saved-repositories"}) {
    for (const char* url :
         {"file:///etc", "file:///srv/git/weather.git", "FILE:///etc/passwd", "ssh://h/x", "git://h/x", "http://h/x",
          "ext::sh -c id", "--upload-pack=id", "https://user:pass@h/x", "/etc/passwd", "./weather", "../config", ""}) {
      const Response answer =
          post(std::string("/api/v3/plugins/") + pattern, fmt::format(R"({{"repo_url": "{}"}})", url));
      EXPECT_EQ(answer.status, 400) << pattern << " " << url << answer.body;
    }
  }
  EXPECT_EQ(post("/api/v3/plugins/install", R"({"plugin_id": "./weather"})").status, 400);
  EXPECT_EQ(post("/api/v3/plugins/install", R"({"plugin_id": "/etc"})").status, 400);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F116_every_answer_is_one_moment_while_plugins_come_and_go) {
  for (int i = 0; i < 10; ++i) {
    add_plugin("guest");
    EXPECT_EQ(post("/api/v3/plugins/uninstall", R"({"plugin_id": "guest"})").status, 200);
    for (const char* target :
         {"/api/v3/plugins/installed", "/api/v3/plugins/state", "/api/v3/plugins/health", "/parts/plugins"}) {
      EXPECT_EQ(get(target).status, 200) << target;
    }
    EXPECT_THAT(get("/api/v3/plugins/installed").body, Not(HasSubstr("guest")));
  }
}

TEST_F(Http, F132_the_list_is_in_the_page_every_time_whether_or_not_the_store_can_be_reached) {
  const store::LocalSource gone(disk, path("no-registry"));
  use_registry(gone, "no-registry");
  for (int i = 0; i < 10; ++i) add_plugin(fmt::format("plugin-{}", i));
  for (const char* target : {"/parts/plugins", "/", "/parts/plugins"}) {
    const std::string body = get(target).body;
    for (int i = 0; i < 10; ++i) EXPECT_THAT(body, HasSubstr(fmt::format("id=\"plugin-plugin-{}\"", i))) << target;
  }
  EXPECT_THAT(get("/parts/store").body, HasSubstr("The store cannot be shown"));
}

TEST_F(Http, F137_bodies_that_say_nothing_are_refused_by_every_address_and_change_nothing) {
  const auto before = theirs(disk);
  for (const auto& [method, pattern] : application->addresses()) {
    if (method != Method::post) continue;
    const bool may_be_empty = pattern.ends_with("/reconcile") || pattern.ends_with("/undo") ||
                              pattern.ends_with("/refresh") || pattern.ends_with("/check");
    for (const char* body : {"", "null", "[]", "\"x\"", "1", "{", "{}", R"({"plugin_id": 7})", R"({"plugin_id": ""})",
                             R"({"plugin_id": "../config"})", R"({"plugin_id": "/etc"})", R"({"plugin_id": ["a"]})",
                             R"({"plugin_id": "display"})", R"({"n": "1"})", R"({"finding": 7})"}) {
      const std::string text = body;
      if (may_be_empty && (text.empty() || text == "{}" || text.find("plugin_id") != std::string::npos ||
                           text.find("\"n\"") != std::string::npos || text.find("finding") != std::string::npos)) {
        continue;  // unknown fields are passed over, and nothing is left to do
      }
      const Response answer = ask(request(Method::post, pattern, text, {{"content-type", "application/json"}}));
      EXPECT_GE(answer.status, 400) << pattern << " " << text;
      EXPECT_LT(answer.status, 500) << pattern << " " << text << answer.body;
    }
    EXPECT_EQ(ask(request(Method::post, pattern, "x", {{"content-type", "text/plain"}})).status, 415) << pattern;
    if (!pattern.ends_with("/saved-repositories")) {
      EXPECT_EQ(ask(request(Method::delete_, pattern)).status, 405) << pattern;
    }
  }
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F138_a_file_that_cannot_be_read_is_said_to_be_unreadable_never_empty) {
  write("config/config.json", "{ broken");
  const Response answer = get("/api/v3/config/main");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(json_at(answer, {"error_code"}), "\"CONFIG_LOAD_FAILED\"");
  EXPECT_EQ(post("/api/v3/plugins/toggle", R"({"plugin_id": "news", "enabled": false})").status, 503);
  EXPECT_EQ(config(), "{ broken");
  EXPECT_THAT(get("/").body, HasSubstr("could not be read"));
}

TEST_F(Http, F138_each_kind_of_failure_has_its_code_and_a_sentence_and_changes_nothing) {
  const auto expect_told = [](const Response& answer, int status, const std::string& sentence) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(json_at(answer, {"error_code"}), "\"UNKNOWN_ERROR\"") << answer.body;
    EXPECT_THAT(json_at(answer, {"message"}), HasSubstr(sentence));
    EXPECT_THAT(answer.body, Not(HasSubstr("canary")));
  };
  const auto before = theirs(disk);
  disk.fail_reading(path("config/config.json"), EACCES);
  expect_told(get("/api/v3/config/main"), 503, "read");
  expect_told(save(R"({"size": 4})"), 503, "read");
  disk.fail_reading(path("config/config.json"), EIO);
  ports.clock.advance(std::chrono::hours(1));
  expect_told(get("/api/v3/config/main"), 503, "read");
  disk.fail_reading(path("config/config.json"), 0);
  ports.clock.advance(std::chrono::hours(1));
  disk.set_free_bytes(0);
  expect_told(save(R"({"size": 4})"), 507, "No space left");
  disk.set_free_bytes(1U << 30U);
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(save(R"({"size": 4})").status, 200) << "and it goes on when there is room";
}

TEST_F(Http, F139_one_damaged_manifest_is_flagged_and_hides_nothing) {
  add_plugin("odd");
  write("plugin-repos/odd/manifest.json",
        R"({"id": "odd", "name": {}, "version": 7, "tags": 7, "author": [], "description": null, "class_name": "P"})");
  add_plugin("broken");
  write("plugin-repos/broken/manifest.json", "[");
  const Response answer = get("/api/v3/plugins/installed");
  EXPECT_EQ(answer.status, 200);
  for (const char* id : {"\"news\"", "\"odd\"", "\"broken\""}) EXPECT_THAT(answer.body, HasSubstr(id));
  EXPECT_EQ(json_at(answer, {"data", "plugins", "0", "state"}), "\"error\"");
  EXPECT_THAT(json_at(answer, {"data", "plugins", "0", "error_info", "message"}), HasSubstr("manifest"));
}

TEST_F(Http, F144_what_is_said_to_be_uploaded_or_deleted_never_leads_out_of_a_plugins_pictures) {
  const auto before = theirs(disk);
  const char* body = R"({"plugin_id": "../../config", "file_id": "../../../etc/x", "image_id": "../config"})";
  EXPECT_EQ(post("/api/v3/plugins/assets/upload", body).status, 415);
  EXPECT_EQ(post("/api/v3/plugins/assets/delete", body).status, 400);
  EXPECT_EQ(post("/api/v3/plugins/of-the-day/json/delete", body).status, 501);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Http, F149_text_of_plugins_and_the_registry_never_becomes_markup) {
  const std::string evil = R"(<img src=x onerror=alert(1)>';alert(1)//`\"\u202e\u001b[31m)";
  add_plugin("evil");
  write("plugin-repos/evil/manifest.json", R"({"id": "evil", "name": ")" + evil + R"(", "description": ")" + evil +
                                               R"(", "author": ")" + evil + R"(", "version": ")" + evil +
                                               R"(", "class_name": "P", "entry_point": "manager.py"})");
  write("registry/plugins.json",
        fmt::format(
            R"x({{"plugins": [{{"id": "radar", "name": "{0}", "description": "{0}", "repo": "javascript:alert(1)", )x"
            R"x("latest_version": "{0}"}}]}})x",
            evil));
  const store::LocalSource source(disk, path("registry"));
  use_registry(source);
  for (const char* target :
       {"/", "/store", "/history", "/parts/plugins", "/parts/store", "/parts/history", "/plugins/evil/why",
        "/plugins/evil/settings", "/plugins/%3Cimg%20src=x%3E/settings", "/plugins/%3Cimg%20src=x%3E/why"}) {
    const std::string body = get(target).body;
    EXPECT_THAT(body, Not(HasSubstr("<img"))) << target;
    EXPECT_THAT(body, Not(HasSubstr("javascript:"))) << target;
    EXPECT_THAT(body, Not(HasSubstr("\x1b"))) << target;
    EXPECT_THAT(body, Not(HasSubstr(std::string{'\xe2', '\x80', '\xae'}))) << target;
  }
  EXPECT_THAT(get("/").body, HasSubstr("&lt;img"));
}

TEST_F(Http, F151_reading_changes_nothing_and_foreign_pages_change_nothing) {
  const auto before = disk.files();
  for (int round = 0; round < 2; ++round) {
    for (const std::string& target : readable(*application)) get(target);
  }
  for (const auto& [method, pattern] : application->addresses()) {
    if (method != Method::post) continue;
    const Header foreign{"origin", "http://evil.example"};
    EXPECT_EQ(ask(request(method, pattern, R"({"plugin_id": "news", "enabled": false})", {foreign})).status, 403)
        << pattern;
  }
  for (const char* target : {"/api/v3/plugins/uninstall", "/api/v3/plugins/install"}) {
    EXPECT_EQ(post_form(target, "plugin_id=news").status, 415) << "a form of another page needs no leave to be sent";
  }
  EXPECT_EQ(disk.files(), before);
}

TEST_F(Http, F154_a_body_made_to_exhaust_is_refused) {
  const std::string deep =
      R"({"plugin_id": "news", "config": )" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(post("/api/v3/plugins/config", deep).status, 400);
  EXPECT_EQ(post("/api/v3/plugins/config", "{\"plugin_id\": \"news\", \"config\": {\"city\": \"\xff\xfe\"}}").status,
            400);
  EXPECT_EQ(save(R"({"size": 1)" + std::string(10'000, '0') + "}").status, 422);
}

TEST_F(Http, F155_an_answer_that_is_known_reads_no_plugin_again) {
  for (int i = 0; i < 30; ++i) add_plugin(fmt::format("plugin-{}", i));
  get("/api/v3/plugins/installed");
  ports.clock.advance(std::chrono::hours(1));
  loop.advance(std::chrono::seconds(3));
  get("/api/v3/plugins/installed");  // and now nothing has changed for long
  platform::FakeWorker none;
  std::size_t looks = 0;
  class Counting final : public platform::Worker {
   public:
    explicit Counting(std::size_t& count) : count_(count) {}
    void start(platform::Job job) override {
      ++count_;
      job();
    }

   private:
    std::size_t& count_;
  } counting(looks);
  begin(&counting);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(get("/api/v3/plugins/installed").status, 200);
  EXPECT_EQ(looks, 1U);
}

TEST_F(Http, F156_the_store_is_shown_from_what_is_known) {
  std::string entries;
  for (int i = 0; i < 40; ++i)
    entries += fmt::format(R"({}{{"id": "p{}", "latest_version": "1.0.0"}})", i == 0 ? "" : ", ", i);
  write("registry/plugins.json", R"({"plugins": [)" + entries + "]}");
  class CountingSource final : public store::PluginSource {
   public:
    explicit CountingSource(const store::PluginSource& real) : real_(real) {}
    Result<model::RegistryFacts> registry() const override {
      ++asked;
      return real_.registry();
    }
    Result<std::vector<store::TreeFile>> contents(const model::RegistryEntry& entry,
                                                  const store::FetchLimits& limits) const override {
      return real_.contents(entry, limits);
    }
    Result<store::FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                                       const store::FetchLimits& limits) const override {
      return real_.fetch(entry, into, limits);
    }
    mutable int asked = 0;

   private:
    const store::PluginSource& real_;
  };
  const store::LocalSource local(disk, path("registry"));
  const CountingSource source(local);
  use_registry(source);
  ports.clock.advance(std::chrono::hours(1));
  const Response answer = get("/api/v3/plugins/store/list");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "39", "id"}), "\"p39\"");
  get("/api/v3/plugins/store/list");
  EXPECT_LE(source.asked, 2);
}

}  // namespace
}  // namespace trueup::cli
