// Whatever a lock file says, what is read from it names plugins and places inside their repositories, and is written as
// it was read.
// links: store
#include <cstdint>
#include <cstdlib>
#include <string>

#include "model/plugin_id.h"
#include "store/lock_file.h"
#include "store/registry.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup;
  const auto lock = store::decode_lock_file(std::string(reinterpret_cast<const char*>(data), size));
  if (!lock) return 0;
  for (const store::LockedPlugin& plugin : lock->plugins) {
    require(model::PluginId::well_formed(plugin.id) && model::PluginId::well_formed(plugin.entry));
    require(plugin.plugin_path.empty() || store::directory_of_plugin_path(plugin.plugin_path).has_value());
  }
  const auto again = store::decode_lock_file(store::encode(*lock));
  require(again && again->plugins == lock->plugins);
  return 0;
}
