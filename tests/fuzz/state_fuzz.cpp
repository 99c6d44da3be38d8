// Any bytes give records or an error; each record tells its problem or can serve, and no key stands twice.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "sources/python_datetime.h"
#include "sources/state_source.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(trueup::sources::python_reads_timestamp(bytes));
  const auto records = trueup::sources::decode_state(bytes);
  if (!records) {
    require(!records.error().message.empty());
    return 0;
  }
  std::set<std::string> keys;
  for (const auto& record : *records) {
    require(keys.insert(record.key).second);
    require(!record.text.empty());
    require(!record.problem.empty() || record.enabled.has_value());
    require(!record.enabled || record.enabled_text == (*record.enabled ? "true" : "false"));
  }
  return 0;
}
