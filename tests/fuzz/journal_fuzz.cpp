// Whatever the journal's bytes are: a prefix of whole records or a refusal, and the same again from that prefix alone.
// links: ledger
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ledger/journal.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto content = trueup::ledger::parse_journal(bytes);
  if (!content) {
    require(!content.error().message.empty() && !content.error().hint.empty());
    return 0;
  }
  require(content->sound_bytes + content->torn_bytes == size);
  require(content->sound_bytes == 0 || bytes[content->sound_bytes - 1] == '\n');
  const auto again = trueup::ledger::parse_journal(bytes.substr(0, content->sound_bytes));
  require(again && again->unfinished == content->unfinished && again->torn_bytes == 0);
  return 0;
}
