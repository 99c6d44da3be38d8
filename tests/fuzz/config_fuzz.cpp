// Any bytes: an object gives one section a key and never a secret's text; anything else an error, an accident or what
// the damaged text still shows.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "sources/config_source.h"
#include "sources/damaged_text.h"
#include "sources/documents.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sources = trueup::sources;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(sources::visible_top_level_keys(bytes));
  static_cast<void>(sources::visible_string(bytes, "plugins_directory"));
  const bool accident = !sources::common_accident(bytes).empty();
  const auto document = sources::parse_object(bytes);
  require(!accident || !document);
  if (!document) {
    require(!document.error().message.empty());
    return 0;
  }
  std::set<std::string> keys;
  for (const auto& section : sources::sections_of(document->root(), sources::Secrecy::secret)) {
    require(keys.insert(section.key).second);
    require(section.enabled.text.find('"') == std::string::npos);
  }
  const auto directory = sources::plugins_directory_of(document->root());
  require(!directory.path.empty());
  for (const auto& key : sources::core_keys_in_secrets(document->root(), document->root())) {
    require(keys.contains(key.section) && key.secrets_text.find('"') == std::string::npos);
  }
  return 0;
}
