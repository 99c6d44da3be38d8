// The whole web beside a daemon on an installation in memory: a request in, its answer out, and what it changes done by
// the command as it is. Nothing is real but the code. For tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/keeper.h"
#include "cli/machine_test_support.h"
#include "engine/engine_test_support.h"
#include "json/document.h"
#include "platform/loop.h"
#include "platform/supervisor.h"
#include "platform/watcher.h"
#include "web/application.h"
#include "web/backend.h"
#include "web/target.h"

namespace trueup::cli {

using web::Header;
using web::Method;
using web::Request;
using web::Response;

class WebTest : public MachineTest<engine::EngineTest> {
 protected:
  WebTest() { begin(); }

  /// The program is started anew. `other`: what reads; `commands`: what changes.
  void begin(platform::Worker* other = nullptr, platform::Worker* commands = nullptr) {
    application.reset();
    backend.reset();
    disk.put_directory(path(".trueup"));
    keeper = std::make_unique<Keeper>(invocation, machine, engine::kRoot);
    daemon = std::make_unique<service::Daemon>(service::DaemonPorts{
        .loop = loop,
        .worker = commands != nullptr ? *commands : worker,
        .scribe = worker,
        .runner = worker,
        .watcher = watcher,
        .supervisor = supervisor,
        .clock = ports.clock,
        .file_system = disk,
        .logger = ports.logger,
        .own_directory = path(".trueup"),
        .pass = [](service::PassKind, engine::Unattended&,
                   const service::StopWanted&) { return service::PassOutcome{.report = engine::PassReport{}}; },
        .command = [this](const service::CommandRequest& request,
                          const service::CommandOutput& output) { return keeper->command(request, output); },
        .run_program = [](const std::vector<std::string>&, const std::string&) { return ok(); }});
    backend = std::make_unique<web::Backend>(
        web::BackendPorts{.daemon = *daemon,
                          .loop = loop,
                          .worker = other != nullptr ? *other : worker,
                          .file_system = disk,
                          .clock = ports.clock,
                          .root = engine::kRoot,
                          .with_world =
                              [this](const std::function<void(engine::World&)>& work) {
                                work(the_world);
                                return ok();
                              },
                          .own_cost = [] { return platform::ProcessCost{.written_bytes = 4096}; }});
    open_door(policy, other != nullptr ? *other : worker);
    daemon->start({});
    loop.settle();
  }
  void open_door(const web::GuardPolicy& with, platform::Worker& checks) {
    policy = with;
    application.reset();
    door = std::make_unique<web::Door>(
        web::DoorPorts{
            .place = {.file_system = disk, .clock = ports.clock, .processes = ports.processes, .root = engine::kRoot},
            .loop = loop,
            .worker = checks,
            .random = ports.random,
            .logger = ports.logger},
        policy);
    application = std::make_unique<web::WebApplication>(*backend, ports.logger, *door);
  }
  /// The registry of the page and of commands, from now on.
  void use_registry(const store::PluginSource& source, const std::string& relative = "registry") {
    the_world.store = &source;
    invocation.registry = path(relative);
  }

  static Request request(Method method, const std::string& target, std::string body = {},
                         std::vector<Header> headers = {}) {
    auto parsed = web::parse_target(target);
    EXPECT_TRUE(parsed) << target;
    Request out{.method = method, .path = parsed->path, .segments = parsed->segments, .query = parsed->query};
    out.headers = std::move(headers);
    out.headers.push_back({"host", "localhost:5050"});
    if (!body.empty() && !out.has_header("content-type")) out.headers.push_back({"content-type", "application/json"});
    out.body = std::move(body);
    return out;
  }
  /// Nothing: it is not answered yet.
  std::shared_ptr<std::optional<Response>> ask_later(const Request& asked) {
    auto answer = std::make_shared<std::optional<Response>>();
    application->answer(asked, [answer](Response response) {
      EXPECT_FALSE(*answer) << "answered twice";
      *answer = std::move(response);
    });
    loop.settle();
    return answer;
  }
  Response ask(const Request& asked) {
    const auto answer = ask_later(asked);
    EXPECT_TRUE(*answer) << asked.path << " was not answered";
    return answer->value_or(Response{.status = 0});
  }
  Response get(const std::string& target) { return ask(request(Method::get, target)); }
  Response post(const std::string& target, const std::string& body) { return ask(request(Method::post, target, body)); }
  Response post_form(const std::string& target, const std::string& body) {
    return ask(request(Method::post, target, body, {{"content-type", "application/x-www-form-urlencoded"}}));
  }

  /// "$.data.plugins.0.id" of a JSON body, as JSON text.
  static std::string json_at(const Response& response, const std::vector<std::string>& path) {
    const auto document = json::Document::parse(response.body, json::Dialect::strict);
    if (!document) return "no JSON: " + response.body;
    std::optional<json::Value> at = document->root();
    for (const std::string& step : path) {
      if (at && at->is_array()) {
        at = at->at(static_cast<std::size_t>(std::stoul(step)));
      } else if (at) {
        at = at->find(step);
      }
    }
    return at ? std::string(at->text()) : "(not there)";
  }

  /// A plugin with a schema that has one of everything.
  void add_news(const std::string& section, const std::string& secrets) {
    add_plugin("news");
    write("plugin-repos/news/config_schema.json", kNewsSchema);
    configure({{"clock", R"({"x":1.50,   "enabled": true})"}, {"news", section}});
    write("config/config_secrets.json", R"({"github": {"api_token": "canary-github"}, "news": )" + secrets + "}", 0600);
  }

  static constexpr const char* kNewsSchema = R"({
    "type": "object", "additionalProperties": false,
    "properties": {
      "city": {"type": "string", "default": "Oslo", "minLength": 2},
      "mode": {"enum": ["a", "b"]},
      "size": {"type": "integer", "maximum": 10, "default": 3},
      "on_air": {"type": "boolean"},
      "api_key": {"type": "string", "x-secret": true, "default": ""},
      "leagues": {"type": "object", "properties": {"eng.1": {"type": "object", "properties": {"on": {"type": "boolean"}}}}},
      "feeds": {"type": "array", "items": {"type": "object", "properties": {
          "name": {"type": "string"}, "code": {"type": "string", "x-secret": true}}}}
    }
  })";

  platform::FakeLoop loop;
  InlineWorker worker;
  platform::FakeWatcher watcher;
  platform::RecordingSupervisor supervisor;
  engine::World the_world = world();
  Invocation invocation{.registry = "none"};
  std::unique_ptr<Keeper> keeper;
  std::unique_ptr<service::Daemon> daemon;
  std::unique_ptr<web::Backend> backend;
  web::GuardPolicy policy;
  std::unique_ptr<web::Door> door;
  std::unique_ptr<web::WebApplication> application;
};

}  // namespace trueup::cli
