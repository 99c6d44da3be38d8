// A schema, a zero byte, an instance: an answer or an error, in bounded time, the same every time.
// links: json base
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/schema.h"

namespace {

using trueup::json::Document;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\0'), input.size());
  const auto document = Document::parse(std::string(input.substr(0, end)));
  const auto instance = Document::parse(std::string(input.substr(std::min(end + 1, input.size()))));
  if (!document) return 0;
  const auto schema = trueup::json::Schema::compile(*document);
  if (!schema) return 0;
  require(Document::parse(schema->defaults()).has_value());
  for (const auto& path : schema->secret_paths()) static_cast<void>(to_text(path));
  if (!instance) return 0;
  const auto found = schema->validate(instance->root());
  if (!found) return 0;
  require(*found == *schema->validate(instance->root()));
  for (const auto& each : *found) static_cast<void>(schema->is_secret(each.path));
  return 0;
}
