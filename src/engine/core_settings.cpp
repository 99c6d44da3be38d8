#include "engine/core_settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "engine/carry_out.h"
#include "engine/choice.h"
#include "engine/live_document.h"
#include "engine/masking.h"
#include "engine/plugin_settings.h"
#include "engine/settings_save.h"
#include "engine/unfinished.h"
#include "model/plugin_id.h"
#include "model/setting_key.h"
#include "planner/plan.h"
#include "sources/config_source.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using model::Setting;
using model::SettingOrigin;
using model::SettingPath;
using model::Source;

/// Both files as they stand, and as they are to become.
struct Files {
  json::Document config;
  std::optional<json::Document> secrets;
  Setting config_before;
  Setting secrets_before;
  Setting config_after;
  Setting secrets_after;
  std::vector<std::string> problems;

  void add_problem(const SettingPath& path, std::string_view what) {
    problems.push_back(fmt::format("{}: {}", model::setting_key_text(path), what));
  }
};

Result<Files> read_files(const World& world, const Look& seen, std::string_view verb) {
  RETURN_IF_ERROR(require_known(seen.observation, {Source::config, Source::secrets, Source::disk}, verb));
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  ASSIGN_OR_RETURN(auto config, read_live_document(*root, DocumentName::config, world.clock));
  if (!config) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no such file, so nothing can be configured",
                 .where = std::string(relative_path(DocumentName::config))};
  }
  ASSIGN_OR_RETURN(auto secrets, read_live_document(*root, DocumentName::secrets, world.clock));
  Files files{.config = std::move(*config), .secrets = std::move(secrets)};
  files.config_before = model::setting_of(files.config.root(), SettingOrigin::config);
  files.secrets_before = files.secrets ? model::setting_of(files.secrets->root(), SettingOrigin::secrets)
                                       : model::empty_object(SettingOrigin::secrets);
  files.config_after = files.config_before;
  files.secrets_after = files.secrets_before;
  return files;
}

bool holds_something(const Setting* setting) {
  return setting != nullptr && !setting->is_container() && !model::is_placeholder(*setting) && !is_mask(*setting);
}

bool holds_mask(const Setting& setting) {
  if (is_mask(setting)) return true;
  return std::ranges::any_of(setting.members, [](const auto& one) { return holds_mask(one.second); }) ||
         std::ranges::any_of(setting.elements, holds_mask);
}

/// `sent` into `into`, which stands at `path`. Types stay; what is masked stays.
void merge(const Setting& sent, Setting& into, SettingPath& path, Files& files) {
  if (sent.is_object() && into.is_object()) {
    for (const auto& [key, value] : sent.members) {
      path.push_back(key);
      const auto there = std::ranges::find(into.members, key, &std::pair<std::string, Setting>::first);
      if (there != into.members.end()) {
        merge(value, there->second, path, files);
      } else if (!(model::looks_secret(path) && is_mask(value))) {
        into.members.emplace_back(key, value);
      }
      path.pop_back();
    }
    return;
  }
  if (model::looks_secret(path) && is_mask(sent)) return;
  if (sent.kind != into.kind && into.kind != json::Kind::null) {
    return files.add_problem(
        path, fmt::format("is {}, and {} was sent", json::describe(into.kind), json::describe(sent.kind)));
  }
  into = sent;
}

/// Secrets that a merge put into config.json go to the secrets file, where they are read from.
void move_secrets(const Setting& sent, SettingPath& path, Files& files) {
  for (const auto& [key, value] : sent.members) {
    path.push_back(key);
    if (value.is_object()) {
      move_secrets(value, path, files);
    } else if (!is_mask(value)) {
      const bool lies_there = model::find(files.secrets_before, path) != nullptr;
      const bool is_text = value.kind == json::Kind::string || value.kind == json::Kind::number;
      if (lies_there || (is_text && model::looks_secret(path) && !model::is_reserved(path.front()))) {
        model::put(files.secrets_after, path, value);
        if (model::find(files.config_before, path) == nullptr) model::take_out(files.config_after, path);
      }
    }
    path.pop_back();
  }
}

/// `sent` into a part of the secrets file. Elements of a list are known by their places; where they are not as many as
/// before, and something is masked, nobody can tell which is meant.
void add_secrets(const Setting& sent, Setting& into, SettingPath& path, Files& files) {
  if (is_mask(sent)) return;
  if (sent.is_object() && into.is_object()) {
    for (const auto& [key, value] : sent.members) {
      path.push_back(key);
      const auto there = std::ranges::find(into.members, key, &std::pair<std::string, Setting>::first);
      if (there != into.members.end()) {
        add_secrets(value, there->second, path, files);
      } else if (holds_mask(value)) {
        if (!is_mask(value)) files.add_problem(path, "holds a blank, and nothing is known that it stands for");
      } else {
        into.members.emplace_back(key, value);
      }
      path.pop_back();
    }
    return;
  }
  if (sent.is_list() && into.is_list() && sent.elements.size() == into.elements.size()) {
    for (std::size_t i = 0; i < sent.elements.size(); ++i) {
      path.push_back(std::to_string(i));
      add_secrets(sent.elements[i], into.elements[i], path, files);
      path.pop_back();
    }
    return;
  }
  if (holds_mask(sent)) return files.add_problem(path, "holds a blank, and it cannot be told which one it stands for");
  if (holds_something(&into) && into.kind != sent.kind) {
    return files.add_problem(
        path, fmt::format("is {}, and {} was sent", json::describe(into.kind), json::describe(sent.kind)));
  }
  into = sent;
}

/// Every mask in `whole` replaced by what it stands for. Secrets that belong in the other file are refused.
void unmask(Setting& whole, const Setting* before, SettingPath& path, const PluginSettings* plugin, Files& files) {
  if (whole.is_container()) {
    for (auto& [key, value] : whole.members) {
      path.push_back(key);
      unmask(value, before == nullptr ? nullptr : model::find(*before, {key}), path, plugin, files);
      path.pop_back();
    }
    for (std::size_t i = 0; i < whole.elements.size(); ++i) {
      path.push_back(std::to_string(i));
      unmask(whole.elements[i], before == nullptr ? nullptr : model::find(*before, {path.back()}), path, plugin, files);
      path.pop_back();
    }
    return;
  }
  const SettingPath inner(path.empty() ? path.begin() : path.begin() + 1, path.end());
  const bool hidden = plugin != nullptr ? plugin->is_hidden(inner) : model::looks_secret(path);
  if (!hidden) return;
  if (is_mask(whole)) {
    if (before != nullptr && !before->is_container()) whole = *before;
    return;
  }
  const bool is_new = before == nullptr || json_of(*before) != json_of(whole);
  if (plugin != nullptr && is_new && plugin->is_secret(inner)) {
    files.add_problem(path, "is a secret, and does not belong in config.json");
  }
}

/// What would be wrong that is not wrong now. Pure but for the parsing.
std::vector<std::string> new_findings(const Look& seen, const Files& files) {
  const auto config = json::Document::parse(json_of(files.config_after));
  const auto secrets = json::Document::parse(json_of(files.secrets_after));
  if (!config || !secrets) return {"the files: would not be JSON"};
  model::Observation then = seen.observation;
  then.config.sections = sources::sections_of(config->root(), sources::Secrecy::open);
  then.config.references = sources::references_of(config->root());
  then.config.secrets = sources::sections_of(secrets->root(), sources::Secrecy::secret);
  then.config.core_keys_in_secrets = sources::core_keys_in_secrets(secrets->root(), config->root());
  const model::Plan before = planner::make_plan(seen.observation, {});
  std::set<std::string> known;
  for (const auto& finding : before.findings) {
    if (finding.fix_action != model::FixAction::no_action) known.insert(finding.finding);
  }
  std::vector<std::string> told;
  for (const auto& finding : planner::make_plan(then, {}).findings) {
    if (finding.fix_action == model::FixAction::no_action || known.contains(finding.finding)) continue;
    told.push_back(fmt::format("{}: {}", finding.plugin_id, finding.description));
  }
  return told;
}

Result<Decision> decided(const Look& seen, Files& files) {
  const SettingPath place{"plugin_system", "plugins_directory"};
  const Setting* old_place = model::find(files.config_before, place);
  const Setting* new_place = model::find(files.config_after, place);
  if ((old_place == nullptr ? "" : json_of(*old_place)) != (new_place == nullptr ? "" : json_of(*new_place))) {
    files.add_problem(place, "is where the plugins lie; it is changed in the file, with the plugins moved");
  }
  std::string message = "that is not allowed here, so nothing was changed";
  if (files.problems.empty()) {
    files.problems = new_findings(seen, files);
    message = "that would make something wrong that is not, so nothing was changed";
  }
  if (!files.problems.empty()) {
    return Error{.code = ErrorCode::invalid,
                 .message = std::move(message),
                 .where = std::string(relative_path(DocumentName::config)),
                 .context = files.problems};
  }
  Decision decision;
  json::Path path;
  const bool makes_file = !files.secrets && !files.secrets_after.members.empty();
  if (files.secrets || makes_file) {
    add_edits(DocumentName::secrets, files.secrets ? &*files.secrets : nullptr, files.secrets_before,
              files.secrets_after, path, decision.change.edits);
    decision.change.secret = !decision.change.edits.empty();
  }
  add_edits(DocumentName::config, &files.config, files.config_before, files.config_after, path, decision.change.edits);
  return decision;
}

/// The settings of the plugin that a section of config.json belongs to; nothing: it is no plugin's.
Result<std::optional<PluginSettings>> plugin_of(const World& world, const Look& seen, const std::string& key) {
  const planner::Situations situations(seen.observation);
  const planner::Situation* plugin = situations.find(key);
  if (plugin == nullptr || !plugin->is_plugin()) return std::optional<PluginSettings>();
  ASSIGN_OR_RETURN(auto settings, read_plugin_settings(world, seen.observation, *plugin));
  return std::optional(std::move(settings));
}

}  // namespace

Result<ConfigureReport> save_core_settings(World& world, const Setting& patch) {
  return carry_out(world, "config core", "saved settings of LEDMatrix", {}, [&](const Look& seen) -> Result<Decision> {
    ASSIGN_OR_RETURN(Files files, read_files(world, seen, "config core"));
    const planner::Situations situations(seen.observation);
    for (const auto& [key, value] : patch.members) {
      const planner::Situation* plugin = situations.find(key);
      SettingPath path{key};
      if (plugin != nullptr && plugin->is_plugin()) {
        files.add_problem(path, "is a plugin's, whose settings are saved by themselves");
        continue;
      }
      const auto there = std::ranges::find(files.config_after.members, key, &std::pair<std::string, Setting>::first);
      if (there != files.config_after.members.end()) {
        merge(value, there->second, path, files);
      } else if (model::is_reserved(key)) {
        files.config_after.members.emplace_back(key, value);
      } else {
        files.add_problem(path, "there is no such section");
      }
    }
    SettingPath path;
    move_secrets(patch, path, files);
    return decided(seen, files);
  });
}

Result<ConfigureReport> replace_config(World& world, const Setting& whole, const std::vector<std::string>& drop) {
  return carry_out(world, "config replace", "replaced config.json", {}, [&](const Look& seen) -> Result<Decision> {
    ASSIGN_OR_RETURN(Files files, read_files(world, seen, "config replace"));
    for (const auto& [key, value] : files.config_before.members) {
      const bool stays = model::find(whole, {key}) != nullptr;
      if (!stays && std::ranges::count(drop, key) == 0) {
        files.add_problem({key}, "is missing, and nobody said that it is to go");
      }
    }
    files.config_after = whole;
    for (auto& [key, value] : files.config_after.members) {
      ASSIGN_OR_RETURN(const auto plugin, plugin_of(world, seen, key));
      SettingPath path{key};
      unmask(value, model::find(files.config_before, path), path, plugin ? &*plugin : nullptr, files);
    }
    return decided(seen, files);
  });
}

Result<ConfigureReport> merge_secret_values(World& world, const Setting& values) {
  return carry_out(world, "config secrets", "saved secrets", {}, [&](const Look& seen) -> Result<Decision> {
    ASSIGN_OR_RETURN(Files files, read_files(world, seen, "config secrets"));
    const planner::Situations situations(seen.observation);
    for (const auto& [key, value] : values.members) {
      const planner::Situation* plugin = situations.find(key);
      const bool is_known = (plugin != nullptr && plugin->is_plugin()) || model::is_reserved(key) ||
                            model::find(files.secrets_before, {key}) != nullptr;
      if (!value.is_object()) files.add_problem({key}, "is no section: an object is wanted");
      if (!is_known) files.add_problem({key}, "there is no such section");
    }
    if (!files.problems.empty()) return decided(seen, files);
    SettingPath path;
    add_secrets(values, files.secrets_after, path, files);
    return decided(seen, files);
  });
}

}  // namespace trueup::engine
