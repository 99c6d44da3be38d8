#include "engine/undo.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <span>
#include <variant>

#include "engine/look.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"

namespace trueup::engine {
namespace {

using ledger::Action;
using ledger::ActionDetail;

/// What was undone before, and the undoing of it, cancel each other out; what failed changed nothing; packages that pip
/// installed stay, whatever becomes of the plugin; and a plugins directory that was adopted is the one there is.
bool counts(const Action& action) {
  return !action.undone_by && action.verb != "undo" && !is_failure(action) &&
         action.reason != ledger::kPackagesInstalled && action.reason != kDirectoryAdopted;
}

/// `all`: newest first.
Result<std::vector<std::int64_t>> last_command(const ledger::Reader& ledger, const std::vector<Action>& all) {
  const auto last = std::ranges::find_if(all, counts);
  if (last == all.end()) {
    return Error{.code = ErrorCode::not_found, .message = "there is nothing left to undo, so nothing was changed"};
  }
  ASSIGN_OR_RETURN(const ActionDetail newest, ledger.action(last->number));
  std::vector<std::int64_t> numbers;
  for (auto one = last; one != all.end(); ++one) {
    if (!counts(*one)) continue;
    ASSIGN_OR_RETURN(const ActionDetail detail, ledger.action(one->number));
    if (run_of(detail.transaction_id) != run_of(newest.transaction_id)) break;
    numbers.push_back(one->number);
  }
  return numbers;
}

Result<std::vector<std::int64_t>> numbers_to_undo(const ledger::Reader& ledger, std::int64_t number, UndoReach reach) {
  if (reach == UndoReach::this_one) return std::vector{number};
  ASSIGN_OR_RETURN(const auto all, ledger.history());
  if (reach == UndoReach::last_command) return last_command(ledger, all);
  std::vector<std::int64_t> numbers;
  for (const Action& action : all) {
    if (action.number >= number && counts(action)) numbers.push_back(action.number);
  }
  if (numbers.empty() && (all.empty() || all.front().number < number)) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no such number in history, so nothing was changed",
                 .where = std::to_string(number),
                 .hint = "`trueup history` shows the numbers"};
  }
  return numbers;
}

/// The actions to undo, newest first, each of which can be.
Result<std::vector<ActionDetail>> actions_to_undo(const ledger::Reader& ledger, std::int64_t number, UndoReach reach) {
  ASSIGN_OR_RETURN(const auto numbers, numbers_to_undo(ledger, number, reach));
  std::vector<ActionDetail> actions;
  for (const std::int64_t one : numbers) {
    ASSIGN_OR_RETURN(auto detail, ledger.action(one));
    if (detail.action.undone_by) {
      return Error{.code = ErrorCode::conflict,
                   .message = fmt::format("it was undone before, by {}", *detail.action.undone_by),
                   .where = std::to_string(one),
                   .hint = "`trueup history` shows what can be undone"};
    }
    if (detail.inverse.empty()) {
      return Error{.code = ErrorCode::refused,
                   .message = fmt::format("\"{}\" cannot be undone", detail.action.result),
                   .where = std::to_string(one)};
    }
    actions.push_back(std::move(detail));
  }
  return actions;
}

Result<std::vector<ActionDetail>> find_actions(const platform::Directory& root, std::int64_t number, UndoReach reach) {
  const auto reading = ledger::read_ledger(root);
  if (!reading.snapshot) {
    return Error{.code = reading.reading.known() ? ErrorCode::not_found : ErrorCode::unreadable,
                 .message = reading.reading.known() ? "nothing was done here yet" : reading.reading.detail,
                 .where = reach == UndoReach::last_command ? "" : std::to_string(number)};
  }
  return actions_to_undo(reading.snapshot->read(), number, reach);
}

/// One undertaking that undoes actions which one transaction did together: a file that they shared is one write, and is
/// exact when all of them go.
class GroupUndo {
 public:
  explicit GroupUndo(std::int64_t number) : names_(number) {
    undertaking_.kept_number = number;
    undertaking_.whole = true;
  }

  void add(const ActionDetail& detail, const Inverse& inverse) {
    Deed deed{.verb = "undo",
              .plugin_id = detail.action.plugin_id,
              .reason = "asked_by_owner",
              .finding = inverse.finding,
              .result = fmt::format("undid {}: {}", detail.action.number, detail.action.result),
              .undoes = detail.action.number,
              .effects = inverse.effects};
    for (const Operation& operation : inverse.operations) {
      if (const auto* edit = std::get_if<EditDocument>(&operation)) {
        deed.parts.push_back(add_edit(*edit));
      } else {
        deed.parts.push_back({.operation = undertaking_.operations.size()});
        undertaking_.operations.push_back(named(operation));
      }
    }
    undertaking_.deeds.push_back(std::move(deed));
  }

  [[nodiscard]] const Undertaking& undertaking() const { return undertaking_; }
  [[nodiscard]] std::vector<Materials> materials() const {
    return std::vector<Materials>(undertaking_.operations.size());
  }

 private:
  Deed::Part add_edit(const EditDocument& edit) {
    for (std::size_t i = 0; i < undertaking_.operations.size(); ++i) {
      auto* same = std::get_if<EditDocument>(&undertaking_.operations[i]);
      if (same == nullptr || same->document != edit.document) continue;
      const std::size_t first = same->edits.size();
      same->edits.insert(same->edits.end(), edit.edits.begin(), edit.edits.end());
      if (same->exact && edit.exact && same->exact->copy == edit.exact->copy) {
        --same->exact->shared_by;
        if (same->exact->while_digest.empty()) same->exact->while_digest = edit.exact->while_digest;
        if (same->exact->digest.empty()) same->exact->digest = edit.exact->digest;
      } else {
        same->exact.reset();
      }
      return {.operation = i, .first = first, .count = edit.edits.size()};
    }
    EditDocument mine = edit;
    mine.kept = names_.kept_path(file_name(edit.document));
    undertaking_.operations.emplace_back(std::move(mine));
    return {.operation = undertaking_.operations.size() - 1, .first = 0, .count = edit.edits.size()};
  }

  /// What an operation displaces is kept under this undertaking's own number.
  Operation named(Operation operation) {
    if (auto* replace = std::get_if<ReplaceDocument>(&operation))
      replace->kept = names_.kept_path(file_name(replace->document));
    if (auto* aside = std::get_if<SetDirectoryAside>(&operation)) aside->kept = names_.kept_path(aside->directory);
    if (auto* notes = std::get_if<NotePictures>(&operation)) notes->kept = names_.kept_path(kPictureNotes);
    if (auto* publish = std::get_if<PublishDirectory>(&operation); publish != nullptr && !publish->kept.empty()) {
      publish->kept = names_.kept_path(publish->directory);
    }
    return operation;
  }

  UndertakingBuilder names_;
  Undertaking undertaking_;
};

/// The ledger as it is once the session has ended: what was undone is not in it yet.
void add_record(const ledger::Pass& record, model::LedgerFacts& ledger) {
  for (const std::string& directory : record.receipts_removed) {
    std::erase_if(ledger.receipts, [&](const auto& receipt) { return receipt.directory == directory; });
  }
  for (const model::ReceiptIndexEntry& receipt : record.receipts_put) {
    std::erase_if(ledger.receipts, [&](const auto& other) { return other.directory == receipt.directory; });
    ledger.receipts.push_back(receipt);
  }
  for (const std::string& id : record.tombstones_removed) std::erase(ledger.tombstones, id);
  for (const std::string& id : record.tombstones_put) {
    std::erase(ledger.tombstones, id);
    ledger.tombstones.push_back(id);
  }
}

/// What undo brought back as a finding is held: on the evidence that it was mended on, for that is how it will be, and
/// on the evidence it has now. Whether it could be mended at this very moment does not matter: the store may be out of
/// reach, or another one named.
void hold_findings(const model::Plan& plan, std::map<std::string, std::string> evidence, Session& session,
                   UndoReport& report) {
  for (const model::Inconsistency& finding : plan.findings) {
    if (finding.fix_action != model::FixAction::auto_fix) continue;
    const auto found = evidence.find(finding.finding);
    if (found == evidence.end()) continue;
    const std::string now = model::evidence_digest(finding);
    if (found->second.empty()) {
      found->second = now;
    } else if (found->second != now) {
      found->second += " " + now;
    }
  }
  for (const auto& [finding, digests] : evidence) {
    if (digests.empty()) continue;  // recorded by an older trueup, or it was an undo that was taken back
    session.record().holds_put.push_back({finding, digests, std::string(model::kUndoneByOwner)});
    report.held.push_back(finding);
  }
}

/// Undoes one transaction after the other. What somebody changed since stays as it is, and the rest goes on.
class Undoing {
 public:
  Undoing(Session& session, UndoReport& report) : session_(session), report_(report) {}

  /// What one transaction did: as one write of a file that they shared, or, where a part of it has moved on, each by
  /// itself. Error: nothing more can be undone now.
  Status together(std::span<const ActionDetail> actions) {
    Status done = attempt(actions);
    if (done || done.error().code != ErrorCode::conflict) return done;
    if (actions.size() == 1) {
      leave(actions.front().action, done.error());
      return ok();
    }
    for (std::size_t i = 0; i < actions.size(); ++i) RETURN_IF_ERROR(together(actions.subspan(i, 1)));
    return ok();
  }

  /// What is a finding again, and the evidence that each was mended on.
  [[nodiscard]] const std::map<std::string, std::string>& findings() const { return findings_; }
  [[nodiscard]] const std::optional<Error>& first_left() const { return first_left_; }

 private:
  Status attempt(std::span<const ActionDetail> actions) {
    ASSIGN_OR_RETURN(const auto kept_number, session_.next_number());
    GroupUndo group(kept_number);
    std::map<std::string, std::string> findings;
    for (const ActionDetail& one : actions) {
      ASSIGN_OR_RETURN(const Inverse inverse, inverse_from_json(one.inverse));
      if (!inverse.finding.empty()) findings.insert_or_assign(inverse.finding, inverse.evidence);
      group.add(one, inverse);
    }
    if (auto done = session_.run(group.undertaking(), group.materials()); !done) return std::move(done).error();
    for (const ActionDetail& one : actions) report_.undone.push_back(one.action);
    findings_.merge(findings);
    return ok();
  }

  /// To try again would help nobody: it stays as it is until a person says what counts.
  static Error advised(const Action& action, Error why) {
    why.context.push_back(fmt::format("number {}, {}", action.number, action.result));
    why.hint =
        "what stands there now is not what this number wrote: `trueup history` shows whether a later number did, which "
        "can be undone first; else change it by hand. Other numbers can be undone all the same";
    return why;
  }

  void leave(const Action& action, const Error& why) {
    if (!first_left_) first_left_ = advised(action, why);
    report_.left.push_back(fmt::format("number {} stays, {}: {}", action.number, action.result, why.text()));
  }

  Session& session_;
  UndoReport& report_;
  std::map<std::string, std::string> findings_;
  std::optional<Error> first_left_;
};

}  // namespace

Result<std::vector<Action>> history(World& world, std::size_t most) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  auto reading = ledger::read_ledger(*root);
  if (!reading.reading.known()) {
    return Error{.code = ErrorCode::unreadable,
                 .message = reading.reading.detail,
                 .where = reading.reading.path,
                 .hint = "`trueup doctor` says more"};
  }
  if (!reading.snapshot) return std::vector<Action>();
  return reading.snapshot->read().history(most);
}

Result<UndoReport> undo(World& world, std::int64_t number, UndoReach reach) {
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "undo"));
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  if (auto possible = find_actions(*root, number, reach); !possible) return first.refusal(std::move(possible).error());

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "undo"));
  ASSIGN_OR_RETURN(const auto actions, find_actions(session->site().root(), number, reach));

  UndoReport report{.notes = first.notes};
  Undoing undoing(*session, report);
  for (std::size_t i = 0; i < actions.size();) {
    std::size_t end = i;
    while (end < actions.size() && actions[end].transaction_id == actions[i].transaction_id) ++end;
    const Status done = undoing.together(std::span(actions).subspan(i, end - i));
    if (!done && report.undone.empty()) return done.error();
    if (!done) report.notes.push_back(fmt::format("the older ones were left: {}", done.error().text()));
    if (!done) break;
    i = end;
  }
  if (report.undone.empty() && undoing.first_left()) return *undoing.first_left();

  model::Plan plan;
  if (auto seen = look(world, sources::SettingsCheck::changed)) {
    add_record(session->record(), seen->observation.ledger);
    plan = plan_of(*seen, {});
  }
  hold_findings(plan, undoing.findings(), *session, report);
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
