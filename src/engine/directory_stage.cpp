#include "engine/directory_stage.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "engine/manifest_file.h"
#include "engine/plugin_class.h"
#include "engine/receipt.h"
#include "model/compatibility.h"
#include "model/plugin_id.h"
#include "model/version.h"
#include "platform/tree.h"
#include "store/tree_digest.h"

namespace trueup::engine {

namespace {

using platform::FileInfo;
using platform::FileKind;
using platform::Links;
using platform::WritableDirectory;

/// What the original's store asks of a manifest besides `class_name`, which it can find by itself.
constexpr std::array<std::string_view, 3> kRequiredFields{"id", "name", "display_modes"};

std::string place_of(const model::RegistryEntry& entry) {
  if (model::is_given(entry.source)) return entry.source.substr(model::kGivenSource.size());
  return fmt::format("registry entry '{}'", entry.id);
}

/// Fit for the LEDMatrix that is there, by all that a manifest or an entry says of it; `reason` says why it is not.
Status check_core(const std::string& minimum, const std::vector<std::string>& ranges, const std::string& core,
                  std::string where, std::string& reason) {
  const model::CoreFit fit = model::core_fit(minimum, ranges, core);
  if (fit == model::CoreFit::fits) return ok();
  reason = model::reason_of(fit);
  Error error{.code = ErrorCode::refused, .message = {}, .where = std::move(where)};
  if (fit == model::CoreFit::needs_newer) {
    error.message = fmt::format("this plugin asks for LEDMatrix {} or newer, and this is {}", minimum, core);
    error.hint = "nothing was changed; update LEDMatrix first";
  } else {
    error.message = fmt::format("this plugin is for LEDMatrix {}, and this is {}", fmt::join(ranges, " or "), core);
    error.hint = "nothing was changed; whoever publishes the plugin knows of a version for this one";
  }
  return error;
}

class Staging {
 public:
  Staging(const StagingOrder& order, WritableDirectory& into, std::string& reason)
      : order_(order), into_(into), reason_(reason) {}

  Result<StagedPlugin> run() {
    RETURN_IF_ERROR(check_entry());
    ASSIGN_OR_RETURN(const store::FetchedPlugin fetched, fetch());
    ASSIGN_OR_RETURN(ManifestFile manifest, check_manifest());
    RETURN_IF_ERROR(check_id(manifest.reading.manifest.id));
    RETURN_IF_ERROR(check_fields(manifest));
    RETURN_IF_ERROR(check_versions(manifest.reading.manifest));
    RETURN_IF_ERROR(check_entry_file(manifest));
    return add_receipt(fetched, manifest.reading.manifest);
  }

 private:
  [[nodiscard]] std::string place() const { return place_of(order_.entry); }

  Error refuse(std::string_view reason, std::string message) {
    reason_ = reason;
    return Error{.code = ErrorCode::refused,
                 .message = std::move(message),
                 .where = place(),
                 .hint = "nothing was installed; whoever publishes the plugin has to mend this"};
  }

  [[nodiscard]] bool wants_another() const {
    return !order_.version.empty() && order_.version != order_.entry.latest_version;
  }

  [[nodiscard]] bool stands_there(const std::string& version) const {
    return !version.empty() && version == order_.standing_version;
  }

  /// What the entry says of its newest version is no word about another one. The original's rule set takes what comes.
  Status check_entry() {
    if (wants_another() || order_.accept_any_id || stands_there(order_.entry.latest_version)) return ok();
    return check_core(order_.entry.minimum_core, order_.entry.core_ranges, order_.core_version, place(), reason_);
  }

  Result<store::FetchedPlugin> fetch() {
    const bool another = wants_another();
    auto fetched = another ? order_.source.fetch_kept(order_.entry, order_.version, into_, store::FetchLimits{})
                           : order_.source.fetch(order_.entry, into_, store::FetchLimits{});
    if (!fetched && another && fetched.error().code == ErrorCode::not_found) {
      fetched = order_.source.fetch(order_.entry, into_, store::FetchLimits{});
    }
    if (!fetched) {
      const ErrorCode code = fetched.error().code;
      if (code == ErrorCode::refused) reason_ = refusal::kOfferRefused;
      // A server's word is final until the entry changes; a directory of the owner's may be filled at any moment.
      if (code == ErrorCode::not_found && order_.source.asks_network()) reason_ = refusal::kArchiveGone;
      return fetched;
    }
    // What lies on our disk now is what was sent: a torn or short write is found here, not by the display.
    ASSIGN_OR_RETURN(files_, store::hash_tree(into_));
    if (store::tree_digest(files_) != fetched->digest) {
      return Error{.code = ErrorCode::io,
                   .message = "the files that were written are not the files that were fetched",
                   .where = into_.display_path()};
    }
    return fetched;
  }

  Result<ManifestFile> check_manifest() {
    ManifestFile manifest = read_manifest_file(into_);
    switch (manifest.state) {
      case ManifestFile::State::good: return manifest;
      case ManifestFile::State::missing:
        return refuse(refusal::kManifestInvalid, "what is offered has no manifest.json at its top");
      case ManifestFile::State::damaged: break;
    }
    if (manifest.disk_failed) {
      return Error{.code = ErrorCode::io, .message = manifest.problem, .where = into_.display_path()};
    }
    // A wrong id is its own reason: the rest may be in order.
    if (!manifest.reading.manifest.id.empty()) RETURN_IF_ERROR(check_id(manifest.reading.manifest.id));
    return refuse(refusal::kManifestInvalid,
                  fmt::format("the manifest that is offered cannot be used: {}", manifest.problem));
  }

  Status check_id(const std::string& id) {
    if (const auto parsed = model::PluginId::parse(id); !parsed) {
      return refuse(refusal::kIdNotAllowed, fmt::format("its manifest says '{}': {}", id, parsed.error().message));
    }
    if (order_.accept_any_id || id == order_.wanted_id) return ok();
    return refuse(refusal::kIdentityMismatch,
                  fmt::format("it is a different plugin: its manifest says '{}', not '{}'", id, order_.wanted_id));
  }

  Status check_fields(const ManifestFile& manifest) {
    for (const std::string_view field : kRequiredFields) {
      if (!manifest_has_field(manifest, field)) {
        return refuse(refusal::kManifestInvalid, fmt::format("its manifest has no '{}'", field));
      }
    }
    return ok();
  }

  /// The original's rule set takes what comes.
  Status check_versions(const sources::Manifest& manifest) {
    if (!order_.version.empty() && manifest.version != order_.version) {
      return refuse(refusal::kVersionGone,
                    fmt::format("it is version '{}', and only {} was asked for", manifest.version, order_.version));
    }
    if (!order_.newer_than.empty() &&
        model::compare_versions(manifest.version, order_.newer_than) != model::VersionOrder::newer) {
      return refuse(refusal::kNotNewer,
                    fmt::format("what came is version {}, which is not newer than {}, although {} is "
                                "promised",
                                manifest.version.empty() ? "(none)" : manifest.version, order_.newer_than,
                                order_.entry.latest_version));
    }
    if (order_.accept_any_id || stands_there(manifest.version)) return ok();
    return check_core(manifest.minimum_core, manifest.compatible_versions, order_.core_version, place(), reason_);
  }

  Status check_entry_file(ManifestFile& manifest) {
    const std::string& entry_point = manifest.reading.manifest.entry_point;
    const auto file = sources::is_path_beneath(entry_point)
                          ? into_.read(entry_point, limits::kMaxPluginFileBytes, Links::refuse)
                          : Result<platform::FileBytes>(Error{.code = ErrorCode::refused});
    if (!file && is_disk_failure(file.error())) return file.error();  // our disk, not the offer
    if (!file) {
      return refuse(refusal::kIncomplete,
                    fmt::format("the program it names, '{}', is not among its files", entry_point));
    }
    if (!manifest.reading.manifest.class_name.empty()) return ok();
    const auto class_name = plugin_class_in(file->bytes);
    if (!class_name) {
      return refuse(refusal::kIncomplete,
                    fmt::format("neither its manifest nor '{}' says which class to start", entry_point));
    }
    // LEDMatrix's loader needs the name in the manifest, and its own store writes it there too.
    ASSIGN_OR_RETURN(const std::string completed, manifest_with_class(manifest, *class_name));
    const std::string name(sources::kManifestName);
    RETURN_IF_ERROR(into_.overwrite(name, completed));
    for (store::TreeFile& listed : files_) {
      if (listed.path != name) continue;
      ASSIGN_OR_RETURN(listed, store::hash_file(into_, name));
    }
    return ok();
  }

  Result<StagedPlugin> add_receipt(const store::FetchedPlugin& fetched, const sources::Manifest& manifest) {
    StagedPlugin staged{.id = manifest.id, .version = manifest.version};
    staged.receipt = {.plugin_id = manifest.id,
                      .version = manifest.version,
                      .origin = fetched.origin,
                      .entry = order_.entry.id,
                      .digest = fetched.digest};
    for (const store::TreeFile& file : files_) {
      staged.receipt.files.push_back({file.path, file.sha256, file.size, file.executable});
    }
    const auto written =
        into_.write_new(std::string(sources::kReceiptName), encode_receipt(staged.receipt), {}, platform::Sync::no);
    if (!written) return written.error();
    return staged;
  }

  const StagingOrder& order_;
  WritableDirectory& into_;
  std::string& reason_;
  std::vector<store::TreeFile> files_;  // as they lie in into_
};

/// The group of the neighbours, and for root also their owner.
Status adopt_owner(WritableDirectory& parent, const std::string& name, const FileInfo& info, const FileInfo& model,
                   std::uint32_t mode, bool is_root) {
  platform::FileAttributes attributes{.mode = mode};
  if (is_root && info.uid != model.uid) attributes.uid = model.uid;
  if (info.gid != model.gid) attributes.gid = model.gid;
  if (info.mode == mode && !attributes.uid && !attributes.gid) return ok();
  Status done = parent.set_attributes(name, attributes);
  if (done || is_root || !attributes.gid) return done;
  return parent.set_attributes(name, {.mode = mode});  // a group that the user is not in
}

Status adopt_below(WritableDirectory& directory, const FileInfo& model, bool is_root, std::size_t depth) {
  if (depth > limits::kMaxPluginDepth) {
    return Error{.code = ErrorCode::internal, .message = "a staged plugin deeper than was fetched"};
  }
  ASSIGN_OR_RETURN(const auto children, directory.list());
  for (const platform::DirectoryEntry& child : children) {
    ASSIGN_OR_RETURN(const FileInfo info, directory.info(child.name, Links::refuse));
    if (child.kind == FileKind::directory) {
      ASSIGN_OR_RETURN(const auto inner, directory.open_writable(child.name, Links::refuse));
      RETURN_IF_ERROR(adopt_below(*inner, model, is_root, depth + 1));
      RETURN_IF_ERROR(adopt_owner(directory, child.name, info, model, model.mode | 0700U, is_root));
    } else {
      RETURN_IF_ERROR(adopt_owner(directory, child.name, info, model, info.mode, is_root));
    }
  }
  return ok();
}

}  // namespace

Result<std::string> check_checkout(const platform::Directory& staged, const std::string& wanted_id,
                                   const std::string& not_older_than, const std::string& core_version,
                                   std::string& reason) {
  const auto refuse = [&](std::string_view code, std::string message) {
    reason = code;
    return Error{.code = ErrorCode::refused,
                 .message = std::move(message),
                 .where = wanted_id,
                 .hint = "nothing was changed; whoever publishes the plugin has to mend this"};
  };
  const ManifestFile manifest = read_manifest_file(staged);
  if (manifest.state != ManifestFile::State::good) {
    return refuse(refusal::kManifestInvalid, "the manifest at the tip of its branch cannot be used");
  }
  const sources::Manifest& says = manifest.reading.manifest;
  if (says.id != wanted_id) {
    return refuse(refusal::kIdentityMismatch,
                  fmt::format("it is a different plugin now: its manifest says '{}', not '{}'", says.id, wanted_id));
  }
  if (model::compare_versions(says.version, not_older_than) == model::VersionOrder::older) {
    return refuse(refusal::kNotNewer, fmt::format("version {} is at the tip of its branch, and {} is installed",
                                                  says.version, not_older_than));
  }
  RETURN_IF_ERROR(check_core(says.minimum_core, says.compatible_versions, core_version, wanted_id, reason));
  if (!sources::is_path_beneath(says.entry_point) || !staged.info(says.entry_point, Links::refuse)) {
    return refuse(refusal::kIncomplete,
                  fmt::format("the program it names, '{}', is not among its files", says.entry_point));
  }
  return says.version;
}

Status check_entry_core(const model::RegistryEntry& entry, const std::string& core_version) {
  std::string reason;
  return check_core(entry.minimum_core, entry.core_ranges, core_version, place_of(entry), reason);
}

bool stands_already(const store::PluginSource& source, const model::RegistryEntry& entry,
                    const platform::Directory& plugins) {
  const auto files = source.contents(entry, store::FetchLimits{});
  if (!files || files->empty()) return false;
  for (const std::string& name : {entry.directory, entry.id}) {
    const auto plugin =
        name.empty() ? Result<std::unique_ptr<platform::Directory>>(Error{}) : plugins.open(name, Links::refuse);
    if (!plugin || read_manifest_file(**plugin).reading.manifest.id != name) continue;
    const bool same = std::ranges::all_of(*files, [&](const store::TreeFile& file) {
      const auto found = store::hash_file(**plugin, file.path);
      return found && found->sha256 == file.sha256;
    });
    if (same) return true;
  }
  return false;
}

Result<StagedPlugin> stage_plugin(const StagingOrder& order, WritableDirectory& into, std::string& reason) {
  reason.clear();
  return Staging(order, into, reason).run();
}

Status clear_staging(Site& site) {
  ASSIGN_OR_RETURN(auto* container, site.existing_container());
  if (container == nullptr) return ok();
  (void)container->remove_directory("staging");  // not empty: another transaction's, which is not finished
  return container->sync();
}

Status adopt_attributes(WritableDirectory& parent, const std::string& name, const FileInfo& model, bool is_root) {
  ASSIGN_OR_RETURN(const auto staged, parent.open_writable(name, Links::refuse));
  RETURN_IF_ERROR(adopt_below(*staged, model, is_root, 1));
  ASSIGN_OR_RETURN(const FileInfo info, parent.info(name, Links::refuse));
  return adopt_owner(parent, name, info, model, model.mode | 0700U, is_root);
}

}  // namespace trueup::engine
