// Whatever the list of waits says, no wait is for nobody or longer than two hours, and it is written as it was read.
// links: store
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/source_waits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::store;
  const SourceWaits waits = decode_source_waits(std::string(reinterpret_cast<const char*>(data), size));
  for (const SourceWait& wait : waits) {
    if (wait.place.empty() || wait.wait_ms < 0 || wait.wait_ms > 7'200'000) std::abort();
  }
  if (decode_source_waits(encode(waits)) != waits) std::abort();
  return 0;
}
