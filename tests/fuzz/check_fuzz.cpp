// Any plugin gives remarks that can be shown: each says something of a file of that plugin, in order, and the same
// every time. The input is manifest, schema and code, each ended by a byte 0xFF.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>

#include "sources/plugin_check.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::optional<std::string> next_part(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto end = std::min(rest.find('\xFF'), rest.size());
  std::string part(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  trueup::sources::PluginFiles files{.directory_name = "clock"};
  files.manifest = next_part(rest);
  files.schema = next_part(rest);
  files.entry = next_part(rest);
  const auto remarks = trueup::sources::check_plugin(files);
  for (std::size_t i = 0; i < remarks.size(); ++i) {
    require(!remarks[i].says.empty() && !remarks[i].file.empty());
    require((remarks[i].line == 0) == (remarks[i].column == 0));
    if (i > 0) {
      const auto place = [](const auto& one) { return std::tie(one.file, one.line, one.column); };
      require(place(remarks[i - 1]) <= place(remarks[i]));
    }
  }
  require(trueup::sources::check_plugin(files) == remarks);
  return 0;
}
