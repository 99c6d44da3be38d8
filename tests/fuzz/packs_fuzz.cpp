// Whatever the list of kept plugins says, it never names a file that is none of them; nor does what is remembered of
// asking a registry make two of one.
// links: store
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/packs.h"
#include "store/registry_copy.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::store;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Packs packs = decode_packs(text);
  for (const Pack& pack : packs.packs) require(is_pack_file(pack.file) && pack.file.find('/') == std::string::npos);
  require(is_pack_file(packs.next_file()));
  for (const std::string& file : packs.add({.entry = "x", .file = packs.next_file()})) require(is_pack_file(file));
  require(!packs.packs.empty());
  if (const auto asked = decode_asked(text)) {
    const auto again = decode_asked(encode(*asked));
    require(again && *again == *asked);
  }
  return 0;
}
