#include "web/knowledge.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/look.h"
#include "engine/undo.h"
#include "engine/update_decision.h"
#include "json/document.h"
#include "json/write.h"
#include "model/document.h"
#include "model/version.h"
#include "sources/disk_source.h"
#include "sources/manifest.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

std::string text_of(json::Value manifest, std::string_view key) {
  const auto found = manifest.find(key);
  const auto text = found ? found->string() : std::nullopt;
  return text ? text->substr(0, limits::kMaxRegistryTextBytes) : std::string();
}

void read_cards(const engine::World& world, Knowledge& knowledge) {
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return;
  const auto plugins = sources::open_plugins(
      **root, world.file_system,
      {.root_path = world.root, .configured = knowledge.observation.disk.path, .installation_id = {}});
  if (!plugins) return;
  for (const model::PluginDirectory& directory : knowledge.observation.disk.directories) {
    const auto file = (*plugins)->read(directory.name + "/" + std::string(sources::kManifestName),
                                       limits::kMaxManifestBytes, platform::Links::follow);
    if (file) knowledge.cards.emplace(directory.name, decode_card(file->bytes));
  }
}

/// A list that cannot be read is told by the registry's own finding, and shows none here.
void read_repositories(const engine::World& world, Knowledge& knowledge) {
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return;
  auto file = (*root)->read(std::string(model::relative_path(model::DocumentName::saved_repositories)),
                            limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) return;
  if (auto list = store::decode_saved(std::move(file->bytes))) knowledge.repositories = std::move(*list);
}

/// As `update` decides it, but for checkouts of git: what is in those is looked at only by the command, and what the
/// registry says of them stands here.
void decide_offers(Knowledge& knowledge) {
  const auto decisions = engine::decide_update(knowledge.observation, {}, {.all = true});
  if (!decisions) {
    if (decisions.error().code != ErrorCode::not_found) knowledge.offers_problem = decisions.error().message;
    return;
  }
  for (const engine::UpdateDecision& one : *decisions) {
    if (one.offered_version.empty()) continue;
    Offer offer{.version = one.offered_version};
    if (model::compare_versions(one.offered_version, one.installed_version) == model::VersionOrder::newer) {
      offer.is_update = one.kind == engine::UpdateDecision::Kind::update;
      if (!offer.is_update) offer.refused = one.says;
    }
    knowledge.offers.emplace(one.plugin_id, std::move(offer));
  }
}

}  // namespace

PluginCard decode_card(const std::string& manifest) {
  PluginCard card;
  const auto document = json::Document::parse(manifest);
  if (!document || !document->root().is_object()) return card;
  const json::Value root = document->root();
  card.author = text_of(root, "author");
  card.category = text_of(root, "category");
  card.description = text_of(root, "description");
  card.last_updated = text_of(root, "last_updated");
  if (const auto tags = root.find("tags"); tags && tags->is_array()) {
    for (const json::Value tag : tags->elements()) {
      auto text = tag.string();
      if (text && card.tags.size() < limits::kMaxManifestNames) card.tags.push_back(std::move(*text));
    }
  }
  if (const auto actions = root.find("web_ui_actions"); actions && actions->is_array()) {
    json::Writer out;
    out.value(*actions);
    card.actions = std::move(out).text();
    if (!json::Document::parse(card.actions, json::Dialect::strict)) card.actions = "[]";  // NaN, which JSON has not
  }
  return card;
}

const planner::RosterEntry* Knowledge::plugin(std::string_view id) const {
  const auto found = std::find_if(roster.begin(), roster.end(), [id](const auto& one) { return one.id == id; });
  return found == roster.end() ? nullptr : &*found;
}

Offer Knowledge::offer(const std::string& id) const {
  const auto found = offers.find(id);
  return found == offers.end() ? Offer{} : found->second;
}

const model::Inconsistency* Knowledge::finding(std::string_view finding) const {
  const auto found = std::ranges::find(plan.findings, finding, &model::Inconsistency::finding);
  return found == plan.findings.end() ? nullptr : &*found;
}

Result<Knowledge> learn(engine::World& world) {
  ASSIGN_OR_RETURN(engine::PlanReport report, engine::plan(world, {}));
  Knowledge knowledge;
  knowledge.observation = std::move(report.observation);
  knowledge.plan = std::move(report.plan);
  knowledge.roster = planner::make_roster(knowledge.observation, knowledge.plan);
  decide_offers(knowledge);
  read_cards(world, knowledge);
  read_repositories(world, knowledge);
  if (auto history = engine::history(world, limits::kMaxHistoryShown)) {
    knowledge.history = std::move(*history);
  } else {
    knowledge.history_problem = history.error().message;
  }
  return knowledge;
}

}  // namespace trueup::web
