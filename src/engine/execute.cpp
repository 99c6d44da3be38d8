#include "engine/execute.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "base/memory.h"
#include "engine/directory_stage.h"
#include "engine/document_edits.h"
#include "engine/steps_by_document.h"
#include "engine/undertaking_builder.h"
#include "engine/uploads_move.h"
#include "planner/attempts.h"
#include "store/plugin_source.h"

namespace trueup::engine {
namespace {

using model::Step;

/// As many share a transaction: they wait for the disk together, and a run that is killed begins no more of them anew.
constexpr std::size_t kMostFetchedTogether = 64;

/// "config.json: clock.enabled"
std::string keys_of(const Step& step) {
  std::string keys;
  for (const auto& edit : step.edits) {
    if (!keys.empty()) keys += ", ";
    keys += file_name(edit.document) + ":";
    for (std::size_t i = 0; i < edit.path.size(); ++i) keys += fmt::format("{}{}", i == 0 ? " " : ".", edit.path[i]);
  }
  return keys;
}

/// Why a step failed, and what to do about it.
std::string told(const Error& error) {
  return error.hint.empty() ? error.text() : fmt::format("{}; {}", error.text(), error.hint);
}

bool renames(const Step& step) { return step.action == model::StepAction::rename_plugin; }

/// A transaction of its own, not part of the one that edits documents.
bool stands_alone(const Step& step) { return step.install || step.aside || renames(step); }

/// At the end of the pass, when everything else is done.
bool comes_last(const Step& step) {
  return step.action == model::StepAction::restart_display || step.action == model::StepAction::install_requirements;
}

bool edits(const Step& step) {
  return step.held.empty() && !stands_alone(step) && (!step.edits.empty() || step.rebuild);
}

class Executor {
 public:
  Executor(Session& session, const model::Observation& observation, const model::Plan& plan, OfferWaits& waits)
      : session_(session), observation_(observation), plan_(plan), waits_(waits) {
    execution_.steps.resize(plan.steps.size());
    if (plan.steps.empty()) return;
    findings_.reserve(plan.findings.size());
    for (const auto& finding : plan.findings) findings_.emplace(finding.finding, &finding);
    for (const auto& hold : observation.ledger.holds) holds_.insert(hold.finding);
  }

  Execution run() && {
    Status stopped = ok();
    for (std::size_t i = 0; stopped && i < plan_.steps.size(); ++i) {
      if (!plan_.steps[i].held.empty()) continue;
      if (plan_.steps[i].aside || renames(plan_.steps[i])) stopped = go_on();
      if (stopped && plan_.steps[i].aside) stopped = take_aside_in(i);
      if (stopped && renames(plan_.steps[i])) stopped = rename(i);
    }
    if (stopped) stopped = go_on();
    if (stopped) stopped = edit_documents();
    if (stopped) stopped = install_all();
    if (!stopped) execution_.stopped = std::move(stopped).error();
    settle_steps_without_work();
    return std::move(execution_);
  }

 private:
  /// Between two steps whoever waits for the end may have it: what was done stands, and the rest is not begun.
  [[nodiscard]] Status go_on() const {
    const auto& stop_wanted = session_.site().world().stop_wanted;
    if (!stop_wanted || !stop_wanted()) return ok();
    return Error{.code = ErrorCode::refused,
                 .message = "it was asked to stop, and did so before its next step",
                 .where = {},
                 .hint = "what was done stands; the next `trueup reconcile` goes on from there"};
  }

  void log(LogLevel level, std::string name, const Step& step, const std::string& candidate, const std::string& why) {
    Logger& logger = session_.site().world().logger;
    if (!logger.takes(level)) return;
    LogEvent event{.level = level, .name = std::move(name), .fields = {{"plugin_id", step.plugin_id}}};
    event.fields.push_back({"action", std::string(model::to_string(step.action))});
    if (!candidate.empty()) event.fields.push_back({"candidate", candidate});
    if (const std::string keys = keys_of(step); !keys.empty()) event.fields.push_back({"config_key", keys});
    if (!why.empty()) event.fields.push_back({"why", why});
    logger.log(event);
  }

  void done(std::size_t step, const std::string& candidate = {}) {
    execution_.steps[step] = {.kind = StepResult::Kind::done, .why = {}};
    log(LogLevel::info, "repair.done", plan_.steps[step], candidate, {});
  }

  void failed(std::size_t step, const std::string& why, const std::string& candidate = {}) {
    execution_.steps[step] = {.kind = StepResult::Kind::failed, .why = why};
    log(LogLevel::error, "repair.failed", plan_.steps[step], candidate, why);
  }

  [[nodiscard]] std::string evidence_of(const std::string& finding) const {
    const auto found = findings_.find(finding);
    return found == findings_.end() ? std::string() : model::evidence_digest(*found->second);
  }

  [[nodiscard]] Deed deed_of(const Step& step) const {
    Deed deed{.verb = "reconcile",
              .plugin_id = step.plugin_id,
              .reason = step.reason,
              .finding = step.finding,
              .evidence = evidence_of(step.finding),
              .result = step.summary};
    if (holds_.contains(step.finding)) deed.effects.made().holds_removed.push_back(step.finding);
    return deed;
  }

  /// A step may have nothing of its own to do: another step of its plugin does it, or recovery did. It is done when
  /// nothing else of that plugin failed.
  void settle_steps_without_work() {
    std::set<std::string_view> left_undone;  // plugins
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const bool works = stands_alone(plan_.steps[i]) || edits(plan_.steps[i]);
      if (works && execution_.steps[i].kind != StepResult::Kind::done) left_undone.insert(plan_.steps[i].plugin_id);
    }
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const Step& step = plan_.steps[i];
      if (!step.held.empty() || stands_alone(step) || comes_last(step) || edits(step)) continue;
      const bool good = !left_undone.contains(step.plugin_id);
      execution_.steps[i] = {.kind = good ? StepResult::Kind::done : StepResult::Kind::failed,
                             .why = good ? "" : "another step of this plugin was not done"};
    }
  }

  /// With settings, uploads, and all that names the plugin: all of it has one name or the other, never some of each.
  Result<TransactionReport> run_with_what_goes_along(UndertakingBuilder& builder, const Step& step) {
    RETURN_IF_ERROR(add_uploads_move(session_.site(), step.uploads, builder));
    builder.add(step.edits);
    builder.all_or_nothing();
    return session_.run(builder.take(), builder.materials());
  }

  /// A transaction of its own: all of a plugin has one name or the other, never some of each.
  Status rename(std::size_t index) {
    const Step& step = plan_.steps[index];
    log(LogLevel::info, "repair.attempt", step, {}, {});
    ASSIGN_OR_RETURN(const auto number, session_.next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed(deed_of(step));
    const auto report = run_with_what_goes_along(builder, step);
    if (report) {
      done(index);
    } else {
      failed(index, told(report.error()));
    }
    return ok();
  }

  /// Everything that only changes documents, in one transaction: each file is written once. Where that fails, by the
  /// documents that belong together: one that cannot be written holds up no other.
  Status edit_documents() {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (edits(plan_.steps[i])) chosen.push_back(i);
    }
    if (chosen.empty()) return ok();
    for (const std::size_t i : chosen) log(LogLevel::info, "repair.attempt", plan_.steps[i], {}, {});
    ASSIGN_OR_RETURN(const auto number, session_.next_number());
    const auto together = change(chosen, number);
    const auto apart = together ? StepsByDocuments() : by_documents(plan_, chosen);
    if (apart.size() <= 1) {
      tell(chosen, together);
      return ok();
    }
    for (const auto& [documents, steps] : apart) {
      ASSIGN_OR_RETURN(const auto next, session_.next_number());
      tell(steps, change(steps, next));
    }
    return ok();
  }

  Result<TransactionReport> change(const std::vector<std::size_t>& steps, std::int64_t number) {
    expect_heap(heap_for(plan_, steps));
    UndertakingBuilder builder(number);
    builder.expect(steps.size());
    for (const auto& [document, count] : count_edits(plan_, steps)) builder.expect_edits(document, count);
    for (const std::size_t i : steps) {
      builder.begin_deed(deed_of(plan_.steps[i]));
      builder.add(plan_.steps[i].edits);
      if (plan_.steps[i].rebuild) {
        if (auto added = add_rebuild(builder, *plan_.steps[i].rebuild); !added) return added.error();
      }
    }
    return session_.run(builder.take(), builder.materials());
  }

  void tell(const std::vector<std::size_t>& steps, const Result<TransactionReport>& report) {
    for (std::size_t k = 0; k < steps.size(); ++k) {
      if (!report) {
        failed(steps[k], told(report.error()));
      } else if (report->deeds[k] == Outcome::moved) {
        failed(steps[k], "what it rests on changed in the meantime");
      } else {
        done(steps[k]);
      }
    }
  }

  /// What an interrupted install set aside comes back before anything else is done for its plugin.
  Status take_aside_in(std::size_t index) {
    const Step& step = plan_.steps[index];
    log(LogLevel::info, "repair.attempt", step, step.aside->aside, {});
    ASSIGN_OR_RETURN(const auto number, session_.next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed(deed_of(step));
    ExchangeDirectory exchange{
        .plugin_id = step.plugin_id, .directory = step.aside->directory, .from = step.aside->aside};
    if (step.aside->replaces) exchange.to = builder.kept_path(step.aside->directory);
    builder.add(std::move(exchange));
    const auto report = run_with_what_goes_along(builder, step);
    if (report) {
      done(index, step.aside->aside);
    } else {
      failed(index, told(report.error()), step.aside->aside);
    }
    return ok();
  }

  Status add_rebuild(UndertakingBuilder& builder, const model::StateRebuild& rebuild) {
    const std::string path(model::relative_path(model::DocumentName::state));
    Materials materials{.bytes = state_file_of(rebuild)};
    ReplaceDocument replace{.document = model::DocumentName::state, .digest = sha256_hex(materials.bytes)};
    const auto now = session_.site().root().read(path, limits::kMaxConfigBytes, platform::Links::follow);
    if (now) {
      replace.expected_digest = sha256_hex(now->bytes);
    } else if (now.error().code != ErrorCode::not_found) {
      return now.error();
    }
    builder.add(std::move(replace), std::move(materials));
    return ok();
  }

  [[nodiscard]] const model::RegistryEntry* entry(const std::string& id) const {
    const auto& entries = observation_.registry.entries;
    const auto found = std::ranges::find(entries, id, &model::RegistryEntry::id);
    return found == entries.end() ? nullptr : &*found;
  }

  /// A plugin that is still to be fetched.
  struct Fetch {
    std::size_t step = 0;
    std::size_t candidate = 0;  // the next one to try
    std::string why = {};       // of the last one that was tried
    std::string refusal = {};
  };

  [[nodiscard]] const model::InstallOrder& order(const Fetch& fetch) const { return *plan_.steps[fetch.step].install; }
  [[nodiscard]] const model::RegistryEntry& offer(const Fetch& fetch) const {
    return *entry(order(fetch).candidates[fetch.candidate]);
  }

  /// For each the first candidate that can be had. A failed one is remembered, so that it is not tried for ever.
  Status install_all() {
    std::deque<Fetch> waiting;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (plan_.steps[i].held.empty() && plan_.steps[i].install) waiting.push_back({.step = i});
    }
    while (!waiting.empty()) {
      std::vector<Fetch> chosen = take_next(waiting);
      if (chosen.empty()) continue;
      RETURN_IF_ERROR(go_on());
      for (const Fetch& fetch : chosen) {
        log(LogLevel::info, "repair.attempt", plan_.steps[fetch.step], offer(fetch).id, {});
      }
      ASSIGN_OR_RETURN(auto errors, install(chosen));
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        const model::RegistryEntry& from = offer(chosen[i]);
        if (!errors[i]) {
          done(chosen[i].step, from.id);
          continue;
        }
        chosen[i].why = told(*errors[i]);
        remember_attempt(plan_.steps[chosen[i].step], from, chosen[i].refusal, *errors[i]);
        ++chosen[i].candidate;
        waiting.push_back(std::move(chosen[i]));
      }
    }
    return ok();
  }

  /// The next ones that can be fetched together: under different names, from different entries. What has no candidate
  /// left has failed.
  std::vector<Fetch> take_next(std::deque<Fetch>& waiting) {
    std::vector<Fetch> chosen;
    std::set<std::string> names;
    while (!waiting.empty() && chosen.size() < kMostFetchedTogether) {
      Fetch& next = waiting.front();
      const auto& candidates = order(next).candidates;
      while (next.candidate < candidates.size() && entry(candidates[next.candidate]) == nullptr) ++next.candidate;
      if (next.candidate == candidates.size()) {
        if (next.why.empty()) {
          next.why = planner::refusal_of_entry(observation_.registry, order(next).wanted_id)
                         .value_or("the registry lists no such plugin");
        }
        failed(next.step, next.why, candidates.empty() ? std::string{} : candidates.back());
        waiting.pop_front();
        continue;
      }
      // Only its manifest tells its name, or its settings go along, and then all of it is done or nothing.
      const bool alone = order(next).accept_any_id || goes_along(next);
      if (!chosen.empty() && alone) break;
      const bool new_name = names.insert("directory " + directory_of(next)).second;
      const bool new_entry = names.insert("entry " + offer(next).id).second;
      if (!new_name || !new_entry) break;
      chosen.push_back(std::move(next));
      waiting.pop_front();
      if (alone) break;
    }
    return chosen;
  }

  [[nodiscard]] bool goes_along(const Fetch& fetch) const { return !plan_.steps[fetch.step].edits.empty(); }

  /// Where the plugin goes: in place of the one that is repaired, else under its id.
  [[nodiscard]] std::string directory_of(const Fetch& fetch) const {
    const auto& wanted = order(fetch);
    if (!wanted.directory.empty()) return wanted.directory;
    return wanted.accept_any_id ? offer(fetch).id : wanted.wanted_id;
  }

  /// The original would install the same files over themselves, for ever: nothing is written (promise 4).
  Result<bool> stands_as_the_original_would_leave_it(const model::InstallOrder& order,
                                                     const model::RegistryEntry& from) {
    const auto* store = session_.site().world().store;
    if (!order.accept_any_id || store == nullptr) return false;
    ASSIGN_OR_RETURN(const auto* plugins, session_.site().plugins());
    return stands_already(*store, from, *plugins);
  }

  /// For each the error of its candidate, or nothing when it was installed.
  Result<std::vector<std::optional<Error>>> install(std::vector<Fetch>& chosen) {
    std::vector<std::optional<Error>> errors(chosen.size());
    ASSIGN_OR_RETURN(const bool stands,
                     stands_as_the_original_would_leave_it(order(chosen.front()), offer(chosen.front())));
    if (stands) return errors;
    ASSIGN_OR_RETURN(const auto number, session_.next_number());
    UndertakingBuilder builder(number);
    for (Fetch& fetch : chosen) add_install(builder, number, fetch);
    auto report = goes_along(chosen.front()) ? run_with_what_goes_along(builder, plan_.steps[chosen.front().step])
                                             : session_.run(builder.take(), builder.materials());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (!report) {
        errors[i] = report.error();
      } else if (!report->errors.empty() && report->errors[i]) {
        errors[i] = std::move(report->errors[i]);
      } else if (report->deeds[i] == Outcome::moved) {
        errors[i] = Error{.code = ErrorCode::conflict,
                          .message = "something else appeared under that name in the meantime",
                          .where = order(chosen[i]).wanted_id};
      } else {
        forget_attempts(order(chosen[i]).wanted_id);
      }
    }
    return errors;
  }

  void add_install(UndertakingBuilder& builder, std::int64_t number, Fetch& fetch) {
    const model::InstallOrder& wanted = order(fetch);
    const model::RegistryEntry& from = offer(fetch);
    const std::string& id = wanted.wanted_id;
    const bool repairs = !wanted.directory.empty();
    const std::string directory = directory_of(fetch);
    builder.begin_deed(deed_of(plan_.steps[fetch.step]));
    builder.deed().effects.made().receipts_put.push_back({.plugin_id = id,
                                                          .directory = repairs ? directory : id,
                                                          .version = {},
                                                          .origin = observation_.registry.origin});
    for (const auto& receipt : observation_.ledger.receipts) {  // those of that directory stay when it is undone
      if (!wanted.accept_any_id && receipt.directory != directory) continue;
      builder.deed().effects_of_undoing.made().receipts_put.push_back(receipt);
    }
    fetch.refusal.clear();
    builder.add(
        PublishDirectory{.plugin_id = id,
                         .directory = directory,
                         .staged = fmt::format("staging/{}-{}", number, from.id),
                         .kept = repairs || wanted.accept_any_id ? builder.kept_path(directory) : std::string{},
                         .entry = from.id,
                         .accept_any_id = wanted.accept_any_id,
                         .version = wanted.version},
        Materials{.bytes = {}, .entry = &from, .refusal = &fetch.refusal, .core_version = observation_.core_version});
  }

  void forget_attempts(const std::string& id) {
    for (const auto& attempt : observation_.ledger.attempts) {
      if (attempt.plugin_id != id) continue;
      waits_.forget(attempt);
      session_.record().attempts_removed.push_back({attempt.plugin_id, attempt.source, attempt.entry_digest});
    }
  }

  void note_failure(const Step& step, const std::string& reason, const Error& error) {
    session_.note_failure("reconcile", step.plugin_id, reason, fmt::format("{} ({})", step.summary, error.text()));
  }

  /// The source does not answer as it should: that is no failure of the plugin, and the store remembers it. How often
  /// it failed; 0: it is not the source.
  [[nodiscard]] std::int64_t failures_of_its_host(const model::RegistryEntry& from) const {
    const auto* store = session_.site().world().store;
    const auto waiting = store == nullptr ? std::vector<store::Waiting>() : store->waiting();
    const auto found = std::ranges::find(waiting, store::place_of_archive(from), &store::Waiting::place);
    return found == waiting.end() ? 0 : found->failures;
  }

  /// Nothing is written for a refusal that is known already: asking again cannot change it.
  void remember_attempt(const Step& step, const model::RegistryEntry& from, const std::string& refusal,
                        const Error& error) {
    if (!go_on()) return;  // it was called off: that is no failure
    // A directory of the owner's may be mended at any moment, and costs nobody anything.
    const auto* store = session_.site().world().store;
    const bool is_far = store != nullptr && store->asks_network();
    const bool did_not_come = refusal.empty() && error.code == ErrorCode::unreadable && is_far;
    if (const auto failures = did_not_come ? failures_of_its_host(from) : 0; failures > 0) {
      // One line for all that wait for the same host, when it begins to fail.
      if (failures == 1 && !told_of_host_) note_failure(step, std::string(kSourceWaits), error);
      told_of_host_ = true;
      return;
    }
    model::Attempt attempt{.plugin_id = step.plugin_id,
                           .source = observation_.registry.origin,
                           .entry_digest = from.digest,
                           .count = 1,
                           .terminal = !refusal.empty(),
                           .reason = refusal.empty() ? std::string(to_string(error.code)) : refusal,
                           .detail = error.text()};
    if (refusal::rests_on_core(refusal)) attempt.core_version = observation_.core_version;
    for (const auto& before : observation_.ledger.attempts) {
      if (before.plugin_id == attempt.plugin_id && before.source == attempt.source &&
          before.entry_digest == attempt.entry_digest) {
        const bool same = before.reason == attempt.reason && before.detail == attempt.detail;
        if (before.refuses(observation_.core_version) && same) return;
        attempt.count += before.count;
      }
    }
    if (did_not_come) waits_.failed(attempt);
    if (attempt.count == 1) note_failure(step, attempt.reason, error);  // of the next ones their count tells
    session_.record().attempts_put.push_back(std::move(attempt));
  }

  Session& session_;
  const model::Observation& observation_;
  const model::Plan& plan_;
  std::unordered_map<std::string_view, const model::Inconsistency*> findings_;  // of the plan, by their ids
  std::set<std::string_view> holds_;                                            // of the ledger, by their findings
  OfferWaits& waits_;
  Execution execution_;
  bool told_of_host_ = false;
};

}  // namespace

bool changes_anything(const Step& step) {
  return step.held.empty() && (stands_alone(step) || comes_last(step) || edits(step));
}

Execution execute(Session& session, const model::Observation& observation, const model::Plan& plan, OfferWaits& waits) {
  return Executor(session, observation, plan, waits).run();
}

}  // namespace trueup::engine
