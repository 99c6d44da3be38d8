#include "engine/resolve.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "engine/choice.h"
#include "engine/displaced_write.h"
#include "engine/install.h"
#include "engine/live_document.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/reinstall.h"
#include "engine/remove_directory.h"
#include "engine/restart_display.h"
#include "engine/restore.h"
#include "engine/session.h"
#include "engine/set_enabled.h"
#include "engine/undertaking_builder.h"
#include "engine/undo.h"
#include "engine/unfinished.h"
#include "engine/uploads_move.h"
#include "json/document.h"
#include "planner/plan.h"
#include "planner/rename.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Inconsistency;

std::int64_t seconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

Result<Inconsistency> find_finding(const model::Plan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.findings, name, &Inconsistency::finding);
  if (found != plan.findings.end()) return *found;
  std::string near;
  for (const Inconsistency& finding : plan.findings) {
    const bool same_plugin = name.find(finding.plugin_id) != std::string::npos;
    if (!same_plugin || finding.plugin_id.empty() || near.size() > 300) continue;
    near += fmt::format("{}`{}`", near.empty() ? "there is " : ", ", finding.finding);
  }
  return Error{.code = ErrorCode::not_found,
               .message = "nothing of that name is found now, so nothing was changed",
               .where = name,
               .hint = near.empty() ? "`trueup plan` lists what is found" : near};
}

Result<model::Option> find_option(const Look& seen, const Inconsistency& finding, const std::string& choice) {
  const auto overwritten = std::ranges::find_if(
      seen.overwritten_edits, [&](const OverwrittenEdit& edit) { return edit.finding.finding == finding.finding; });
  std::vector<model::Option> options = overwritten != seen.overwritten_edits.end()
                                           ? options_of_overwritten_edit(*overwritten)
                                       : finding.inconsistency_type == model::InconsistencyType::write_displaced
                                           ? options_of_displaced_write(finding)
                                           : planner::options_of(seen.observation, finding);
  std::string names;
  for (model::Option& option : options) {
    if (option.choice.name == choice) return std::move(option);
    names += fmt::format("{}{}", names.empty() ? "" : ", ", option.choice.name);
  }
  if (names.empty()) {
    return Error{.code = ErrorCode::invalid,
                 .message = "there is nothing to choose: nothing was changed",
                 .where = finding.finding,
                 .hint = finding.advice};
  }
  return Error{.code = ErrorCode::invalid,
               .message = fmt::format("there is no choice `{}`: nothing was changed", choice),
               .where = finding.finding,
               .hint = fmt::format("choose one of: {}", names)};
}

/// Edits that put `values` in the place of whatever stands there now.
Result<std::vector<DocumentEdit>> edits_for(const platform::Directory& root, platform::Clock& clock,
                                            const model::ReplaceValues& values) {
  std::vector<DocumentEdit> edits;
  for (const model::NewValue& wanted : values.values) {
    ASSIGN_OR_RETURN(const auto document, read_live_document(root, wanted.document, clock));
    std::optional<json::Value> now = document ? std::optional(document->root()) : std::nullopt;
    for (const std::string& key : wanted.path) now = now ? now->find(key) : std::nullopt;
    edits.push_back({.document = wanted.document,
                     .path = wanted.path,
                     .expected = now ? std::optional(std::string(now->text())) : std::nullopt,
                     .value = wanted.value});
  }
  return edits;
}

/// Where `documents` have a section under both names, one of them takes the place or goes.
Result<std::vector<DocumentEdit>> edits_that_keep_one(const platform::Directory& root, platform::Clock& clock,
                                                      const model::MoveSettings& deed,
                                                      const std::vector<DocumentName>& documents) {
  std::vector<DocumentEdit> edits;
  for (const DocumentName document : documents) {
    const model::NewValue gone{.document = document, .path = {deed.from}, .value = {}};
    ASSIGN_OR_RETURN(const auto removal, edits_for(root, clock, {{gone}}));
    if (!deed.keep_new) {
      const model::NewValue taken{.document = document, .path = {deed.to}, .value = removal.front().expected};
      ASSIGN_OR_RETURN(const auto replacement, edits_for(root, clock, {{taken}}));
      edits.push_back(replacement.front());
    }
    edits.push_back(removal.front());
  }
  return edits;
}

/// The removal of an old name says nothing any more once its settings belong to a plugin that is there.
void forget_removal_of(const std::string& id, const model::Observation& seen, UndertakingBuilder& builder) {
  if (std::ranges::find(seen.tombstones, id) != seen.tombstones.end()) {
    builder.add({{.document = DocumentName::tombstones, .path = {id}, .expected = "true", .value = {}}});
  }
  if (std::ranges::find(seen.ledger.tombstones, id) == seen.ledger.tombstones.end()) return;
  builder.deed().effects.made().tombstones_removed.push_back(id);
  builder.deed().effects_of_undoing.made().tombstones_put.push_back(id);
}

/// Does what a choice comes to. Each alternative is the verb that an owner could have typed instead.
class Doing {
 public:
  Doing(World& world, const Inconsistency& finding, const model::Choice& choice)
      : world_(world), finding_(finding), choice_(choice) {}

  Result<ResolveReport> operator()(const model::SwitchPlugin& deed) const {
    ASSIGN_OR_RETURN(auto done, set_enabled(world_, deed.plugin_id, deed.on));
    return report(std::move(done.notes), std::move(done.history));
  }
  Result<ResolveReport> operator()(const model::InstallByName& deed) const {
    ASSIGN_OR_RETURN(auto done, install(world_, deed.name));
    return report(std::move(done.notes), std::move(done.history));
  }
  Result<ResolveReport> operator()(const model::RemoveDirectories& deed) const {
    ResolveReport all = report({}, {});
    for (const std::string& name : deed.names) {
      ASSIGN_OR_RETURN(const auto done, remove_directory(world_, name));
      all.notes.insert(all.notes.end(), done.notes.begin(), done.notes.end());
      all.history.insert(all.history.end(), done.history.begin(), done.history.end());
    }
    return all;
  }
  Result<ResolveReport> operator()(const model::RestoreCopy& deed) const {
    ASSIGN_OR_RETURN(auto done, restore(world_, deed.document, deed.copy));
    return report(std::move(done.notes), std::move(done.history));
  }
  Result<ResolveReport> operator()(const model::RetryPlugin& deed) const {
    ASSIGN_OR_RETURN(auto done, reconcile(world_, {.only = {deed.plugin_id}, .retry = true}));
    if (done.error) return std::move(*done.error);
    for (const StepResult& step : done.steps) {
      if (step.kind == StepResult::Kind::failed) done.notes.push_back(step.why);
    }
    return report(std::move(done.notes), std::move(done.history));
  }
  Result<ResolveReport> operator()(const model::ReplaceValues& deed) const {
    return in_session([&](Session& session, UndertakingBuilder& builder) -> Status {
      ASSIGN_OR_RETURN(const auto edits, edits_for(session.site().root(), world_.clock, deed));
      builder.add(edits);
      return ok();
    });
  }
  Result<ResolveReport> operator()(const model::MoveSettings& deed) const {
    return in_session([&](Session& session, UndertakingBuilder& builder) -> Status {
      ASSIGN_OR_RETURN(const Look seen, look(world_, sources::SettingsCheck::skip));
      RETURN_IF_ERROR(require_known(
          seen.observation, {model::Source::config, model::Source::secrets, model::Source::disk, model::Source::state},
          "the move"));
      const planner::Situations situations(seen.observation);
      const auto* from = situations.find(deed.from);
      const auto* to = situations.find(deed.to);
      if (from == nullptr || to == nullptr || from->section == nullptr || !to->installed()) {
        return Error{.code = ErrorCode::conflict,
                     .message = "something changed in the meantime, so nothing was done",
                     .where = deed.from,
                     .hint = "run the same command again"};
      }
      const auto keep = deed.keep_new ? planner::Keep::present : planner::Keep::former;
      const planner::RenameWork work = planner::rename_work(seen.observation, *from, *to, keep);
      RETURN_IF_ERROR(add_uploads_move(session.site(), work.uploads, builder));
      builder.add(work.edits);
      ASSIGN_OR_RETURN(const auto settled, edits_that_keep_one(session.site().root(), world_.clock, deed, work.both));
      builder.add(settled);
      forget_removal_of(deed.from, seen.observation, builder);
      return ok();
    });
  }
  Result<ResolveReport> operator()(const model::SettleDisplacedWrite& deed) const {
    return in_session([&](Session& session, UndertakingBuilder& builder) -> Status {
      return settle_displaced_write(session, deed, builder);
    });
  }
  Result<ResolveReport> operator()(const model::LeaveAsItIs& deed) const {
    ASSIGN_OR_RETURN(auto done, ignore(world_, deed.finding, std::nullopt));
    return report(std::move(done.notes), std::move(done.history));
  }
  Result<ResolveReport> operator()(const model::StartDisplayAnew&) const {
    RETURN_IF_ERROR(world_.services.restart(kDisplayUnit));
    return report({"the display was restarted; it tells in a moment what it runs"}, {});
  }
  Result<ResolveReport> operator()(const model::AdoptPluginsDirectory&) const {
    ASSIGN_OR_RETURN(auto done, in_session([](Session& session, UndertakingBuilder& builder) {
                       builder.deed().reason = kDirectoryAdopted;
                       return session.adopt_plugins_directory();
                     }));
    done.history.clear();  // its line says what was done, and is none that undo takes back
    return done;
  }
  Result<ResolveReport> operator()(const model::ReinstallAsShipped& deed) const {
    ASSIGN_OR_RETURN(auto done, reinstall_as_shipped(world_, deed));
    return report(std::move(done.notes), std::move(done.history));
  }

 private:
  [[nodiscard]] ResolveReport report(std::vector<std::string> notes, std::vector<std::int64_t> history) const {
    return {.finding = finding_, .choice = choice_, .notes = std::move(notes), .history = std::move(history)};
  }

  template <typename Fill>
  Result<ResolveReport> in_session(Fill&& fill) const {
    ASSIGN_OR_RETURN(const auto session, Session::begin(world_, "resolve"));
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed({.verb = "resolve",
                        .plugin_id = finding_.plugin_id,
                        .reason = "asked_by_owner",
                        .result = fmt::format("{}: {}", finding_.finding, choice_.name)});
    RETURN_IF_ERROR(fill(*session, builder));
    builder.all_or_nothing();
    ASSIGN_OR_RETURN(const TransactionReport done, session->run(builder.take(), builder.materials()));
    ASSIGN_OR_RETURN(auto history, session->end());
    std::vector<std::string> notes = done.notes;
    notes.insert(notes.end(), session->notes().begin(), session->notes().end());
    return report(std::move(notes), std::move(history));
  }

  World& world_;
  const Inconsistency& finding_;
  const model::Choice& choice_;
};

/// What is left of a finding is only told, as of a plugin that is missing and not wanted any more. What waits for a
/// source or for another look is no such thing.
bool needs_nobody(const Inconsistency& finding) {
  return finding.fix_action == model::FixAction::no_action && finding.reason != "source_unreadable" &&
         finding.reason != "settling" && finding.reason != "registry_unreadable";
}

/// What is only told in one installation is done in another: it can be ignored in both.
const model::Policy kAllAllowed{.python_requirements = model::PythonRequirements::install};

Status may_ignore(const Inconsistency& finding) {
  if (finding.inconsistency_type == model::InconsistencyType::source_unreadable) {
    return Error{.code = ErrorCode::refused,
                 .message = "what cannot be read is not ignored: nothing is decided on it until it can be",
                 .where = finding.finding,
                 .hint = finding.advice};
  }
  if (finding.reason == "source_unreadable") {
    return Error{.code = ErrorCode::refused,
                 .message =
                     "something that it rests on cannot be read, so nobody knows what there is to ignore; "
                     "nothing is done about it meanwhile",
                 .where = finding.finding,
                 .hint = finding.advice};
  }
  const bool noted_only = finding.fix_action == model::FixAction::no_action && finding.reason != model::kIgnoredByOwner;
  if (noted_only) {
    return Error{.code = ErrorCode::refused,
                 .message = "nothing would be done about it, so there is nothing to ignore",
                 .where = finding.finding};
  }
  return ok();
}

}  // namespace

bool is_over(const model::Hold& hold, std::chrono::system_clock::time_point now) {
  if (hold.lasts_seconds == 0) return false;
  const std::int64_t passed = seconds_of(now) - hold.set_at;
  return passed < 0 || passed >= hold.lasts_seconds;
}

Result<Inconsistency> find_finding(World& world, const std::string& name) {
  ASSIGN_OR_RETURN(const Look seen, look(world, sources::SettingsCheck::changed));
  return find_finding(plan_of(seen, {}), name);
}

Result<ResolveReport> resolve(World& world, const std::string& name, const std::string& choice) {
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "resolve", sources::SettingsCheck::changed));
  const auto found = find_finding(plan_of(first.seen, {}), name);
  if (!found) return first.refusal(found.error());
  const Inconsistency& finding = *found;
  ASSIGN_OR_RETURN(const model::Option option, find_option(first.seen, finding, choice));
  ASSIGN_OR_RETURN(ResolveReport report, std::visit(Doing(world, finding, option.choice), option.deed));
  ASSIGN_OR_RETURN(const Look after, look(world, sources::SettingsCheck::changed));
  const auto still = find_finding(plan_of(after, {}), name);
  report.settled = !still || needs_nobody(*still);
  report.notes.insert(report.notes.begin(), first.notes.begin(), first.notes.end());
  return report;
}

Result<IgnoreReport> ignore(World& world, const std::string& name, std::optional<std::chrono::seconds> lasts) {
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "ignore", sources::SettingsCheck::changed));
  const auto found = find_finding(plan_of(first.seen, kAllAllowed), name);
  if (!found) return first.refusal(found.error());
  RETURN_IF_ERROR(may_ignore(*found));

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "ignore"));
  ASSIGN_OR_RETURN(const Look seen, look(world, sources::SettingsCheck::changed));
  // Held findings hide what they rest on behind the hold: the evidence is that of a plan without holds.
  Look open = seen;
  open.observation.ledger.holds.clear();
  IgnoreReport report;
  ASSIGN_OR_RETURN(report.finding, find_finding(plan_of(open, kAllAllowed), name));
  RETURN_IF_ERROR(may_ignore(report.finding));
  model::Hold hold{.finding = name,
                   .evidence_digest = model::evidence_digest(report.finding),
                   .reason = std::string(model::kIgnoredByOwner)};
  if (lasts) {
    hold.set_at = seconds_of(world.clock.wall_now());
    hold.lasts_seconds = lasts->count();
  }
  const auto before = std::ranges::find_if(seen.observation.ledger.holds, [&](const model::Hold& one) {
    return one.finding == name && !is_over(one, world.clock.wall_now());
  });
  const bool replaces = before != seen.observation.ledger.holds.end();
  report.already =
      !lasts && std::ranges::find(seen.observation.ledger.holds, hold) != seen.observation.ledger.holds.end();
  if (!report.already) {
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed({.verb = "ignore",
                        .plugin_id = report.finding.plugin_id,
                        .reason = "asked_by_owner",
                        .result = fmt::format("ignores {}", name),
                        .effects = LedgerEffects{.holds_put = {hold}},
                        .effects_of_undoing = LedgerEffects{.holds_removed = {name}}});
    if (replaces) builder.deed().effects_of_undoing.made().holds_put = {*before};
    ASSIGN_OR_RETURN(const TransactionReport done, session->run(builder.take(), builder.materials()));
    report.notes = done.notes;
    const bool open_ended = replaces && before->reason == model::kIgnoredByOwner && before->lasts_seconds == 0;
    if (open_ended && lasts && before->evidence_digest == hold.evidence_digest) {
      report.notes.emplace_back("until now it was ignored without an end, and no longer is: undo brings that back");
    }
  }
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.begin(), first.notes.begin(), first.notes.end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
