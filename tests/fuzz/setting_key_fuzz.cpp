// The name of a setting: parts or an error, and the text of the parts leads back to them.
// links: model json base
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/limits.h"
#include "model/setting_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parts = trueup::model::parse_setting_key(text);
  if (!parts) return 0;
  if (parts->empty()) std::abort();
  const std::string again = trueup::model::setting_key_text(*parts);
  if (again.size() > trueup::limits::kMaxSettingKeyBytes) return 0;  // quotes made it longer
  if (trueup::model::parse_setting_key(again) != *parts) std::abort();
  return 0;
}
