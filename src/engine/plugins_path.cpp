#include "engine/plugins_path.h"

#include "base/limits.h"
#include "json/document.h"
#include "model/step.h"
#include "sources/config_source.h"

namespace trueup::engine {

std::string plugins_path_of(const platform::Directory& root) {
  const std::string standard(sources::kDefaultPluginsDirectory);
  const std::string path(model::relative_path(model::DocumentName::config));
  auto file = root.read(path, limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) return standard;
  const auto document = json::Document::parse(std::move(file->bytes));
  if (!document) return standard;
  const auto setting = sources::plugins_directory_of(document->root());
  return setting.problem.empty() ? setting.path : standard;
}

}  // namespace trueup::engine
