// ExchangeDirectory: a whole directory that lies elsewhere takes a plugin's name, and what stood there goes where it is
// kept; both exactly as they are. By it a copy that an interrupted install set aside comes back (failure F72).
//
// It must never show a loader half a plugin, never pass a link, and never lose either of the two. Every state that a
// crash can leave is told apart by the inode of what comes in, or by its content where inodes do not last.
#include "engine/directory_tree.h"
#include "engine/steps.h"

namespace trueup::engine {

namespace {

using platform::FileInfo;
using platform::FileKind;
using platform::Links;
using platform::RenameMode;
using platform::WritableDirectory;

Error no_longer(const ExchangeDirectory& operation, std::string message) {
  return Error{.code = ErrorCode::conflict,
               .message = std::move(message),
               .where = operation.directory,
               .hint = "nothing was changed; look at that directory first"};
}

/// Where "kept/3-clock" (in our container) or "clock.standalone-backup-preinstall" (beside the plugins) lies.
struct Place {
  std::unique_ptr<WritableDirectory> parent;
  std::string name;
};

Result<Place> open_place(Site& site, const std::string& path) {
  ContainerPath where = split_container_path(path);
  Place place{.parent = nullptr, .name = std::move(where.name)};
  if (where.parent.empty()) {
    ASSIGN_OR_RETURN(auto* plugins, site.plugins());
    ASSIGN_OR_RETURN(place.parent, plugins->open_writable(".", Links::refuse));
  } else {
    ASSIGN_OR_RETURN(place.parent, site.below_container(where.parent));
  }
  return place;
}

/// The digest of what lies at a place, which must be a directory, and the one that was expected if one was.
Result<std::string> digest_of(const platform::Directory& parent, const std::string& name, const std::string& expected,
                              const ExchangeDirectory& operation) {
  ASSIGN_OR_RETURN(const auto standing, standing_at(parent, name));
  if (!standing) return no_longer(operation, "a directory that this needs is gone");
  if (standing->kind != FileKind::directory) {
    return no_longer(operation, "something that is no directory stands there; a link is never touched");
  }
  ASSIGN_OR_RETURN(std::string digest, directory_digest(parent, name));
  if (!expected.empty() && expected != digest) return no_longer(operation, "the plugin's files changed since");
  return digest;
}

/// Whether this is what comes in: its inode says so; where inodes do not last, its content.
Result<bool> is_the_copy(const platform::Directory& parent, const std::string& name,
                         const std::optional<FileInfo>& info, const ExchangeDirectory& operation) {
  if (!info || info->kind != FileKind::directory) return false;
  if (info->inode == operation.inode) return true;
  ASSIGN_OR_RETURN(const std::string digest, directory_digest(parent, name));
  return digest == operation.digest && digest != operation.replaced_digest;
}

/// One application, of which everything may already be done.
class Exchange {
 public:
  Exchange(const ExchangeDirectory& operation, WritableDirectory& plugins, std::optional<Place> from,
           std::optional<Place> to)
      : operation_(operation), plugins_(plugins), from_(std::move(from)), to_(std::move(to)) {}

  Result<Applied> run() {
    ASSIGN_OR_RETURN(standing_, standing_at(plugins_, operation_.directory));
    if (!from_) return take_out();
    ASSIGN_OR_RETURN(const auto incoming, standing_at(*from_->parent, from_->name));
    ASSIGN_OR_RETURN(const bool came_in, is_the_copy(plugins_, operation_.directory, standing_, operation_));
    if (came_in) return incoming && to_ ? put_away() : finished(Outcome::already);
    ASSIGN_OR_RETURN(const bool waits, is_the_copy(*from_->parent, from_->name, incoming, operation_));
    if (!waits) return finished(Outcome::moved);
    if (!standing_) return come_in();
    if (!to_ || standing_->kind != FileKind::directory) return finished(Outcome::moved);
    ASSIGN_OR_RETURN(const std::string digest, directory_digest(plugins_, operation_.directory));
    if (digest != operation_.replaced_digest) return finished(Outcome::moved);
    return exchange();
  }

 private:
  Result<Applied> take_out() {
    if (!standing_) return finished(Outcome::already);
    if (standing_->kind != FileKind::directory) return finished(Outcome::moved);
    return moved_or(move_directory(plugins_, operation_.directory, *to_->parent, to_->name), Outcome::already);
  }

  /// The name is free. If something stood there it went before, in the two steps below.
  Result<Applied> come_in() {
    if (to_) {
      ASSIGN_OR_RETURN(const auto put_away_before, standing_at(*to_->parent, to_->name));
      if (!put_away_before) return finished(Outcome::moved);
    }
    return moved_or(move_directory(*from_->parent, from_->name, plugins_, operation_.directory), Outcome::moved);
  }

  Result<Applied> exchange() {
    const Status exchanged = from_->parent->rename(from_->name, plugins_, operation_.directory, RenameMode::exchange);
    if (!exchanged && exchanged.error().code == ErrorCode::unsupported) {
      applied_.notes.emplace_back(kNotAtomicHere);
      const auto moved = move_directory(plugins_, operation_.directory, *to_->parent, to_->name);
      if (!moved) return moved.error();
      return come_in();
    }
    if (!exchanged) return exchanged.error();
    RETURN_IF_ERROR(plugins_.sync());
    RETURN_IF_ERROR(from_->parent->sync());
    return put_away();
  }

  /// After the exchange what stood there lies where the copy came from.
  Result<Applied> put_away() {
    if (operation_.from == operation_.to) return finished(Outcome::done);
    return moved_or(move_directory(*from_->parent, from_->name, *to_->parent, to_->name), Outcome::already);
  }

  Result<Applied> moved_or(const Result<MoveResult>& moved, Outcome when_taken) {
    if (!moved && moved.error().code == ErrorCode::conflict) return finished(when_taken);
    if (!moved) return moved.error();
    if (*moved == MoveResult::copied) applied_.notes.emplace_back(kNotAtomicHere);
    return finished(Outcome::done);
  }

  Result<Applied> finished(Outcome outcome) {
    applied_.outcomes = {outcome};
    if (outcome != Outcome::moved) applied_.digest = operation_.digest;
    return applied_;
  }

  const ExchangeDirectory& operation_;
  WritableDirectory& plugins_;
  std::optional<Place> from_;
  std::optional<Place> to_;
  std::optional<FileInfo> standing_;
  Applied applied_;
};

}  // namespace

Status prepare(Site& site, ExchangeDirectory& operation, const Materials& /*materials*/) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  if (!operation.from.empty()) {
    ASSIGN_OR_RETURN(const Place from, open_place(site, operation.from));
    ASSIGN_OR_RETURN(operation.digest, digest_of(*from.parent, from.name, operation.digest, operation));
    ASSIGN_OR_RETURN(const FileInfo info, from.parent->info(from.name, Links::refuse));
    operation.inode = info.inode;
  }
  if (operation.to.empty()) {
    ASSIGN_OR_RETURN(const auto standing, standing_at(*plugins, operation.directory));
    return standing ? Status(no_longer(operation, "a directory with the plugin's name is there now")) : ok();
  }
  ASSIGN_OR_RETURN(operation.replaced_digest,
                   digest_of(*plugins, operation.directory, operation.replaced_digest, operation));
  ASSIGN_OR_RETURN(const Place to, open_place(site, operation.to));
  if (operation.to == operation.from) return ok();
  ASSIGN_OR_RETURN(const auto taken, standing_at(*to.parent, to.name));
  return taken ? Status(no_longer(operation, "the name under which it would be kept is taken")) : ok();
}

Result<Applied> apply(Site& site, const ExchangeDirectory& operation) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  std::optional<Place> from;
  std::optional<Place> to;
  if (!operation.from.empty()) {
    ASSIGN_OR_RETURN(from, open_place(site, operation.from));
  }
  if (!operation.to.empty()) {
    ASSIGN_OR_RETURN(to, open_place(site, operation.to));
  }
  if (!from && !to) return Error{.code = ErrorCode::internal, .message = "a directory exchanged for nothing"};
  return Exchange(operation, *plugins, std::move(from), std::move(to)).run();
}

Status take_back(Site& /*site*/, const ExchangeDirectory& /*operation*/) { return ok(); }

std::optional<Operation> invert(const ExchangeDirectory& operation, const Applied& applied) {
  if (!is_ours(applied)) return std::nullopt;
  return ExchangeDirectory{.plugin_id = operation.plugin_id,
                           .directory = operation.directory,
                           .from = operation.to,
                           .to = operation.from,
                           .digest = operation.replaced_digest,
                           .replaced_digest = operation.digest};
}

namespace {

bool is_beside_the_plugins(const std::string& path) { return split_container_path(path).parent.empty(); }

/// Taking back was cut off after its exchange: the copy lies where the plugin is to be kept, and goes where it came
/// from. One of the two places is always beside the plugins.
Result<std::optional<Operation>> rest_of_the_way_back(Site& site, const ExchangeDirectory& operation) {
  if (operation.from.empty() || operation.to.empty() || operation.to == operation.from) return std::nullopt;
  ASSIGN_OR_RETURN(const Place kept, open_place(site, operation.to));
  ASSIGN_OR_RETURN(const auto standing, standing_at(*kept.parent, kept.name));
  ASSIGN_OR_RETURN(const bool is_there, is_the_copy(*kept.parent, kept.name, standing, operation));
  if (!is_there) return std::nullopt;
  ExchangeDirectory rest{.plugin_id = operation.plugin_id};
  if (is_beside_the_plugins(operation.from)) {
    rest.directory = operation.from;
    rest.from = operation.to;
  } else {
    rest.directory = operation.to;
    rest.to = operation.from;
  }
  return rest;
}

}  // namespace

Result<std::optional<Operation>> reverse(Site& site, const ExchangeDirectory& operation, const Applied& /*applied*/) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const auto standing, standing_at(*plugins, operation.directory));
  const auto lies_at = [&site](const std::string& path) -> Result<bool> {
    if (path.empty()) return false;
    ASSIGN_OR_RETURN(const Place place, open_place(site, path));
    ASSIGN_OR_RETURN(const auto found, standing_at(*place.parent, place.name));
    return found.has_value();
  };
  ExchangeDirectory back{.plugin_id = operation.plugin_id, .directory = operation.directory};
  ASSIGN_OR_RETURN(const bool put_away, lies_at(operation.to));
  if (!standing) {  // what stood there went, and nothing came
    if (!put_away || operation.to == operation.from) return std::nullopt;
    back.from = operation.to;
    return back;
  }
  if (operation.from.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const bool came_in, is_the_copy(*plugins, operation.directory, standing, operation));
  if (!came_in) return rest_of_the_way_back(site, operation);
  // What stood there lies where it is kept, or still where the copy came from.
  if (!operation.to.empty()) back.from = put_away ? operation.to : operation.from;
  back.to = operation.from;
  return back;
}

}  // namespace trueup::engine
