#include "engine/overwritten_edit.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "base/shell_word.h"
#include "engine/undertaking.h"
#include "json/canonical.h"
#include "json/document.h"
#include "json/write.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;

constexpr std::size_t kActionsWatched = 10;  // whoever had read the file before us has long saved by then

/// What a pass does it does again, and an install's section is added by the next pass.
bool is_watched(const ledger::Action& action) {
  return action.verb != "reconcile" && action.verb != "install" && action.verb != "reinstall" && !action.undone_by;
}

bool is_above(const std::vector<std::string>& path, const std::vector<std::string>& other) {
  return path.size() <= other.size() && std::equal(path.begin(), path.end(), other.begin());
}

/// What stands at `path`; nothing: no such key.
std::optional<json::Value> at(const json::Document& document, const std::vector<std::string>& path) {
  std::optional<json::Value> now = document.root();
  for (const std::string& key : path) {
    now = now && now->is_object() ? now->find(key) : std::nullopt;
  }
  return now;
}

/// It says what it said before our edit, and not what we wrote. Of an inverse, `value` is the one before.
bool is_as_before(const json::Document& live, const DocumentEdit& inverse) {
  const auto now = at(live, inverse.path);
  if (now.has_value() != inverse.value.has_value()) return false;
  if (!now) return true;
  const auto before = json::Document::parse(*inverse.value, json::Dialect::python);
  return before && json::equal(*now, before->root());
}

/// Texts may be secrets that somebody wrote into the wrong file: they are not shown.
std::string shown_value(const std::optional<std::string>& value) {
  if (!value) return "no such key";
  const bool harmless = value->find_first_of("\"{[") == std::string::npos;
  return harmless ? *value : "(not shown)";
}

OverwrittenEdit overwritten(const ledger::Action& action, const DocumentEdit& inverse) {
  std::string key;
  for (const std::string& part : inverse.path) key += (key.empty() ? "" : ".") + part;
  const std::string file(model::relative_path(inverse.document));
  OverwrittenEdit found;
  model::Inconsistency& finding = found.finding;
  finding.plugin_id = action.plugin_id;
  finding.inconsistency_type = model::InconsistencyType::edit_overwritten;
  finding.finding = model::finding_id(finding.inconsistency_type, finding.plugin_id, key);
  finding.description =
      fmt::format("`{}` in {} says again what it said before action {} ({})", key, file, action.number, action.result);
  finding.fix_action = model::FixAction::no_action;
  finding.reason = "edit_overwritten";
  finding.current_state = {{key, json::quote(shown_value(inverse.value))}};
  finding.expected_state = {{key, json::quote(shown_value(inverse.expected))}};
  finding.evidence = {
      {file, fmt::format("{} is {}", key, shown_value(inverse.value))},
      {fmt::format("history {}", action.number), fmt::format("wrote {}", shown_value(inverse.expected))}};
  finding.advice = fmt::format(
      "another program has saved an older text of the file, or somebody changed it back; `trueup resolve {} --choose "
      "again` writes it once more",
      shell_word(finding.finding));
  found.again.values = {{.document = inverse.document, .path = inverse.path, .value = inverse.expected}};
  for (auto& option : options_of_overwritten_edit(found)) finding.choices.push_back(std::move(option.choice));
  return found;
}

}  // namespace

std::vector<model::Option> options_of_overwritten_edit(const OverwrittenEdit& edit) {
  const auto& value = edit.again.values.front();
  return {{{"again", value.value ? "writes it there once more" : "takes it out once more"}, edit.again}};
}

namespace {

/// An edit of the owner's that nothing of ours has changed since.
struct WatchedEdit {
  const ledger::Action* action;
  DocumentEdit inverse;
};

std::vector<WatchedEdit> watched_edits(const std::vector<ledger::Action>& actions, const ledger::Reader& ledger) {
  std::vector<WatchedEdit> watched;
  std::vector<std::vector<std::string>> later;  // paths that a newer action changed: that one counts
  for (const auto& action : actions) {
    const auto detail = ledger.action(action.number);
    if (!detail || detail->inverse.empty() || action.undone_by) continue;
    auto inverse = inverse_from_json(detail->inverse);
    if (!inverse) continue;
    for (auto& operation : inverse->operations) {
      auto* edit = std::get_if<EditDocument>(&operation);
      if (edit == nullptr || edit->document != DocumentName::config) continue;
      for (DocumentEdit& one : edit->edits) {
        const bool newer = std::ranges::any_of(
            later, [&](const auto& path) { return is_above(path, one.path) || is_above(one.path, path); });
        later.push_back(one.path);
        if (newer || one.new_key || !is_watched(action) || one.value == one.expected) continue;
        watched.push_back({.action = &action, .inverse = std::move(one)});
      }
    }
  }
  return watched;
}

}  // namespace

std::vector<OverwrittenEdit> find_overwritten_edits(const platform::Directory& root, const ledger::Reader& ledger) {
  const auto actions = ledger.history(kActionsWatched);
  if (!actions) return {};
  const auto watched = watched_edits(*actions, ledger);
  if (watched.empty()) return {};  // config.json may be megabytes: it is not read for nothing
  auto file = root.read(std::string(model::relative_path(DocumentName::config)), limits::kMaxConfigBytes,
                        platform::Links::follow);
  if (!file) return {};
  const auto live = json::Document::parse(std::move(file->bytes), json::Dialect::python);
  if (!live) return {};
  std::vector<OverwrittenEdit> found;
  for (const WatchedEdit& edit : watched) {
    if (is_as_before(*live, edit.inverse)) found.push_back(overwritten(*edit.action, edit.inverse));
  }
  return found;
}

}  // namespace trueup::engine
