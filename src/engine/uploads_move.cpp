#include "engine/uploads_move.h"

#include <fmt/core.h>

#include <string>
#include <utility>

#include "base/limits.h"
#include "engine/operation.h"
#include "engine/uploads_place.h"
#include "json/document.h"
#include "json/edit.h"
#include "json/write.h"

namespace trueup::engine {
namespace {

/// One note with its path as it is behind the move, else as it stands; nothing where its path leads elsewhere.
std::optional<std::string> moved_note(const json::Value& note, const model::UploadsMove& move) {
  const auto path = note.find("path");
  const std::string before = fmt::format("{}/{}/", kUploadsDirectory, move.from);
  const std::string says = path ? path->string().value_or("") : std::string();
  if (!says.starts_with(before)) return std::nullopt;
  const std::string now = fmt::format("{}/{}/{}", kUploadsDirectory, move.to, says.substr(before.size()));
  const auto alone = json::Document::parse(std::string(note.text()));
  if (!alone) return std::nullopt;
  auto text = json::apply(*alone, {{.path = {"path"}, .value = json::quote(now)}});
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

}  // namespace

Status add_uploads_move(Site& site, const Boxed<model::UploadsMove>& move, UndertakingBuilder& builder) {
  if (!move) return ok();
  const std::string path = fmt::format("{}/{}", uploads_path(move->from), kPictureNotes);
  auto file = site.root().read(path, limits::kMaxPictureNotesBytes, platform::Links::refuse);
  if (!file && file.error().code != ErrorCode::not_found) return std::move(file).error();
  NotePictures notes{.plugin_id = move->from, .lay_out = false, .moved_to = move->to};
  // What is no JSON goes along as it is: nobody, LEDMatrix included, reads a path from it.
  const auto document = file ? json::Document::parse(std::move(file->bytes)) : json::Document::parse("{}");
  if (document && document->root().is_object()) {
    for (const json::Member member : document->root().members()) {
      auto note = member.value.is_object() ? moved_note(member.value, *move) : std::nullopt;
      if (!note) continue;
      notes.notes.push_back(
          {.id = std::string(member.key), .expected = std::string(member.value.text()), .value = std::move(note)});
    }
  }
  if (!notes.notes.empty()) builder.add(std::move(notes));
  builder.add(RenameUploads{.from = move->from, .to = move->to});
  return ok();
}

}  // namespace trueup::engine
