#include "store/plugin_source.h"

namespace trueup::store {

UnpackRequest unpack_request_of(const FetchLimits& limits) {
  return {.most_bytes = limits.total_bytes,
          .most_file_bytes = limits.tree.file_bytes,
          .most_files = limits.tree.entries,
          .most_depth = limits.tree.depth};
}

Result<FetchedPlugin> PluginSource::fetch_kept(const model::RegistryEntry& entry, const std::string& version,
                                               platform::WritableDirectory& /*into*/,
                                               const FetchLimits& /*limits*/) const {
  return Error{.code = ErrorCode::not_found, .message = "version " + version + " is not kept here", .where = entry.id};
}

}  // namespace trueup::store
