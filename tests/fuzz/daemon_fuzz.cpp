// What a stranger may send over the daemon's socket, in pieces of any size, and what may stand in its file of
// operations: no more is kept than is allowed, and what is accepted survives being written again.
// links: service
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/frames.h"
#include "service/operations.h"
#include "service/request.h"

namespace {

using namespace trueup::service;  // NOLINT(google-build-using-namespace)

void read_request(std::string bytes) {
  const auto request = decode_request(std::move(bytes));
  if (!request) return;
  const auto again = decode_request(encode(*request));
  if (!again || *again != *request) std::abort();
}

void read_operations(std::string bytes) {
  auto operations = Operations::decode(std::move(bytes));
  if (!operations) return;
  operations->restart();
  const auto again = Operations::decode(operations->encode());
  if (!again || *again != *operations) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLimit = 1000;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  FrameReader reader(kLimit);
  const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 7U;
  for (std::size_t at = 0; at < size; at += piece) {
    reader.feed(bytes.substr(at, piece));
    const auto frame = reader.next();
    if (!frame) break;
    if (!*frame) continue;
    if ((**frame).body.size() > kLimit) std::abort();
    read_request((**frame).body);
  }
  read_request(std::string(bytes));
  read_operations(std::string(bytes));
  return 0;
}
