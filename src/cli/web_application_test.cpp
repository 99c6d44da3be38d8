// The API and the page as a client sees them, on an installation in memory.
#include "web/application.h"

#include <gmock/gmock.h>

#include "base/digest.h"
#include "cli/web_test_support.h"
#include "json/schema.h"
#include "json/write.h"
#include "store/local_source.h"
#include "web/assets.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Application : public WebTest {
 protected:
  Application() {
    add_plugin("clock", "1.2.0");
    add_plugin("weather");
    configure({{"clock", R"({"enabled": true})"}, {"weather", R"({"enabled": false})"}});
    record_state({record("clock", true), record("weather", false)});
  }
};

TEST_F(Application, installed_lists_every_plugin_with_the_fields_that_programs_know) {
  const Response answer = get("/api/v3/plugins/installed");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json_at(answer, {"status"}), "\"success\"");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "0", "id"}), "\"clock\"");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "0", "version"}), "\"1.2.0\"");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "0", "enabled"}), "true");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "0", "author"}), "\"Unknown\"");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "1", "enabled"}), "false");
  EXPECT_EQ(json_at(answer, {"data", "plugins", "1", "display_modes"}), "[\"weather\"]");
}

TEST_F(Application, a_change_by_another_program_is_in_the_very_next_answer) {
  get("/api/v3/plugins/installed");
  ports.clock.advance(std::chrono::hours(1));
  loop.advance(std::chrono::milliseconds(1));
  configure({{"clock", R"({"enabled": false})"}, {"weather", R"({"enabled": false})"}});
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "0", "enabled"}), "false");
}

TEST_F(Application, who_has_the_answer_already_is_told_so) {
  const Response first = get("/api/v3/plugins/installed");
  const auto etag = first.header("etag");
  ASSERT_TRUE(etag);
  const Header known{"if-none-match", std::string(*etag)};
  EXPECT_EQ(ask(request(Method::get, "/api/v3/plugins/installed", {}, {known})).status, 304);
  post("/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": false})");
  EXPECT_EQ(ask(request(Method::get, "/api/v3/plugins/installed", {}, {known})).status, 200);
}

TEST_F(Application, toggle_switches_as_the_command_does_and_can_be_undone) {
  const auto before = theirs(disk);
  const Response answer = post("/api/v3/plugins/toggle", R"({"plugin_id": "weather", "enabled": true})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json_at(answer, {"message"}), "\"weather is switched on\"");
  EXPECT_THAT(read("config/config.json"), HasSubstr(R"("weather": {"enabled": true})"));
  EXPECT_EQ(json_at(get("/api/v3/plugins/installed"), {"data", "plugins", "1", "enabled"}), "true");
  EXPECT_EQ(post_form("/api/v3/plugins/toggle?plugin_id=weather", "enabled=false").status, 200);
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(post("/api/trueup/v1/undo", "{}").status, 200);
  EXPECT_THAT(read("config/config.json"), HasSubstr(R"("weather": {"enabled": true})"));
}

TEST_F(Application, uninstall_is_an_operation_that_can_be_followed) {
  const Response answer = post("/api/v3/plugins/uninstall", R"({"plugin_id": "weather", "preserve_config": true})");
  ASSERT_EQ(json_at(answer, {"data", "operation_id"}), "\"1\"") << answer.body;
  const Response operation = get("/api/v3/plugins/operation/1");
  EXPECT_EQ(json_at(operation, {"data", "status"}), "\"completed\"") << operation.body;
  EXPECT_EQ(json_at(operation, {"data", "result", "success"}), "true");
  EXPECT_EQ(get("/api/v3/plugins/operation/2").status, 404);
  EXPECT_THAT(get("/api/v3/plugins/installed").body, Not(HasSubstr("weather")));
  EXPECT_THAT(read("config/config.json"), HasSubstr("weather"));
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/history"), {"data", "0", "operation_type"}), "\"uninstall\"");
}

TEST_F(Application, a_second_operation_on_the_same_plugin_is_refused_while_the_first_waits) {
  platform::FakeWorker paused;
  begin(nullptr, &paused);
  const auto remove = [this](const std::string& id) {
    return post("/api/v3/plugins/uninstall", R"({"plugin_id": ")" + id + R"("})");
  };
  EXPECT_EQ(json_at(remove("clock"), {"data", "operation_id"}), "\"1\"");
  EXPECT_EQ(json_at(remove("weather"), {"data", "operation_id"}), "\"2\"");
  const Response again = post("/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": false})");
  EXPECT_EQ(again.status, 409) << again.body;
  EXPECT_EQ(json_at(again, {"error_code"}), "\"PLUGIN_OPERATION_CONFLICT\"");
  EXPECT_THAT(json_at(again, {"message"}), HasSubstr("operation 1"));
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/1"), {"data", "status"}), "\"pending\"");
  EXPECT_EQ(post("/api/trueup/v1/operations/cancel", R"({"operation_id": "2"})").status, 200);
  while (paused.do_next()) loop.settle();
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/1"), {"data", "status"}), "\"completed\"");
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/2"), {"data", "status"}), "\"cancelled\"");
  EXPECT_THAT(get("/api/v3/plugins/installed").body, HasSubstr("weather"));
}

TEST_F(Application, a_change_that_takes_long_is_answered_with_its_number) {
  platform::FakeWorker paused;
  begin(nullptr, &paused);
  const auto answer =
      ask_later(request(Method::post, "/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": false})"));
  EXPECT_FALSE(*answer);
  loop.advance(std::chrono::seconds(26));
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->status, 202);
  EXPECT_EQ(json_at(**answer, {"data", "operation_id"}), "\"1\"");
  while (paused.do_next()) loop.settle();
  EXPECT_THAT(read("config/config.json"), HasSubstr("\"enabled\": false"));
}

TEST_F(Application, F154_so_many_who_wait_for_the_disk_are_enough) {
  platform::FakeWorker paused;
  get("/api/v3/plugins/installed");
  begin(&paused);
  std::vector<std::shared_ptr<std::optional<Response>>> answers;
  const auto ask_for_config = [&] { answers.push_back(ask_later(request(Method::get, "/api/v3/config/main"))); };
  ask_for_config();
  paused.do_next();  // what is known, first of all
  loop.settle();
  for (int i = 0; i < 70; ++i) ask_for_config();
  const auto refused = std::ranges::count_if(answers, [](const auto& one) { return *one && (*one)->status == 503; });
  EXPECT_EQ(refused, 71 - 64);
  while (paused.do_next()) loop.settle();
  const auto good = std::ranges::count_if(answers, [](const auto& one) { return *one && (*one)->status == 200; });
  EXPECT_EQ(good, 64);
}

TEST_F(Application, install_fetches_from_the_registry_that_is_known) {
  write(
      "registry/plugins.json",
      R"({"plugins": [{"id": "radar", "name": "Radar", "latest_version": "1.0.0", "plugin_path": "plugins/radar"}]})");
  write(
      "registry/plugins/radar/manifest.json",
      R"({"id": "radar", "name": "Radar", "version": "1.0.0", "class_name": "P", "entry_point": "manager.py", "display_modes": ["radar"]})");
  write("registry/plugins/radar/manager.py", "class P:\n    pass\n");
  const store::LocalSource source(disk, path("registry"));
  use_registry(source);
  EXPECT_EQ(json_at(get("/api/v3/plugins/store/list?query=RAD"), {"data", "plugins", "0", "id"}), "\"radar\"");
  EXPECT_EQ(json_at(get("/api/v3/plugins/store/list?query=zzz"), {"data", "plugins"}), "[]");
  post("/api/v3/plugins/install", R"({"plugin_id": "radar"})");
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/1"), {"data", "status"}), "\"completed\"")
      << get("/api/v3/plugins/operation/1").body;
  EXPECT_THAT(get("/api/v3/plugins/installed").body, HasSubstr("radar"));
  post("/api/v3/plugins/install", R"({"plugin_id": "no-such-plugin"})");
  EXPECT_EQ(json_at(get("/api/v3/plugins/operation/2"), {"data", "status"}), "\"failed\"");
}

TEST_F(Application, the_store_says_what_does_not_fit_and_install_does_not_fetch_it) {
  write("src/__init__.py", "__version__ = \"3.0.0\"\n");
  write("registry/plugins.json", R"({"plugins": [
      {"id": "radar", "latest_version": "1.0.0", "ledmatrix_min_version": "3.1", "compatible_versions": [">=3.0.0", 7]},
      {"id": "tide", "latest_version": "1.0.0", "ledmatrix_min_version": {"evil": 1}}]})");
  const store::LocalSource source(disk, path("registry"));  // has the list alone: what is fetched is not found there
  use_registry(source);
  const Response listed = get("/api/v3/plugins/store/list");
  EXPECT_EQ(json_at(listed, {"data", "plugins", "0", "does_not_fit"}), "\"needs 3.1 or later, this is 3.0.0\"");
  EXPECT_EQ(json_at(listed, {"data", "plugins", "0", "ledmatrix_min_version"}), "\"3.1\"");
  EXPECT_EQ(json_at(listed, {"data", "plugins", "0", "compatible_versions"}), "[\">=3.0.0\"]");
  EXPECT_THAT(get("/api/v3/plugins/store/list?query=tide").body,
              Not(testing::AnyOf(HasSubstr("does_not_fit"), HasSubstr("ledmatrix_min"), HasSubstr("compatible"))));
  post("/api/v3/plugins/install", R"({"plugin_id": "radar"})");
  const Response told = get("/api/v3/plugins/operation/1");
  EXPECT_EQ(json_at(told, {"data", "status"}), "\"failed\"");
  EXPECT_THAT(told.body, HasSubstr("this plugin asks for LEDMatrix 3.1 or newer, and this is 3.0.0"));
}

TEST_F(Application, reconcile_mends_what_status_tells) {
  add_plugin("stray");
  EXPECT_THAT(get("/api/v3/plugins/reconciliation-status").body, HasSubstr("plugin_missing_in_config"));
  const Response answer = post("/api/v3/plugins/state/reconcile", R"({"force": false})");
  EXPECT_EQ(json_at(answer, {"data", "inconsistencies_fixed"}), "1") << answer.body;
  EXPECT_EQ(json_at(get("/api/v3/plugins/reconciliation-status"), {"data", "unresolved"}), "[]");
}

TEST_F(Application, state_and_health_and_schema_have_the_shapes_that_programs_know) {
  EXPECT_EQ(json_at(get("/api/v3/plugins/state"), {"data", "clock", "enabled"}), "true");
  EXPECT_EQ(json_at(get("/api/v3/plugins/state?plugin_id=weather"), {"data", "status"}), "\"disabled\"");
  EXPECT_EQ(get("/api/v3/plugins/state?plugin_id=nobody").status, 404);
  EXPECT_EQ(json_at(get("/api/v3/plugins/health"), {"data"}), "{}");
  EXPECT_EQ(get("/api/v3/plugins/health/nobody").status, 404);
  EXPECT_EQ(json_at(get("/api/v3/plugins/schema?plugin_id=clock"), {"data", "schema", "type"}), "\"object\"");
  EXPECT_EQ(get("/api/v3/plugins/schema?plugin_id=nobody").status, 404);
  write("plugin-repos/clock/config_schema.json", "{ broken");
  EXPECT_EQ(get("/api/v3/plugins/schema?plugin_id=clock").status, 200);
}

TEST_F(Application, settings_go_back_to_their_defaults_and_the_plugin_stays_on) {
  add_news(R"({"enabled": true, "size": 7, "users": {"a": 1}})", R"({"api_key": "canary-key"})");
  const Response answer = post("/api/v3/plugins/config/reset", R"({"plugin_id": "news"})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(read("config/config.json"), HasSubstr(R"("size": 3)"));
  EXPECT_THAT(read("config/config.json"), HasSubstr(R"("enabled": true)"));
  EXPECT_THAT(read("config/config.json"), HasSubstr("users"));
  EXPECT_THAT(read("config/config_secrets.json"), HasSubstr("canary-key"));
}

TEST_F(Application, what_other_parts_of_ledmatrix_do_is_said_to_be_done_there) {
  for (const char* target :
       {"/api/v3/starlark/apps", "/api/v3/plugins/action", "/api/v3/fonts/upload", "/api/v3/backup/create"}) {
    const Response answer = post(target, "{}");
    EXPECT_EQ(answer.status, 501) << target;
    EXPECT_EQ(json_at(answer, {"error_code"}), "\"NOT_IMPLEMENTED\"");
  }
  EXPECT_EQ(get("/api/v3/nothing").status, 404);
  const Response wrong = post("/api/v3/plugins/installed", "{}");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET");
}

TEST_F(Application, the_page_shows_what_is_wrong_and_what_is_there_without_any_script) {
  add_plugin("stray");
  const Response page = get("/");
  EXPECT_EQ(page.status, 200);
  for (const char* part :
       {"1 to mend", "id=\"plugin-clock\"", "id=\"plugin-weather\"", "aria-checked=\"true\"", "Mend"}) {
    EXPECT_THAT(page.body, HasSubstr(part));
  }
  EXPECT_THAT(page.body, Not(HasSubstr("{{")));
  EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
  EXPECT_THAT(page.body, Not(HasSubstr(" style=")));
  EXPECT_THAT(page.body, Not(HasSubstr(" onclick=")));
}

TEST_F(Application, every_file_that_the_page_names_is_there_and_may_be_kept) {
  const std::string body = get("/").body;
  std::size_t count = 0;
  for (std::size_t at = body.find("\"/assets/"); at != std::string::npos;
       at = body.find("\"/assets/", at + 1), ++count) {
    const std::string address = body.substr(at + 1, body.find('"', at + 1) - at - 1);
    const Response file = ask(request(Method::get, address, {}, {{"accept-encoding", "gzip, br"}}));
    EXPECT_EQ(file.status, 200) << address;
    EXPECT_THAT(std::string(*file.header("cache-control")), HasSubstr("immutable"));
    EXPECT_EQ(file.header("content-encoding"), "gzip");
    EXPECT_EQ(get(address).header("content-encoding"), std::nullopt);
  }
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(get("/assets/000000000000/trueup.css").status, 404);
}

TEST_F(Application, htmx_is_the_file_that_its_makers_published) {
  // npm: htmx.org 2.0.11, dist/htmx.min.js
  EXPECT_EQ(sha256_hex(web::asset("htmx-2.0.11.min.js")->bytes),
            "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717");
}

TEST_F(Application, the_first_view_is_small) {
  for (int i = 0; i < 30; ++i) add_plugin(fmt::format("plugin-{}", i));
  const Response page = ask(request(Method::get, "/", {}, {{"accept-encoding", "gzip"}}));
  EXPECT_EQ(page.header("content-encoding"), "gzip");
  std::size_t sent = page.body.size();
  for (const char* name : {"trueup.css", "trueup.js", "htmx-2.0.11.min.js"}) sent += web::asset(name)->gzip.size();
  EXPECT_LT(sent, 35'000U);
  EXPECT_EQ(get("/").header("content-encoding"), std::nullopt) << "for who does not ask for it";
}

TEST_F(Application, a_reader_of_events_first_hears_the_newest_version) {
  const Response stream = get("/api/trueup/v1/events");
  EXPECT_TRUE(stream.is_event_stream);
  EXPECT_EQ(stream.content_type, "text/event-stream");
  EXPECT_THAT(stream.body, HasSubstr("event: changed\ndata: {\"version\": 1}"));
}

TEST_F(Application, a_change_is_told_to_who_listens) {
  int told = 0;
  backend->on_change([&told] { ++told; });
  post("/api/v3/plugins/toggle", R"({"plugin_id": "weather", "enabled": true})");
  EXPECT_GT(told, 0);
}

/// The schema of one answer of the OpenAPI document, with all that it refers to.
json::Schema schema_of(json::Value answer, json::Value components) {
  json::Writer out;
  out.begin_object().key("allOf").begin_array().value(answer).end_array();
  out.key("components").value(components).end_object();
  const auto document = json::Document::parse(std::move(out).text());
  auto schema = json::Schema::compile(*document);
  EXPECT_TRUE(schema) << schema.error().text();
  return std::move(*schema);
}

TEST_F(Application, our_own_answers_are_what_the_openapi_document_says) {
  add_plugin("stray");
  add_plugin("lamp");
  write(
      "config/config.json",
      R"({"timezone": "UTC", "clock": {"enabled": "yes"}, "lamp": {"enabled": "no"}, "weather": {"enabled": false}})");
  post("/api/v3/plugins/toggle", R"({"plugin_id": "weather", "enabled": true})");
  post("/api/v3/plugins/uninstall", R"({"plugin_id": "weather"})");
  write("registry/plugins.json", R"({"plugins": [{"id": "radar", "name": "Radar", "latest_version": "1.0.0"}]})");
  const store::LocalSource source(disk, path("registry"));
  use_registry(source);
  const std::string finding = json_at(get("/api/trueup/v1/findings?plugin_id=clock"), {"data", "0", "finding"});
  const std::string other = json_at(get("/api/trueup/v1/findings?plugin_id=lamp"), {"data", "0", "finding"});
  const std::map<std::string, std::string> bodies{{"/resolve", R"({"finding": )" + finding + R"(, "choose": "on"})"},
                                                  {"/update", R"({"all": true})"},
                                                  {"/ignore", R"({"finding": )" + other + R"(, "seconds": 60})"},
                                                  {"/operations/cancel", R"({"operation_id": "1"})"}};

  const auto document = json::Document::parse(std::string(web::asset("openapi.json")->bytes), json::Dialect::strict);
  ASSERT_TRUE(document) << document.error().text();
  const json::Value components = *document->root().find("components");
  std::vector<std::pair<Method, std::string>> described;
  for (const json::Member member : document->root().find("paths")->members()) {
    for (const json::Member method : member.value.members()) {
      const std::string path(member.key);
      described.emplace_back(method.key == "get" ? Method::get : Method::post, "/api/trueup/v1" + path);
      std::string target = "/api/trueup/v1" + path;
      if (const auto at = target.find("{id}"); at != std::string::npos) target.replace(at, 4, "clock");
      const auto body = bodies.contains(path) ? bodies.at(path) : std::string("{}");
      const Response answer = method.key == "get" ? get(target) : post(target, body);
      if (answer.is_event_stream) continue;
      const auto content = method.value.find("responses")->find("200")->find("content")->find("application/json");
      const auto wanted = answer.status == 200 ? *content->find("schema") : *components.find("schemas")->find("Error");
      const auto problems = schema_of(wanted, components).validate(json::Document::parse(answer.body)->root());
      ASSERT_TRUE(problems);
      for (const auto& problem : *problems) ADD_FAILURE() << target << ": " << problem.text() << "\n" << answer.body;
      const int expected = path == "/operations/cancel" ? 409 : 200;  // that one has ended
      EXPECT_EQ(answer.status, expected) << target << answer.body;
    }
  }
  std::vector<std::pair<Method, std::string>> there;
  for (const auto& one : application->addresses()) {
    if (one.second.starts_with("/api/trueup/")) there.push_back(one);
  }
  EXPECT_THAT(there, testing::UnorderedElementsAreArray(described));
}

}  // namespace
}  // namespace trueup::cli
