#include "engine/setting_change.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/nearest.h"
#include "engine/choice.h"
#include "engine/setting_placement.h"
#include "json/edit.h"
#include "json/write.h"
#include "model/setting_key.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Setting;
using model::SettingOrigin;
using model::SettingPath;
using model::SettingProblem;

std::string file_of(DocumentName name) { return std::string(relative_path(name)); }

std::string full_name(const PluginSettings& settings, const SettingPath& path) {
  return fmt::format("{}: {}", settings.plugin_id, model::setting_key_text(path));
}

/// Strings below `root` that keys could be: all that is set, and all that the schema names.
void add_keys(const Setting& setting, SettingPath& path, std::vector<std::string>& keys) {
  for (const auto& [key, value] : setting.members) {
    path.push_back(key);
    keys.push_back(model::setting_key_text(path));
    add_keys(value, path, keys);
    path.pop_back();
  }
}

/// What the schema itself names: anything else that is set may be as wrong as what was asked for.
std::vector<std::string> keys_of_schema(const PluginSettings& settings) {
  std::vector<std::string> keys;
  if (!settings.schema) return keys;
  for (const SettingPath& known : settings.schema->known_keys()) keys.push_back(model::setting_key_text(known));
  return keys;
}

std::string near_keys(std::vector<std::string> keys, const SettingPath& path) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return did_you_mean(nearest(model::setting_key_text(path), keys));
}

Error forbidden(const PluginSettings& settings, const SettingPath& path, const SettingProblem& problem) {
  std::string hint =
      problem.keyword == "additionalProperties" ? near_keys(keys_of_schema(settings), path) : std::string();
  if (hint.empty()) hint = fmt::format("`trueup config get {}` shows every setting", settings.plugin_id);
  const std::string at = problem.path.empty() ? "the settings" : model::setting_key_text(problem.path);
  return Error{.code = ErrorCode::invalid,
               .message = fmt::format("the plugin's schema does not allow that, so nothing was changed: {} {} ({} says "
                                      "so at {})",
                                      at, problem.message, model::kPluginSchemaName,
                                      problem.schema_path.empty() ? "/" : problem.schema_path),
               .where = full_name(settings, path),
               .hint = std::move(hint)};
}

/// Settings as they would be, and what was changed in them.
struct Proposal {
  Setting settings;
  SettingPath path;
  bool sets = true;  // false: what was at `path` is gone
};

/// What the schema has against a proposal that is its own doing: the value that is set, or what was right before.
/// What cannot be checked is told in `notes`.
std::optional<SettingProblem> problem_of(const PluginSettings& settings, const Proposal& proposal,
                                         std::vector<std::string>& notes) {
  if (!settings.schema) {
    if (!settings.schema_problem.empty()) {
      notes.push_back(fmt::format("{}, so the value was not checked", settings.schema_problem));
    }
    return std::nullopt;
  }
  const auto after = settings.schema->check(proposal.settings);
  const auto before = settings.schema->check(settings.merged());
  if (!after || !before) {
    notes.push_back(fmt::format("the value was not checked: {}", (!after ? after : before).error().message));
    return std::nullopt;
  }
  std::size_t elsewhere = 0;
  for (const SettingProblem& one : *after) {
    const bool ours = proposal.sets && lies_at_or_below(one.path, proposal.path);
    if (ours || std::find(before->begin(), before->end(), one) == before->end()) return one;
    ++elsewhere;
  }
  if (elsewhere > 0) {
    notes.push_back(
        fmt::format("the schema has something against {} of its other settings as well: `trueup doctor` "
                    "says what",
                    elsewhere));
  }
  return std::nullopt;
}

/// The edit that makes one file say `wanted` at `path`; nothing when it says so already.
Result<std::optional<DocumentEdit>> edit_of(const PluginSettings& settings, DocumentName name, const SettingPath& path,
                                            const std::optional<Setting>& wanted) {
  DocumentEdit edit{.document = name, .path = whole_path(settings, path), .expected = {}, .value = {}};
  const json::Document* document = settings.document(name);
  const auto there = document == nullptr ? std::nullopt : json::find(*document, edit.path);
  if (there) edit.expected = std::string(there->text());
  if (!wanted) return there ? std::optional(edit) : std::nullopt;
  if (there && same_json(model::setting_of(*there, wanted->origin), *wanted)) return std::optional<DocumentEdit>();
  Setting value = *wanted;
  // Objects that are missing on the way belong to the edit, so that undoing it takes them away again.
  for (std::size_t depth = edit.path.size(); !there && --depth > 0;) {
    const json::Path above(edit.path.begin(), edit.path.begin() + static_cast<std::ptrdiff_t>(depth));
    const auto around = document == nullptr ? std::nullopt : json::find(*document, above);
    if (around && !around->is_object()) {
      return Error{.code = ErrorCode::refused,
                   .message = fmt::format("in {} it is {}, so no setting can lie inside it; nothing was changed",
                                          file_of(name), json::describe(around->kind())),
                   .where = json::to_text(above)};
    }
    if (around) break;
    Setting object = model::empty_object(value.origin);
    object.members.emplace_back(edit.path.back(), std::move(value));
    value = std::move(object);
    edit.path.pop_back();
  }
  edit.value = json_of(value);
  return std::optional(edit);
}

/// What LEDMatrix will merge once `placed` is written.
Setting merged_after(const PluginSettings& settings, const Placement& placed) {
  const auto file_after = [&](DocumentName name, const std::optional<Setting>& wanted) {
    auto section = settings.section(name);
    if (wanted) {
      if (!section) section = model::empty_object(wanted->origin);
      model::put(*section, placed.path, *wanted);
    } else if (section) {
      model::take_out(*section, placed.path);
    }
    return section;
  };
  Setting out = file_after(DocumentName::config, placed.open).value_or(model::empty_object(SettingOrigin::config));
  if (const auto secrets = file_after(DocumentName::secrets, placed.secret)) model::merge_secrets(out, *secrets);
  return out;
}

/// The edits that bring the files to what is proposed.
Result<SettingChange> change_to(const PluginSettings& settings, const Proposal& proposal,
                                std::vector<std::string> notes) {
  const auto& [next, path, sets] = proposal;
  SettingChange change{.edits = {}, .secret = false, .notes = std::move(notes)};
  const Placement placed = place(settings, next, path);
  const model::SecretTest is_secret = [&settings](const SettingPath& at) { return settings.is_secret(at); };
  const Setting* value = sets ? model::find(next, path) : nullptr;
  change.secret = settings.is_secret(path) || (value != nullptr && model::part(*value, path, is_secret).secret);
  const Setting after = merged_after(settings, placed);
  const Setting* wanted = model::find(next, placed.path);
  const Setting* seen = model::find(after, placed.path);
  if ((wanted == nullptr) != (seen == nullptr) || (wanted != nullptr && !same_json(*wanted, *seen))) {
    return Error{.code = ErrorCode::refused,
                 .message =
                     "with secrets and settings mixed in this way LEDMatrix would see another value than this "
                     "one; nothing was changed",
                 .where = full_name(settings, path),
                 .hint = "edit config/config.json and config/config_secrets.json by hand"};
  }
  ASSIGN_OR_RETURN(auto in_config, edit_of(settings, DocumentName::config, placed.path, placed.open));
  ASSIGN_OR_RETURN(auto in_secrets, edit_of(settings, DocumentName::secrets, placed.path, placed.secret));
  if (in_secrets && !settings.is_secret(path)) {
    change.notes.push_back(fmt::format("`{}` lies in both files: {} was changed with it",
                                       model::setting_key_text(placed.path), file_of(DocumentName::secrets)));
  }
  // Written to its new place before it is removed from the old one.
  const bool secrets_first = placed.secret.has_value();
  for (auto* edit : secrets_first ? std::array{&in_secrets, &in_config} : std::array{&in_config, &in_secrets}) {
    if (*edit) change.edits.push_back(std::move(**edit));
  }
  return change;
}

/// "-" in a list that has the new element now: from here on it has a number.
void number_new_element(Proposal& proposal) {
  if (proposal.path.back() != "-") return;
  const SettingPath above(proposal.path.begin(), proposal.path.end() - 1);
  const Setting* list = model::find(proposal.settings, above);
  if (list != nullptr && list->is_list()) proposal.path.back() = std::to_string(list->elements.size() - 1);
}

}  // namespace

bool is_beyond_numbers(const std::string& text) {
  const auto json = json::Document::parse(text, json::Dialect::strict);
  const auto is_it = [](const json::Note& note) { return note.kind == json::NoteKind::non_finite; };
  return json && std::ranges::any_of(json->notes(), is_it);
}

Error beyond_numbers(const PluginSettings& settings, const SettingPath& path) {
  return Error{.code = ErrorCode::invalid,
               .message = "the number is too large: LEDMatrix would read it as infinity; nothing was changed",
               .where = full_name(settings, path)};
}

std::vector<Setting> readings_of(const std::string& text) {
  std::vector<Setting> readings;
  const auto json = json::Document::parse(text, json::Dialect::strict);
  if (json) readings.push_back(model::setting_of(json->root(), SettingOrigin::config));
  Setting plain;
  plain.kind = json::Kind::string;
  plain.text = json::quote(text);
  readings.push_back(std::move(plain));
  return readings;
}

Error no_such_setting(const PluginSettings& settings, const SettingPath& path) {
  std::vector<std::string> keys = keys_of_schema(settings);
  SettingPath at;
  add_keys(settings.merged(), at, keys);
  const std::string near = near_keys(std::move(keys), path);
  return Error{
      .code = ErrorCode::not_found,
      .message = "there is no such setting",
      .where = full_name(settings, path),
      .hint = near.empty() ? fmt::format("`trueup config get {}` shows every setting", settings.plugin_id) : near};
}

Result<SettingChange> decide_set(const PluginSettings& settings, const SettingPath& path, const std::string& text) {
  if (!json::is_text(text)) {
    return Error{
        .code = ErrorCode::invalid, .message = "the value is not UTF-8 text", .where = full_name(settings, path)};
  }
  std::optional<SettingProblem> problem;
  for (Setting& reading : readings_of(text)) {
    const bool plain_text = reading.kind == json::Kind::string;
    Proposal proposal{.settings = settings.merged(), .path = path};
    if (!model::put(proposal.settings, path, std::move(reading))) {
      return Error{.code = ErrorCode::invalid,
                   .message = "the key leads through a value that holds nothing of that name; nothing was changed",
                   .where = full_name(settings, path),
                   .hint = "in a list say the number of an element, from 0, or `-` for a new one"};
    }
    number_new_element(proposal);
    std::vector<std::string> notes;
    auto against = problem_of(settings, proposal, notes);
    if (!against && !plain_text && is_beyond_numbers(text)) return beyond_numbers(settings, path);
    if (!against) return change_to(settings, proposal, std::move(notes));
    // Where text is wanted, what is wrong with the text is the news, not that a number is none.
    if (!problem || (problem->keyword == "type" && against->keyword != "type")) problem = std::move(against);
  }
  return forbidden(settings, path, *problem);
}

Result<SettingChange> decide_unset(const PluginSettings& settings, const SettingPath& path) {
  Proposal proposal{.settings = settings.merged(), .path = path, .sets = false};
  if (!model::take_out(proposal.settings, path)) {
    if (settings.schema && model::find(settings.schema->defaults(), path) != nullptr) {
      return Error{.code = ErrorCode::not_found,
                   .message = "it is not set: the default of the plugin's schema stands",
                   .where = full_name(settings, path)};
    }
    return no_such_setting(settings, path);
  }
  std::vector<std::string> notes;
  if (const auto problem = problem_of(settings, proposal, notes)) return forbidden(settings, path, *problem);
  return change_to(settings, proposal, std::move(notes));
}

}  // namespace trueup::engine
