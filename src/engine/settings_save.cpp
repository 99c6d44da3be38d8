#include "engine/settings_save.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "engine/masking.h"
#include "engine/setting_names.h"
#include "engine/setting_placement.h"
#include "json/edit.h"
#include "model/setting_key.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Setting;
using model::SettingOrigin;
using model::SettingPath;
using model::SettingProblem;

/// What is assigned at `path`; the objects on the way are no part of it where they are there already.
struct Assignment {
  SettingPath path;
  const Setting* value = nullptr;  // nothing: taken out
};

Status add_assignments(const Setting& patch, const Setting& before, SettingPath& path, std::vector<Assignment>& all) {
  const Setting* there = model::find(before, path);
  if (patch.is_object() && there != nullptr && there->is_object()) {
    for (const auto& [key, value] : patch.members) {
      path.push_back(key);
      RETURN_IF_ERROR(add_assignments(value, before, path, all));
      path.pop_back();
    }
    return ok();
  }
  if (there != nullptr && there->is_object() && !there->members.empty()) {
    return Error{.code = ErrorCode::invalid,
                 .message = "the value would push out settings that it does not name; nothing was changed",
                 .context = {fmt::format("{}: is an object with settings of its own", model::setting_key_text(path))}};
  }
  if (there == nullptr || !same_json(*there, patch)) all.push_back({.path = path, .value = &patch});
  return ok();
}

/// What was wrong before. Each excuses one that still is: the same value at the same place, or in an element of its
/// list that is somewhere else in it now, and is otherwise as it was. A second one like it is new.
class Earlier {
 public:
  Earlier(std::vector<SettingProblem> problems, const Setting& before, const Setting& next)
      : problems_(std::move(problems)), before_(before), next_(next) {}

  /// Nothing of it was assigned, or it was assigned as it was.
  bool takes_at_its_place(const SettingProblem& one, const std::vector<Assignment>& all) {
    const auto found = std::find(problems_.begin(), problems_.end(), one);
    if (found == problems_.end()) return false;
    const bool assigned = std::ranges::any_of(
        all, [&one](const Assignment& each) { return each.value != nullptr && lies_at_or_below(one.path, each.path); });
    if (assigned && !is_same_value(*found, one)) return false;
    problems_.erase(found);
    return true;
  }
  bool takes_moved(const SettingProblem& one) {
    const auto found = std::ranges::find_if(problems_, [&](const SettingProblem& was) {
      return was.keyword == one.keyword && was.message == one.message && is_moved(was.path, one.path);
    });
    if (found == problems_.end()) return false;
    problems_.erase(found);
    return true;
  }

 private:
  /// Both lie at the same place in one element, which has another place in the same list now.
  [[nodiscard]] bool is_moved(const SettingPath& was, const SettingPath& is) const {
    const auto [from, to] = std::ranges::mismatch(was, is);
    if (from == was.end() || to == is.end() || !std::equal(from + 1, was.end(), to + 1, is.end())) return false;
    const auto in_list = [](const Setting& whole, const SettingPath& path, auto place) -> const Setting* {
      const Setting* list = model::find(whole, SettingPath(path.begin(), place));
      return list == nullptr || !list->is_list() ? nullptr : model::find(*list, {*place});
    };
    const Setting* old = in_list(before_, was, from);
    const Setting* now = in_list(next_, is, to);
    return old != nullptr && now != nullptr && same_json(*old, *now);
  }
  [[nodiscard]] bool is_same_value(const SettingProblem& was, const SettingProblem& is) const {
    const Setting* old = model::find(before_, was.path);
    const Setting* now = model::find(next_, is.path);
    return old == nullptr || now == nullptr ? old == now : same_json(*old, *now);
  }

  std::vector<SettingProblem> problems_;
  const Setting& before_;
  const Setting& next_;
};

/// All that the schema has against `next` and that is the patch's own doing.
Result<std::vector<SettingProblem>> problems_of(const PluginSettings& settings, const Setting& before,
                                                const Setting& next, const std::vector<Assignment>& all,
                                                std::vector<std::string>& notes) {
  if (!settings.schema) {
    if (!settings.schema_problem.empty()) {
      notes.push_back(fmt::format("{}, so the values were not checked", settings.schema_problem));
    }
    return std::vector<SettingProblem>();
  }
  auto after = settings.schema->check(next);
  auto earlier = settings.schema->check(before);
  if (!after || !earlier) {
    notes.push_back(fmt::format("the values were not checked: {}", (!after ? after : earlier).error().message));
    return std::vector<SettingProblem>();
  }
  std::vector<SettingProblem> problems = std::move(*after);
  Earlier was(std::move(*earlier), before, next);
  const auto excused = [&notes](const SettingProblem& one, bool was_so) {
    if (was_so)
      notes.push_back(fmt::format("{} {}, and was so before", model::setting_key_text(one.path), one.message));
    return was_so;
  };
  std::erase_if(problems, [&](const auto& one) { return excused(one, was.takes_at_its_place(one, all)); });
  std::erase_if(problems, [&](const auto& one) { return excused(one, was.takes_moved(one)); });
  return problems;
}

Error forbidden(const PluginSettings& settings, const std::vector<SettingProblem>& problems) {
  Error error{.code = ErrorCode::invalid,
              .message = "the plugin's schema does not allow that, so nothing was changed",
              .where = settings.plugin_id};
  for (const SettingProblem& one : problems) {
    const std::string at = one.path.empty() ? "the settings" : model::setting_key_text(one.path);
    error.context.push_back(fmt::format("{}: {}", at, one.message));
  }
  return error;
}

/// One file's section before and after.
struct FileChange {
  DocumentName name;
  std::optional<Setting> before;
  std::optional<Setting> after;

  FileChange(const PluginSettings& settings, DocumentName document)
      : name(document), before(settings.section(document)), after(before) {}
  void apply(const SettingPath& path, const std::optional<Setting>& wanted) {
    if (wanted) {
      if (!after) after = model::empty_object(wanted->origin);
      model::put(*after, path, *wanted);
    } else if (after) {
      model::take_out(*after, path);
    }
  }
  void add_edits_to(const PluginSettings& settings, std::vector<DocumentEdit>& edits) const {
    json::Path path{settings.plugin_id};
    if (before && after) return add_edits(name, settings.document(name), *before, *after, path, edits);
    if (after) edits.push_back({.document = name, .path = path, .expected = {}, .value = json_of(*after)});
  }
};

/// What a field's text means there: the first reading that the schema allows, with what stands there before all
/// others; where it allows none, what stands there; or else the first of a type that it allows, so that what is told
/// is wrong with the number and not that it is none.
Setting reading_of(const PluginSettings& settings, const Setting& before, const SettingPath& path,
                   const std::string& text) {
  std::vector<Setting> readings = readings_of(text);
  std::erase_if(readings, [](const Setting& one) { return one.kind == json::Kind::null; });  // a form has no such thing
  const Setting* there = model::find(before, path);
  const auto stands_there = std::ranges::find_if(
      readings, [there](const Setting& one) { return there != nullptr && same_json(one, *there); });
  const bool is_as_it_was = stands_there != readings.end();
  if (is_as_it_was) std::rotate(readings.begin(), stands_there, stands_there + 1);
  std::optional<Setting> of_its_type;
  for (Setting& reading : readings) {
    if (!settings.schema) break;
    Setting next = before;
    if (!model::put(next, path, reading)) break;
    const auto problems = settings.schema->check(next);
    if (!problems) break;
    const auto is_here = [&path](const SettingProblem& one) { return lies_at_or_below(one.path, path); };
    const auto is_of_type = [&path](const SettingProblem& one) { return one.path == path && one.keyword == "type"; };
    if (std::ranges::none_of(*problems, is_here)) return reading;
    if (!of_its_type && std::ranges::none_of(*problems, is_of_type)) of_its_type = reading;
  }
  if (is_as_it_was) return std::move(readings.front());
  if (of_its_type) return *std::move(of_its_type);
  return settings.schema ? std::move(readings.back()) : std::move(readings.front());
}

/// The patch with the fields of its form among its values.
Result<Setting> with_fields(const PluginSettings& settings, const Setting& before, const SettingsPatch& patch) {
  Setting values = patch.values;
  if (patch.fields.empty()) return values;
  const SettingNames names(settings, before);
  std::vector<std::string> unknown;
  for (const auto& [key, text] : patch.fields) {
    const SettingPath* path = names.find(key);
    if (path == nullptr) {
      unknown.push_back(fmt::format("{}: there is no such setting", key));
      continue;
    }
    // A form names elements of lists that are there; such a list is part of the patch as a whole.
    SettingPath whole;
    for (const std::string& step : *path) {
      const Setting* there = model::find(before, whole);
      if (there != nullptr && there->is_list()) {
        if (model::find(values, whole) == nullptr) model::put(values, whole, *there);
        break;
      }
      whole.push_back(step);
    }
    model::put(values, *path, reading_of(settings, before, *path, text));
  }
  if (unknown.empty()) return values;
  return Error{.code = ErrorCode::invalid,
               .message = "there is no such setting, so nothing was changed",
               .where = settings.plugin_id,
               .context = std::move(unknown)};
}

}  // namespace

void add_edits(DocumentName document, const json::Document* file, const Setting& before, const Setting& after,
               json::Path& path, std::vector<DocumentEdit>& edits) {
  if (same_json(before, after)) return;
  const auto text_at = [&](const json::Path& at) -> std::optional<std::string> {
    const auto there = file == nullptr ? std::nullopt : json::find(*file, at);
    return there ? std::optional(std::string(there->text())) : std::nullopt;
  };
  const auto step_in = [&](const std::string& key, const Setting* old, const Setting* now) {
    path.push_back(key);
    if (old != nullptr && now != nullptr) {
      add_edits(document, file, *old, *now, path, edits);
    } else {
      DocumentEdit edit{.document = document, .path = path, .expected = text_at(path), .value = {}};
      if (now != nullptr) edit.value = json_of(*now);
      edits.push_back(std::move(edit));
    }
    path.pop_back();
  };
  if (before.is_object() && after.is_object()) {
    for (const auto& [key, value] : before.members) step_in(key, &value, model::find(after, {key}));
    for (const auto& [key, value] : after.members) {
      if (model::find(before, {key}) == nullptr) step_in(key, nullptr, &value);
    }
    return;
  }
  if (before.is_list() && after.is_list() && before.elements.size() == after.elements.size()) {
    for (std::size_t i = 0; i < after.elements.size(); ++i) {
      step_in(std::to_string(i), &before.elements[i], &after.elements[i]);
    }
    return;
  }
  edits.push_back({.document = document, .path = path, .expected = text_at(path), .value = json_of(after)});
}

Result<SettingChange> decide_save(const PluginSettings& settings, const SettingsPatch& patch, std::optional<bool> on) {
  const Setting before = settings.merged();
  SettingPath at;
  ASSIGN_OR_RETURN(const Setting values, with_fields(settings, before, patch));
  ASSIGN_OR_RETURN(const auto meant, unmasked(values, &before, at, settings));
  std::vector<Assignment> all;
  if (meant) RETURN_IF_ERROR(add_assignments(*meant, before, at, all));
  for (const SettingPath& path : patch.remove) {
    if (model::find(before, path) != nullptr) all.push_back({.path = path, .value = nullptr});
  }

  Setting next = before;
  for (const Assignment& one : all) {
    if (one.value != nullptr && is_beyond_numbers(json_of(*one.value))) return beyond_numbers(settings, one.path);
    if (one.value == nullptr) {
      model::take_out(next, one.path);
    } else if (!model::put(next, one.path, *one.value)) {
      return Error{.code = ErrorCode::invalid,
                   .message = "a setting lies inside a value that holds none; nothing was changed",
                   .where = settings.plugin_id,
                   .context = {fmt::format("{}: leads nowhere", model::setting_key_text(one.path))}};
    }
  }
  SettingChange change;
  ASSIGN_OR_RETURN(const auto problems, problems_of(settings, before, next, all, change.notes));
  if (!problems.empty()) return forbidden(settings, problems);

  FileChange config(settings, DocumentName::config);
  FileChange secrets(settings, DocumentName::secrets);
  if (on && !config.before) {
    config.apply({"enabled"}, Setting{.kind = json::Kind::boolean, .text = *on ? "true" : "false"});
  }
  for (const Assignment& one : all) {
    const Placement placed = place(settings, next, one.path);
    config.apply(placed.path, placed.open);
    secrets.apply(placed.path, placed.secret);
    change.secret = change.secret || placed.secret.has_value();
  }
  Setting seen = config.after.value_or(model::empty_object(SettingOrigin::config));
  if (secrets.after) model::merge_secrets(seen, *secrets.after);
  for (const Assignment& one : all) {
    const Setting* wanted = model::find(next, one.path);
    const Setting* got = model::find(seen, one.path);
    if ((wanted == nullptr) != (got == nullptr) || (wanted != nullptr && !same_json(*wanted, *got))) {
      return Error{.code = ErrorCode::refused,
                   .message =
                       "with secrets and settings mixed in this way LEDMatrix would see another value than this "
                       "one; nothing was changed",
                   .where = fmt::format("{}: {}", settings.plugin_id, model::setting_key_text(one.path)),
                   .hint = "edit config/config.json and config/config_secrets.json by hand"};
    }
  }
  // A secret is written to its new place before it is removed from the old one.
  secrets.add_edits_to(settings, change.edits);
  config.add_edits_to(settings, change.edits);
  return change;
}

}  // namespace trueup::engine
