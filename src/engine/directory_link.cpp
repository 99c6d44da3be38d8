// ChangeLink: a plugin that is a link to somebody's working copy. Only the link itself comes or goes; what it points
// to is never opened, changed or removed (failure F150).
#include "engine/directory_tree.h"
#include "engine/steps.h"

namespace trueup::engine {

namespace {

using platform::FileKind;
using platform::WritableDirectory;

constexpr const char* kNewLink = ".trueup.standalone-backup-link";  // passed over by every scan

struct Standing {
  bool taken = false;
  std::optional<std::string> target;  // of a link
};

Result<Standing> read_link(const WritableDirectory& plugins, const std::string& name) {
  ASSIGN_OR_RETURN(const auto info, standing_at(plugins, name));
  if (!info) return Standing{};
  if (info->kind != FileKind::link) return Standing{.taken = true};
  ASSIGN_OR_RETURN(std::string target, plugins.link_target(name));
  return Standing{.taken = true, .target = std::move(target)};
}

bool is(const Standing& standing, const std::optional<std::string>& expected) {
  return expected ? standing.target == expected : !standing.taken;
}

Status change(WritableDirectory& plugins, const ChangeLink& operation) {
  if (!operation.to) return plugins.remove_file(operation.directory);
  if (!operation.from) return plugins.make_link(*operation.to, operation.directory);
  if (Status removed = plugins.remove_file(kNewLink); !removed && removed.error().code != ErrorCode::not_found) {
    return removed;
  }
  RETURN_IF_ERROR(plugins.make_link(*operation.to, kNewLink));
  return plugins.rename(kNewLink, plugins, operation.directory, platform::RenameMode::replace);
}

}  // namespace

Status prepare(Site& site, ChangeLink& operation, const Materials& /*materials*/) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const Standing standing, read_link(*plugins, operation.directory));
  if (is(standing, operation.from)) return ok();
  return Error{
      .code = ErrorCode::conflict, .message = "the link is no longer what it was", .where = operation.directory};
}

Result<Applied> apply(Site& site, const ChangeLink& operation) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const Standing standing, read_link(*plugins, operation.directory));
  Applied applied;
  if (is(standing, operation.to)) {
    applied.outcomes = {Outcome::already};
    return applied;
  }
  if (!is(standing, operation.from)) {
    applied.outcomes = {Outcome::moved};
    return applied;
  }
  RETURN_IF_ERROR(change(*plugins, operation));
  RETURN_IF_ERROR(plugins->sync());
  applied.outcomes = {Outcome::done};
  return applied;
}

Status take_back(Site& /*site*/, const ChangeLink& /*operation*/) { return ok(); }

std::optional<Operation> invert(const ChangeLink& operation, const Applied& applied) {
  if (!is_ours(applied)) return std::nullopt;
  return ChangeLink{
      .plugin_id = operation.plugin_id, .directory = operation.directory, .from = operation.to, .to = operation.from};
}

Result<std::optional<Operation>> reverse(Site& site, const ChangeLink& operation, const Applied& /*applied*/) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const Standing standing, read_link(*plugins, operation.directory));
  if (!is(standing, operation.to)) return std::nullopt;
  return ChangeLink{
      .plugin_id = operation.plugin_id, .directory = operation.directory, .from = operation.to, .to = operation.from};
}

}  // namespace trueup::engine
