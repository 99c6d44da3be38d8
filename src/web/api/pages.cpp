// The page: the whole of it with one tab open, which can be read without any script, and each tab's part by itself.
#include <fmt/core.h>

#include <array>

#include "engine/configure.h"
#include "engine/uploads.h"
#include "json/document.h"
#include "web/api/common.h"
#include "web/api/schema_text.h"
#include "web/assets.h"
#include "web/endpoint.h"
#include "web/pages.h"
#include "web/settings_form.h"
#include "web/template.h"

namespace trueup::web {
namespace {

struct Tab {
  std::string_view name;
  std::string_view title;
  std::string_view address;
  View (*view)(const Knowledge& knowledge);
};

constexpr std::array<Tab, 3> kTabs{{{"plugins", "Plugins", "/", plugins_view},
                                    {"store", "Store", "/store", store_view},
                                    {"history", "History", "/history", history_view}}};

Response html(std::string text) {
  return {.content_type = "text/html; charset=utf-8", .headers = {}, .body = std::move(text)};
}

std::size_t to_look_at(const Knowledge& knowledge) {
  std::size_t count = 0;
  for (const auto& finding : knowledge.plan.findings)
    count += finding.fix_action == model::FixAction::no_action ? 0U : 1U;
  return count;
}

/// `open`: the tab; `why`: what is shown in the place of a tab.
Response page(const Call& call, std::string_view open, std::optional<View> why = std::nullopt) {
  View out;
  if (why) out.text("title", "Why").list("why", {std::move(*why)});
  std::vector<View> tabs;
  for (const Tab& tab : kTabs) {
    const bool is_open = tab.name == open;
    if (is_open) {
      out = tab.view(call.knowledge);
      out.text("title", tab.title);
    }
    const std::size_t count = tab.name == "plugins" ? to_look_at(call.knowledge) : 0;
    View one;
    one.text("name", tab.name).text("title", tab.title).text("address", tab.address).flag("is_open", is_open);
    one.flag("counts", tab.name == "plugins").flag("has_count", count > 0).text("to_see", std::to_string(count));
    for (const Tab& kind : kTabs) one.flag("is_" + std::string(kind.name), kind.name == tab.name);
    tabs.push_back(std::move(one));
  }
  std::string trusted;
  for (const std::string& one : call.reader.trusted) trusted += (trusted.empty() ? "" : ", ") + one;
  out.text("trusted", trusted).flag("has_session", call.reader.has_session);
  out.list("tabs", std::move(tabs)).text("version", std::to_string(call.knowledge.version));
  out.text("css", asset("trueup.css")->digest).text("js", asset("trueup.js")->digest);
  out.text("htmx", asset("htmx-2.0.11.min.js")->digest);
  return html(render("page", out));
}

template <std::size_t kTab>
Answer whole(const Call& call) {
  return page(call, kTabs[kTab].name);
}

template <std::size_t kTab>
Answer part(const Call& call) {
  return html(render(kTabs[kTab].name, kTabs[kTab].view(call.knowledge)));
}

std::optional<planner::Explanation> explanation_of(const Call& call) {
  const auto id = plugin_id_of(call.arguments.front());
  if (!id) return std::nullopt;
  return planner::explain(call.knowledge.observation, call.knowledge.plan, *id);
}

Response nothing_known() {
  return failed({.code = ErrorCode::not_found, .message = "nothing is known of a plugin of that name"});
}

Answer why(const Call& call) {
  const auto explanation = explanation_of(call);
  return explanation ? page(call, "", why_view(call.knowledge, *explanation)) : nothing_known();
}

Answer why_part(const Call& call) {
  const auto explanation = explanation_of(call);
  return explanation ? html(render("why", why_view(call.knowledge, *explanation))) : nothing_known();
}

/// The settings of one plugin, whatever state its schema is in.
Response settings_page(engine::World& world, const std::string& id, const std::string& name) {
  const auto tree = engine::get_settings_tree(world, id, "");
  if (!tree) return failed(tree.error());
  const auto schema = read_schema_text(world, id);
  if (!schema) return failed(schema.error());
  const auto document = json::Document::parse(schema->json);
  std::vector<View> notes;
  if (!schema->problem.empty()) {
    notes.push_back(
        View().text("note", fmt::format("Its schema cannot be used ({}), so the fields are what its settings "
                                        "look like, and nothing checks them.",
                                        schema->problem)));
  }
  std::vector<std::string> files;
  std::vector<View> pictures;
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  if (const auto uploads = engine::list_uploads(**root, id)) {
    for (const engine::Upload& one : *uploads) {
      files.push_back(one.path);
      pictures.push_back(View().text("picture", one.id).text("file", one.filename).text("original", one.original));
    }
  }
  const std::string fields = settings_form({.schema = document ? std::optional(document->root()) : std::nullopt,
                                            .settings = tree->settings,
                                            .defaults = tree->defaults,
                                            .secrets_set = tree->hidden,
                                            .uploads = std::move(files)});
  View view;
  view.text("title", name.empty() ? id : name).text("plugin_id", id).list("notes", std::move(notes));
  view.flag("has_pictures", !pictures.empty()).list("pictures", std::move(pictures));
  view.text("fields", fields).flag("has_fields", !fields.empty());
  view.text("css", asset("trueup.css")->digest).text("js", asset("settings.js")->digest);
  return html(render("settings", view));
}

Answer settings(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_id_of(call.arguments.front()));
  const planner::RosterEntry* plugin = call.knowledge.plugin(id);
  std::string name = plugin == nullptr ? std::string() : plugin->name;
  return Work{.run = [id = std::move(id), name = std::move(name)](engine::World& world) {
    return settings_page(world, id, name);
  }};
}

Answer go_home(const Call&) {
  Response response{.status = 302};
  response.set("location", "/");
  return response;
}

Answer no_icon(const Call&) { return Response{.status = 204}; }

}  // namespace

std::vector<Endpoint> page_endpoints() {
  return {{Method::get, "/", whole<0>},
          {Method::get, "/store", whole<1>},
          {Method::get, "/history", whole<2>},
          {Method::get, "/parts/plugins", part<0>},
          {Method::get, "/parts/store", part<1>},
          {Method::get, "/parts/history", part<2>},
          {Method::get, "/plugins/{id}/settings", settings},
          {Method::get, "/plugins/{id}/why", why},
          {Method::get, "/parts/why/{id}", why_part},
          {Method::get, "/v3", go_home},
          {Method::get, "/favicon.ico", no_icon}};
}

}  // namespace trueup::web
