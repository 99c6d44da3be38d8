// RenameUploads: what the owner uploaded for a plugin follows the plugin's new id. One rename of one name in
// assets/plugins; what already stands under the new name is never touched, and no link is passed on the way.
#include "engine/directory_tree.h"
#include "engine/steps.h"

namespace trueup::engine {
namespace {

using platform::FileInfo;
using platform::WritableDirectory;

struct Standing {
  std::unique_ptr<WritableDirectory> directory;
  std::optional<FileInfo> from;
  std::optional<FileInfo> to;
};

Result<Standing> look_at(Site& site, const RenameUploads& operation) {
  Standing standing;
  ASSIGN_OR_RETURN(standing.directory,
                   site.root().open_writable(std::string(kUploadsDirectory), platform::Links::refuse));
  ASSIGN_OR_RETURN(standing.from, standing_at(*standing.directory, operation.from));
  ASSIGN_OR_RETURN(standing.to, standing_at(*standing.directory, operation.to));
  return standing;
}

bool is_the_one(const std::optional<FileInfo>& found, const RenameUploads& operation) {
  return found && (operation.inode == 0 || found->inode == operation.inode);
}

bool is_renamed(const Standing& standing, const RenameUploads& operation) {
  return operation.inode != 0 && !standing.from && is_the_one(standing.to, operation);
}

}  // namespace

Status prepare(Site& site, RenameUploads& operation, const Materials& /*materials*/) {
  ASSIGN_OR_RETURN(const Standing standing, look_at(site, operation));
  if (is_renamed(standing, operation)) return ok();
  if (standing.to || !is_the_one(standing.from, operation)) {
    return Error{
        .code = ErrorCode::conflict,
        .message = standing.to ? "something is there already, and is not overwritten" : "it is no longer what it was",
        .where = std::string(kUploadsDirectory) + "/" + (standing.to ? operation.to : operation.from)};
  }
  operation.inode = standing.from->inode;
  return ok();
}

Result<Applied> apply(Site& site, const RenameUploads& operation) {
  ASSIGN_OR_RETURN(const Standing standing, look_at(site, operation));
  Applied applied;
  if (is_renamed(standing, operation)) {
    RETURN_IF_ERROR(standing.directory->sync());  // a crash may have come between the rename and this
    applied.outcomes = {Outcome::already};
    return applied;
  }
  if (standing.to || !is_the_one(standing.from, operation)) {
    applied.outcomes = {Outcome::moved};
    return applied;
  }
  const Status renamed =
      standing.directory->rename(operation.from, *standing.directory, operation.to, platform::RenameMode::no_replace);
  if (!renamed && renamed.error().code == ErrorCode::conflict) {
    applied.outcomes = {Outcome::moved};
    return applied;
  }
  RETURN_IF_ERROR(renamed);
  RETURN_IF_ERROR(standing.directory->sync());
  applied.outcomes = {Outcome::done};
  return applied;
}

Status take_back(Site& /*site*/, const RenameUploads& /*operation*/) { return ok(); }

std::optional<Operation> invert(const RenameUploads& operation, const Applied& applied) {
  if (!is_ours(applied)) return std::nullopt;
  return RenameUploads{.from = operation.to, .to = operation.from, .inode = operation.inode};
}

Result<std::optional<Operation>> reverse(Site& site, const RenameUploads& operation, const Applied& /*applied*/) {
  const auto standing = look_at(site, operation);
  if (!standing && standing.error().code == ErrorCode::not_found) return std::nullopt;
  if (!standing) return standing.error();
  if (!is_renamed(*standing, operation)) return std::nullopt;
  return RenameUploads{.from = operation.to, .to = operation.from, .inode = operation.inode};
}

}  // namespace trueup::engine
