// Any bytes as what the display tells: only well-formed ids come out, sorted, each once, and no text is endless.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/runtime_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto health = trueup::sources::decode_health(bytes);
  if (health && health->says.size() > trueup::limits::kMaxRuntimeTextBytes) std::abort();
  const auto snapshot = trueup::sources::decode_runtime_snapshot(bytes, std::vector<std::string>{"secret"});
  if (!snapshot) return 0;
  if (!(snapshot->stale_after >= 0) || snapshot->plugins.size() > trueup::limits::kMaxRuntimePlugins) std::abort();
  const std::string* before = nullptr;
  for (const auto& plugin : snapshot->plugins) {
    if (!trueup::model::PluginId::well_formed(plugin.id) || (before != nullptr && *before >= plugin.id)) std::abort();
    if (plugin.problem.size() > trueup::limits::kMaxRuntimeTextBytes) std::abort();
    before = &plugin.id;
  }
  return 0;
}
