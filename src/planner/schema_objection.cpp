#include "planner/schema_objection.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shell_word.h"
#include "model/document.h"
#include "model/setting_key.h"
#include "model/source.h"
#include "planner/next_command.h"

namespace trueup::planner {
namespace {

using model::DocumentName;
using model::SettingsObjection;

using Path = std::vector<std::string>;

bool says(const SettingsObjection& objection, std::string_view keyword) {
  const std::string_view at = objection.schema_path;
  return at == keyword || (at.ends_with(keyword) && at[at.size() - keyword.size() - 1] == '/');
}

bool is_missing(const SettingsObjection& objection) {
  return says(objection, "required") || says(objection, "dependencies") || objection.message.starts_with("is missing");
}

bool is_number(const std::string& step) {
  return !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
}

/// It has bytes of its own. An element of a list is not taken out: all that follow would get another number.
bool can_be_taken_out(const SettingsObjection& objection) {
  return !objection.path.empty() && !is_missing(objection) && std::ranges::none_of(objection.path, is_number);
}

bool lies_below(const Path& path, const Path& above) {
  return path.size() > above.size() && std::equal(above.begin(), above.end(), path.begin());
}

/// What is taken out, each once, and nothing that goes with what lies around it.
std::vector<const SettingsObjection*> to_take_out(const model::SettingsVerdict& verdict) {
  std::vector<const SettingsObjection*> out;
  for (const SettingsObjection& one : verdict.objections) {
    if (!can_be_taken_out(one)) continue;
    const bool covered = std::ranges::any_of(verdict.objections, [&](const SettingsObjection& other) {
      return can_be_taken_out(other) && other.source == one.source && lies_below(one.path, other.path);
    });
    const bool twice = std::ranges::any_of(
        out, [&](const SettingsObjection* other) { return other->source == one.source && other->path == one.path; });
    if (!covered && !twice) out.push_back(&one);
  }
  return out;
}

/// What is wrong and stays.
std::vector<const SettingsObjection*> others_than(const std::vector<const SettingsObjection*>& taken_out,
                                                  const model::SettingsVerdict& verdict) {
  std::vector<const SettingsObjection*> out;
  for (const SettingsObjection& one : verdict.objections) {
    const bool gone = std::ranges::any_of(taken_out, [&](const SettingsObjection* taken) {
      return taken->source == one.source && (taken->path == one.path || lies_below(one.path, taken->path));
    });
    if (!gone && !is_missing(one)) out.push_back(&one);
  }
  return out;
}

DocumentName document_of(const SettingsObjection& objection) {
  return objection.source == model::Source::secrets ? DocumentName::secrets : DocumentName::config;
}

/// "`font` (config/config.json, line 4), `size` (...)"
std::string listed(const std::vector<const SettingsObjection*>& objections) {
  std::string out;
  for (const SettingsObjection* one : objections) {
    out += fmt::format("{}`{}` ({}, line {})", out.empty() ? "" : ", ", model::setting_key_text(one->path),
                       relative_path(document_of(*one)), one->line);
  }
  return out;
}

/// "`font`, `size`"
std::string keys_where(const std::vector<const SettingsObjection*>& objections,
                       bool (*holds)(const SettingsObjection&)) {
  std::string out;
  for (const SettingsObjection* one : objections) {
    if (holds(*one)) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", model::setting_key_text(one->path));
  }
  return out;
}

}  // namespace

bool is_unknown_key(const SettingsObjection& objection) { return says(objection, "additionalProperties"); }

bool only_unknown_keys(const model::SettingsVerdict& verdict) {
  return verdict.all == verdict.objections.size() && std::ranges::all_of(verdict.objections, is_unknown_key);
}

std::string in_words(const SettingsObjection& objection) {
  const std::string at =
      objection.path.empty() ? "the section" : fmt::format("`{}`", model::setting_key_text(objection.path));
  return fmt::format("{} {}", at, objection.message);
}

std::string advice_about(const model::SettingsVerdict& verdict, std::string_view plugin_id) {
  const SettingsObjection& first = verdict.objections.front();
  const std::string id = shell_word(plugin_id);
  if (first.path.empty()) return fmt::format("`trueup config get {}` shows its settings", id);
  const std::string key = shell_word(model::setting_key_text(first.path));
  std::string out = is_unknown_key(first) ? fmt::format("`trueup config unset {} {}` takes it out", id, key)
                    : is_missing(first)   ? fmt::format("`trueup config set {} {} -` asks for it", id, key)
                                          : fmt::format("`trueup config set {} {} -` asks for another value", id, key);
  if (verdict.all > 1) out += fmt::format(", and so on; `trueup config get {}` shows all", id);
  return out;
}

std::vector<model::Option> options_about(const model::SettingsVerdict& verdict, const model::Inconsistency& finding,
                                         std::string switches_off) {
  const std::string& id = finding.plugin_id;
  std::vector<model::Option> options;
  if (const auto wrong = to_take_out(verdict); !wrong.empty()) {
    model::ReplaceValues deed;
    for (const SettingsObjection* one : wrong) {
      Path path{id};
      path.insert(path.end(), one->path.begin(), one->path.end());
      deed.values.push_back({.document = document_of(*one), .path = std::move(path), .value = {}});
    }
    const std::string defaults = keys_where(wrong, [](const SettingsObjection& one) { return one.has_default; });
    const std::string none =
        keys_where(wrong, [](const SettingsObjection& one) { return !one.has_default && !is_unknown_key(one); });
    std::string does = fmt::format("takes out {}", listed(wrong));
    if (!defaults.empty()) does += fmt::format(", so that the default of the plugin's schema counts for {}", defaults);
    if (!none.empty()) does += fmt::format("; the schema has no default for {}, so nothing is set then", none);
    // The secrets win over config.json, whose value comes to light without theirs.
    const bool of_secrets = std::ranges::any_of(
        wrong, [](const SettingsObjection* one) { return document_of(*one) == DocumentName::secrets; });
    const std::string by_hand = keys_where(others_than(wrong, verdict), [](const SettingsObjection&) { return true; });
    if (!by_hand.empty()) does += fmt::format("; {} stays, which only another value mends", by_hand);
    if (of_secrets) does += "; where config.json sets it too, what stands there counts then";
    options.push_back(
        {{defaults.empty() ? "unset" : "default", does + "; `trueup undo` brings it back"}, std::move(deed)});
  }
  options.push_back(
      {{"off", std::move(switches_off) + ": its settings stay as they are"}, model::SwitchPlugin{id, false}});
  options.push_back({{"keep", "changes nothing, and says no more about it while these settings are the same"},
                     model::LeaveAsItIs{finding.finding}});
  return options;
}

}  // namespace trueup::planner
