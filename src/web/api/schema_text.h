// A plugin's config_schema.json as a client gets it: as it stands where it is JSON that everybody reads, else a plain
// one and why. It never fails for what a plugin did (failures F89, F101).
#pragma once

#include <string>

#include "base/result.h"
#include "engine/world.h"

namespace trueup::web {

struct SchemaText {
  std::string json;     // an object; empty: there is none that can be used
  std::string problem;  // why; empty also where the plugin just has none
};

/// Error: not_found, where there is no such plugin; unreadable.
Result<SchemaText> read_schema_text(engine::World& world, const std::string& id);

}  // namespace trueup::web
