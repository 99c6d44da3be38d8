// /api/v3/plugins: what is installed, switching it on and off, installing and removing it.
#include <fmt/core.h>

#include "base/escape.h"
#include "planner/situation.h"
#include "web/api/common.h"

namespace trueup::web {
namespace {

using planner::PluginState;
using planner::RosterEntry;

void text_or_null(json::Writer& out, std::string_view key, const std::string& text) {
  out.key(key);
  if (text.empty()) {
    out.null();
  } else {
    out.string(text);
  }
}

std::string_view state_word(const RosterEntry& plugin, const model::RunningPlugin* running) {
  if (plugin.state == PluginState::damaged || (running != nullptr && running->state == "error")) return "error";
  if (plugin.running == model::Tristate::yes) return "running";
  return plugin.enabled ? "enabled" : "disabled";
}

void write_installed(json::Writer& out, const Knowledge& knowledge, const RosterEntry& plugin,
                     const model::RegistryEntry* entry) {
  static const PluginCard no_card;
  const auto found = knowledge.cards.find(plugin.directory);
  const PluginCard& card = found == knowledge.cards.end() ? no_card : found->second;
  const model::RunningPlugin* running = knowledge.observation.runtime.find(plugin.id);
  const Offer offer = knowledge.offer(plugin.id);
  const std::string listed = entry == nullptr ? std::string() : entry->latest_version;
  out.begin_object();
  out.key("id").string(plugin.id);
  out.key("name").string(plugin.name.empty() ? plugin.id : plugin.name);
  out.key("version").string(plugin.version);
  out.key("latest_version").string(offer.version.empty() ? listed : offer.version);
  out.key("update_available").boolean(offer.is_update);
  text_or_null(out, "update_refused", offer.refused);
  out.key("author").string(card.author.empty() ? "Unknown" : card.author);
  out.key("category").string(card.category.empty() ? "General" : card.category);
  out.key("description").string(card.description.empty() ? "No description available" : card.description);
  out.key("tags");
  write_texts(out, card.tags);
  out.key("enabled").boolean(plugin.enabled);
  out.key("verified").boolean(entry != nullptr && entry->verified);
  out.key("loaded").boolean(running != nullptr && running->loaded);
  out.key("state").string(state_word(plugin, running));
  out.key("error_info");
  if (running != nullptr && !running->problem.empty()) {
    out.begin_object().key("message").string(running->problem).end_object();
  } else if (plugin.state == PluginState::damaged && !plugin.reasons.empty()) {
    out.begin_object().key("message").string(plugin.reasons.front()).end_object();
  } else {
    out.null();
  }
  text_or_null(out, "last_updated", card.last_updated);
  out.key("last_commit").null().key("last_commit_message").null();
  text_or_null(out, "branch", entry == nullptr ? std::string() : entry->branch);
  out.key("web_ui_actions").raw(card.actions);
  out.key("vegas_mode").null().key("vegas_content_type").null();
  out.key("display_modes");
  write_texts(out, plugin.display_modes);
  out.key("directory").string(plugin.directory);
  out.key("enabled_from").string(plugin.enabled_from);
  out.end_object();
}

Answer installed(const Call& call) {
  if (auto unknown = unless_known(call.knowledge, model::Source::disk)) return *unknown;
  const planner::Situations situations(call.knowledge.observation);
  json::Writer out;
  out.begin_object().key("plugins").begin_array();
  for (const RosterEntry& plugin : call.knowledge.roster) {
    if (plugin.directory.empty()) continue;  // wanted, and missing
    const planner::Situation* situation = situations.find(plugin.id);
    write_installed(out, call.knowledge, plugin, situation == nullptr ? nullptr : situation->entry);
  }
  out.end_array().end_object();
  return success(std::move(out).text());
}

Answer toggle(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json_or_form));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  API_ASSIGN_OR_RETURN(const bool enabled, body.boolean("enabled"));
  return Submission{.request = {.words = {enabled ? "enable" : "disable", id}, .plugin_id = id}, .answer = told};
}

Answer install(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  API_ASSIGN_OR_RETURN(const auto branch, body.optional_text("branch"));
  if (branch && !branch->empty()) {
    return failure(
        bad_field("branch", "cannot be chosen: what the registry lists is installed, and checked against it"));
  }
  return Submission{.request = {.words = {"install", id}, .plugin_id = id}};
}

Answer uninstall(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  API_ASSIGN_OR_RETURN(const auto keeps, body.optional_boolean("preserve_config"));
  const planner::Situations situations(call.knowledge.observation);
  const planner::Situation* plugin = situations.find(situations.resolve(id));
  if (plugin == nullptr || !plugin->is_plugin()) {
    return failed({.code = ErrorCode::not_found, .message = fmt::format("there is no plugin `{}`", id), .where = id});
  }
  service::OperationRequest request{.words = {"uninstall", id}, .plugin_id = id};
  if (keeps.value_or(false)) request.words.emplace_back("--keep-config");
  return Submission{.request = std::move(request)};
}

}  // namespace

std::vector<Endpoint> plugin_endpoints() {
  return {{Method::get, "/api/v3/plugins/installed", installed},
          {Method::post, "/api/v3/plugins/toggle", toggle},
          {Method::post, "/api/v3/plugins/install", install},
          {Method::post, "/api/v3/plugins/uninstall", uninstall}};
}

}  // namespace trueup::web
