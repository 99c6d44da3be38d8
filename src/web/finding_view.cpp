#include "web/finding_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/digest.h"
#include "json/write.h"
#include "planner/plain_words.h"
#include "web/api/common.h"

namespace trueup::web {
namespace {

using model::FixAction;
using model::Inconsistency;

/// A sentence in which what stands between backticks is shown as code.
std::vector<View> parts_of(std::string_view sentence) {
  std::vector<View> parts;
  bool code = false;
  for (std::size_t at = 0; at <= sentence.size();) {
    const std::size_t end = std::min(sentence.find('`', at), sentence.size());
    const std::string_view part = sentence.substr(at, end - at);
    if (!part.empty()) parts.push_back(View().text("code", code ? part : "").text("plain", code ? "" : part));
    code = !code;
    at = end + 1;
  }
  return parts;
}

/// What a button says that settles a finding: the choice's own word, or a plainer one.
std::string label_of(std::string_view choice) {
  if (choice == "on") return "Switch on";
  if (choice == "off") return "Switch off";
  std::string label(choice);
  std::replace(label.begin(), label.end(), '-', ' ');
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') label[0] = static_cast<char>(label[0] - 32);
  return label;
}

View action(const std::string& element, std::string_view name, std::string_view label, std::string_view address,
            const std::string& body, std::string_view hint, std::string_view about) {
  View out;
  out.text("id", fmt::format("{}-{}", element, name)).text("label", label).text("address", address).text("body", body);
  out.text("hint", hint).list("hint_parts", parts_of(hint)).text("about", about).flag("is_quiet", name == "snooze");
  return out;
}

/// The ways in which a person can settle a finding, each with what it does.
std::vector<View> choices_of(const Inconsistency& finding, const std::string& element) {
  std::vector<View> out;
  const std::string about = finding.plugin_id;
  for (const model::Choice& choice : finding.choices) {
    if (choice.name == "ignore") continue;  // "snooze" below, with an end
    out.push_back(action(element, "choose-" + choice.name, label_of(choice.name), "/api/trueup/v1/resolve",
                         object_of({{"finding", json::quote(finding.finding)}, {"choose", json::quote(choice.name)}}),
                         choice.does, about));
    if (out.size() > 1) out.back().flag("is_quiet", true);  // the first one is what it would be
  }
  return out;
}

/// The line of history that says to leave it alone.
std::optional<std::int64_t> snoozed_by(const Knowledge& knowledge, const Inconsistency& finding) {
  if (finding.reason != model::kIgnoredByOwner) return std::nullopt;
  const auto line = std::ranges::find_if(knowledge.history, [&](const ledger::Action& one) {
    return one.verb == "ignore" && !one.undone_by && one.result == fmt::format("ignores {}", finding.finding);
  });
  return line == knowledge.history.end() ? std::nullopt : std::optional(line->number);
}

/// What else can be done about it from the page.
std::vector<View> actions_of(const Knowledge& knowledge, const Inconsistency& finding, const std::string& element,
                             bool has_step) {
  std::vector<View> out;
  const std::string about = finding.plugin_id;
  if (has_step) {
    out.push_back(action(element, "mend", "Mend", "/api/trueup/v1/reconcile",
                         object_of({{"plugin_id", json::quote(finding.plugin_id)}}), "what the plan would do about it",
                         about));
  }
  const bool can_wait = finding.inconsistency_type != model::InconsistencyType::source_unreadable;
  if (finding.fix_action != FixAction::no_action && can_wait) {
    out.push_back(action(element, "snooze", "Snooze for a week", "/api/trueup/v1/ignore",
                         object_of({{"finding", json::quote(finding.finding)}, {"seconds", "604800"}}),
                         "it is not shown again for seven days, or until it changes", about));
  }
  if (const auto line = snoozed_by(knowledge, finding)) {
    out.push_back(action(element, "tell-again", "Tell me again", "/api/trueup/v1/undo",
                         object_of({{"n", std::to_string(*line)}}), "takes back that it is left alone", about));
  }
  return out;
}

}  // namespace

std::string object_of(const std::vector<std::pair<std::string_view, std::string>>& members) {
  json::Writer out;
  out.begin_object();
  for (const auto& [name, json] : members) out.key(name).raw(json);
  out.end_object();
  return std::move(out).text();
}

std::vector<View> sentence_parts(std::string sentence) {
  const auto end_of_word = sentence.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  const bool is_word = end_of_word > 0 && (end_of_word == std::string::npos || sentence[end_of_word] == ' ');
  if (!sentence.empty() && is_word) sentence[0] = static_cast<char>(sentence[0] - 32);
  if (!sentence.empty() && std::string_view(".!?:").find(sentence.back()) == std::string_view::npos) sentence += '.';
  return parts_of(sentence);
}

std::vector<View> evidence_views(const std::vector<model::Evidence>& evidence) {
  std::vector<View> out;
  for (const model::Evidence& one : evidence) {
    out.push_back(View().text("where", one.where).list("fact_parts", parts_of(one.fact)));
  }
  return out;
}

View finding_view(const Knowledge& knowledge, const Inconsistency& finding) {
  const auto& steps = knowledge.plan.steps;
  const auto step =
      std::find_if(steps.begin(), steps.end(), [&](const auto& one) { return one.finding == finding.finding; });
  const bool mends = step != steps.end() && step->held.empty() && finding.fix_action == FixAction::auto_fix;
  const std::string element = "finding-" + fingerprint_hex(finding.finding).substr(0, 10);
  View out;
  out.text("element", element)
      .list("description_parts", parts_of(planner::without_the_originals_words(finding.description)))
      .text("reason", finding.reason);
  out.text("plugin", finding.description.find(finding.plugin_id) == std::string::npos ? finding.plugin_id : "");
  out.text("kind", finding.fix_action == FixAction::manual_fix_required ? "person" : mends ? "mends" : "note");
  out.list("next_parts", sentence_parts(mends ? step->summary : finding.advice));
  out.list("evidence", evidence_views(finding.evidence));
  out.text("about", knowledge.plugin(finding.plugin_id) == nullptr ? std::string() : finding.plugin_id);
  std::vector<View> actions = actions_of(knowledge, finding, element, mends);
  std::vector<View> choices = choices_of(finding, element);
  out.flag("has_choices", !choices.empty()).list("choices", std::move(choices));
  out.flag("has_actions", !actions.empty()).list("actions", std::move(actions));
  return out;
}

View history_row(const ledger::Action& action) {
  View row;
  row.text("n", std::to_string(action.number)).text("verb", action.verb).text("plugin", action.plugin_id);
  const bool is_ignored = action.verb == "ignore" && !action.plugin_id.empty();  // its result names a finding
  const std::string says =
      is_ignored ? fmt::format("left alone what was found about `{}`", action.plugin_id) : action.result;
  const bool begins_with_id = !action.plugin_id.empty() && says.starts_with(action.plugin_id);
  row.list("says_parts", begins_with_id ? parts_of(says) : sentence_parts(says));
  row.text("at", iso_time(action.at));
  row.text("undone", action.undone_by ? fmt::format("number {}", *action.undone_by) : std::string());
  return row.text("body", object_of({{"n", std::to_string(action.number)}}));
}

}  // namespace trueup::web
