#include "web/api/schema_text.h"

#include "engine/choice.h"
#include "engine/look.h"
#include "json/document.h"
#include "json/write.h"
#include "planner/situation.h"
#include "sources/disk_source.h"
#include "sources/schema_file.h"

namespace trueup::web {

Result<SchemaText> read_schema_text(engine::World& world, const std::string& id) {
  ASSIGN_OR_RETURN(const auto seen, engine::look(world));
  const planner::Situations situations(seen.observation);
  ASSIGN_OR_RETURN(const auto* plugin, engine::chosen_plugin(seen.observation, situations, id));
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  if (plugin->directory() == nullptr) return SchemaText{.json = {}, .problem = "the plugin is not installed"};
  ASSIGN_OR_RETURN(const auto plugins,
                   sources::open_plugins(
                       *root, world.file_system,
                       {.root_path = world.root, .configured = seen.observation.disk.path, .installation_id = {}}));
  const auto file = sources::read_schema_file(*plugins, *plugin->directory());
  if (!file) return SchemaText{.json = {}, .problem = file.error().message};
  if (!*file) return SchemaText{};
  const auto document = json::Document::parse((*file)->bytes);
  if (!document || !document->root().is_object()) {
    return SchemaText{.json = {}, .problem = "its config_schema.json is no JSON object"};
  }
  json::Writer out;
  out.value(document->root());
  std::string text = std::move(out).text();
  if (!json::Document::parse(text, json::Dialect::strict)) {
    return SchemaText{.json = {}, .problem = "its config_schema.json holds NaN or Infinity"};
  }
  return SchemaText{.json = std::move(text), .problem = {}};
}

}  // namespace trueup::web
