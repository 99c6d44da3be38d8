// SetDirectoryAside: a plugin directory goes to our kept ones, in one rename and before anything else happens to it
// (failure F41), so that an uninstall leaves it whole in one place or the other. Nothing is ever deleted here.
#include "engine/directory_tree.h"
#include "engine/steps.h"

namespace trueup::engine {

namespace {

using platform::FileKind;

Result<Applied> result(Outcome outcome, std::string digest = "") {
  Applied applied;
  applied.outcomes = {outcome};
  applied.digest = std::move(digest);
  return applied;
}

}  // namespace

Status prepare(Site& site, SetDirectoryAside& operation, const Materials& /*materials*/) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const auto standing, standing_at(*plugins, operation.directory));
  if (!standing || standing->kind != FileKind::directory) {
    return Error{.code = ErrorCode::conflict,
                 .message = standing ? "this is not a directory" : "this directory is not there any more",
                 .where = operation.directory};
  }
  if (!operation.digest.empty()) {
    ASSIGN_OR_RETURN(const std::string digest, directory_digest(*plugins, operation.directory));
    if (digest != operation.digest) {
      return Error{
          .code = ErrorCode::conflict, .message = "the plugin's files changed since", .where = operation.directory};
    }
  }
  const auto kept = site.below_container(split_container_path(operation.kept).parent);
  return kept ? ok() : Status(kept.error());
}

Result<Applied> apply(Site& site, const SetDirectoryAside& operation) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  const ContainerPath where = split_container_path(operation.kept);
  ASSIGN_OR_RETURN(const auto kept, site.below_container(where.parent));
  ASSIGN_OR_RETURN(const auto standing, standing_at(*plugins, operation.directory));
  if (!standing) {
    ASSIGN_OR_RETURN(const auto moved_before, standing_at(*kept, where.name));
    return result(Outcome::already, moved_before ? operation.digest : "");
  }
  if (standing->kind != FileKind::directory) return result(Outcome::moved);
  const auto moved = move_directory(*plugins, operation.directory, *kept, where.name);
  // The name in kept/ is taken by what we moved before a crash; what stands there now came later and is not ours.
  if (!moved && moved.error().code == ErrorCode::conflict) return result(Outcome::already, operation.digest);
  if (!moved) return moved.error();
  ASSIGN_OR_RETURN(std::string digest, directory_digest(*kept, where.name));
  auto applied = result(Outcome::done, std::move(digest));
  if (*moved == MoveResult::copied) applied->notes.emplace_back(kNotAtomicHere);
  return applied;
}

Status take_back(Site& /*site*/, const SetDirectoryAside& /*operation*/) { return ok(); }

std::optional<Operation> invert(const SetDirectoryAside& operation, const Applied& applied) {
  if (!is_ours(applied)) return std::nullopt;
  return PublishDirectory{.plugin_id = operation.plugin_id,
                          .directory = operation.directory,
                          .staged = operation.kept,
                          .digest = applied.digest};
}

Result<std::optional<Operation>> reverse(Site& site, const SetDirectoryAside& operation, const Applied& /*applied*/) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const auto standing, standing_at(*plugins, operation.directory));
  if (standing) return std::nullopt;  // never moved, or something newer came
  const ContainerPath where = split_container_path(operation.kept);
  ASSIGN_OR_RETURN(const auto kept, site.below_container(where.parent));
  ASSIGN_OR_RETURN(const auto moved, standing_at(*kept, where.name));
  if (!moved) return std::nullopt;
  return PublishDirectory{.plugin_id = operation.plugin_id, .directory = operation.directory, .staged = operation.kept};
}

}  // namespace trueup::engine
