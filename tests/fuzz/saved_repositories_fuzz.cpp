// Whatever the list of saved repositories says, what is taken from it are addresses, each once, and a few of them.
// links: store
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "store/registry.h"
#include "store/saved_repositories.h"
#include "store/web_address.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::store;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto saved = decode_saved(text)) {
    require(saved->size() <= trueup::limits::kMaxSavedRepositories);
    std::set<std::string> urls;
    for (const SavedRepository& one : *saved) {
      require(urls.insert(one.url).second);
      for (const std::string& place : places_of(one)) require(parse_web_address(place).has_value());
    }
  }
  if (auto registry = registry_of_manifest(text, "https://host/u/r")) {
    require(trueup::store::decode_registry(std::move(*registry), "fuzz").has_value());
  }
  return 0;
}
