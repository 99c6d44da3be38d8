#include "engine/manifest_file.h"

#include "base/limits.h"
#include "json/document.h"
#include "json/edit.h"
#include "json/write.h"

namespace trueup::engine {

ManifestFile read_manifest_file(const platform::Directory& plugin) {
  ManifestFile found;
  auto file = plugin.read(std::string(sources::kManifestName), limits::kMaxManifestBytes, platform::Links::refuse);
  if (!file) {
    if (file.error().code == ErrorCode::not_found) return found;
    found.state = ManifestFile::State::damaged;
    found.problem = file.error().message;
    found.disk_failed = is_disk_failure(file.error());
    return found;
  }
  found.bytes = std::move(file->bytes);
  found.reading = sources::decode_manifest(found.bytes);
  const bool good = found.reading.verdict == model::ManifestVerdict::good;
  found.state = good ? ManifestFile::State::good : ManifestFile::State::damaged;
  found.problem = found.reading.problem;
  return found;
}

bool manifest_has_field(const ManifestFile& manifest, std::string_view field) {
  const auto document = json::Document::parse(manifest.bytes);
  return document && document->root().find(field).has_value();
}

Result<std::string> manifest_with_class(const ManifestFile& manifest, std::string_view class_name) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(manifest.bytes));
  return json::apply(document, {{.path = {"class_name"}, .value = json::quote(class_name)}});
}

}  // namespace trueup::engine
