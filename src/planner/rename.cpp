#include "planner/rename.h"

#include <algorithm>
#include <set>

#include "json/document.h"
#include "json/write.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Observation;
using model::PluginReference;

using Path = std::vector<std::string>;

DocumentEdit key_edit(DocumentName document, Path path, std::string_view new_key) {
  DocumentEdit edit{.document = document, .path = std::move(path), .expected = {}, .value = {}};
  edit.new_key = std::string(new_key);
  return edit;
}

Path parent_of(const Path& path) { return {path.begin(), path.end() - 1}; }

class Renaming {
 public:
  Renaming(const Observation& observation, const Situation& former, const Situation& present, Keep keep)
      : observation_(observation), former_(former), present_(present), keep_(keep), from_(former.id), to_(present.id) {}

  RenameWork work() && {
    const bool both = former_.section != nullptr && present_.section != nullptr;
    references();
    section(DocumentName::config, former_.section != nullptr, present_.section != nullptr);
    section(DocumentName::secrets, has_secrets(from_), has_secrets(to_));
    if (former_.section == nullptr && present_.section == nullptr && present_.installed()) recorded_choice();
    // With two sections the uploads stay, and what names them stays true.
    if (!both && has_uploads(observation_, from_) && !has_uploads(observation_, to_)) move_uploads();
    const bool former_stays = former_.section != nullptr && (!both || keep_ == Keep::former);
    if (observation_.web_process == model::Tristate::no) record(former_stays ? former_ : present_);
    return std::move(work_);
  }

 private:
  [[nodiscard]] bool has_secrets(std::string_view id) const {
    const auto& secrets = observation_.config.secrets;
    return std::any_of(secrets.begin(), secrets.end(), [&](const auto& section) { return section.key == id; });
  }

  /// The texts stand inside the section, which has its new key by then.
  void move_uploads() {
    work_.uploads = model::UploadsMove{std::string(from_), std::string(to_)};
    for (const PluginReference& reference : observation_.config.references) {
      if (reference.kind != PluginReference::Kind::upload || reference.plugin_id != from_) continue;
      std::string text = reference.text;
      const std::string below = "assets/plugins/";
      const auto at = text.find(below + std::string(from_) + "/");
      if (at == std::string::npos) continue;
      text.replace(at + below.size(), from_.size(), to_);
      Path path = reference.path;
      path.front() = to_;
      work_.edits.push_back({.document = DocumentName::config,
                             .path = std::move(path),
                             .expected = json::quote(reference.text),
                             .value = json::quote(text)});
    }
  }

  /// A list or the durations that name the new id already stay as they are: nothing is merged, and a name that no
  /// plugin has does no harm there.
  void references() {
    std::set<Path> named;
    for (const PluginReference& reference : observation_.config.references) {
      if (reference.kind != PluginReference::Kind::upload && reference.plugin_id == to_) {
        named.insert(parent_of(reference.path));
      }
    }
    for (const PluginReference& reference : observation_.config.references) {
      if (reference.kind == PluginReference::Kind::upload || reference.plugin_id != from_) continue;
      if (named.contains(parent_of(reference.path))) continue;
      if (reference.kind == PluginReference::Kind::key) {
        work_.edits.push_back(key_edit(DocumentName::config, reference.path, to_));
        continue;
      }
      work_.edits.push_back({.document = DocumentName::config,
                             .path = reference.path,
                             .expected = json::quote(from_),
                             .value = json::quote(to_)});
    }
  }

  void section(DocumentName document, bool former, bool present) {
    if (former && present) work_.both.push_back(document);
    if (former && !present) work_.edits.push_back(key_edit(document, {std::string(from_)}, to_));
  }

  /// No section says whether it is on, under neither name: what is recorded stands.
  void recorded_choice() {
    const EnabledAnswer own = enabled_of(present_);
    const bool enabled = own.from == EnabledAnswer::From::record ? own.enabled : enabled_of(former_).enabled;
    work_.edits.push_back({.document = DocumentName::config,
                           .path = {std::string(to_)},
                           .expected = {},
                           .value = enabled ? R"({"enabled": true})" : R"({"enabled": false})"});
  }

  /// The record is a cache: it goes along, and says what the section and the manifest say.
  void record(const Situation& deciding) {
    const model::StateRecord* mine = usable(former_.record);
    if (mine == nullptr) return;
    const Path old_path{"states", std::string(from_)};
    const Path path{"states", std::string(to_)};
    if (present_.record != nullptr) {
      work_.edits.push_back({.document = DocumentName::state, .path = old_path, .expected = mine->text, .value = {}});
      follow(path, usable(present_.record), deciding, false);
      return;
    }
    DocumentEdit rename = key_edit(DocumentName::state, old_path, to_);
    rename.expected = mine->text;
    work_.edits.push_back(std::move(rename));
    const auto parsed = json::Document::parse(mine->text);
    const auto own_id = parsed ? parsed->root().find("plugin_id") : std::nullopt;
    if (own_id && own_id->string() == from_) set(path, "plugin_id", json::quote(from_), json::quote(to_));
    follow(path, mine, deciding, true);
  }

  void follow(const Path& path, const model::StateRecord* record, const Situation& deciding, bool version_too) {
    if (record == nullptr) return;
    const auto choice = deciding.section != nullptr && deciding.section->is_object()
                            ? deciding.section->enabled.choice()
                            : std::nullopt;
    if (choice && record->enabled) {
      if (*record->enabled != *choice) set(path, "enabled", record->enabled_text, *choice ? "true" : "false");
      const bool wrong = *choice ? record->status == "disabled" || record->status == "installed"  //
                                 : record->status == "enabled";
      if (wrong) set(path, "status", json::quote(record->status), *choice ? "\"enabled\"" : "\"disabled\"");
    }
    const std::string& version = present_.directory()->version;
    if (version_too && !record->version.empty() && !version.empty() && record->version != version) {
      set(path, "version", json::quote(record->version), json::quote(version));
    }
  }

  void set(Path path, std::string_view key, std::string expected, std::string value) {
    path.emplace_back(key);
    work_.edits.push_back({.document = DocumentName::state,
                           .path = std::move(path),
                           .expected = std::move(expected),
                           .value = std::move(value)});
  }

  static const model::StateRecord* usable(const model::StateRecord* record) {
    return record != nullptr && record->problem.empty() ? record : nullptr;
  }

  const Observation& observation_;
  const Situation& former_;
  const Situation& present_;
  Keep keep_;
  std::string_view from_;
  std::string_view to_;
  RenameWork work_;
};

}  // namespace

bool has_uploads(const Observation& observation, std::string_view id) {
  const auto& names = observation.uploads.names;
  return std::find(names.begin(), names.end(), id) != names.end();
}

RenameWork rename_work(const Observation& observation, const Situation& former, const Situation& present, Keep keep) {
  return Renaming(observation, former, present, keep).work();
}

RenameWork rename_to_new_id(const Observation& observation, const Situation& former,
                            const model::PluginDirectory& present) {
  Situation there;
  there.id = present.id;
  there.directories = {&present};
  return rename_work(observation, former, there, Keep::former);
}

std::optional<model::Inconsistency> pending_rename(const Observation& observation, const Situations& situations,
                                                   const Situation& present) {
  if (present.section != nullptr || present.settings_under.empty()) return std::nullopt;
  const Situation* former = situations.find(present.settings_under);
  if (former == nullptr) return std::nullopt;
  const model::Policy policy;
  Output found;
  kRenamed.each({observation, policy, situations}, *former, found);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front().finding));
}

std::optional<model::Step> rename_behind(const Context& context, model::PluginDirectory arriving) {
  const Observation& seen = context.observation;
  if (seen.unknown_among(kRenamed.needs) || seen.unknown_among(kRenamed.step_needs)) return std::nullopt;
  Observation then = seen;
  std::erase_if(then.disk.directories, [&](const auto& standing) { return standing.name == arriving.name; });
  const std::string id = arriving.id;
  then.disk.directories.push_back(std::move(arriving));
  const Situations situations(then);
  const Situation* present = situations.find(id);
  if (present == nullptr) return std::nullopt;
  const std::string_view former =
      present->section == nullptr && !present->settings_under.empty() ? present->settings_under : present->followed_by;
  if (former.empty()) return std::nullopt;
  Output found;
  kRenamed.each({then, context.policy, situations}, *situations.find(former), found);
  if (found.empty() || found.front().steps.empty()) return std::nullopt;
  const bool held = std::ranges::any_of(seen.ledger.holds, [&found](const model::Hold& hold) {
    return hold.finding == found.front().finding.finding;  // by the owner: plugin_renamed says so when it stands
  });
  return held ? std::nullopt : std::optional(std::move(found.front().steps.front()));
}

void go_along(model::Step& step, model::Step rename) {
  step.summary += ", and " + rename.summary;
  step.edits = std::move(rename.edits);
  step.uploads = std::move(rename.uploads);
}

}  // namespace trueup::planner
