#include "store/given_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "store/copy_offered.h"
#include "store/manifest_version.h"
#include "store/registry.h"

namespace trueup::store {
namespace {

using platform::Directory;
using platform::FileKind;
using platform::Links;

constexpr const char* kManifest = "manifest.json";

/// What work on a plugin leaves beside its files.
bool is_no_part_of_a_plugin(const std::string& name) {
  return name == ".git" || name == "__pycache__" || name == ".dependencies_installed" || name.ends_with(".pyc");
}

Error no_plugin(const std::string& path, std::string message) {
  return Error{.code = ErrorCode::invalid,
               .message = std::move(message),
               .where = path,
               .hint = "a plugin is a directory with a manifest.json, or an archive of one"};
}

/// The directory that a path lies in, and its name there. Nothing for "/", which is no file.
std::pair<std::string, std::string> parts_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Result<std::unique_ptr<platform::File>> open_archive(const platform::FileSystem& disk, const std::string& path) {
  const auto [parent, name] = parts_of(path);
  ASSIGN_OR_RETURN(const auto directory, disk.open_root_for_reading(parent));
  ASSIGN_OR_RETURN(const auto info, directory->info(name, Links::follow));
  if (info.kind != FileKind::regular) return no_plugin(path, "this is neither a directory nor a file");
  if (info.size > limits::kMaxArchiveBytes) return no_plugin(path, "this file is larger than an archive may be");
  return directory->open_file(name, Links::follow);
}

Result<std::string> id_in_directory(const Directory& directory, const std::string& path) {
  auto file = directory.read(kManifest, limits::kMaxManifestBytes, Links::refuse);
  if (!file && file.error().code == ErrorCode::not_found) return no_plugin(path, "there is no manifest.json in it");
  if (!file) return std::move(file).error();
  return manifest_id(std::move(file->bytes));
}

/// Where it really lies, and what it is.
Result<GivenPlugin> find_given(const platform::FileSystem& disk, const std::string& path) {
  const auto [parent, name] = parts_of(path);
  ASSIGN_OR_RETURN(const auto directory, disk.open_root_for_reading(parent));
  const std::string here = name.empty() ? "." : name;
  ASSIGN_OR_RETURN(const auto info, directory->info(here, Links::follow));
  ASSIGN_OR_RETURN(std::string real, directory->real_path(here));
  return GivenPlugin{.path = std::move(real), .is_archive = info.kind != FileKind::directory};
}

}  // namespace

Result<GivenPlugin> look_at_given(const platform::FileSystem& disk, Fetcher& fetcher, std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  ASSIGN_OR_RETURN(GivenPlugin given, find_given(disk, path));
  if (!given.is_archive) {
    ASSIGN_OR_RETURN(const auto plugin, disk.open_root_for_reading(given.path));
    ASSIGN_OR_RETURN(given.id, id_in_directory(*plugin, given.path));
  } else {
    ASSIGN_OR_RETURN(const auto archive, open_archive(disk, given.path));
    const PeekResult peeked = fetcher.peek({}, *archive);
    if (const auto* failed = std::get_if<FetchFailure>(&peeked)) return error_of(*failed, given.path);
    given.id = std::get<PeekedAnswer>(peeked).id;
  }
  if (given.id.empty()) return no_plugin(given.path, "its manifest.json states no id");
  return given;
}

Result<model::RegistryFacts> GivenSource::registry() const {
  model::RegistryEntry entry{.id = given_.id, .source = std::string(model::kGivenSource) + given_.path};
  entry.digest = fingerprint_hex(entry.source);
  const auto known = inner_ == nullptr ? Result<model::RegistryFacts>(Error{}) : inner_->registry();
  const auto add_name = [&entry](const std::string& name) {
    const bool has = name.empty() || name == entry.id || std::ranges::count(entry.aliases, name) > 0;
    if (!has) entry.aliases.push_back(name);
  };
  if (known) {
    for (const model::RegistryEntry* one : entries_for(*known, given_.id)) {
      add_name(one->id);
      add_name(one->directory);
      for (const std::string& alias : one->aliases) add_name(alias);
    }
  }
  model::RegistryFacts facts{.present = true, .origin = entry.source};
  facts.entries.push_back(std::move(entry));
  return facts;
}

Result<std::vector<TreeFile>> GivenSource::contents(const model::RegistryEntry& entry,
                                                    const FetchLimits& /*limits*/) const {
  return Error{
      .code = ErrorCode::unsupported, .message = "its files are known when they were taken", .where = entry.id};
}

Result<FetchedPlugin> GivenSource::fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                                         const FetchLimits& limits) const {
  FetchedPlugin fetched{.origin = entry.source};
  if (!given_.is_archive) {
    ASSIGN_OR_RETURN(const auto from, disk_.open_root_for_reading(given_.path));
    ASSIGN_OR_RETURN(fetched.digest, copy_offered(*from, into, limits, is_no_part_of_a_plugin));
    return fetched;
  }
  ASSIGN_OR_RETURN(const auto archive, open_archive(disk_, given_.path));
  const UnpackResult result = fetcher_.unpack(unpack_request_of(limits), *archive, into, nullptr);
  if (const auto* failed = std::get_if<FetchFailure>(&result)) return error_of(*failed, given_.path);
  fetched.digest = std::get<UnpackedAnswer>(result).digest;
  return fetched;
}

}  // namespace trueup::store
