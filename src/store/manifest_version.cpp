#include "store/manifest_version.h"

#include <utility>

#include "base/limits.h"
#include "json/document.h"

namespace trueup::store {

std::string manifest_version(const platform::Directory& plugin) {
  auto file = plugin.read("manifest.json", limits::kMaxManifestBytes, platform::Links::refuse);
  const auto manifest = file ? json::Document::parse(std::move(file->bytes)) : Result<json::Document>(file.error());
  const auto version = manifest ? manifest->root().find("version") : std::nullopt;
  return version ? version->string().value_or("") : std::string();
}

std::string manifest_id(std::string manifest) {
  const auto document = json::Document::parse(std::move(manifest));
  const auto id = document ? document->root().find("id") : std::nullopt;
  return id ? id->string().value_or("") : std::string();
}

}  // namespace trueup::store
