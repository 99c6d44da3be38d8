#include "engine/transaction.h"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>
#include <utility>
#include <variant>

#include "engine/directory_stage.h"
#include "engine/kept_name.h"
#include "engine/roll_back.h"
#include "engine/steps.h"
#include "engine/undertaking_builder.h"
#include "model/setting_key.h"

namespace trueup::engine {
namespace {

/// Only what is fetched, unpacked or uploaded needs an intent of its own: everything else that prepare makes tells by
/// its name whose it is.
bool needs_intent(const Operation& operation) {
  const auto* picture = std::get_if<MovePicture>(&operation);
  if (picture != nullptr) return picture->fresh;
  const auto* publish = std::get_if<PublishDirectory>(&operation);
  return publish != nullptr && !publish->entry.empty();
}

/// Several plugins that are fetched, each a deed of its own: none rests on another.
bool is_batch(const Undertaking& undertaking) {
  return !undertaking.whole && undertaking.operations.size() > 1 &&
         undertaking.deeds.size() == undertaking.operations.size() &&
         std::ranges::all_of(undertaking.operations, needs_intent);
}

/// What was prepared or published of a batch is durable; the container lies on the disk of the plugins.
Status wait_for_batch(Site& site) {
  ASSIGN_OR_RETURN(auto* container, site.container());
  return container->sync_everything();
}

Status take_back_all(Site& site, const Undertaking& undertaking) {
  Status first = ok();
  for (const auto& operation : std::views::reverse(undertaking.operations)) {
    auto taken = take_back_operation(site, operation);
    if (!taken && first) first = std::move(taken);
  }
  if (first && site.waits_once_for_all()) first = clear_staging(site);
  return first;
}

std::optional<Operation> invert_part(const Operation& operation, const Applied& applied, const Deed::Part& part) {
  const auto* edit = std::get_if<EditDocument>(&operation);
  if (edit == nullptr || part.count == 0) return invert_operation(operation, applied);
  return invert_edits(*edit, applied, part.first, part.count);
}

/// What a deed came to: moved as soon as one part of it is, done when at least one part of it is, or when it is one for
/// the ledger alone.
Outcome outcome_of(const Deed& deed, const std::vector<Applied>& applied) {
  bool done = deed.parts.empty();
  for (const auto& part : deed.parts) {
    const auto& outcomes = applied[part.operation].outcomes;
    const std::size_t first = part.count == 0 ? 0 : part.first;
    const std::size_t end = part.count == 0 ? outcomes.size() : part.first + part.count;
    for (std::size_t i = first; i < end; ++i) {
      if (outcomes[i] == Outcome::moved) return Outcome::moved;
      // After a crash "already" means that we did it before.
      done = done || outcomes[i] == Outcome::done || applied[part.operation].recovered;
    }
  }
  return done ? Outcome::done : Outcome::already;
}

/// The write of one operation, which several deeds may have made together.
struct Shared {
  std::size_t by = 0;    // how many deeds
  bool is_told = false;  // one of them has stated its digests
};

std::vector<Shared> shared_writes(const Undertaking& undertaking, const std::vector<bool>& recorded) {
  std::vector<Shared> shared(undertaking.operations.size());
  for (std::size_t i = 0; i < undertaking.deeds.size(); ++i) {
    if (!recorded[i]) continue;
    for (const auto& part : undertaking.deeds[i].parts) ++shared[part.operation].by;
  }
  return shared;
}

std::string inverse_of_deed(const Deed& deed, const Undertaking& undertaking, const std::vector<Applied>& applied,
                            std::vector<Shared>& shared) {
  std::vector<Operation> inverse;
  for (const auto& part : std::views::reverse(deed.parts)) {
    auto inverted = invert_part(undertaking.operations[part.operation], applied[part.operation], part);
    if (!inverted) continue;
    if (auto* edit = std::get_if<EditDocument>(&*inverted); edit != nullptr && edit->exact) {
      edit->exact->shared_by = shared[part.operation].by;
      if (std::exchange(shared[part.operation].is_told, true)) edit->exact->while_digest = edit->exact->digest = "";
    }
    inverse.push_back(std::move(*inverted));
  }
  const bool tells_ledger = deed.effects_of_undoing && *deed.effects_of_undoing != LedgerEffects{};
  if (inverse.empty() && !tells_ledger) return {};
  std::string text = to_json(Inverse{deed.finding, deed.evidence, std::move(inverse), deed.effects_of_undoing});
  text.shrink_to_fit();  // thousands of them wait for the ledger
  return text;
}

void add_effects(const Boxed<LedgerEffects>& effects, ledger::Pass& pass) {
  if (!effects) return;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(pass.receipts_put, effects->receipts_put);
  append(pass.receipts_removed, effects->receipts_removed);
  append(pass.tombstones_put, effects->tombstones_put);
  append(pass.tombstones_removed, effects->tombstones_removed);
  append(pass.holds_put, effects->holds_put);
  append(pass.holds_removed, effects->holds_removed);
}

/// What the ledger is to be told.
ledger::Pass record_of(const std::string& id, Undertaking undertaking, const std::vector<Applied>& applied,
                       const std::vector<Outcome>& outcomes) {
  ledger::Pass pass;
  std::vector<bool> recorded;
  for (const Outcome outcome : outcomes) recorded.push_back(outcome == Outcome::done);
  auto shared = shared_writes(undertaking, recorded);
  pass.actions.reserve(static_cast<std::size_t>(std::ranges::count(recorded, true)));
  for (std::size_t i = 0; i < undertaking.deeds.size(); ++i) {
    Deed& deed = undertaking.deeds[i];
    if (outcomes[i] != Outcome::moved) add_effects(deed.effects, pass);
    if (!recorded[i]) continue;
    std::string inverse = inverse_of_deed(deed, undertaking, applied, shared);
    pass.actions.push_back({.transaction_id = id,
                            .verb = std::move(deed.verb),
                            .plugin_id = std::move(deed.plugin_id),
                            .reason = std::move(deed.reason),
                            .result = std::move(deed.result),
                            .inverse = std::move(inverse),
                            .undoes = deed.undoes});
  }
  for (const auto& one : applied) {
    for (const auto& kept : one.kept) {
      pass.kept_put.push_back({.number = undertaking.kept_number,
                               .document = kept.document,
                               .path = kept.path.substr(std::string_view("kept/").size()),
                               .digest = kept.digest,
                               .bytes = kept.bytes,
                               .transaction_id = id,
                               .parses = kept.parses,
                               .needed_for_undo = kept.basis && !kept.parses});
    }
  }
  return pass;
}

Applied assumed_done(const Operation& operation) {
  const auto* edit = std::get_if<EditDocument>(&operation);
  std::size_t count = edit == nullptr || edit->edits.empty() ? 1 : edit->edits.size();
  if (const auto* notes = std::get_if<NotePictures>(&operation)) count = notes->notes.size();
  Applied applied;
  applied.outcomes.assign(count, Outcome::done);
  return applied;
}

struct Forward {
  std::vector<Applied> applied;
  std::optional<Error> error;
  std::vector<std::optional<Error>> errors;  // of a batch
};

/// One that failed is tried once more from the start, as after a crash: it may have failed behind its effect.
Result<Applied> apply_or_retry(Site& site, const Operation& operation) {
  auto applied = apply_operation(site, operation);
  if (applied || applied.error().code == ErrorCode::contended) return applied;
  site.start_transaction(std::string(site.transaction()));
  auto again = apply_operation(site, operation);
  if (again) again->recovered = true;
  return again ? std::move(again) : std::move(applied);
}

/// Each by itself. Only one that could not even be taken back stops the others.
Forward apply_batch(Site& site, const Undertaking& undertaking, bool recovering) {
  Forward forward;
  for (const auto& operation : undertaking.operations) {
    auto applied = apply_or_retry(site, operation);
    if (!applied) {
      if (!roll_back_one(site, undertaking.kept_number, operation, assumed_done(operation))) {
        forward.error = std::move(applied).error();
        return forward;
      }
      forward.errors.emplace_back(std::move(applied).error());
      forward.applied.push_back({.outcomes = {Outcome::moved}});
      continue;
    }
    applied->recovered = applied->recovered || recovering;
    forward.errors.emplace_back();
    forward.applied.push_back(std::move(*applied));
  }
  // What was staged goes only when all of it is durable under its new name.
  auto waited = wait_for_batch(site);
  if (waited) waited = take_back_all(site, undertaking);
  if (!waited) forward.error = std::move(waited).error();
  return forward;
}

/// The file, and the key in it, that is no longer what an operation rests on; of a plugin's files nothing.
std::string what_moved(const Operation& operation, const Applied& applied) {
  if (const auto* replace = std::get_if<ReplaceDocument>(&operation))
    return std::string(relative_path(replace->document));
  const auto* edit = std::get_if<EditDocument>(&operation);
  if (edit == nullptr) return {};
  std::string keys;
  for (std::size_t i = 0; i < edit->edits.size() && i < applied.outcomes.size(); ++i) {
    if (applied.outcomes[i] != Outcome::moved) continue;
    keys += fmt::format("{} `{}`", keys.empty() ? ":" : ",", model::setting_key_text(edit->edits[i].path));
  }
  return std::string(relative_path(edit->document)) + keys;
}

Forward apply_all(Site& site, const Undertaking& undertaking, bool recovering) {
  Forward forward;
  for (const auto& operation : undertaking.operations) {
    auto applied = apply_or_retry(site, operation);
    if (applied) applied->recovered = applied->recovered || recovering;
    if (!applied) {
      forward.error = std::move(applied).error();
      // Whether it took effect is not known: taking back looks.
      forward.applied.push_back(assumed_done(operation));
      return forward;
    }
    const bool moved = std::ranges::count(applied->outcomes, Outcome::moved) > 0;
    forward.applied.push_back(std::move(*applied));
    if (undertaking.whole && moved) {
      forward.error = Error{.code = ErrorCode::conflict,
                            .message = "something changed in the meantime, so nothing was done",
                            .where = what_moved(operation, forward.applied.back()),
                            .hint = "run the same command again"};
      return forward;
    }
  }
  return forward;
}

std::string taken_back_note(const Error& error) {
  return fmt::format("an interrupted action could not be finished any more and was taken back ({})", error.text());
}

/// Applies everything, or takes everything back.
Result<TransactionReport> finish(Site& site, ledger::Journal& journal, const std::string& id, Undertaking undertaking,
                                 bool recovering) {
  const bool batch = site.waits_once_for_all();
  Forward forward = batch ? apply_batch(site, undertaking, recovering) : apply_all(site, undertaking, recovering);
  if (forward.error && batch) return std::move(*forward.error).within("the next start finishes what was begun");
  if (forward.error) {
    if (auto back = roll_back(site, undertaking, forward.applied); !back) {
      return std::move(*forward.error)
          .within(
              fmt::format("it could not be taken back either ({}); the next start finishes it", back.error().text()));
    }
    if (auto back = take_back_all(site, undertaking); !back) {
      return std::move(*forward.error)
          .within(fmt::format("it was taken back, but not cleared away ({})", back.error().text()));
    }
    // Waited for: what was said to have failed must not happen after a power cut.
    RETURN_IF_ERROR(journal.done(id, platform::Sync::yes));
    if (!recovering) return std::move(*forward.error);
    TransactionReport report{.taken_back = true};
    report.notes.push_back(taken_back_note(*forward.error));
    return report;
  }
  site.end_transaction();  // what was written is no longer needed beside what history will say of it
  TransactionReport report;
  for (const auto& deed : undertaking.deeds) report.deeds.push_back(outcome_of(deed, forward.applied));
  report.record = record_of(id, std::move(undertaking), forward.applied, report.deeds);
  for (const auto& applied : forward.applied) {
    report.notes.insert(report.notes.end(), applied.notes.begin(), applied.notes.end());
  }
  for (const auto& error : forward.errors) {
    if (error && recovering) report.notes.push_back(taken_back_note(*error));
  }
  report.applied = std::move(forward.applied);
  report.errors = std::move(forward.errors);
  return report;
}

bool names_a_version(std::string_view text) {
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
    const auto digit = [&text](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    if (dot > 0 && digit(dot - 1) && digit(dot + 1)) return true;
  }
  return false;
}

/// A version whose files its source changed without a word: nothing forbids that, so it is said, and history keeps it.
void tell_of_other_files(const PublishDirectory& publish, const std::string& before, Deed& deed,
                         std::vector<std::string>& notes) {
  if (before.empty() || publish.fetched.empty() || before == publish.fetched) return;
  constexpr std::size_t kShown = 12;
  deed.result += " (other files than before)";
  notes.push_back(
      fmt::format("the files of {} {} are not those that were installed as {} before (digest {} then, {} "
                  "now)",
                  publish.plugin_id, publish.version, publish.version, before.substr(0, kShown),
                  publish.fetched.substr(0, kShown)));
}

void complete_receipts(const Site& site, const PublishDirectory& publish, Deed& deed, std::vector<std::string>& notes) {
  for (auto& receipt : deed.effects->receipts_put) {
    receipt.plugin_id = publish.plugin_id;
    receipt.directory = publish.directory;
    receipt.version = publish.version;
    receipt.digest = publish.fetched;
    const bool stood = !publish.fetched_before.empty();
    tell_of_other_files(publish, stood ? publish.fetched_before : site.last_fetched(receipt), deed, notes);
  }
}

/// What only the download could tell goes into the ledger too. Notes: what came that is not what history would name.
std::vector<std::string> complete_effects(const Site& site, Undertaking& undertaking) {
  std::vector<std::string> notes;
  for (Deed& deed : undertaking.deeds) {
    for (const auto& part : deed.parts) {
      const auto* publish = std::get_if<PublishDirectory>(&undertaking.operations[part.operation]);
      if (publish == nullptr || publish->entry.empty()) continue;
      const bool differs = names_a_version(deed.result) && deed.result.find(publish->version) == std::string::npos;
      if (!publish->version.empty() && differs) {
        deed.result += fmt::format(" (what came is {})", publish->version);
        notes.push_back(fmt::format("{}: what came is version {}, not the one that was announced", publish->plugin_id,
                                    publish->version));
      }
      if (deed.effects) complete_receipts(site, *publish, deed, notes);
      LedgerEffects& undoing = deed.effects_of_undoing.made();
      undoing.receipts_removed = {publish->directory};
      std::erase_if(undoing.receipts_put, [&](const auto& before) { return before.directory != publish->directory; });
    }
  }
  return notes;
}

/// A batch after its preparation: what can be published, and why the rest cannot.
struct Prepared {
  Undertaking ready;
  std::vector<std::optional<Error>> errors;  // one for each deed of the batch
};

Result<Prepared> prepare_batch(Site& site, Undertaking undertaking, const std::vector<Materials>& materials) {
  Prepared prepared{.ready = {.plugins_path = undertaking.plugins_path, .kept_number = undertaking.kept_number}};
  for (std::size_t i = 0; i < undertaking.operations.size(); ++i) {
    auto& operation = undertaking.operations[i];
    auto done = prepare_operation(site, operation, materials[i]);
    if (!done) {
      RETURN_IF_ERROR(take_back_operation(site, operation));
      prepared.errors.emplace_back(std::move(done).error());
      continue;
    }
    Deed& deed = undertaking.deeds[i];
    for (auto& part : deed.parts) part.operation = prepared.ready.operations.size();
    prepared.ready.deeds.push_back(std::move(deed));
    prepared.ready.operations.push_back(std::move(operation));
    prepared.errors.emplace_back();
  }
  return prepared;
}

/// `report` is of those that were ready: all others are told of as well.
void add_unprepared(TransactionReport& report, std::vector<std::optional<Error>> errors) {
  std::vector<Outcome> deeds;
  std::size_t next = 0;
  for (auto& error : errors) {
    deeds.push_back(error ? Outcome::moved : report.deeds[next]);
    if (!error) error = std::move(report.errors[next++]);
  }
  report.deeds = std::move(deeds);
  report.errors = std::move(errors);
}

Result<TransactionReport> run_batch(Site& site, ledger::Journal& journal, const std::string& id,
                                    Undertaking undertaking, const std::vector<Materials>& materials) {
  RETURN_IF_ERROR(journal.intent(id, to_json(undertaking)));
  ASSIGN_OR_RETURN(Prepared prepared, prepare_batch(site, std::move(undertaking), materials));
  auto notes = complete_effects(site, prepared.ready);
  if (!prepared.ready.operations.empty()) {
    if (auto waited = wait_for_batch(site); !waited) {
      RETURN_IF_ERROR(take_back_all(site, prepared.ready));
      RETURN_IF_ERROR(journal.done(id));
      return std::move(waited).error();
    }
    RETURN_IF_ERROR(journal.commit(id, to_json(prepared.ready)));
    ASSIGN_OR_RETURN(TransactionReport report,
                     finish(site, journal, id, std::move(prepared.ready), /*recovering=*/false));
    add_unprepared(report, std::move(prepared.errors));
    std::ranges::move(notes, std::back_inserter(report.notes));
    return report;
  }
  RETURN_IF_ERROR(clear_staging(site));
  RETURN_IF_ERROR(journal.done(id));
  TransactionReport nothing{.open = false};
  add_unprepared(nothing, std::move(prepared.errors));
  return nothing;
}

}  // namespace

bool touches_plugins(const Undertaking& undertaking) {
  return std::ranges::any_of(undertaking.operations, [](const Operation& operation) {
    return !std::holds_alternative<EditDocument>(operation) && !std::holds_alternative<ReplaceDocument>(operation) &&
           !std::holds_alternative<RenameUploads>(operation) && !std::holds_alternative<MovePicture>(operation) &&
           !std::holds_alternative<NotePictures>(operation);
  });
}

Result<TransactionReport> run_transaction(Site& site, ledger::Journal& journal, const std::string& id,
                                          Undertaking undertaking, const std::vector<Materials>& materials) {
  if (touches_plugins(undertaking)) RETURN_IF_ERROR(site.plugins());
  site.start_transaction(id);
  site.wait_once_for_all(is_batch(undertaking));
  if (is_batch(undertaking)) return run_batch(site, journal, id, std::move(undertaking), materials);
  const bool two_records = std::ranges::any_of(undertaking.operations, needs_intent);
  if (two_records) RETURN_IF_ERROR(journal.intent(id, to_json(undertaking)));
  for (std::size_t i = 0; i < undertaking.operations.size(); ++i) {
    auto prepared = prepare_operation(site, undertaking.operations[i], materials[i]);
    if (!prepared) {
      RETURN_IF_ERROR(take_back_all(site, undertaking));
      if (two_records) RETURN_IF_ERROR(journal.done(id));
      return std::move(prepared).error();
    }
    const auto* publish = std::get_if<PublishDirectory>(&undertaking.operations[i]);
    if (publish != nullptr && materials[i].on_version) {
      materials[i].on_version(undertaking, std::string(publish->version));
    }
  }
  auto notes = complete_effects(site, undertaking);
  RETURN_IF_ERROR(two_records ? journal.commit(id, to_json(undertaking))
                              : journal.committed_intent(id, to_json(undertaking)));
  ASSIGN_OR_RETURN(TransactionReport report, finish(site, journal, id, std::move(undertaking), /*recovering=*/false));
  std::ranges::move(notes, std::back_inserter(report.notes));
  return report;
}

Result<TransactionReport> recover_transaction(Site& site, ledger::Journal& journal,
                                              const ledger::UnfinishedTransaction& unfinished) {
  const bool prepared = unfinished.committed && !unfinished.commit.empty() && unfinished.commit != "null";
  ASSIGN_OR_RETURN(auto undertaking, undertaking_from_json(prepared ? unfinished.commit : unfinished.intent));
  site.start_transaction(unfinished.id);
  site.use_plugins_path(undertaking.plugins_path);
  site.wait_once_for_all(is_batch(undertaking));
  if (unfinished.committed) return finish(site, journal, unfinished.id, std::move(undertaking), /*recovering=*/true);
  RETURN_IF_ERROR(take_back_all(site, undertaking));
  RETURN_IF_ERROR(journal.done(unfinished.id));
  TransactionReport report{.taken_back = true};
  report.notes.emplace_back("an action that was interrupted before it took effect was taken back");
  return report;
}

}  // namespace trueup::engine
