// NotePictures: see steps.h for what the functions promise. The file is LEDMatrix's as much as ours, so it is edited
// like every other: only the notes named, and no write of another program is lost.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "engine/document_edits.h"
#include "engine/exact_copy.h"
#include "engine/file_exchange.h"
#include "engine/steps.h"
#include "engine/uploads_place.h"

namespace trueup::engine {
namespace {

using platform::Links;

constexpr std::string_view kKeptPrefix = "kept/";
constexpr std::uint32_t kNotesMode = 0644;

std::string notes_path(const NotePictures& operation) {
  return uploads_path(operation.plugin_id) + "/" + std::string(kPictureNotes);
}

/// The same, with the name that its directory has now: behind a crash it may have the later one already.
NotePictures where_they_lie(Site& site, NotePictures operation) {
  if (operation.moved_to.empty()) return operation;
  const auto now = site.root().info(uploads_path(operation.plugin_id), Links::refuse);
  if (!now && now.error().code == ErrorCode::not_found) operation.plugin_id = operation.moved_to;
  return operation;
}

std::vector<model::DocumentEdit> edits_of(const NotePictures& operation) {
  std::vector<model::DocumentEdit> edits;
  for (const NotePictures::Note& note : operation.notes) {
    edits.push_back({.path = {note.id}, .expected = note.expected, .value = note.value});
  }
  return edits;
}

Result<Rewrite> rewrite_of(Site& site, const NotePictures& operation, const std::optional<std::string>& text,
                           EditedText& result) {
  result = {};
  if (auto exact = exact_rewrite(site, operation.exact, text)) {
    result.outcomes.assign(operation.notes.size(), Outcome::done);
    return std::move(*exact);
  }
  if (is_exact_copy(operation.exact, text)) {
    result.outcomes.assign(operation.notes.size(), Outcome::already);
    return Rewrite{};
  }
  ASSIGN_OR_RETURN(result,
                   edit_object(edits_of(operation), operation.lay_out, text.value_or("{}"), notes_path(operation)));
  if (!result.changed) return Rewrite{};
  return Rewrite{Rewrite::Kind::write, result.text};
}

Result<std::optional<std::string>> text_now(Site& site, const NotePictures& operation) {
  auto file = site.root().read(notes_path(operation), limits::kMaxPictureNotesBytes, Links::refuse);
  if (file) return std::optional(std::move(file->bytes));
  if (file.error().code == ErrorCode::not_found) return std::optional<std::string>();
  return std::move(file).error();
}

bool only_removes(const NotePictures& operation) {
  return std::ranges::none_of(operation.notes, [](const auto& note) { return note.value.has_value(); });
}

bool adds_none(const NotePictures& operation) {
  return std::ranges::none_of(operation.notes, [](const auto& note) { return note.value && !note.expected; });
}

Applied all_are(Outcome outcome, const NotePictures& operation) {
  Applied applied;
  applied.outcomes.assign(operation.notes.size(), outcome);
  return applied;
}

Applied applied_of(const NotePictures& operation, EditedText edited, const Exchanged& exchanged) {
  Applied applied{.outcomes = std::move(edited.outcomes),
                  .found = std::move(edited.found),
                  .kept = {},
                  .digest = exchanged.digest,
                  .written = exchanged.written,
                  .created = exchanged.created,
                  .notes = exchanged.notes};
  for (const Displaced& displaced : exchanged.displaced) {
    applied.kept.push_back({.document = notes_path(operation),
                            .path = std::string(kKeptPrefix) + displaced.name,
                            .digest = displaced.digest,
                            .bytes = displaced.bytes,
                            .parses = displaced.whose == Whose::basis,
                            .basis = displaced.whose == Whose::basis});
  }
  return applied;
}

}  // namespace

/// Nothing lies ready before the commit: the text is small, and what fails later is taken back as a whole.
Status prepare(Site& site, NotePictures& operation, const Materials& /*materials*/) {
  ASSIGN_OR_RETURN(const auto text, text_now(site, where_they_lie(site, operation)));
  EditedText edited;
  const auto possible = rewrite_of(site, operation, text, edited);
  return possible ? ok() : Status(possible.error());
}

Result<Applied> apply(Site& site, const NotePictures& ordered) {
  const NotePictures operation = where_they_lie(site, ordered);
  EditedText edited;
  auto uploads = open_uploads(site, operation.plugin_id);
  if (!uploads && uploads.error().code == ErrorCode::not_found) {
    if (only_removes(operation)) return all_are(Outcome::already, operation);
    if (adds_none(operation)) return all_are(Outcome::moved, operation);
    uploads = make_uploads(site, operation.plugin_id);
  }
  if (!uploads) return std::move(uploads).error();
  ASSIGN_OR_RETURN(auto* kept, site.kept());
  const auto kept_name = parse_kept_name(std::string_view(operation.kept).substr(kKeptPrefix.size()));
  if (!kept_name)
    return Error{.code = ErrorCode::internal, .message = "a kept file has no place", .where = operation.kept};
  platform::Clock& clock = site.world().clock;
  ASSIGN_OR_RETURN(const auto if_new, site.attributes_in(**uploads, kNotesMode));
  FileExchange exchange(
      {.directory = **uploads,
       .name = std::string(kPictureNotes),
       .kept = *kept,
       .kept_name = *kept_name,
       .transaction = site.transaction(),
       .if_new = if_new,
       .keeps_owner = site.world().is_root,
       .wait = [&clock](std::chrono::milliseconds time) { clock.sleep(time); }},
      [&](const std::optional<std::string>& text) { return rewrite_of(site, operation, text, edited); });
  ASSIGN_OR_RETURN(Exchanged exchanged, exchange.apply());
  // What an interrupted run left beside it is gone for good: nobody looks for it here again.
  RETURN_IF_ERROR(kept->sync());
  RETURN_IF_ERROR((*uploads)->sync());
  if (!exchanged.written) {
    EditedText again;
    const bool is_ours_alone = recognise_own_write(
        site, [&](const std::optional<std::string>& text) { return rewrite_of(site, operation, text, again); },
        exchanged);
    if (is_ours_alone) edited = std::move(again);
  }
  return applied_of(ordered, std::move(edited), exchanged);
}

Status take_back(Site& /*site*/, const NotePictures& /*operation*/) { return ok(); }

std::optional<Operation> invert(const NotePictures& operation, const Applied& applied) {
  NotePictures back{.plugin_id = operation.plugin_id, .lay_out = false, .exact = exact_inverse(applied)};
  for (const model::DocumentEdit& edit : inverse_of(edits_of(operation), applied)) {
    back.notes.push_back({.id = edit.path.front(), .expected = edit.expected, .value = edit.value});
  }
  if (back.notes.empty() && !back.exact) return std::nullopt;
  return back;
}

/// Its inverse does nothing where the file does not say what we wrote.
Result<std::optional<Operation>> reverse(Site& /*site*/, const NotePictures& operation, const Applied& applied) {
  return invert(operation, applied);
}

}  // namespace trueup::engine
