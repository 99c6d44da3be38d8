#include "engine/report.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "engine/secret_texts.h"
#include "json/document.h"
#include "json/write.h"
#include "model/settings.h"
#include "model/step.h"

namespace trueup::engine {
namespace {

using model::Observation;

constexpr std::size_t kShortestSecret = 6;  // shorter texts are words that anything may hold
constexpr std::string_view kPlaceholder = "YOUR_";
constexpr std::string_view kHidden = "(hidden)";

/// Records that some plan of this observation rests on, word for word.
std::set<std::string> records_in_plans(const Look& seen) {
  std::set<std::string> texts;
  for (const model::RuleSet rules : {model::RuleSet::safe, model::RuleSet::ledmatrix}) {
    for (const model::Step& step : plan_of(seen, {.rules = rules}).steps) {
      for (const model::DocumentEdit& edit : step.edits) {
        if (edit.document == model::DocumentName::state && edit.expected) texts.insert(*edit.expected);
      }
    }
  }
  return texts;
}

void take_out_what_no_plan_needs(const Look& seen, Observation& observation) {
  const auto needed = records_in_plans(seen);
  for (model::StateRecord& record : observation.state) {
    if (!needed.contains(record.text)) record.text.clear();
  }
  for (model::PluginDirectory& directory : observation.disk.directories) {
    if (directory.receipt) directory.receipt->origin.clear();
  }
  for (model::ReceiptIndexEntry& receipt : observation.ledger.receipts) receipt.origin.clear();
  if (!observation.ledger.installation_id.empty()) observation.ledger.installation_id = kHidden;
  observation.ignored_tombstones.clear();
  observation.valid_settings.clear();
  observation.ledger.valid_settings.clear();
  observation.untouched_files.clear();
  observation.ledger.untouched_files.clear();
  observation.registry.skipped.clear();
  observation.registry.saved.clear();
  for (model::RegistryEntry& entry : observation.registry.entries) {
    entry = {.id = std::move(entry.id),
             .directory = std::move(entry.directory),
             .aliases = std::move(entry.aliases),
             .latest_version = std::move(entry.latest_version),
             .minimum_core = std::move(entry.minimum_core),
             .core_ranges = std::move(entry.core_ranges),
             .digest = std::move(entry.digest)};
  }
}

/// Where config.json names plugins in lists, and paths of what was uploaded: only a rename rests on them.
void take_out_references(const Look& seen, Observation& observation) {
  const Look with{.observation = observation, .displaced_writes = seen.displaced_writes};
  Look without{.observation = observation, .displaced_writes = seen.displaced_writes};
  without.observation.config.references.clear();
  for (const model::RuleSet rules : {model::RuleSet::safe, model::RuleSet::ledmatrix}) {
    if (plan_of(without, {.rules = rules}) != plan_of(with, {.rules = rules})) return;
  }
  observation.config.references.clear();
}

struct Replacement {
  std::string text;
  std::string by;
  bool operator==(const Replacement&) const = default;
};

/// As they are and as JSON writes them.
void add_secrets(const std::vector<std::string>& secrets, std::vector<Replacement>& texts) {
  for (const std::string& text : secrets) {
    if (text.size() < kShortestSecret || text.starts_with(kPlaceholder)) continue;
    const std::string quoted = json::quote(text);
    texts.push_back({text, std::string(kHidden)});
    texts.push_back({quoted.substr(1, quoted.size() - 2), std::string(kHidden)});
  }
}

/// Every name that plans rest on: with a part of one taken out, the report would contradict itself.
std::set<std::string> names_in_use(const Observation& observation) {
  std::set<std::string> names;
  for (const auto* sections :
       {&observation.config.sections, &observation.config.secrets, &observation.config.templates}) {
    for (const model::Section& section : *sections) names.insert(section.key);
  }
  for (const model::PluginDirectory& directory : observation.disk.directories) {
    names.insert({directory.name, directory.id});
  }
  for (const model::StateRecord& record : observation.state) names.insert(record.key);
  for (const model::RegistryEntry& entry : observation.registry.entries) {
    names.insert({entry.id, entry.directory});
    names.insert(entry.aliases.begin(), entry.aliases.end());
  }
  return names;
}

/// A text that a name shows anyway is no secret on this display: it stays, and that is told.
std::vector<std::string> keep_names(const Observation& observation, std::vector<Replacement>& texts) {
  std::set<std::string> shown;
  const auto names = names_in_use(observation);
  std::erase_if(texts, [&](const Replacement& one) {
    const auto name =
        std::ranges::find_if(names, [&](const std::string& each) { return each.find(one.text) != std::string::npos; });
    if (name != names.end()) shown.insert(*name);
    return name != names.end();
  });
  return {shown.begin(), shown.end()};
}

/// Where the installation lies, and whose home that is.
std::vector<Replacement> root_texts(const std::string& root) {
  std::vector<Replacement> texts{{root, "(root)"}};
  constexpr std::string_view kHome = "/home/";
  if (root.starts_with(kHome)) {
    texts.push_back({root.substr(0, root.find('/', kHome.size())), "/home/(user)"});
  }
  return texts;
}

/// Longest first, so that none hides a part of another.
void put_in_order(std::vector<Replacement>& replacements) {
  std::sort(replacements.begin(), replacements.end(), [](const Replacement& a, const Replacement& b) {
    return a.text.size() != b.text.size() ? a.text.size() > b.text.size() : a.text < b.text;
  });
  replacements.erase(std::unique(replacements.begin(), replacements.end()), replacements.end());
}

std::string replaced(std::string text, const std::vector<Replacement>& replacements) {
  for (const auto& [secret, by] : replacements) {
    if (secret.size() > text.size()) continue;
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += by.size()) {
      text.replace(at, secret.size(), by);
    }
  }
  return text;
}

}  // namespace

Result<ReportText> make_report(World& world, const ReportOrder& order) {
  ASSIGN_OR_RETURN(const Look seen, look(world, sources::SettingsCheck::changed));
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  model::Report report{.trueup_version = order.trueup_version,
                       .rules = order.rules,
                       .observation = seen.observation,
                       .engine_findings = seen.displaced_writes};
  for (const auto& edit : seen.overwritten_edits) report.engine_findings.push_back(edit.finding);
  take_out_what_no_plan_needs(seen, report.observation);
  take_out_references(seen, report.observation);
  std::vector<Replacement> replacements;
  for (const auto document : {model::DocumentName::secrets, model::DocumentName::config}) {
    // Of a file that cannot be read nothing is in the report either.
    if (const auto secrets = secret_texts(*root, document)) add_secrets(*secrets, replacements);
  }
  add_secrets(secret_texts_by_schemas(*root, world.file_system, seen.observation), replacements);
  auto names_shown = keep_names(report.observation, replacements);
  if (order.hide_root) {
    for (Replacement& one : root_texts(world.root)) replacements.push_back(std::move(one));
  }
  put_in_order(replacements);
  ReportText made{.text = model::encode_report(
                      std::move(report), [&](std::string text) { return replaced(std::move(text), replacements); })};
  auto again = model::decode_report(made.text);
  if (!again) {
    return Error{.code = ErrorCode::refused,
                 .message = "with its secrets taken out the report would contradict itself, so none was made",
                 .where = std::move(again.error().where),
                 .hint = "a text of the secrets file stands in a name that everything rests on"};
  }
  made.names_shown = std::move(names_shown);
  made.replays = plan_of(std::move(*again), {.rules = order.rules}).plan == plan_of(seen, {.rules = order.rules});
  return made;
}

PlanReport plan_of(model::Report report, const model::Policy& policy) {
  Look seen{.observation = std::move(report.observation), .displaced_writes = std::move(report.engine_findings)};
  model::Plan plan = plan_of(seen, policy);
  return {std::move(seen.observation), std::move(plan)};
}

}  // namespace trueup::engine
