#include "sources/schema_file.h"

#include <memory>
#include <string>
#include <utility>

#include "base/limits.h"

namespace trueup::sources {
namespace {

using platform::FileBytes;
using platform::Links;

Result<FileBytes> read_bytes(const platform::Directory& plugins, const model::PluginDirectory& directory) {
  const std::string name(model::kPluginSchemaName);
  if (directory.kind == model::EntryKind::directory) {  // nearly every one: no directory is opened for it
    return plugins.read(directory.name + "/" + name, limits::kMaxPluginSchemaBytes, Links::refuse);
  }
  ASSIGN_OR_RETURN(const auto opened, plugins.open(directory.name, Links::follow));
  return opened->read(name, limits::kMaxPluginSchemaBytes, Links::refuse);
}

}  // namespace

Result<std::optional<FileBytes>> read_schema_file(const platform::Directory& plugins,
                                                  const model::PluginDirectory& directory) {
  auto file = read_bytes(plugins, directory);
  if (file) return std::optional(std::move(*file));
  if (file.error().code == ErrorCode::not_found) return std::optional<FileBytes>();
  return std::move(file).error();
}

Result<std::optional<model::PluginSchema>> read_plugin_schema(const platform::Directory& plugins,
                                                              const model::PluginDirectory& directory) {
  ASSIGN_OR_RETURN(auto file, read_schema_file(plugins, directory));
  if (!file) return std::optional<model::PluginSchema>();
  ASSIGN_OR_RETURN(auto schema, model::PluginSchema::read(std::move(file->bytes)));
  return std::optional(std::move(schema));
}

}  // namespace trueup::sources
