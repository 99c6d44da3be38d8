#include "sources/schema_file.h"

#include "base/limits.h"

namespace trueup::sources {

using platform::Links;

Result<std::optional<model::PluginSchema>> read_plugin_schema(const platform::Directory& plugins,
                                                              const std::string& directory) {
  const auto opened = plugins.open(directory, Links::follow);
  if (!opened) {
    if (opened.error().code == ErrorCode::not_found) return std::optional<model::PluginSchema>();
    return opened.error();
  }
  auto file = (*opened)->read(std::string(model::kPluginSchemaName), limits::kMaxPluginSchemaBytes, Links::refuse);
  if (!file) {
    if (file.error().code == ErrorCode::not_found) return std::optional<model::PluginSchema>();
    return std::move(file).error();
  }
  ASSIGN_OR_RETURN(auto schema, model::PluginSchema::read(std::move(file->bytes)));
  return std::optional(std::move(schema));
}

}  // namespace trueup::sources
