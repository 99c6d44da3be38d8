#include "engine/degraded.h"

#include <fmt/core.h>

#include <memory>
#include <optional>
#include <utility>

#include "model/document.h"

namespace trueup::engine {
namespace {

using platform::Links;

struct Place {
  std::unique_ptr<platform::Directory> parent;
  std::string name;
};

/// Where the file itself lies, links followed: a link to another disk is no mount.
std::optional<Place> place_in(const World& world, const platform::Directory& root, const std::string& path) {
  const auto real = root.real_path(path);
  if (!real) return std::nullopt;
  const auto slash = real->rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  auto parent = world.file_system.open_root_for_reading(slash == 0 ? "/" : real->substr(0, slash));
  if (!parent) return std::nullopt;
  return Place{std::move(*parent), real->substr(slash + 1)};
}

/// Whoever may not replace anything there will not write the file either. What only a group allows is not asked.
bool may_replace(const platform::Directory& parent, std::uint32_t user_id) {
  constexpr std::uint32_t kOwnerWrites = 0200;
  constexpr std::uint32_t kAllWrite = 0002;
  const auto self = parent.self();
  if (!self) return false;
  return (self->uid == user_id && (self->mode & kOwnerWrites) != 0) || (self->mode & kAllWrite) != 0;
}

std::string listed(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text += (text.empty() ? "" : ", ") + path;
  return text;
}

}  // namespace

DegradedDocuments degraded_documents(const World& world, std::uint32_t user_id) {
  DegradedDocuments found;
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return found;
  for (const model::DocumentName document : model::kAllDocuments) {
    const std::string path(model::relative_path(document));
    const auto info = (*root)->info(path, Links::follow);
    if (!info) continue;
    const auto place = place_in(world, **root, path);
    if (!place) continue;
    if (place->parent->is_mount_point(place->name)) {
      found.mounted.push_back(path);
    } else if (user_id != 0 && info->uid != user_id && may_replace(*place->parent, user_id)) {
      found.foreign.push_back(path);
    }
  }
  return found;
}

std::vector<std::string> sentences_of(const DegradedDocuments& documents) {
  std::vector<std::string> sentences;
  if (!documents.mounted.empty()) {
    sentences.push_back(
        fmt::format("degraded: mounted by itself, so edited in place, where a reader could see it half "
                    "written: {}",
                    listed(documents.mounted)));
  }
  if (!documents.foreign.empty()) {
    sentences.push_back(
        fmt::format("degraded: another owner's file, so what a program writes in the very same moment "
                    "is noticed only afterwards, and kept: {}",
                    listed(documents.foreign)));
  }
  return sentences;
}

}  // namespace trueup::engine
