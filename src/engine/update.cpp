#include "engine/update.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/bring_back.h"
#include "engine/directory_stage.h"
#include "engine/look.h"
#include "engine/second_look.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "engine/uploads_move.h"
#include "json/write.h"
#include "model/version.h"
#include "planner/rename.h"
#include "planner/situation.h"
#include "store/plugin_source.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Observation;
using Kind = UpdateDecision::Kind;

Result<std::vector<UpdateDecision>> decide(World& world, const Observation& observation, const UpdateOrder& order) {
  return decide_update(observation, natures_of(world, observation, directories_of(observation, order)), order);
}

bool is_update(const UpdateDecision& decision) { return decision.kind == Kind::update; }

UpdateResult result_of(const UpdateDecision& decision) {
  UpdateResult result{.plugin_id = decision.plugin_id,
                      .directory = decision.directory,
                      .reason = decision.reason,
                      .says = decision.says,
                      .installed_version = decision.installed_version,
                      .offered_version = decision.offered_version,
                      .version = decision.installed_version,
                      .origin = decision.origin};
  if (decision.kind == Kind::up_to_date) result.kind = UpdateResult::Kind::up_to_date;
  if (decision.kind == Kind::skipped) result.kind = UpdateResult::Kind::skipped;
  return result;
}

/// LEDMatrix may be at work on one of them: its safety copy is not taken from it.
std::vector<std::string> at_work_elsewhere(World& world, const Observation& first,
                                           const std::vector<UpdateDecision>& decisions) {
  const bool beside_copies = std::any_of(decisions.begin(), decisions.end(), [](const UpdateDecision& decision) {
    return is_update(decision) && !decision.asides.empty();
  });
  if (!beside_copies || first.web_process == model::Tristate::no) return {};
  wait_for_second_look(world);
  auto second = look(world);
  if (!second) return {};
  mark_settling(first, second->observation);
  return second->observation.disk.settling;
}

const std::string& id_afterwards(const UpdateDecision& decision) {
  return decision.new_id.empty() ? decision.plugin_id : decision.new_id;
}

std::string history_line(const UpdateDecision& decision, const std::string& version) {
  return fmt::format("updated {} from {} to {} from {}", id_afterwards(decision), decision.installed_version, version,
                     decision.origin);
}

std::string history_of_failure(const UpdateDecision& decision, const std::string& why) {
  const std::string to = decision.offered_version.empty() ? "the newest of its branch" : decision.offered_version;
  return fmt::format("{} stays at {} and was not updated to {} ({})", decision.plugin_id, decision.installed_version,
                     to, why);
}

/// The record follows: it is a cache, and the web process keeps its own while it runs.
std::vector<DocumentEdit> record_edits(const Observation& observation, const UpdateDecision& decision) {
  const bool ours = observation.web_process == model::Tristate::no && observation.reading(model::Source::state).known();
  if (!ours) return {};
  for (const model::StateRecord& record : observation.state) {
    if (record.key != decision.plugin_id || !record.problem.empty() || record.version.empty()) continue;
    return {{.document = DocumentName::state,
             .path = {"states", decision.plugin_id, "version"},
             .expected = json::quote(record.version),
             .value = json::quote(decision.offered_version)}};
  }
  return {};
}

void put_version_into_record(Undertaking& undertaking, const std::string& version) {
  for (Operation& operation : undertaking.operations) {
    auto* edit = std::get_if<EditDocument>(&operation);
    if (edit == nullptr || edit->document != DocumentName::state) continue;
    for (DocumentEdit& one : edit->edits) {
      if (one.path.back() == "version" && one.value) one.value = json::quote(version);
    }
  }
}

/// Only its id is another one.
bool is_same_version(const UpdateDecision& decision) {
  return !decision.new_id.empty() &&
         model::compare_versions(decision.offered_version, decision.installed_version) == model::VersionOrder::same;
}

/// Everything of the plugin goes along to its new id.
planner::RenameWork rename_to_new_id(const Observation& observation, const UpdateDecision& decision) {
  const planner::Situations situations(observation);
  return planner::rename_to_new_id(
      observation, *situations.find(decision.plugin_id),
      {.name = decision.directory, .id = decision.new_id, .version = decision.offered_version});
}

/// One plugin's exchange, a transaction of its own.
class Replacement {
 public:
  Replacement(Session& session, const Observation& observation, const UpdateDecision& decision)
      : session_(session), observation_(observation), decision_(decision) {}

  /// `refusal`: why the offer was refused for good, if it was.
  Result<UpdateResult> run(std::string& refusal) {
    ASSIGN_OR_RETURN(const auto number, session_.next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed(deed());
    for (const std::string& aside : decision_.asides) {
      builder.add(SetDirectoryAside{.plugin_id = decision_.plugin_id, .directory = aside, .kept = {}, .digest = {}});
    }
    builder.add(PublishDirectory{.plugin_id = id_afterwards(decision_),
                                 .directory = decision_.directory,
                                 .staged = fmt::format("staging/{}-{}", number, decision_.plugin_id),
                                 .kept = builder.kept_path(decision_.directory),
                                 .entry = decision_.git ? std::string(kGitEntry) : decision_.entry->id},
                materials(refusal));
    if (decision_.new_id.empty()) {
      builder.add(record_edits(observation_, decision_));
    } else {
      const planner::RenameWork work = rename_to_new_id(observation_, decision_);
      RETURN_IF_ERROR(add_uploads_move(session_.site(), work.uploads, builder));
      builder.add(work.edits);
    }
    builder.all_or_nothing();
    ASSIGN_OR_RETURN(const TransactionReport done, session_.run(builder.take(), builder.materials()));
    UpdateResult result = result_of(decision_);
    result.kind = UpdateResult::Kind::updated;
    result.reason.clear();
    for (const Applied& applied : done.applied) {
      if (!applied.version.empty()) result.version = applied.version;
      result.notes.insert(result.notes.end(), applied.notes.begin(), applied.notes.end());
    }
    result.says = fmt::format("{} is in the place of {}", result.version, result.installed_version);
    if (is_same_version(decision_)) result.says = fmt::format("{} goes on as it was", result.version);
    if (!decision_.new_id.empty()) {
      result.plugin_id = decision_.new_id;
      result.notes.push_back(
          fmt::format("its id is {} now; what was set for {} went along", decision_.new_id, decision_.plugin_id));
    }
    return result;
  }

 private:
  [[nodiscard]] Materials materials(std::string& refusal) const {
    Materials materials{.entry = decision_.entry,
                        .refusal = &refusal,
                        .core_version = observation_.core_version,
                        .git = decision_.git ? &*decision_.git : nullptr,
                        .newer_than = is_same_version(decision_) ? "" : decision_.installed_version};
    materials.on_version = [decision = decision_](Undertaking& undertaking, const std::string& version) {
      undertaking.deeds.front().result = history_line(decision, version);
      put_version_into_record(undertaking, version);
    };
    return materials;
  }

  [[nodiscard]] Deed deed() const {
    Deed deed{.verb = "update", .plugin_id = id_afterwards(decision_), .reason = "asked_by_owner"};
    deed.effects.made().receipts_put.push_back({.plugin_id = id_afterwards(decision_),
                                                .directory = decision_.directory,
                                                .version = decision_.offered_version,
                                                .origin = decision_.origin});
    deed.effects_of_undoing.made().receipts_put = observation_.ledger.receipts;  // those of that directory stay
    return deed;
  }

  Session& session_;
  const Observation& observation_;
  const UpdateDecision& decision_;
};

/// All of them, one after another.
class Updates {
 public:
  Updates(World& world, Session& session, const Observation& observation)
      : world_(world), session_(session), observation_(observation) {}

  UpdateResult run(const UpdateDecision& decision) {
    if (!is_update(decision)) return result_of(decision);
    UpdateResult failure = result_of(decision);
    failure.kind = UpdateResult::Kind::failed;
    if (world_.stop_wanted && world_.stop_wanted()) {
      failure.reason = "stopped";
      failure.says = "it was asked to stop, and did so before this one";
      return failure;
    }
    if (has_gone(decision)) {
      failure.reason = to_string(ErrorCode::not_found);
      failure.says = "its directory was taken away meanwhile, and nothing is put there";
      return failure;
    }
    log(LogLevel::info, "update.attempt", decision, {});
    if (decision.git) {
      if (auto told = is_at_its_tip(decision)) return std::move(*told);
    }
    std::string refusal;
    auto result = Replacement(session_, observation_, decision).run(refusal);
    if (!result) {
      const Error& error = result.error();
      failure.reason = refusal.empty() ? std::string(to_string(error.code)) : refusal;
      failure.says = fmt::format("{}; {} stays as it was", error.text(), decision.installed_version);
      log(LogLevel::error, "update.failed", decision, error.text());
      session_.note_failure("update", decision.plugin_id, failure.reason, history_of_failure(decision, error.text()));
      if (!refusal.empty() && decision.entry != nullptr) remember(decision, refusal, error.text());
      return failure;
    }
    log(LogLevel::info, "update.done", decision, {});
    if (decision.entry != nullptr) settle_attempts(decision, result->version);
    return std::move(*result);
  }

 private:
  /// Those before it may have taken minutes. What lies aside only, on purpose, is put back by its update.
  [[nodiscard]] bool has_gone(const UpdateDecision& decision) const {
    if (!decision.asides.empty()) return false;
    const auto plugins = session_.site().plugins();
    if (!plugins) return false;  // the step itself says why
    const auto plugin = (*plugins)->open(decision.directory, platform::Links::refuse);
    return !plugin && plugin.error().code == ErrorCode::not_found;
  }

  /// A checkout that has nothing to fetch, or whose repository does not say: its result.
  std::optional<UpdateResult> is_at_its_tip(const UpdateDecision& decision) {
    UpdateResult result = result_of(decision);
    const auto plugins = session_.site().plugins();
    const auto plugin = plugins ? (*plugins)->open(decision.directory, platform::Links::refuse)
                                : Result<std::unique_ptr<platform::Directory>>(plugins.error());
    const auto tip = plugin ? tip_of(**plugin, *decision.git) : Result<std::string>(plugin.error());
    if (!tip) {
      result.reason = to_string(tip.error().code);
      result.says = fmt::format("{}; {} stays as it was", tip.error().text(), decision.installed_version);
      return result;
    }
    if (*tip != decision.git->commit) return std::nullopt;
    const bool promised = !decision.offered_version.empty();
    result.kind = promised ? UpdateResult::Kind::failed : UpdateResult::Kind::up_to_date;
    result.reason = promised ? refusal::kNotNewer : "up_to_date";
    result.says = promised
                      ? fmt::format("{} is promised, and its repository has nothing newer than {}",
                                    decision.offered_version, decision.installed_version)
                      : fmt::format("{} is the latest of branch {}", decision.installed_version, decision.git->branch);
    return result;
  }

  void log(LogLevel level, std::string name, const UpdateDecision& decision, const std::string& why) {
    LogEvent event{.level = level, .name = std::move(name), .fields = {{"plugin_id", decision.plugin_id}}};
    event.fields.push_back({"offered", decision.offered_version});
    if (!why.empty()) event.fields.push_back({"why", why});
    world_.logger.log(event);
  }

  [[nodiscard]] model::Attempt attempt_of(const UpdateDecision& decision) const {
    return {
        .plugin_id = decision.plugin_id, .source = decision.origin, .entry_digest = decision.entry->digest, .count = 1};
  }

  /// Refused for good: the same entry is not fetched again.
  void remember(const UpdateDecision& decision, const std::string& refusal, const std::string& why) {
    model::Attempt attempt = attempt_of(decision);
    attempt.terminal = true;
    attempt.reason = refusal;
    attempt.detail = why;
    if (refusal::rests_on_core(refusal)) attempt.core_version = observation_.core_version;
    session_.record().attempts_put.push_back(std::move(attempt));
  }

  /// What was tried before counts no more; that the archive held another version than was promised does.
  void settle_attempts(const UpdateDecision& decision, const std::string& version) {
    const bool as_promised = version == decision.offered_version;
    for (const model::Attempt& before : observation_.ledger.attempts) {
      if (before.plugin_id != decision.plugin_id) continue;
      if (!as_promised && before.entry_digest == decision.entry->digest && before.source == decision.origin) continue;
      session_.record().attempts_removed.push_back({before.plugin_id, before.source, before.entry_digest});
    }
    if (as_promised) return;
    model::Attempt attempt = attempt_of(decision);
    attempt.reason = kFetchedBefore;
    attempt.detail = fmt::format("{} is promised, and what came is {}", decision.offered_version, version);
    session_.record().attempts_put.push_back(std::move(attempt));
  }

  World& world_;
  Session& session_;
  const Observation& observation_;
};

/// What all of them need from the network, together.
void fetch_ahead(World& world, const std::vector<UpdateDecision>& decisions) {
  std::vector<const model::RegistryEntry*> entries;
  for (const UpdateDecision& decision : decisions) {
    if (is_update(decision) && decision.entry != nullptr) entries.push_back(decision.entry);
  }
  if (world.store != nullptr && entries.size() > 1) world.store->fetch_ahead(entries);
}

void hold_back(std::vector<UpdateDecision>& decisions, const std::vector<std::string>& settling) {
  for (UpdateDecision& decision : decisions) {
    const bool busy = std::find(settling.begin(), settling.end(), decision.directory) != settling.end();
    if (!busy || !is_update(decision)) continue;
    decision.kind = Kind::failed;
    decision.reason = "settling";
    decision.says = "LEDMatrix seems to be installing it right now, so nothing was touched";
  }
}

/// Instead of what was decided of it: its live directory is not the plugin that was asked for.
void tell_of(const std::vector<NotBroughtBack>& failed, std::vector<UpdateDecision>& decisions) {
  for (const NotBroughtBack& one : failed) {
    std::erase_if(decisions, [&](const UpdateDecision& decision) { return decision.plugin_id == one.plugin_id; });
    decisions.push_back(
        {.plugin_id = one.plugin_id, .reason = std::string(to_string(ErrorCode::refused)), .says = one.says});
  }
}

/// The numbers in history, in the order in which they were updated.
void number_results(const std::vector<std::int64_t>& history, std::vector<UpdateResult>& results) {
  std::size_t next = 0;
  for (UpdateResult& result : results) {
    if (result.kind == UpdateResult::Kind::updated && next < history.size()) result.n = history[next++];
  }
}

}  // namespace

std::string_view to_string(UpdateResult::Kind kind) {
  switch (kind) {
    case UpdateResult::Kind::updated: return "updated";
    case UpdateResult::Kind::up_to_date: return "up_to_date";
    case UpdateResult::Kind::skipped: return "skipped";
    case UpdateResult::Kind::failed: return "failed";
  }
  return "";
}

bool UpdateReport::failed() const {
  return std::any_of(results.begin(), results.end(),
                     [](const UpdateResult& result) { return result.kind == UpdateResult::Kind::failed; });
}

Result<UpdateReport> update(World& world, const UpdateOrder& order) {
  // Looked at before the lock is taken, too: where there is nothing to do no trace of trueup is left.
  constexpr auto kCheck = sources::SettingsCheck::changed;
  ASSIGN_OR_RETURN(SettledLook first, look_when_settled(world, "update", kCheck));
  if (auto able = check_update_sources(first.seen.observation); !able) return first.refusal(std::move(able).error());
  ASSIGN_OR_RETURN(const auto still_aside,
                   bring_back(world, "update", {.names = order.names, .all = order.all}, first, kCheck));
  auto possible = decide(world, first.seen.observation, order);
  if (!possible) return first.refusal(std::move(possible).error());
  tell_of(still_aside, *possible);
  UpdateReport report{.notes = first.notes};
  if (std::none_of(possible->begin(), possible->end(), is_update)) {
    for (const UpdateDecision& decision : *possible) report.results.push_back(result_of(decision));
    return report;
  }
  const auto settling = at_work_elsewhere(world, first.seen.observation, *possible);
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "update"));
  ASSIGN_OR_RETURN(const Look seen, look(world, kCheck));
  ASSIGN_OR_RETURN(auto decisions, decide(world, seen.observation, order));
  tell_of(still_aside, decisions);
  hold_back(decisions, settling);
  fetch_ahead(world, decisions);
  Updates updates(world, *session, seen.observation);
  for (const UpdateDecision& decision : decisions) report.results.push_back(updates.run(decision));
  ASSIGN_OR_RETURN(const auto history, session->end());
  number_results(history, report.results);
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
