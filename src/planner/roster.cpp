#include "planner/roster.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/nearest.h"
#include "base/shell_word.h"
#include "model/catalogue.h"
#include "model/compatibility.h"
#include "planner/attempts.h"
#include "planner/fit.h"
#include "planner/next_command.h"
#include "planner/restart.h"
#include "planner/rule.h"
#include "planner/situation.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Observation;
using model::Plan;
using model::Source;

std::string_view to_string(EnabledAnswer::From from) {
  switch (from) {
    case EnabledAnswer::From::config: return "config";
    case EnabledAnswer::From::record: return "record";
    case EnabledAnswer::From::unstated: return "unstated";
    case EnabledAnswer::From::invalid: return "invalid";
  }
  return "unstated";
}

using FindingsById = std::multimap<std::string_view, const Inconsistency*>;

FindingsById index_findings(const Plan& plan) {
  FindingsById index;
  for (const Inconsistency& finding : plan.findings) index.emplace(finding.plugin_id, &finding);
  return index;
}

bool is_missing(const FindingsById& findings, std::string_view id) {
  const auto [first, last] = findings.equal_range(id);
  return std::any_of(first, last, [](const auto& item) {
    return item.second->inconsistency_type == InconsistencyType::plugin_missing_on_disk;
  });
}

PluginState state_of(const Situation& plugin) {
  if (plugin.directories.empty()) return PluginState::missing;
  if (plugin.directory()->manifest == model::ManifestVerdict::unreadable) return PluginState::unknown;
  if (!plugin.installed() || plugin.reserved) return PluginState::damaged;
  return plugin.directory()->kind == model::EntryKind::link ? PluginState::linked : PluginState::healthy;
}

/// What the catalogue has to say about the row of a plugin that `is_on`.
void add_catalogue_facts(const model::Catalogue& catalogue, const Situations& situations, RosterEntry& entry) {
  const model::CataloguePlugin* plugin = catalogue.find(entry.id);
  if (plugin == nullptr) return;
  entry.display_modes = plugin->display_modes;
  if (!entry.enabled) return;
  for (const std::string& mode : plugin->display_modes) {
    for (const model::CataloguePlugin* other : catalogue.providers_of(mode)) {
      if (other == plugin || !enabled_of(*situations.find(other->id)).enabled) continue;
      entry.reasons.push_back(fmt::format("its display mode {} is also that of {}", mode, other->id));
      break;
    }
  }
}

model::Tristate running_of(const Observation& observation, std::string_view id) {
  if (observation.reading(Source::runtime).verdict != model::Verdict::complete) return model::Tristate::unknown;
  const model::RunningPlugin* told = observation.runtime.find(id);
  if (told != nullptr && told->unclear) return model::Tristate::unknown;
  return told != nullptr && told->runs() ? model::Tristate::yes : model::Tristate::no;
}

RosterEntry entry_for(const Observation& observation, const Situation& plugin, const FindingsById& findings) {
  RosterEntry entry;
  entry.id = plugin.id;
  entry.state = state_of(plugin);
  if (const model::PluginDirectory* directory = plugin.directory()) {
    entry.directory = directory->name;
    entry.name = directory->display_name;
    entry.version = directory->version;
  } else if (plugin.past_receipt != nullptr) {
    entry.version = plugin.past_receipt->version;
  }
  const EnabledAnswer answer = enabled_of(plugin);
  entry.enabled = answer.enabled;
  entry.enabled_from = to_string(answer.from);
  if (!observation.reading(Source::config).known()) {
    entry.enabled = false;
    entry.enabled_from = "unknown";
  }
  entry.running = running_of(observation, plugin.id);
  const auto [first, last] = findings.equal_range(plugin.id);
  for (auto it = first; it != last; ++it) {
    // Of a display mode that several provide, each row tells its own side.
    if (it->second->inconsistency_type == InconsistencyType::display_mode_conflict) continue;
    if (it->second->fix_action != model::FixAction::no_action) entry.reasons.push_back(it->second->description);
  }
  return entry;
}

}  // namespace

std::string_view to_string(PluginState state) {
  switch (state) {
    case PluginState::healthy: return "healthy";
    case PluginState::damaged: return "damaged";
    case PluginState::missing: return "missing";
    case PluginState::linked: return "linked";
    case PluginState::unknown: return "unknown";
  }
  return "unknown";
}

std::vector<RosterEntry> make_roster(const Observation& observation, const Plan& plan) {
  const Situations situations(observation);
  const FindingsById findings = index_findings(plan);
  const bool disk_known = observation.reading(Source::disk).known();
  const model::Catalogue catalogue = model::make_catalogue(observation);
  std::vector<RosterEntry> roster;
  for (const Situation& plugin : situations.all()) {
    if (plugin.tombstoned) continue;
    const bool listed = !plugin.directories.empty() || is_missing(findings, plugin.id) ||
                        (!disk_known && plugin.is_plugin() && plugin.section != nullptr);
    if (!listed) continue;
    roster.push_back(entry_for(observation, plugin, findings));
    add_catalogue_facts(catalogue, situations, roster.back());
    if (!disk_known) roster.back().state = PluginState::unknown;
  }
  return roster;
}

namespace {

/// Builds the chain link by link and stops at the first that is broken.
class Chain {
 public:
  Chain(const Observation& observation, const Situation& plugin, const FindingsById& findings)
      : observation_(observation), plugin_(plugin), findings_(findings) {}

  std::vector<ChainLink> build() {
    for (const auto link : {&Chain::wanted, &Chain::installed, &Chain::intact, &Chain::configured, &Chain::running}) {
      links_.push_back((this->*link)());
      if (!links_.back().ok && links_.back().known) break;
    }
    return std::move(links_);
  }

 private:
  [[nodiscard]] const Inconsistency* found(std::initializer_list<InconsistencyType> types) const {
    return found_of(plugin_.id, types);
  }

  [[nodiscard]] const Inconsistency* found_of(std::string_view id,
                                              std::initializer_list<InconsistencyType> types) const {
    const auto [first, last] = findings_.equal_range(id);
    for (auto it = first; it != last; ++it) {
      if (std::find(types.begin(), types.end(), it->second->inconsistency_type) != types.end()) return it->second;
    }
    return nullptr;
  }

  static ChainLink broken(std::string_view link, const Inconsistency& finding, std::string mend) {
    return {.link = std::string(link),
            .ok = false,
            .sentence = finding.description + "; " + finding.advice,
            .evidence = finding.evidence,
            .mend = std::move(mend)};
  }

  static std::string mend_of(const Inconsistency& finding) {
    if (finding.fix_action == model::FixAction::no_action) return "";
    const bool ours = finding.fix_action == model::FixAction::auto_fix;
    return ours ? "trueup reconcile " + shell_word(finding.plugin_id) : next_command(finding);
  }

  ChainLink unknown(std::string_view link, Source source) const {
    const auto& reading = observation_.reading(source);
    return {.link = std::string(link),
            .known = false,
            .sentence = fmt::format("{} could not be read", reading.path),
            .evidence = {{reading.path, reading.detail}}};
  }

  ChainLink wanted() const {
    if (!observation_.reading(Source::config).known()) return unknown("wanted", Source::config);
    const std::string config = observation_.reading(Source::config).path;
    if (!plugin_.is_plugin() && coming_back() == nullptr) return no_plugin();
    const auto* runs = found({InconsistencyType::plugin_running_unexpectedly});
    if (plugin_.tombstoned) return removed(runs);
    const EnabledAnswer answer = enabled_of(plugin_);
    ChainLink link{.link = "wanted", .ok = answer.enabled};
    switch (answer.from) {
      case EnabledAnswer::From::config:
        link.sentence = answer.enabled ? "config.json switches it on" : "config.json switches it off";
        link.evidence = {{config, fmt::format("`{}.enabled` is {}", plugin_.id, answer.enabled)}};
        break;
      case EnabledAnswer::From::record:
        link.sentence =
            fmt::format("config.json does not say; it was last recorded as {}", answer.enabled ? "on" : "off");
        link.evidence = {{observation_.reading(Source::state).path, fmt::format("records enabled={}", answer.enabled)}};
        break;
      case EnabledAnswer::From::unstated:
        link.sentence = "nothing says that it is on, so it is off";
        link.evidence = {
            {config, plugin_.section == nullptr ? "has no section for it" : "its section has no `enabled`"}};
        break;
      case EnabledAnswer::From::invalid:
        link.sentence = "what config.json says of it has the wrong type, so it is off";
        link.evidence = {{config, "see the finding about its settings"}};
        break;
    }
    if (link.ok) return link;
    const bool object = plugin_.section == nullptr || plugin_.section->is_object();
    // Settings under another name do nothing; to switch it on here would make a second section beside them.
    const bool elsewhere = plugin_.section == nullptr && !plugin_.settings_under.empty();
    const Inconsistency* rename =
        elsewhere ? found_of(plugin_.settings_under, {InconsistencyType::plugin_renamed}) : nullptr;
    if (runs != nullptr) {
      link.mend = mend_of(*runs);
    } else if (rename != nullptr) {
      link.sentence = fmt::format("its settings stand under its other name `{}`, where they do nothing, so it is off",
                                  rename->plugin_id);
      link.mend = mend_of(*rename);
    } else if (object) {
      link.mend = "trueup enable " + shell_word(plugin_.id);
    } else if (const auto* wrong = found({InconsistencyType::plugin_config_invalid})) {
      link.mend = mend_of(*wrong);
    }
    return link;
  }

  /// Nothing can be typed that would make a plugin of it.
  ChainLink no_plugin() const {
    ChainLink link{.link = "plugin", .ok = false, .sentence = "nothing shows that it is a plugin, so it is left alone"};
    if (plugin_.section != nullptr) {
      link.evidence = {{observation_.reading(Source::config).path, fmt::format("has a section `{}`", plugin_.id)}};
    }
    if (!observation_.registry.present || !observation_.reading(Source::registry).known()) {
      link.evidence.push_back({"registry", "could not be asked"});
    }
    return link;
  }

  void offer_install(ChainLink& link) const {
    if (const std::string unfit = why_unfit(observation_, plugin_); !unfit.empty()) {
      link.evidence.push_back(
          {observation_.reading(Source::registry).path, "offers it, and that does not fit this LEDMatrix: " + unfit});
    } else {
      link.mend = "trueup install " + shell_word(plugin_.id);
    }
  }

  ChainLink removed(const Inconsistency* runs) const {
    ChainLink link{.link = "wanted",
                   .ok = false,
                   .sentence = "you removed it",
                   .evidence = {{observation_.reading(Source::tombstones).path, "lists it"}}};
    if (runs != nullptr) {
      link.mend = mend_of(*runs);
    } else if (plugin_.entry_is_evidence()) {
      offer_install(link);
    } else if (observation_.registry.present && observation_.reading(Source::registry).known()) {
      link.evidence.push_back({observation_.reading(Source::registry).path, "lacks it, so it cannot be fetched again"});
    }
    return link;
  }

  /// A copy of it that an interrupted install left, where something is to be done about that.
  [[nodiscard]] const Inconsistency* coming_back() const {
    const auto* left = found({InconsistencyType::plugin_install_interrupted});
    return left != nullptr && left->fix_action != model::FixAction::no_action ? left : nullptr;
  }

  ChainLink installed() const {
    if (!observation_.reading(Source::disk).known()) return unknown("installed", Source::disk);
    if (!plugin_.directories.empty()) {
      return {.link = "installed",
              .ok = true,
              .sentence = fmt::format("it lies in {}", plugin_.directory()->name),
              .evidence = {{observation_.disk.path + "/" + plugin_.directory()->name, "is there"}}};
    }
    if (const auto* missing = found({InconsistencyType::plugin_missing_on_disk})) {
      return broken("installed", *missing, mend_of(*missing));
    }
    if (const auto* left = coming_back()) return broken("installed", *left, mend_of(*left));
    ChainLink link{.link = "installed",
                   .ok = false,
                   .sentence = "nothing of that name is installed",
                   .evidence = {{observation_.disk.path, "has nothing of that name"}}};
    if (plugin_.entry != nullptr) offer_install(link);
    return link;
  }

  ChainLink intact() const {
    if (!observation_.reading(Source::disk).known()) return unknown("intact", Source::disk);
    if (const auto* finding =
            found({InconsistencyType::plugin_manifest_invalid, InconsistencyType::plugin_files_missing});
        finding != nullptr && finding->reason != kReceiptUnreadable) {  // which says of no file that it is gone
      return broken("intact", *finding, mend_of(*finding));
    }
    if (const auto* left = coming_back()) return broken("intact", *left, mend_of(*left));
    return {.link = "intact",
            .ok = true,
            .sentence = fmt::format("its manifest reads, version {}", plugin_.directory()->version),
            .evidence = {{observation_.disk.path + "/" + plugin_.directory()->name + "/manifest.json",
                          fmt::format("says that it is {} {}", plugin_.id, plugin_.directory()->version)}}};
  }

  ChainLink configured() const {
    if (!observation_.reading(Source::config).known()) return unknown("configured", Source::config);
    if (const auto* finding = found({InconsistencyType::plugin_config_invalid,
                                     InconsistencyType::plugin_missing_in_config, InconsistencyType::plugin_renamed});
        finding != nullptr && finding->reason != "schema_unusable") {  // which is no fault of the settings
      return broken("configured", *finding, mend_of(*finding));
    }
    return {.link = "configured",
            .ok = true,
            .sentence = plugin_.section == nullptr ? "it has no settings of its own" : "its settings can be read",
            .evidence = {{observation_.reading(Source::config).path,
                          fmt::format("has {} section `{}`", plugin_.section == nullptr ? "no" : "a", plugin_.id)}}};
  }

  ChainLink running() const {
    const auto& reading = observation_.reading(Source::runtime);
    if (reading.verdict != model::Verdict::complete) {
      return {.link = "running",
              .known = false,
              .sentence = "what the display runs is unknown: " + reading.detail,
              .evidence = {{reading.path, reading.detail}}};
    }
    if (const auto* finding = found({InconsistencyType::plugin_not_running, InconsistencyType::plugin_running_stale})) {
      return broken("running", *finding, std::string(kRestartDisplay));
    }
    const model::RunningPlugin* told = observation_.runtime.find(plugin_.id);
    if (told != nullptr && told->unclear) {
      return {.link = "running",
              .known = false,
              .sentence = "whether the display runs it is unknown: what it tells of it cannot be read",
              .evidence = {{reading.path, "lists it, and does not say in a known way whether it is loaded"}}};
    }
    const bool runs = told != nullptr && told->runs();
    std::string sentence = runs ? "the display runs it" : "the display does not run it";
    if (runs && !told->health.empty()) sentence += "; " + told->health;
    return {.link = "running",
            .ok = runs,
            .sentence = std::move(sentence),
            .evidence = {{reading.path, told == nullptr ? "does not list it" : "calls it " + told->state}}};
  }

  const Observation& observation_;
  const Situation& plugin_;
  const FindingsById& findings_;
  std::vector<ChainLink> links_;
};

}  // namespace

namespace {

/// The plugin that shows a mode: of several, the first that is on.
const Situation* provider_of(const model::Catalogue& catalogue, const Situations& situations, std::string_view mode) {
  const Situation* first = nullptr;
  for (const model::CataloguePlugin* plugin : catalogue.providers_of(mode)) {
    const Situation* situation = situations.find(plugin->id);
    if (enabled_of(*situation).enabled) return situation;
    if (first == nullptr) first = situation;
  }
  return first;
}

std::vector<ExplainedMode> modes_of(const model::Catalogue& catalogue, std::string_view id) {
  std::vector<ExplainedMode> modes;
  const auto* own = catalogue.display_modes_of(id);
  if (own == nullptr) return modes;
  for (const std::string& mode : *own) {
    ExplainedMode explained{.mode = mode};
    for (const model::CataloguePlugin* plugin : catalogue.providers_of(mode)) {
      if (plugin->id != id) explained.also_by.push_back(plugin->id);
    }
    modes.push_back(std::move(explained));
  }
  return modes;
}

}  // namespace

std::optional<Explanation> explain(const Observation& observation, const Plan& plan, std::string_view name) {
  const Situations situations(observation);
  const model::Catalogue catalogue = model::make_catalogue(observation);
  const Situation* plugin = situations.find(situations.resolve(name));
  const bool is_plugin = plugin != nullptr && plugin->is_plugin();
  const Situation* provider = is_plugin ? nullptr : provider_of(catalogue, situations, name);
  // A mode is often called like its plugin: an id in other letters is a mistake to be told, not a mode (F85).
  if (provider != nullptr && model::mode_key(provider->id) == model::mode_key(name)) provider = nullptr;
  if (provider != nullptr) plugin = provider;
  if (plugin == nullptr) return std::nullopt;
  const FindingsById findings = index_findings(plan);
  Explanation out{.id = std::string(plugin->id),
                  .asked_by_mode = provider != nullptr,
                  .display_modes = modes_of(catalogue, plugin->id),
                  .chain = Chain(observation, *plugin, findings).build()};
  const auto [first, last] = findings.equal_range(plugin->id);
  for (auto it = first; it != last; ++it) out.findings.push_back(*it->second);
  return out;
}

std::vector<std::string> near_names(const Observation& observation, std::string_view name) {
  const Situations situations(observation);
  std::vector<std::string> known;
  for (const Situation& plugin : situations.all()) {
    if (plugin.is_plugin()) known.emplace_back(plugin.id);
  }
  return nearest(name, known);
}

UnknownName about_unknown(const Observation& observation, std::string_view name) {
  const auto& entries = observation.registry.entries;
  const auto listed = std::ranges::find_if(entries, [name](const model::RegistryEntry& entry) {
    return entry.id == name || entry.directory == name || std::ranges::find(entry.aliases, name) != entry.aliases.end();
  });
  if (listed != entries.end()) {
    const auto unfit = model::why_not_fit(listed->minimum_core, listed->core_ranges, observation.core_version);
    if (!unfit.empty()) {
      return {"it is not installed, and what the registry lists does not fit this LEDMatrix: " + unfit,
              "`trueup list` shows the plugins"};
    }
    return {"it is not installed, and the registry lists it",
            fmt::format("`trueup install {}` installs it", shell_word(name))};
  }
  if (auto refusal = refusal_of_entry(observation.registry, name)) {
    return {"it is not installed, and " + *refusal, "only who keeps the registry can mend its entry"};
  }
  std::string guess;
  for (const std::string& near : near_names(observation, name)) {
    guess += fmt::format("{}`{}`", guess.empty() ? "did you mean " : " or ", near);
  }
  return {"no plugin of this name is installed, configured or listed by the registry",
          guess.empty() ? "`trueup list` shows the plugins" : guess + "?"};
}

}  // namespace trueup::planner
