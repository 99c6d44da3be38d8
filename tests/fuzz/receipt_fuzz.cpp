// Any bytes: a receipt that is taken names only files beneath its directory, and its short reading agrees.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/receipt.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto receipt = trueup::sources::decode_receipt(bytes);
  const auto facts = trueup::sources::decode_receipt_facts(bytes);
  if (!receipt) return 0;
  require(facts.has_value() && facts->plugin_id == receipt->plugin_id && facts->version == receipt->version);
  require(trueup::model::PluginId::well_formed(receipt->plugin_id));
  require(receipt->files.size() <= trueup::limits::kMaxPluginFiles);
  for (const auto& file : receipt->files) require(trueup::sources::is_path_beneath(file.path));
  return 0;
}
