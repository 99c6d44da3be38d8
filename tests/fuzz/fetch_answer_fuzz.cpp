// Whatever the download program says, it is one of the answers or none; what was understood means the same when it is
// said again.
// links: store
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/fetch_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::store;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto answer = decode_answer(text)) {
    const auto again = decode_answer(encode(*answer));
    if (!again || *again != *answer) std::abort();
  }
  if (const auto request = decode_request(text)) {
    const auto again = decode_request(encode(*request));
    if (!again || *again != *request) std::abort();
  }
  return 0;
}
