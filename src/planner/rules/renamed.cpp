// plugin_renamed: settings stand under another name of an installed plugin, where they do nothing.
//
// Secrets and a recorded choice without a section are settings too. They move by themselves only where the registry or
// the plugin's own manifest declares that the plugin had that name, nothing stands under its new one, and nobody else
// can mean the old one. Everything else is a person's decision: two sections are never merged, and none is overwritten
// by a guess (failure F88).
#include <fmt/core.h>

#include <utility>

#include "base/shell_word.h"
#include "planner/choice_text.h"
#include "planner/rename.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::Inconsistency;
using model::InconsistencyType;
using model::Source;

/// The installed plugin whose other name this is, if that can be a question at all.
const Situation* installed_under(const Context& context, const Situation& plugin) {
  const bool has_any = plugin.section != nullptr || plugin.follows;
  if (plugin.installed_as.empty() || !has_any || plugin.reserved) return nullptr;
  const Situation* installed = context.situations.find(plugin.installed_as);
  if (installed == nullptr || !installed->installed() || installed->tombstoned || installed->reserved) return nullptr;
  return installed;
}

bool has_secrets(const Context& context, std::string_view id) {
  for (const model::Section& section : context.observation.config.secrets) {
    if (section.key == id) return true;
  }
  return false;
}

struct Question {
  std::string_view reason;
  std::string advice;
};

constexpr std::string_view kBothNames = "settings_under_both_names";
constexpr std::string_view kBothSecrets = "secrets_under_both_names";

/// Why a person has to decide; nothing where it is declared and clear.
std::optional<Question> question(const Context& context, const Situation& former, const Situation& present) {
  const std::string resolve = fmt::format("`trueup resolve {} --choose",
                                          shell_word(model::finding_id(InconsistencyType::plugin_renamed, former.id)));
  const auto choose = [&] {
    return fmt::format("LEDMatrix reads `{}` only. {} keep-new` or `keep-old`; they are never merged", present.id,
                       resolve);
  };
  const auto move = [&](std::string_view why) { return fmt::format("{}: {} move` moves them", why, resolve); };
  if (former.section != nullptr && !former.section->is_object()) {
    return Question{"section_no_object", fmt::format("`{}` is no object, so it is left alone: settings go under `{}`",
                                                     former.id, present.id)};
  }
  if (former.section != nullptr && present.section != nullptr) return Question{kBothNames, choose()};
  if (present.other_sections + present.followers > 1) {
    return Question{"settings_under_several_names", move("more than one section may be meant")};
  }
  if (has_secrets(context, former.id) && has_secrets(context, present.id)) return Question{kBothSecrets, choose()};
  if (!context.observation.uploads.problem.empty()) {
    return Question{"uploads_unreadable", move(context.observation.uploads.problem)};
  }
  if (has_uploads(context.observation, former.id) && has_uploads(context.observation, present.id)) {
    return Question{"uploads_under_both_names",
                    fmt::format("assets/plugins has both {} and {}, and the pictures of the old name stay there: {} "
                                "move` moves the rest",
                                former.id, present.id, resolve)};
  }
  if (former.tombstoned) return Question{"removed_by_owner", move("you removed the plugin of that name")};
  if (former.renamed == Situation::Renamed::no) {
    return Question{"settings_under_other_name", move("nobody declares that the plugin was renamed")};
  }
  // A manifest speaks for its own plugin only: never for one that trueup had installed.
  if (former.renamed == Situation::Renamed::by_manifest && former.past_receipt != nullptr) {
    return Question{"name_of_another_plugin", move("trueup had installed a plugin of the old name")};
  }
  return std::nullopt;
}

/// Whether another plugin has that name is known only when the registry can be read.
bool waits_for_registry(const Context& context, const Situation& former) {
  return former.renamed == Situation::Renamed::by_manifest && context.observation.registry.present &&
         !context.observation.reading(Source::registry).known();
}

std::vector<model::Option> options(const Context& context, const Inconsistency& finding) {
  const Situation* former = context.situations.find(finding.plugin_id);
  const Situation* present = former == nullptr ? nullptr : installed_under(context, *former);
  if (present == nullptr || (former->section != nullptr && !former->section->is_object())) return {};
  const std::string from(former->id);
  const std::string to(present->id);
  const auto changed = [&](Keep keep) {
    return files_of_move(context, *former, rename_work(context.observation, *former, *present, keep));
  };
  const bool pictures =
      has_uploads(context.observation, from) && (finding.reason == kBothNames || has_uploads(context.observation, to));
  const std::string stay = pictures ? fmt::format(", and the pictures in assets/plugins/{} stay there", from) : "";
  if (finding.reason == kBothNames || finding.reason == kBothSecrets) {
    return {
        {{"keep-new", fmt::format("takes `{0}` out where `{1}` is there too, and what names `{0}` names `{1}`: that "
                                  "changes {2}{3}; `trueup undo` brings it back",
                                  from, to, changed(Keep::present), stay)},
         model::MoveSettings{from, to, true}},
        {{"keep-old", fmt::format("what stands under `{}` takes the place of what stands under `{}`: that changes "
                                  "{}{}; `trueup undo` brings both back",
                                  from, to, changed(Keep::former), stay)},
         model::MoveSettings{from, to, false}}};
  }
  return {{{"move", fmt::format("`{}` becomes `{}` wherever it stands, and no other value changes: that changes {}{}; "
                                "`trueup undo` brings it back",
                                from, to, changed(Keep::former), stay)},
           model::MoveSettings{from, to, false}}};
}

/// What there is of the old name, for a person: the first of these.
struct Leftover {
  std::string_view key;   // of the finding's state
  std::string_view what;  // "Its <what> stand under …"
  Source source;
  std::string_view noun;
};

Leftover leftover_of(const Situation& former) {
  if (former.section != nullptr) return {"section", "Settings stand", Source::config, "section"};
  if (former.secrets != nullptr) return {"secrets", "Secrets stand", Source::secrets, "section"};
  return {"record", "The recorded choice stands", Source::state, "record"};
}

std::string summary_of(const Context& context, const Situation& former, const Situation& present) {
  if (former.section != nullptr) {
    return fmt::format("move the settings of {} to {} in {}", former.id, present.id, path_of(context, Source::config));
  }
  std::string what = former.secrets != nullptr ? "secrets" : "recorded choice";
  if (former.secrets != nullptr && former.record != nullptr) what += " and record";
  std::string text = fmt::format("move the {} of {} to {}", what, former.id, present.id);
  if (present.section == nullptr) {
    text += fmt::format(", and add its section to {}", path_of(context, Source::config));
  }
  return text;
}

void check(const Context& context, const Situation& former, Output& out) {
  const Situation* present = installed_under(context, former);
  if (present == nullptr) return;
  const Leftover left = leftover_of(former);
  auto found =
      finding(InconsistencyType::plugin_renamed, former.id, "declared_rename",
              fmt::format("{} under {}, but the plugin is installed as {}", left.what, former.id, present->id));
  found.current_state = {{std::string(left.key), json_text(former.id)}};
  found.expected_state = {{std::string(left.key), json_text(present->id)}};
  found.evidence = {{path_of(context, left.source), fmt::format("has a {} `{}`", left.noun, former.id)},
                    {path_of(context, *present->directory()), fmt::format("says that it is {}", present->id)}};
  if (former.renamed == Situation::Renamed::by_manifest) {
    found.evidence.push_back({path_of(context, *present->directory()) + "/manifest.json",
                              fmt::format("declares that it was {} before", former.id)});
  } else if (former.renamed == Situation::Renamed::by_registry) {
    found.evidence.push_back(
        {path_of(context, Source::registry), fmt::format("declares {} another name of {}", former.id, present->id)});
  }
  if (present->section != nullptr) {
    found.evidence.push_back({path_of(context, Source::config), fmt::format("has a section `{}` too", present->id)});
  }
  if (auto asked = question(context, former, *present)) {
    found.reason = asked->reason;
    if (asked->reason == kBothSecrets) {
      found.evidence.push_back({path_of(context, Source::secrets),
                                fmt::format("has a section `{}` and a section `{}`", former.id, present->id)});
    }
    out.push_back(for_a_person(std::move(found), std::move(asked->advice)));
    return;
  }
  if (waits_for_registry(context, former)) {
    found.reason = "registry_unreadable";
    out.push_back(left_alone(std::move(found), "pending: it is moved when the registry can be read"));
    return;
  }
  auto step = step_for(found, model::StepAction::rename_plugin, summary_of(context, former, *present));
  RenameWork work = rename_work(context.observation, former, *present, Keep::former);
  step.edits = std::move(work.edits);
  step.uploads = std::move(work.uploads);
  out.push_back(mended_by(std::move(found), std::move(step)));
}

}  // namespace

const Rule kRenamed{
    .type = InconsistencyType::plugin_renamed,
    .says =
        "Settings stand under another name of an installed plugin: they move with secrets, references, uploads and "
        "record where registry or manifest declares the rename and the new name is free; else a person decides.",
    .needs = {Source::config, Source::disk},
    .step_needs = {Source::secrets, Source::state, Source::tombstones, Source::ledger},
    .each = check,
    .options = options};

}  // namespace trueup::planner
