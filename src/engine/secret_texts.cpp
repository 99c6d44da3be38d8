#include "engine/secret_texts.h"

#include <utility>

#include "base/limits.h"
#include "json/document.h"
#include "sources/disk_source.h"
#include "sources/schema_secrets.h"
#include "sources/secret_texts.h"

namespace trueup::engine {

Result<std::vector<std::string>> secret_texts(const platform::Directory& root, model::DocumentName document) {
  std::vector<std::string> texts;
  auto file = root.read(std::string(model::relative_path(document)), limits::kMaxConfigBytes, platform::Links::follow);
  if (!file && file.error().code == ErrorCode::not_found) return texts;
  if (!file) return std::move(file).error();
  ASSIGN_OR_RETURN(const auto parsed, json::Document::parse(std::move(file->bytes)));
  // A number that is replaced in a report would leave no JSON.
  for (const json::Value value : sources::hidden_values(parsed.root(), document)) {
    if (auto text = value.string()) texts.push_back(std::move(*text));
  }
  return texts;
}

std::vector<std::string> secret_texts_by_schemas(const platform::Directory& root,
                                                 const platform::FileSystem& file_system,
                                                 const model::Observation& observation) {
  std::vector<std::string> texts;
  auto file = root.read(std::string(model::relative_path(model::DocumentName::config)), limits::kMaxConfigBytes,
                        platform::Links::follow);
  const auto config = file ? json::Document::parse(std::move(file->bytes)) : Result<json::Document>(file.error());
  const auto plugins = sources::open_plugins(
      root, file_system, {.root_path = observation.root, .configured = observation.disk.path, .installation_id = {}});
  if (!config || !plugins) return texts;
  for (const json::Value value : sources::hidden_by_schemas(**plugins, observation.disk.directories, config->root())) {
    if (auto text = value.string()) texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace trueup::engine
