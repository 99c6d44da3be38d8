// plugin_install_interrupted: something began to change a plugin and did not end. Our own unfinished transactions are
// finished or taken back by the next writing command. What another program set aside is evidence, never litter: a whole
// copy takes its place again where the plugin is gone or only half there (F72), else both stay.
#include <fmt/core.h>

#include "planner/aside_choice.h"
#include "planner/choice_text.h"
#include "planner/fit.h"
#include "planner/rename.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Source;

void check_journal(const Context& context, Output& out) {
  std::size_t number = 0;
  for (const std::string& what : context.observation.ledger.interrupted) {
    auto found = finding(InconsistencyType::plugin_install_interrupted, "trueup", "own_journal",
                         fmt::format("An earlier trueup was interrupted: {}", what));
    found.finding = model::finding_id(found.inconsistency_type, "trueup", std::to_string(++number));
    found.current_state = {{"finished", "false"}};
    found.expected_state = {{"finished", "true"}};
    found.evidence = {{".trueup/journal", what}};
    found.advice = "the next command that writes finishes it or takes it back by itself";
    auto step = step_for(found, model::StepAction::finish_interrupted, "finish or take back what was interrupted");
    out.push_back(mended_by(std::move(found), std::move(step)));
  }
}

/// What stands under the plugin's name, for a person.
std::string standing_text(const model::PluginDirectory* standing) {
  if (standing == nullptr) return "has nothing of that name";
  return standing->incomplete.empty() ? "is there"
                                      : fmt::format("cannot be shown to be complete: {}", standing->incomplete);
}

Found take_in(const Context& context, const model::Aside& aside, Inconsistency found) {
  if (const auto unknown = context.observation.unknown_among({Source::config, Source::tombstones, Source::ledger})) {
    found.reason = "source_unreadable";  // plugins may be elsewhere, or the owner may have removed this one
    return left_alone(std::move(found),
                      fmt::format("held until {} can be read", context.observation.reading(*unknown).path));
  }
  const model::PluginDirectory* standing = standing_beside(context, aside);
  found.current_state = {{"directory", json_text(standing == nullptr ? "missing" : "incomplete")}};
  found.expected_state = {{"directory", json_text("complete")}};
  auto step = step_for(found, model::StepAction::take_aside_in,
                       fmt::format("bring {} {} back from {}{}", aside.id, aside.version, aside.name,
                                   standing == nullptr ? "" : "; what stands there now is kept"));
  step.aside = model::AsideOrder{.aside = aside.name, .directory = aside.owner, .replaces = standing != nullptr};
  step.disruptive = standing != nullptr;
  auto rename = rename_behind(context, {.name = aside.owner,
                                        .manifest = model::ManifestVerdict::good,
                                        .manifest_is_object = true,
                                        .id = aside.id,
                                        .version = aside.version,
                                        .former_ids = aside.former_ids});
  if (rename) go_along(step, std::move(*rename));
  return mended_by(std::move(found), std::move(step));
}

/// How to have the plugin without the copy. `else_do`: where the registry does not list it.
std::string install_instead(const Context& context, const model::Aside& aside, std::string_view else_do) {
  const Situation* owner = owner_of(context, aside);
  if (owner == nullptr || !owner->entry_is_evidence()) return std::string(else_do);
  return advise_install(context.observation, *owner, "fetches a new one and keeps both", else_do);
}

/// Whether it would come back nobody can tell, so that nothing is done about the plugin (promise 1).
Found cannot_be_read(const Context& context, const model::Aside& aside, Inconsistency found) {
  found.reason = kAsideUnreadable;
  return for_a_person(
      std::move(found),
      fmt::format("nothing was changed. {} could not be read, so nobody knows whether the copy is whole: check its "
                  "owner and mode, and the disk. Once it can be read, a whole copy comes back by itself; {}",
                  unread_path(context, aside),
                  install_instead(context, aside, "or install the plugin again from where you have it")));
}

Found settle(const Context& context, const model::Aside& aside, Inconsistency found) {
  switch (verdict_on(context, aside)) {
    case AsideVerdict::takes_its_place: return take_in(context, aside, std::move(found));
    case AsideVerdict::plugin_stands:
      return left_alone(std::move(found), "the plugin itself stands; the copy is kept until you delete it");
    case AsideVerdict::another_takes_place:
      return left_alone(std::move(found), "another copy of the plugin is complete, and that one counts");
    case AsideVerdict::unknown_suffix:
      return left_alone(std::move(found), "no program is known that leaves copies of this name; it is never touched");
    case AsideVerdict::removed_by_owner:
      found.reason = "removed_by_owner";
      return left_alone(std::move(found), "you removed this plugin; the copy is kept until you delete it");
    case AsideVerdict::name_in_the_way:
      found.reason = "aside_name_taken";
      return for_a_person(std::move(found),
                          fmt::format("something else has the name `{0}`, or the plugin {1} is installed under another "
                                      "one: if this copy is wanted, make room for it and rename `{2}` to `{0}`",
                                      aside.owner, aside.id.empty() ? aside.owner : aside.id, aside.name));
    case AsideVerdict::cannot_be_read: return cannot_be_read(context, aside, std::move(found));
    case AsideVerdict::not_complete: break;
  }
  found.reason = "aside_not_complete";
  return for_a_person(std::move(found), "neither it nor the plugin is whole: " +
                                            install_instead(context, aside,
                                                            "install the plugin again from where you "
                                                            "have it"));
}

/// What the look at the copy showed, for a person.
std::string copy_text(const model::Aside& aside) {
  if (aside.complete) return fmt::format("a complete copy of {} {}", aside.id, aside.version);
  return fmt::format("{}: {}", aside.unread.empty() ? "not a complete copy" : "could not be read", aside.problem);
}

void check_asides(const Context& context, Output& out) {
  for (const model::Aside& aside : context.observation.disk.asides) {
    const Situation* owner = owner_of(context, aside);
    const std::string_view id = owner != nullptr ? owner->id : std::string_view(aside.owner);
    auto found = finding(InconsistencyType::plugin_install_interrupted, id, "aside_left_over",
                         fmt::format("A set-aside copy of {} was left behind: {}",
                                     id.empty() ? "no named plugin" : fmt::format("plugin {}", id), aside.name));
    found.finding = model::finding_id(found.inconsistency_type, id, aside.name);
    found.evidence = {
        {context.observation.disk.path + "/" + aside.name, copy_text(aside)},
        {context.observation.disk.path + "/" + aside.owner, standing_text(standing_beside(context, aside))}};
    out.push_back(settle(context, aside, std::move(found)));
  }
}

bool needs_install(std::string_view reason) { return reason == "aside_not_complete" || reason == kAsideUnreadable; }

std::vector<model::Option> options(const Context& context, const Inconsistency& finding) {
  const Situation* plugin = context.situations.find(finding.plugin_id);
  if (plugin == nullptr || !plugin->entry_is_evidence() || !needs_install(finding.reason)) return {};
  return {{{"install", fmt::format("installs {} {} from {} into {}{}; the copy and what stands there now are kept",
                                   plugin->id, plugin->entry->latest_version, context.observation.registry.origin,
                                   context.observation.disk.path, additions_of_install(context, plugin->id))},
           model::InstallByName{std::string(plugin->id)}}};
}

void check(const Context& context, Output& out) {
  check_journal(context, out);
  if (context.observation.reading(Source::disk).known()) check_asides(context, out);
}

}  // namespace

const Rule kInstallInterrupted{
    .type = InconsistencyType::plugin_install_interrupted,
    .says =
        "Something began to change a plugin and did not end: our own is finished or taken back; a copy that "
        "another program set aside takes its place again where the plugin is gone or incomplete, and is kept "
        "otherwise.",
    .whole = check,
    .options = options};

}  // namespace trueup::planner
