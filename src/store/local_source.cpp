#include "store/local_source.h"

#include <fmt/core.h>

#include <utility>

#include "store/copy_offered.h"
#include "store/registry.h"
#include "store/tree_digest.h"

namespace trueup::store {

namespace {

using platform::Directory;
using platform::Links;
using platform::WritableDirectory;

std::string joined(const std::string& parent, const std::string& name) {
  return parent.empty() ? name : fmt::format("{}/{}", parent, name);
}

}  // namespace

Result<model::RegistryFacts> LocalSource::registry() const {
  ASSIGN_OR_RETURN(const auto root, disk_.open_root_for_reading(path_));
  ASSIGN_OR_RETURN(auto file, root->read("plugins.json", limits::kMaxRegistryBytes, Links::refuse));
  auto facts = decode_registry(std::move(file.bytes), path_);
  if (!facts) {
    Error error = std::move(facts).error();
    error.where = joined(path_, "plugins.json");
    return error;
  }
  return facts;
}

Result<std::unique_ptr<Directory>> LocalSource::open_plugin(const model::RegistryEntry& entry) const {
  if (entry.directory.empty()) {
    return Error{
        .code = ErrorCode::not_found,
        .message = fmt::format("the registry lists '{}' without a directory, so its files are not there", entry.id),
        .where = path_};
  }
  ASSIGN_OR_RETURN(const auto root, disk_.open_root_for_reading(path_));
  return root->open(fmt::format("plugins/{}", entry.directory), Links::refuse);
}

Result<std::vector<TreeFile>> LocalSource::contents(const model::RegistryEntry& entry,
                                                    const FetchLimits& limits) const {
  ASSIGN_OR_RETURN(const auto plugin, open_plugin(entry));
  return hash_tree(*plugin, limits.tree);
}

Result<FetchedPlugin> LocalSource::fetch(const model::RegistryEntry& entry, WritableDirectory& into,
                                         const FetchLimits& limits) const {
  ASSIGN_OR_RETURN(const auto from, open_plugin(entry));
  ASSIGN_OR_RETURN(std::string digest, copy_offered(*from, into, limits));
  return FetchedPlugin{.origin = path_, .digest = std::move(digest)};
}

}  // namespace trueup::store
