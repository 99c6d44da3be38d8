// Whatever a registry says, what is taken from it is clean: ids that a plugin may have, each once, and directories
// that are one plain name.
// links: store
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "base/limits.h"
#include "model/plugin_id.h"
#include "store/registry.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto facts = trueup::store::decode_registry(text, "fuzz");
  if (!facts) return 0;
  std::set<std::string> ids;
  for (const auto& entry : facts->entries) {
    require(trueup::model::PluginId::parse(entry.id).has_value());
    require(ids.insert(entry.id).second);
    require(entry.directory.empty() || trueup::model::PluginId::well_formed(entry.directory));
    require(entry.description.size() <= trueup::limits::kMaxRegistryTextBytes);
    for (const auto& alias : entry.aliases) require(trueup::model::PluginId::well_formed(alias));
    require(trueup::store::find_entry(*facts, entry.id) == &entry);
  }
  return 0;
}
