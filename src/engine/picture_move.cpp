// MovePicture: see steps.h for what the functions promise. The file moves by one rename; where the two places lie on
// different disks it is copied, made durable, and then removed.
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/steps.h"
#include "engine/uploads_place.h"

namespace trueup::engine {
namespace {

using platform::Links;
using platform::WritableDirectory;

constexpr std::uint32_t kPictureMode = 0644;

/// What stands under a name.
enum class Stands { nothing, ours, other };

Result<Stands> stands(const platform::Directory* directory, const std::string& name, const std::string& digest) {
  if (directory == nullptr) return Stands::nothing;
  const auto info = directory->info(name, Links::refuse);
  if (!info && info.error().code == ErrorCode::not_found) return Stands::nothing;
  if (!info) return info.error();
  if (info->kind != platform::FileKind::regular || info->size > limits::kMaxPluginFileBytes) return Stands::other;
  ASSIGN_OR_RETURN(const auto file, directory->read(name, limits::kMaxPluginFileBytes, Links::refuse));
  return sha256_hex(file.bytes) == digest ? Stands::ours : Stands::other;
}

struct Places {
  std::unique_ptr<WritableDirectory> uploads;  // nothing: it is not there
  std::unique_ptr<WritableDirectory> aside;
  Stands in_uploads = Stands::nothing;
  Stands in_aside = Stands::nothing;

  [[nodiscard]] Stands source(const MovePicture& operation) const { return operation.comes ? in_aside : in_uploads; }
  [[nodiscard]] Stands target(const MovePicture& operation) const { return operation.comes ? in_uploads : in_aside; }
};

Result<Places> look_at(Site& site, const MovePicture& operation) {
  Places places;
  ASSIGN_OR_RETURN(places.aside, pictures_aside(site));
  auto uploads = open_uploads(site, operation.plugin_id);
  if (!uploads && uploads.error().code != ErrorCode::not_found) return std::move(uploads).error();
  if (uploads) places.uploads = std::move(*uploads);
  ASSIGN_OR_RETURN(places.in_uploads, stands(places.uploads.get(), operation.filename, operation.digest));
  ASSIGN_OR_RETURN(places.in_aside, stands(places.aside.get(), operation.aside, operation.digest));
  return places;
}

Error no_longer_so(const MovePicture& operation, bool taken) {
  return {.code = ErrorCode::conflict,
          .message = taken ? "something is there already, and is not overwritten" : "it is no longer what it was",
          .where = uploads_path(operation.plugin_id) + "/" + operation.filename};
}

/// Beside the name itself, where nobody takes it for a picture.
std::string unfinished_name(const std::string& name) { return "." + name + ".trueup-unfinished"; }

Status remove_unfinished(WritableDirectory& directory, const std::string& name) {
  auto removed = directory.remove_file(unfinished_name(name));
  return removed || removed.error().code == ErrorCode::not_found ? ok() : std::move(removed);
}

/// The second way, for two disks. What a crash leaves is a whole file in one of the two places, or in both.
Status copy_over(Site& site, WritableDirectory& from, const std::string& name, WritableDirectory& to,
                 const std::string& to_name) {
  ASSIGN_OR_RETURN(const auto file, from.read(name, limits::kMaxPluginFileBytes, Links::refuse));
  ASSIGN_OR_RETURN(auto attributes, site.attributes_in(to, kPictureMode));
  attributes.mode = file.info.mode;
  const std::string unfinished = unfinished_name(to_name);
  RETURN_IF_ERROR(remove_unfinished(to, to_name));
  RETURN_IF_ERROR(to.write_new(unfinished, file.bytes, attributes, platform::Sync::yes));
  if (auto named = to.rename(unfinished, to, to_name, platform::RenameMode::no_replace); !named) {
    RETURN_IF_ERROR(to.remove_file(unfinished));
    return named;
  }
  RETURN_IF_ERROR(to.sync());
  return from.remove_file(name);
}

Status move_over(Site& site, WritableDirectory& from, const std::string& name, WritableDirectory& to,
                 const std::string& to_name) {
  const Status renamed = from.rename(name, to, to_name, platform::RenameMode::no_replace);
  if (!renamed && renamed.error().code == ErrorCode::unsupported) {
    RETURN_IF_ERROR(copy_over(site, from, name, to, to_name));
  } else {
    RETURN_IF_ERROR(renamed);
  }
  RETURN_IF_ERROR(to.sync());
  return from.sync();
}

/// Under its name only when it is whole; with the mode that it will have, since it only moves from here on.
Status lay_aside(Site& site, WritableDirectory& aside, const MovePicture& operation, const std::string& bytes) {
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(aside, kPictureMode));
  const std::string unfinished = unfinished_name(operation.aside);
  RETURN_IF_ERROR(remove_unfinished(aside, operation.aside));
  RETURN_IF_ERROR(aside.write_new(unfinished, bytes, attributes, platform::Sync::yes));
  RETURN_IF_ERROR(aside.rename(unfinished, aside, operation.aside, platform::RenameMode::no_replace));
  return aside.sync();
}

MovePicture other_way(const MovePicture& operation) {
  MovePicture back = operation;
  back.comes = !operation.comes;
  back.fresh = false;
  return back;
}

}  // namespace

Status prepare(Site& site, MovePicture& operation, const Materials& materials) {
  ASSIGN_OR_RETURN(Places places, look_at(site, operation));
  if (operation.fresh) {
    if (places.in_uploads != Stands::nothing) return no_longer_so(operation, true);
    if (sha256_hex(materials.bytes) != operation.digest) {
      return Error{.code = ErrorCode::internal, .message = "the picture is not the one that was decided on"};
    }
    // One that a crash left of an earlier try is whole.
    if (places.in_aside == Stands::other) return no_longer_so(operation, true);
    return places.in_aside == Stands::ours ? ok() : lay_aside(site, *places.aside, operation, materials.bytes);
  }
  const bool done = places.target(operation) == Stands::ours;
  if (done) return ok();
  if (places.target(operation) == Stands::other) return no_longer_so(operation, true);
  return places.source(operation) == Stands::ours ? ok() : Status(no_longer_so(operation, false));
}

Result<Applied> apply(Site& site, const MovePicture& operation) {
  ASSIGN_OR_RETURN(Places places, look_at(site, operation));
  Applied applied;
  applied.outcomes = {Outcome::moved};
  if (places.target(operation) == Stands::other) return applied;
  if (operation.comes && places.uploads == nullptr) {
    ASSIGN_OR_RETURN(places.uploads, make_uploads(site, operation.plugin_id));
  }
  WritableDirectory* from = operation.comes ? places.aside.get() : places.uploads.get();
  WritableDirectory* to = operation.comes ? places.uploads.get() : places.aside.get();
  const std::string& name = operation.comes ? operation.aside : operation.filename;
  const std::string& to_name = operation.comes ? operation.filename : operation.aside;
  const bool at_source = places.source(operation) == Stands::ours;
  if (to != nullptr) RETURN_IF_ERROR(remove_unfinished(*to, to_name));
  if (places.target(operation) == Stands::ours) {
    // A crash may have come between the rename, or the copy, and what makes it last.
    RETURN_IF_ERROR(to->sync());
    if (at_source) RETURN_IF_ERROR(from->remove_file(name));
    if (from != nullptr) RETURN_IF_ERROR(from->sync());
    applied.outcomes = {Outcome::already};
    return applied;
  }
  if (!at_source) return applied;
  const Status moved = move_over(site, *from, name, *to, to_name);
  if (!moved && moved.error().code == ErrorCode::conflict) return applied;
  RETURN_IF_ERROR(moved);
  applied.outcomes = {Outcome::done};
  return applied;
}

Status take_back(Site& site, const MovePicture& operation) {
  if (!operation.fresh) return ok();
  ASSIGN_OR_RETURN(const auto aside, pictures_aside(site));
  ASSIGN_OR_RETURN(const Stands at_rest, stands(aside.get(), operation.aside, operation.digest));
  RETURN_IF_ERROR(remove_unfinished(*aside, operation.aside));
  return at_rest == Stands::ours ? aside->remove_file(operation.aside) : ok();
}

std::optional<Operation> invert(const MovePicture& operation, const Applied& applied) {
  if (!is_ours(applied)) return std::nullopt;
  return other_way(operation);
}

Result<std::optional<Operation>> reverse(Site& site, const MovePicture& operation, const Applied& /*applied*/) {
  ASSIGN_OR_RETURN(const Places places, look_at(site, operation));
  if (places.target(operation) != Stands::ours) return std::nullopt;
  return other_way(operation);
}

}  // namespace trueup::engine
