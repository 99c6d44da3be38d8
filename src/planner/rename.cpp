#include "planner/rename.h"

#include <algorithm>
#include <set>

#include "json/document.h"
#include "json/write.h"

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
    const bool former_stays = former_.section != nullptr && (!both || keep_ == Keep::former);
    if (former_stays && has_uploads(observation_, from_) && !has_uploads(observation_, to_)) move_uploads();
    references();
    section(DocumentName::config, former_.section != nullptr, present_.section != nullptr);
    section(DocumentName::secrets, has_secrets(from_), has_secrets(to_));
    if (observation_.web_process == model::Tristate::no) record(former_stays ? former_ : present_);
    return std::move(work_);
  }

 private:
  [[nodiscard]] bool has_secrets(std::string_view id) const {
    const auto& secrets = observation_.config.secrets;
    return std::any_of(secrets.begin(), secrets.end(), [&](const auto& section) { return section.key == id; });
  }

  /// The texts go first: they stand inside the section, whose key changes after them.
  void move_uploads() {
    work_.uploads = model::UploadsMove{std::string(from_), std::string(to_)};
    for (const PluginReference& reference : observation_.config.references) {
      if (reference.kind != PluginReference::Kind::upload || reference.plugin_id != from_) continue;
      std::string text = reference.text;
      const std::string below = "assets/plugins/";
      const auto at = text.find(below + std::string(from_) + "/");
      if (at == std::string::npos) continue;
      text.replace(at + below.size(), from_.size(), to_);
      work_.edits.push_back({.document = DocumentName::config,
                             .path = reference.path,
                             .expected = json::quote(reference.text),
                             .value = json::quote(text)});
    }
  }

  /// A list that names the new id already loses the old one; a duration that the new id has already stays as it is.
  void references() {
    std::set<Path> named;
    for (const PluginReference& reference : observation_.config.references) {
      if (reference.kind != PluginReference::Kind::upload && reference.plugin_id == to_) {
        named.insert(parent_of(reference.path));
      }
    }
    for (const PluginReference& reference : observation_.config.references) {
      if (reference.kind == PluginReference::Kind::upload || reference.plugin_id != from_) continue;
      const bool first = named.insert(parent_of(reference.path)).second;
      if (reference.kind == PluginReference::Kind::element) {
        work_.edits.push_back({.document = DocumentName::config,
                               .path = reference.path,
                               .expected = json::quote(from_),
                               .value = first ? std::optional(json::quote(to_)) : std::nullopt});
      } else if (first || !has_key(reference)) {
        work_.edits.push_back(key_edit(DocumentName::config, reference.path, to_));
      }
    }
  }

  [[nodiscard]] bool has_key(const PluginReference& other) const {
    const auto& all = observation_.config.references;
    return std::any_of(all.begin(), all.end(), [&](const PluginReference& reference) {
      return reference.kind == PluginReference::Kind::key && reference.plugin_id == to_ &&
             parent_of(reference.path) == parent_of(other.path);
    });
  }

  void section(DocumentName document, bool former, bool present) {
    if (!former) return;
    if (present) {
      const std::string_view goes = keep_ == Keep::former ? to_ : from_;
      work_.removals.push_back({.document = document, .path = {std::string(goes)}, .value = {}});
    }
    if (!present || keep_ == Keep::former) {
      work_.edits.push_back(key_edit(document, {std::string(from_)}, to_));
    }
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

}  // namespace trueup::planner
