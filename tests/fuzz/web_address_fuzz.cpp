// Whatever text is taken for an address, written out it is the same address, of a scheme that is used, without a
// password, and on one line.
// links: store
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/web_address.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::store;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto check = [](const trueup::Result<WebAddress>& address) {
    if (!address) return;
    const std::string written = address->text();
    require(written.starts_with("https://") || written.starts_with("file:///"));
    require(written.find_first_of(" \r\n\t\\") == std::string::npos);
    require(address->host.find('@') == std::string::npos);
    const auto again = parse_web_address(written);
    require(again && *again == *address);
  };
  check(parse_web_address(text));
  check(parse_repository(text));
  const auto of_branch = archive_of({.repository = "https://host/u/r", .branch = text});
  check(of_branch);
  if (of_branch) require(of_branch->path.starts_with("/u/r/archive/refs/heads/"));
  return 0;
}
