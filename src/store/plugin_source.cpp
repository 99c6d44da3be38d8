#include "store/plugin_source.h"

namespace trueup::store {

Result<FetchedPlugin> PluginSource::fetch_kept(const model::RegistryEntry& entry, const std::string& version,
                                               platform::WritableDirectory& /*into*/,
                                               const FetchLimits& /*limits*/) const {
  return Error{.code = ErrorCode::not_found, .message = "version " + version + " is not kept here", .where = entry.id};
}

}  // namespace trueup::store
