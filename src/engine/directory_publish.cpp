// PublishDirectory: a directory that lies ready in our container becomes a plugin directory, by one rename.
//
// The main path of an install, and of bringing back what was removed. It must never show a loader half a plugin, never
// pass a link, and never lose the directory it replaces: that one ends in kept/ with what changed in it carried over.
#include <fmt/core.h>

#include "engine/directory_carry.h"
#include "engine/directory_stage.h"
#include "engine/directory_tree.h"
#include "engine/git_checkout.h"
#include "engine/manifest_file.h"
#include "engine/receipt.h"
#include "engine/steps.h"
#include "model/plugin_id.h"
#include "platform/tree.h"

namespace trueup::engine {

namespace {

using platform::FileInfo;
using platform::FileKind;
using platform::Links;
using platform::RenameMode;
using platform::WritableDirectory;

Error name_taken(const PublishDirectory& operation, std::string message) {
  return Error{.code = ErrorCode::conflict,
               .message = std::move(message),
               .where = operation.directory,
               .hint = "nothing was changed; look at that directory first"};
}

/// May what stands under the plugin's name be replaced? Nothing stands there: nothing is returned.
Result<std::optional<FileInfo>> check_standing(const WritableDirectory& plugins, const PublishDirectory& operation) {
  ASSIGN_OR_RETURN(const auto standing, standing_at(plugins, operation.directory));
  if (!standing) {
    if (operation.replaced_digest.empty()) return standing;
    return name_taken(operation, "the directory that was to be replaced is gone");
  }
  if (standing->kind == FileKind::link) {
    return name_taken(operation, "the plugin is a link to a directory elsewhere, which is never touched");
  }
  if (standing->kind != FileKind::directory) {
    return name_taken(operation, "something that is no directory has the plugin's name");
  }
  return standing;
}

Error not_to_be_replaced(const PublishDirectory& operation) {
  return name_taken(operation, "a directory with the plugin's name is already there");
}

/// Whether this is the version that was staged: its inode says so; where inodes do not last, its content.
Result<bool> is_the_staged(const platform::Directory& parent, const std::string& name,
                           const std::optional<FileInfo>& info, const PublishDirectory& operation) {
  if (!info || info->kind != FileKind::directory) return false;
  if (operation.staged_inode != 0 && info->inode == operation.staged_inode) return true;
  ASSIGN_OR_RETURN(const std::string digest, directory_digest(parent, name));
  return digest == operation.digest && digest != operation.replaced_digest;
}

/// Fills in what the commit record must know about what stands there and what is staged.
Status note_digests(const WritableDirectory& plugins, const WritableDirectory& staged_parent,
                    const std::optional<FileInfo>& standing, PublishDirectory& operation) {
  const std::string name = plugin_place(operation.staged).name;
  ASSIGN_OR_RETURN(const FileInfo staged, staged_parent.info(name, Links::refuse));
  ASSIGN_OR_RETURN(const std::string digest, directory_digest(staged_parent, name));
  if (operation.entry.empty() && !operation.digest.empty() && operation.digest != digest) {
    return name_taken(operation, "the copy that was kept is no longer what it was");
  }
  operation.staged_inode = staged.inode;
  operation.digest = digest;
  if (!standing) return ok();
  ASSIGN_OR_RETURN(const std::string replaced, directory_digest(plugins, operation.directory));
  if (!operation.replaced_digest.empty() && operation.replaced_digest != replaced) {
    return name_taken(operation, "the plugin's files changed since");
  }
  operation.replaced_digest = replaced;
  return ok();
}

/// Every file that was shipped stands there with the same bytes: installing it would change nothing.
bool stands_already(const platform::Directory& plugin, const sources::Receipt& receipt) {
  for (const sources::ReceiptFile& file : receipt.files) {
    const auto found = store::hash_file(plugin, file.path);
    if (!found || found->sha256 != file.sha256) return false;
  }
  return true;
}

Edits edits_of(const PublishDirectory& operation) {
  return operation.as_shipped ? Edits::stay_behind : Edits::go_along;
}

Status carry_into_staged(const platform::Directory& old, const sources::Receipt& fetched, PublishDirectory& operation,
                         WritableDirectory& staged, WritableDirectory& scratch) {
  ASSIGN_OR_RETURN(const TreeSnapshot seen, take_snapshot(old));
  ASSIGN_OR_RETURN(const auto receipt, read_matching_receipt(old));
  const bool same_offer = receipt && receipt->version == fetched.version && receipt->origin == fetched.origin;
  if (same_offer) operation.fetched_before = receipt->digest;
  const auto carried = carry_over({old, seen, receipt, edits_of(operation)}, staged, scratch);
  return carried ? ok() : Status(carried.error());
}

/// What is staged survives a power cut, and the commit record knows what it is.
Status settle_staged(Site& site, const WritableDirectory& plugins, WritableDirectory& scratch,
                     WritableDirectory& staged, const std::optional<FileInfo>& standing, PublishDirectory& operation) {
  if (!site.waits_once_for_all()) {
    RETURN_IF_ERROR(platform::sync_tree(staged));
    RETURN_IF_ERROR(scratch.sync());
  }
  return note_digests(plugins, scratch, standing, operation);
}

/// The version of this plugin that stands there: its manifest's, or where that cannot be used its receipt's.
std::string standing_version(const WritableDirectory& plugins, const PublishDirectory& operation) {
  const auto plugin = plugins.open(operation.directory, Links::refuse);
  if (!plugin) return {};
  const ManifestFile manifest = read_manifest_file(**plugin);
  if (manifest.state == ManifestFile::State::good) {
    const sources::Manifest& says = manifest.reading.manifest;
    return says.id == operation.plugin_id ? says.version : std::string();
  }
  const auto receipt = read_receipt(**plugin);
  return receipt && receipt->plugin_id == operation.plugin_id ? receipt->version : std::string();
}

Status prepare_fetched(Site& site, PublishDirectory& operation, const Materials& materials) {
  if (materials.entry == nullptr || site.world().store == nullptr) {
    return Error{.code = ErrorCode::internal, .message = "no registry entry to install from"};
  }
  const ContainerPath where = plugin_place(operation.staged);
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const auto scratch, site.below_container(where.parent));
  RETURN_IF_ERROR(scratch->make_directory(where.name, {.mode = 0700}));
  ASSIGN_OR_RETURN(const auto staged, scratch->open_writable(where.name, Links::refuse));
  std::string reason;
  auto plugin = stage_plugin(
      {*site.world().store, *materials.entry, operation.plugin_id, operation.accept_any_id, operation.version,
       materials.core_version, materials.newer_than, standing_version(*plugins, operation)},
      *staged, reason);
  if (materials.refusal != nullptr) *materials.refusal = reason;
  if (!reason.empty()) site.world().store->forget(*materials.entry);
  if (!plugin) return std::move(plugin).error();
  operation.version = plugin->version;
  operation.fetched = plugin->receipt.digest;
  if (operation.accept_any_id) operation.plugin_id = operation.directory = plugin->id;

  ASSIGN_OR_RETURN(const auto standing, check_standing(*plugins, operation));
  ASSIGN_OR_RETURN(const FileInfo model, standing ? Result<FileInfo>(*standing) : plugins->self());
  RETURN_IF_ERROR(adopt_attributes(*scratch, where.name, model, site.world().is_root));
  if (standing) {
    ASSIGN_OR_RETURN(const auto old, plugins->open(operation.directory, Links::refuse));
    const bool identical = stands_already(*old, plugin->receipt);
    if (!identical && operation.kept.empty()) return not_to_be_replaced(operation);
    if (operation.accept_any_id && read_manifest_file(*old).state == ManifestFile::State::damaged) {
      return name_taken(operation, "a directory with that name is there and its manifest cannot be used");
    }
    if (identical) {
      ASSIGN_OR_RETURN(operation.digest, directory_digest(*plugins, operation.directory));
      operation.replaced_digest = operation.digest;
      return ok();
    }
    RETURN_IF_ERROR(carry_into_staged(*old, plugin->receipt, operation, *staged, *scratch));
  } else {
    operation.kept.clear();
  }
  return settle_staged(site, *plugins, *scratch, *staged, standing, operation);
}

/// Links that the checkout had may stay; a new one may lead anywhere.
Status refuse_new_links(const platform::Directory& old, const platform::Directory& staged) {
  ASSIGN_OR_RETURN(const TreeSnapshot before, take_snapshot(old));
  ASSIGN_OR_RETURN(const TreeSnapshot now, take_snapshot(staged));
  for (const auto& [path, item] : now.items) {
    const auto* was = before.find(path);
    if (item.kind != FileKind::link || (was != nullptr && *was == item)) continue;
    return Error{.code = ErrorCode::refused,
                 .message = fmt::format("the new version holds a link, '{}', and a link may lead anywhere", path)};
  }
  return ok();
}

/// A copy of the checkout, its own files and the owner's alike, is brought to the tip of its branch.
Status prepare_checkout(Site& site, PublishDirectory& operation, const Materials& materials) {
  const ContainerPath where = plugin_place(operation.staged);
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const auto standing, check_standing(*plugins, operation));
  ASSIGN_OR_RETURN(const auto old, plugins->open(operation.directory, Links::refuse));
  ASSIGN_OR_RETURN(const auto scratch, site.below_container(where.parent));
  RETURN_IF_ERROR(scratch->make_directory(where.name, {.mode = 0700}));
  ASSIGN_OR_RETURN(const auto staged, scratch->open_writable(where.name, Links::refuse));
  RETURN_IF_ERROR(platform::copy_tree(*old, *staged));
  RETURN_IF_ERROR(fast_forward(*staged, *materials.git));
  std::string reason;
  auto version = check_checkout(*staged, operation.plugin_id, materials.newer_than, materials.core_version, reason);
  if (materials.refusal != nullptr) *materials.refusal = reason;
  if (!version) return std::move(version).error();
  operation.version = std::move(*version);
  RETURN_IF_ERROR(refuse_new_links(*old, *staged));
  ASSIGN_OR_RETURN(const FileInfo model, standing ? Result<FileInfo>(*standing) : plugins->self());
  RETURN_IF_ERROR(adopt_attributes(*scratch, where.name, model, site.world().is_root));
  return settle_staged(site, *plugins, *scratch, *staged, standing, operation);
}

/// What is staged was a plugin directory before: it is taken as it is.
Status prepare_kept(Site& site, PublishDirectory& operation) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(auto* container, site.container());
  const ContainerPath where = plugin_place(operation.staged);
  ASSIGN_OR_RETURN(const auto parent, container->open_writable(where.parent, Links::refuse));
  ASSIGN_OR_RETURN(const auto standing, check_standing(*plugins, operation));
  if (standing && operation.kept.empty()) return not_to_be_replaced(operation);
  return note_digests(*plugins, *parent, standing, operation);
}

/// One application, of which everything may already be done.
class Publication {
 public:
  Publication(Site& site, const PublishDirectory& operation, WritableDirectory& plugins, WritableDirectory& container)
      : site_(site),
        operation_(operation),
        plugins_(plugins),
        container_(container),
        where_(plugin_place(operation.staged)) {}

  Result<Applied> run() {
    auto parent = container_.open_writable(where_.parent, Links::refuse);
    if (!parent && parent.error().code != ErrorCode::not_found) return parent.error();
    std::optional<FileInfo> staged;
    if (parent) {
      parent_ = std::move(*parent);
      ASSIGN_OR_RETURN(staged, standing_at(*parent_, where_.name));
    }
    ASSIGN_OR_RETURN(const auto standing, standing_at(plugins_, operation_.directory));
    // Published before, or taken back before.
    if (!staged) return finished(standing ? Outcome::already : Outcome::moved);
    if (standing && operation_.digest == operation_.replaced_digest) return finished(Outcome::already);
    ASSIGN_OR_RETURN(const bool exchanged, is_exchanged(*staged, standing));
    if (exchanged) return finish_replacement(std::nullopt);
    if (!standing) return publish_new();
    if (operation_.kept.empty() || standing->kind != FileKind::directory) return finished(Outcome::moved);
    return replace();
  }

 private:
  /// Which of the two is the new version? Its inode says so; where inodes do not last, its content.
  Result<bool> is_exchanged(const FileInfo& staged, const std::optional<FileInfo>& standing) const {
    if (!standing || staged.inode == operation_.staged_inode) return false;
    if (standing->inode == operation_.staged_inode) return true;
    if (standing->kind != FileKind::directory) return false;
    ASSIGN_OR_RETURN(const std::string digest, directory_digest(plugins_, operation_.directory));
    return digest == operation_.digest;
  }

  Result<Applied> publish_new() {
    const auto sync = site_.waits_once_for_all() ? platform::Sync::no : platform::Sync::yes;
    const auto moved = move_directory(*parent_, where_.name, plugins_, operation_.directory, sync);
    if (!moved && moved.error().code == ErrorCode::conflict) return finished(Outcome::moved);
    if (!moved) return moved.error();
    note(*moved);
    return finished(Outcome::done);
  }

  Result<Applied> replace() {
    ASSIGN_OR_RETURN(const auto old, plugins_.open(operation_.directory, Links::refuse));
    ASSIGN_OR_RETURN(TreeSnapshot before, take_snapshot(*old));
    if (carries() && directory_digest(before) != operation_.replaced_digest) {
      ASSIGN_OR_RETURN(const auto receipt, read_matching_receipt(*old));
      ASSIGN_OR_RETURN(const auto staged, parent_->open_writable(where_.name, Links::refuse));
      const auto carried = refresh_carried({*old, before, receipt, edits_of(operation_)}, *staged, *parent_);
      if (!carried) return carried.error();
    }
    const Status exchanged = parent_->rename(where_.name, plugins_, operation_.directory, RenameMode::exchange);
    if (!exchanged && exchanged.error().code == ErrorCode::unsupported) return replace_in_steps();
    if (!exchanged) return exchanged.error();
    RETURN_IF_ERROR(plugins_.sync());
    RETURN_IF_ERROR(parent_->sync());
    return finish_replacement(std::move(before));
  }

  /// Without an exchange the name is empty for a moment, and the old version lies whole in kept/ before that.
  Result<Applied> replace_in_steps() {
    ASSIGN_OR_RETURN(const auto kept_parent, kept_directory());
    const std::string kept_name = split_container_path(operation_.kept).name;
    if (operation_.kept == operation_.staged) {
      return Error{.code = ErrorCode::unsupported,
                   .message = "this disk cannot exchange two directories, so the kept version cannot be put back",
                   .where = operation_.directory};
    }
    applied_.notes.emplace_back(kNotAtomicHere);
    const auto moved = move_directory(plugins_, operation_.directory, *kept_parent, kept_name);
    if (!moved) return moved.error();
    return publish_new();
  }

  Result<Applied> finish_replacement(const std::optional<TreeSnapshot>& before) {
    if (carries()) RETURN_IF_ERROR(carry_late(before));
    if (operation_.kept != operation_.staged) {
      ASSIGN_OR_RETURN(const auto kept_parent, kept_directory());
      const auto moved =
          move_directory(*parent_, where_.name, *kept_parent, split_container_path(operation_.kept).name);
      if (!moved) return moved.error();
      note(*moved);
    }
    return finished(Outcome::done);
  }

  Status carry_late(const std::optional<TreeSnapshot>& before) {
    ASSIGN_OR_RETURN(const auto old, parent_->open(where_.name, Links::refuse));
    ASSIGN_OR_RETURN(const TreeSnapshot seen, take_snapshot(*old));
    ASSIGN_OR_RETURN(const auto receipt, read_matching_receipt(*old));
    ASSIGN_OR_RETURN(const auto published, plugins_.open_writable(operation_.directory, Links::refuse));
    ASSIGN_OR_RETURN(const CarryReport report,
                     carry_changes({*old, seen, receipt, edits_of(operation_)}, before, *published, *parent_));
    for (const std::string& path : report.left) {
      applied_.notes.push_back(fmt::format("{}/{} was changed at the last moment; that version is in {}",
                                           operation_.directory, path, operation_.kept));
    }
    return ok();
  }

  /// What a version brings with it is carried only from one version to another, never into one that is put back.
  [[nodiscard]] bool carries() const { return !operation_.entry.empty(); }

  Result<std::unique_ptr<WritableDirectory>> kept_directory() {
    return site_.below_container(split_container_path(operation_.kept).parent);
  }

  void note(MoveResult result) {
    if (result == MoveResult::copied) applied_.notes.emplace_back(kNotAtomicHere);
  }

  Result<Applied> finished(Outcome outcome) {
    applied_.outcomes = {outcome};
    applied_.version = operation_.version;
    if (outcome == Outcome::done) {
      ASSIGN_OR_RETURN(applied_.digest, directory_digest(plugins_, operation_.directory));
    } else if (outcome == Outcome::already) {
      applied_.digest = operation_.digest;
    }
    if (!site_.waits_once_for_all()) RETURN_IF_ERROR(take_back(site_, operation_));  // what is left in staging/
    return applied_;
  }

  Site& site_;
  const PublishDirectory& operation_;
  WritableDirectory& plugins_;
  WritableDirectory& container_;
  ContainerPath where_;
  std::unique_ptr<WritableDirectory> parent_;
  Applied applied_;
};

/// After an exchange that was cut off, what lies there is the old version, and the only one.
Status check_only_the_staged(const platform::Directory& staging, const PublishDirectory& operation) {
  if (operation.staged_inode == 0) return ok();  // never committed
  const ContainerPath place = plugin_place(operation.staged);
  const auto own = staging.open(split_container_path(place.parent).name, Links::refuse);
  if (!own && own.error().code == ErrorCode::not_found) return ok();
  if (!own) return own.error();
  ASSIGN_OR_RETURN(const auto left, standing_at(**own, place.name));
  if (!left) return ok();
  ASSIGN_OR_RETURN(const bool ours, is_the_staged(**own, place.name, left, operation));
  return ours ? ok() : Status(name_taken(operation, "the version that was there before is not back in its place yet"));
}

/// Where a new plugin goes when its install is undone: "kept/3-clock" for what was staged in "staging/3-clock".
std::string kept_path_for(const PublishDirectory& operation) {
  if (!is_staging_path(operation.staged)) return operation.staged;
  return "kept/" + split_container_path(operation.staged).name;
}

}  // namespace

Status prepare(Site& site, PublishDirectory& operation, const Materials& materials) {
  if (operation.entry.empty()) return prepare_kept(site, operation);
  if (materials.git != nullptr) return prepare_checkout(site, operation, materials);
  return prepare_fetched(site, operation, materials);
}

Result<Applied> apply(Site& site, const PublishDirectory& operation) {
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(auto* container, site.container());
  return Publication(site, operation, *plugins, *container).run();
}

Status take_back(Site& site, const PublishDirectory& operation) {
  // Where it goes back to where it came from, what it displaces lies there.
  if (!is_staging_path(operation.staged) || operation.staged == operation.kept) return ok();
  ASSIGN_OR_RETURN(auto* container, site.existing_container());
  if (container == nullptr) return ok();
  const ContainerPath place = split_container_path(operation.staged);  // the others of this transaction stay
  const auto staging = container->open_writable(place.parent, Links::refuse);
  if (!staging) return staging.error().code == ErrorCode::not_found ? ok() : Status(staging.error());
  RETURN_IF_ERROR(check_only_the_staged(**staging, operation));
  const platform::RemovedTree removed = platform::remove_tree(**staging, place.name);
  if (!removed.complete()) return removed.first_error;
  return site.waits_once_for_all() ? ok() : clear_staging(site);
}

std::optional<Operation> invert(const PublishDirectory& operation, const Applied& applied) {
  if (!is_ours(applied)) return std::nullopt;
  if (operation.kept.empty()) {
    return SetDirectoryAside{.plugin_id = operation.plugin_id,
                             .directory = operation.directory,
                             .kept = kept_path_for(operation),
                             .digest = applied.digest};
  }
  return PublishDirectory{.plugin_id = operation.plugin_id,
                          .directory = operation.directory,
                          .staged = operation.kept,
                          .kept = operation.kept,
                          .replaced_digest = applied.digest};
}

Result<std::optional<Operation>> reverse(Site& site, const PublishDirectory& operation, const Applied& /*applied*/) {
  if (operation.digest == operation.replaced_digest) return std::nullopt;  // nothing was to be done
  ASSIGN_OR_RETURN(auto* plugins, site.plugins());
  ASSIGN_OR_RETURN(const auto standing, standing_at(*plugins, operation.directory));
  const auto lies_at = [&site](const ContainerPath& where) -> Result<bool> {
    ASSIGN_OR_RETURN(auto* container, site.existing_container());
    if (container == nullptr) return false;
    const auto parent = container->open(where.parent, Links::refuse);
    if (!parent && parent.error().code == ErrorCode::not_found) return false;
    if (!parent) return parent.error();
    ASSIGN_OR_RETURN(const auto found, standing_at(**parent, where.name));
    return found.has_value();
  };
  ASSIGN_OR_RETURN(const bool published, is_the_staged(*plugins, operation.directory, standing, operation));
  ASSIGN_OR_RETURN(const bool still_staged, lies_at(plugin_place(operation.staged)));
  if (operation.kept.empty()) {
    if (!published || still_staged) return std::nullopt;
    return SetDirectoryAside{
        .plugin_id = operation.plugin_id, .directory = operation.directory, .kept = kept_path_for(operation)};
  }
  ASSIGN_OR_RETURN(const bool old_is_kept, lies_at(split_container_path(operation.kept)));
  PublishDirectory back{.plugin_id = operation.plugin_id, .directory = operation.directory};
  if (published && (old_is_kept || still_staged)) {
    back.staged = back.kept = old_is_kept ? operation.kept : operation.staged;
    return back;
  }
  if (standing || !old_is_kept || operation.kept == operation.staged) return std::nullopt;
  back.staged = operation.kept;  // in two steps, of which only the first was done
  return back;
}

}  // namespace trueup::engine
