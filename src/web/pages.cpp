#include "web/pages.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "json/write.h"
#include "model/compatibility.h"
#include "planner/plain_words.h"
#include "planner/situation.h"
#include "web/api/common.h"
#include "web/ascii.h"
#include "web/finding_view.h"

namespace trueup::web {
namespace {

using model::FixAction;
using model::Inconsistency;
using planner::PluginState;

struct StateWord {
  std::string_view word;
  std::string_view kind;
};

StateWord state_of(const planner::RosterEntry& plugin) {
  switch (plugin.state) {
    case PluginState::damaged: return {"damaged", "bad"};
    case PluginState::missing: return {"missing", "bad"};
    case PluginState::unknown: return {"cannot be told", "bad"};
    case PluginState::healthy:
    case PluginState::linked: break;
  }
  if (plugin.running == model::Tristate::yes) return {"running", "good"};
  if (plugin.enabled && plugin.running == model::Tristate::no) return {"on, not running", "bad"};
  return plugin.enabled ? StateWord{"on", "good"} : StateWord{"off", ""};
}

/// Whether something is done to this plugin now, or waits for its turn: what is asked for once is not asked for again.
bool is_at_work(const Knowledge& knowledge, std::string_view id) {
  return std::ranges::any_of(knowledge.operations(), [id](const service::Operation& one) {
    return !one.has_ended() && one.request.plugin_id == id;
  });
}

void add_switch(View& out, const Knowledge& knowledge, const planner::RosterEntry& plugin) {
  out.flag("can_switch", plugin.enabled_from != "invalid").flag("at_work", is_at_work(knowledge, plugin.id));
  out.text("checked", plugin.enabled ? "true" : "false");
  out.text("switch_body",
           object_of({{"plugin_id", json::quote(plugin.id)}, {"enabled", plugin.enabled ? "false" : "true"}}));
}

View card_view(const Knowledge& knowledge, const planner::RosterEntry& plugin, const planner::Situation* situation) {
  const model::RegistryEntry* entry = situation == nullptr ? nullptr : situation->entry;
  const auto found = knowledge.cards.find(plugin.directory);
  const PluginCard card = found == knowledge.cards.end() ? PluginCard{} : found->second;
  const StateWord state = state_of(plugin);
  const model::RunningPlugin* running = knowledge.observation.runtime.find(plugin.id);
  std::string problem = running != nullptr ? running->problem : std::string();
  if (problem.empty() && state.kind == "bad" && !plugin.reasons.empty()) problem = plugin.reasons.front();
  const model::PluginDirectory* directory = situation == nullptr ? nullptr : situation->directory();
  if (problem.empty() && state.kind == "bad" && directory != nullptr) problem = directory->manifest_problem;
  const Offer offer = knowledge.offer(plugin.id);
  View out;
  out.text("id", plugin.id).text("name", plugin.name.empty() ? plugin.id : plugin.name).text("version", plugin.version);
  out.text("author", card.author).text("description", card.description);
  out.text("state", state.word).text("state_kind", state.kind).text("problem", problem);
  out.text("update", offer.is_update ? offer.version : "");
  out.text("not_taken", offer.refused.empty() ? "" : fmt::format("{} is offered: {}", offer.version, offer.refused));
  out.text("update_body", object_of({{"plugin_id", json::quote(plugin.id)}}));
  out.flag("verified", entry != nullptr && entry->verified).flag("linked", plugin.state == PluginState::linked);
  add_switch(out, knowledge, plugin);
  out.flag("can_configure", !plugin.directory.empty());
  return out;
}

/// What waits or is at work, newest first, and what failed unless something was asked of the same plugin since.
std::vector<const service::Operation*> to_show(const std::vector<service::Operation>& all) {
  constexpr std::size_t kMost = 6;
  std::vector<const service::Operation*> shown;
  std::set<std::string_view> later;
  for (auto one = all.rbegin(); one != all.rend() && shown.size() < kMost; ++one) {
    const bool failed =
        one->state == service::OperationState::failed || one->state == service::OperationState::interrupted;
    if (!one->has_ended() || (failed && !later.contains(one->request.plugin_id))) shown.push_back(&*one);
    later.insert(one->request.plugin_id);
  }
  return shown;
}

enum class Shown { open, open_and_failed };

/// `element`: what the parts of a page call theirs, each in its own way.
void add_operations(View& out, const Knowledge& knowledge, std::string_view element, Shown which) {
  std::vector<View> operations;
  for (const service::Operation* one : to_show(knowledge.operations())) {
    const bool is_open = !one->has_ended();
    if (!is_open && which == Shown::open) continue;
    operations.push_back(View()
                             .text("element", fmt::format("{}-{}", element, one->id))
                             .text("says", sentence_of(*one))
                             .text("what", fmt::format("{} {}", kind_of(one->request), one->request.plugin_id))
                             .text("kind", is_open ? "open" : "failed")
                             .text("percent", is_open && one->percent ? std::to_string(*one->percent) : "")
                             .flag("is_open", is_open)
                             .text("body", object_of({{"operation_id", json::quote(std::to_string(one->id))}})));
  }
  out.flag("has_operations", !operations.empty()).list("operations", std::move(operations));
}

std::string headline_of(std::size_t mendable, std::size_t manual) {
  if (mendable + manual == 0) return "All is well";
  if (manual == 0) return fmt::format("{} to mend", mendable);
  if (mendable == 0) return fmt::format("{} for you to decide", manual);
  return fmt::format("{} to mend, {} for you to decide", mendable, manual);
}

}  // namespace

std::string safe_link(std::string_view address) {
  const std::string lower = to_lower_ascii(address);
  const bool is_web = lower.starts_with("https://") || lower.starts_with("http://");
  return is_web ? std::string(address) : std::string();
}

View plugins_view(const Knowledge& knowledge) {
  View out;
  std::vector<View> problems;
  for (const model::SourceReading& reading : knowledge.observation.sources) {
    if (reading.known() || reading.source == model::Source::runtime || reading.source == model::Source::registry)
      continue;
    problems.push_back(View().text("says", fmt::format("{} could not be read: {}", reading.path, reading.detail)));
  }
  out.list("problems", std::move(problems));

  std::vector<View> findings;
  std::vector<View> notes;
  std::size_t mendable = 0;
  std::size_t manual = 0;
  for (const Inconsistency& finding : knowledge.plan.findings) {
    const bool is_note = finding.fix_action == FixAction::no_action;
    mendable += finding.fix_action == FixAction::auto_fix ? 1U : 0U;
    manual += finding.fix_action == FixAction::manual_fix_required ? 1U : 0U;
    (is_note ? notes : findings).push_back(finding_view(knowledge, finding));
  }
  out.text("to_see", std::to_string(mendable + manual))
      .text("headline", headline_of(mendable, manual))
      .text("mendable", std::to_string(mendable));
  out.flag("can_mend", mendable > 0).flag("has_findings", !findings.empty()).list("findings", std::move(findings));
  out.flag("has_notes", !notes.empty())
      .text("note_count", std::to_string(notes.size()))
      .list("notes", std::move(notes));

  add_operations(out, knowledge, "operation", Shown::open_and_failed);

  const planner::Situations situations(knowledge.observation);
  std::vector<View> cards;
  for (const planner::RosterEntry& plugin : knowledge.roster) {
    const planner::Situation* situation = situations.find(plugin.id);
    cards.push_back(card_view(knowledge, plugin, situation));
  }
  const auto newer = std::ranges::count_if(knowledge.offers, [](const auto& one) { return one.second.is_update; });
  out.flag("has_updates", newer > 1).text("updates", std::to_string(newer));
  out.text("offers_problem",
           knowledge.offers_problem.empty()
               ? std::string()
               : fmt::format("Whether there are newer versions cannot be told: {}", knowledge.offers_problem));
  out.text("count", std::to_string(cards.size())).flag("has_cards", !cards.empty()).list("cards", std::move(cards));
  return out;
}

View why_view(const Knowledge& knowledge, const planner::Explanation& explanation) {
  const planner::RosterEntry* plugin = knowledge.plugin(explanation.id);
  View out;
  out.text("id", explanation.id)
      .text("name", plugin == nullptr || plugin->name.empty() ? explanation.id : plugin->name);
  out.text("verdict", planner::verdict_of(explanation));
  if (plugin != nullptr) add_switch(out, knowledge, *plugin);
  std::vector<View> chain;
  for (const planner::ChainLink& link : explanation.chain) {
    View one;
    one.text("link", link.link).text("mark", !link.known ? "unknown" : link.ok ? "yes" : "no");
    one.text("mark_kind", !link.known ? "news" : link.ok ? "good" : "bad");
    one.list("parts", sentence_parts(planner::without_the_originals_words(link.sentence))).text("mend", link.mend);
    one.list("evidence", evidence_views(link.evidence)).flag("has_evidence", !link.evidence.empty());
    chain.push_back(std::move(one));
  }
  out.list("chain", std::move(chain));
  std::vector<View> findings;
  for (const Inconsistency& finding : explanation.findings) findings.push_back(finding_view(knowledge, finding));
  out.flag("has_findings", !findings.empty()).list("findings", std::move(findings));
  std::string modes;
  for (const planner::ExplainedMode& mode : explanation.display_modes) modes += (modes.empty() ? "" : ", ") + mode.mode;
  out.text("modes", modes);
  std::vector<View> rows;
  for (const ledger::Action& one : knowledge.history) {
    if (one.plugin_id == explanation.id) rows.push_back(history_row(one));
  }
  out.flag("has_rows", !rows.empty()).list("rows", std::move(rows));
  return out;
}

namespace {

/// Why what the store offers under this entry was refused when it was fetched; empty: it was not.
std::string refusal_of(const Knowledge& knowledge, const model::RegistryEntry& entry) {
  for (const model::Attempt& attempt : knowledge.observation.ledger.attempts) {
    if (attempt.terminal && attempt.entry_digest == entry.digest) return attempt.detail;
  }
  return "";
}

}  // namespace

View store_view(const Knowledge& knowledge) {
  const model::RegistryFacts& registry = knowledge.observation.registry;
  const model::SourceReading& reading = knowledge.observation.reading(model::Source::registry);
  View out;
  std::string problem;
  if (!reading.known()) problem = fmt::format("The store cannot be shown: {}", reading.detail);
  if (reading.known() && !registry.present) problem = "This installation has no store.";
  out.text("problem", problem).text("origin", registry.origin).text("age", registry.age);
  const planner::Situations situations(knowledge.observation);
  std::vector<View> entries;
  std::set<std::string> categories;
  std::vector<const model::RegistryEntry*> listed;
  for (const auto* part : {&registry.entries, &registry.saved}) {
    for (const model::RegistryEntry& entry : *part) listed.push_back(&entry);
  }
  for (const model::RegistryEntry* each : listed) {
    const model::RegistryEntry& entry = *each;
    const std::string_view id = situations.resolve(entry.id);
    const planner::Situation* situation = situations.find(id.empty() ? std::string_view(entry.id) : id);
    View one;
    one.text("id", entry.id)
        .text("name", entry.name.empty() ? entry.id : entry.name)
        .text("version", entry.latest_version);
    const std::string unfit =
        model::why_not_fit(entry.minimum_core, entry.core_ranges, knowledge.observation.core_version);
    one.text("category", entry.category).text("source", entry.source).text("unfit", unfit);
    one.text("refused", unfit.empty() ? refusal_of(knowledge, entry) : std::string());
    if (!entry.category.empty()) categories.insert(entry.category);
    one.text("description", entry.description).flag("verified", entry.verified);
    one.flag("at_work", is_at_work(knowledge, entry.id));
    const bool is_installed = situation != nullptr && situation->installed();
    const bool is_damaged = situation != nullptr && !is_installed && situation->directory() != nullptr;
    one.flag("installed", is_installed).flag("damaged", is_damaged).text("link", safe_link(entry.repository));
    one.text("search",
             to_lower_ascii(fmt::format("{} {} {} {}", entry.id, entry.name, entry.description, entry.category)));
    one.text("body", object_of({{"plugin_id", json::quote(entry.id)}}));
    entries.push_back(std::move(one));
  }
  std::vector<View> repositories;
  for (const store::SavedRepository& saved : knowledge.repositories) {
    repositories.push_back(View()
                               .text("url", saved.url)
                               .text("name", saved.name)
                               .text("element", "repository-" + fingerprint_hex(saved.url).substr(0, 10))
                               .text("body", object_of({{"repo_url", json::quote(saved.url)}})));
  }
  add_operations(out, knowledge, "store-operation", Shown::open);
  std::vector<View> choices;
  for (const std::string& category : categories) choices.push_back(View().text("category", category));
  out.flag("has_categories", choices.size() > 1).list("categories", std::move(choices));
  out.flag("has_repositories", !repositories.empty()).list("repositories", std::move(repositories));
  out.text("count", std::to_string(entries.size())).list("entries", std::move(entries));
  return out;
}

View history_view(const Knowledge& knowledge) {
  View out;
  out.text("problem", knowledge.history_problem.empty()
                          ? std::string()
                          : fmt::format("The history cannot be shown: {}", knowledge.history_problem));
  std::vector<View> rows;
  for (const ledger::Action& one : knowledge.history) {
    rows.push_back(history_row(one));
  }
  out.flag("has_rows", !rows.empty()).list("rows", std::move(rows));
  return out;
}

}  // namespace trueup::web
