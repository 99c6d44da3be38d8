#include "web/uploads.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "engine/operation.h"
#include "json/document.h"
#include "web/ascii.h"

namespace trueup::web {
namespace {

constexpr std::size_t kMaxPictureBytes = 5U << 20U;  // LEDMatrix takes none that is larger
constexpr std::size_t kMostPictures = 500;

using Types = std::array<std::pair<std::string_view, std::string_view>, 5>;
constexpr Types kTypes{{{".png", "image/png"},
                        {".jpg", "image/jpeg"},
                        {".jpeg", "image/jpeg"},
                        {".gif", "image/gif"},
                        {".bmp", "image/bmp"}}};

std::string place_of(const std::string& id) { return fmt::format("{}/{}/uploads", engine::kUploadsDirectory, id); }

Result<std::unique_ptr<platform::Directory>> open_uploads(const engine::World& world, const std::string& id) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  return root->open(place_of(id), platform::Links::refuse);
}

std::string text_in(json::Value entry, std::string_view name) {
  const auto field = entry.find(name);
  return field ? field->string().value_or("").substr(0, limits::kMaxRegistryTextBytes) : std::string();
}

/// What LEDMatrix noted of each, by its id. A file that says nothing that can be read adds nothing.
void add_metadata(const platform::Directory& uploads, std::vector<Upload>& pictures) {
  auto file = uploads.read(".metadata.json", limits::kMaxManifestBytes, platform::Links::refuse);
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

std::string_view picture_type(std::string_view name) {
  const std::string lower = to_lower_ascii(name);
  const auto found = std::ranges::find_if(kTypes, [&lower](const auto& one) { return lower.ends_with(one.first); });
  return found == kTypes.end() ? std::string_view() : found->second;
}

Result<std::vector<Upload>> list_uploads(const engine::World& world, const std::string& id) {
  std::vector<Upload> pictures;
  const auto uploads = open_uploads(world, id);
  if (!uploads && uploads.error().code == ErrorCode::not_found) return pictures;
  if (!uploads) return uploads.error();
  ASSIGN_OR_RETURN(const auto entries, (*uploads)->list());
  for (const platform::DirectoryEntry& entry : entries) {
    if (picture_type(entry.name).empty() || entry.name.starts_with('.') || pictures.size() == kMostPictures) continue;
    const auto info = (*uploads)->info(entry.name, platform::Links::refuse);
    if (!info || info->kind != platform::FileKind::regular) continue;
    pictures.push_back({.id = entry.name.substr(0, entry.name.rfind('.')),
                        .filename = entry.name,
                        .path = place_of(id) + "/" + entry.name,
                        .size = info->size});
  }
  add_metadata(**uploads, pictures);
  return pictures;
}

Result<std::string> read_upload(const engine::World& world, const std::string& id, const std::string& filename) {
  Error none{.code = ErrorCode::not_found, .message = "there is no such picture", .where = filename};
  if (picture_type(filename).empty() || filename.starts_with('.')) return none;
  const auto uploads = open_uploads(world, id);
  if (!uploads) return none;
  auto file = (*uploads)->read(filename, kMaxPictureBytes, platform::Links::refuse);
  if (!file) return none;
  return std::move(file->bytes);
}

}  // namespace trueup::web
