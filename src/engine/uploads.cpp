#include "engine/uploads.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/limits.h"
#include "engine/operation.h"
#include "engine/uploads_place.h"
#include "json/document.h"
#include "model/picture.h"

namespace trueup::engine {
namespace {

Result<std::unique_ptr<platform::Directory>> open_for_reading(const platform::Directory& root, const std::string& id) {
  return root.open(uploads_path(id), platform::Links::refuse);
}

std::string text_in(json::Value entry, std::string_view name) {
  const auto field = entry.find(name);
  return field ? field->string().value_or("").substr(0, limits::kMaxRegistryTextBytes) : std::string();
}

/// What LEDMatrix noted of each, by its id. A file that says nothing that can be read adds nothing.
void add_metadata(const platform::Directory& uploads, std::vector<Upload>& pictures) {
  auto file = uploads.read(std::string(kPictureNotes), limits::kMaxPictureNotesBytes, platform::Links::refuse);
  if (!file) return;
  const auto document = json::Document::parse(std::move(file->bytes));
  if (!document || !document->root().is_object()) return;
  for (const json::Member member : document->root().members()) {
    if (!member.value.is_object()) continue;
    const auto of_it = std::ranges::find(pictures, text_in(member.value, "filename"), &Upload::filename);
    if (of_it == pictures.end()) continue;
    of_it->id = std::string(member.key);
    of_it->original = text_in(member.value, "original_filename");
    of_it->uploaded_at = text_in(member.value, "uploaded_at");
  }
}

}  // namespace

Result<std::vector<Upload>> list_uploads(const platform::Directory& root, const std::string& id) {
  std::vector<Upload> pictures;
  const auto uploads = open_for_reading(root, id);
  if (!uploads && uploads.error().code == ErrorCode::not_found) return pictures;
  if (!uploads) return uploads.error();
  ASSIGN_OR_RETURN(const auto entries, (*uploads)->list());
  for (const platform::DirectoryEntry& entry : entries) {
    if (!model::is_picture_file(entry.name)) continue;
    if (pictures.size() == limits::kMaxPicturesListed) {
      return Error{.code = ErrorCode::unreadable,
                   .message = "there are more pictures than trueup looks at, so none is listed and none is changed",
                   .where = uploads_path(id)};
    }
    const auto info = (*uploads)->info(entry.name, platform::Links::refuse);
    if (!info && info.error().code == ErrorCode::not_found) continue;  // it went just now
    if (!info) return info.error();                                    // one that cannot be looked at is not gone
    if (info->kind != platform::FileKind::regular) continue;
    pictures.push_back({.id = entry.name.substr(0, entry.name.rfind('.')),
                        .filename = entry.name,
                        .path = uploads_path(id) + "/" + entry.name,
                        .size = info->size});
  }
  add_metadata(**uploads, pictures);
  return pictures;
}

Result<std::string> read_upload(const platform::Directory& root, const std::string& id, const std::string& filename) {
  Error none{.code = ErrorCode::not_found, .message = "there is no such picture", .where = filename};
  if (!model::is_picture_file(filename)) return none;
  const auto uploads = open_for_reading(root, id);
  if (!uploads) return none;
  auto file = (*uploads)->read(filename, limits::kMaxPictureBytes, platform::Links::refuse);
  if (!file) return none;
  return std::move(file->bytes);
}

}  // namespace trueup::engine
