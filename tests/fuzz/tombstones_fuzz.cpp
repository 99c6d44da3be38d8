// Any bytes: only well-formed ids come out, each once (failure F51).
// links: sources
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "model/plugin_id.h"
#include "sources/tombstone_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tombstones = trueup::sources::decode_tombstones(std::string(reinterpret_cast<const char*>(data), size));
  if (!tombstones) return 0;
  std::set<std::string> seen;
  for (const auto& id : tombstones->ids) {
    if (!trueup::model::PluginId::well_formed(id) || !seen.insert(id).second) std::abort();
  }
  return 0;
}
