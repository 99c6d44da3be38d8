#include "engine/plugins_path.h"

#include "engine/live_document.h"
#include "sources/config_source.h"

namespace trueup::engine {

Result<std::string> plugins_path_of(const platform::Directory& root, platform::Clock& clock) {
  ASSIGN_OR_RETURN(const auto config, read_live_document(root, model::DocumentName::config, clock));
  if (!config) return std::string(sources::kDefaultPluginsDirectory);
  auto setting = sources::plugins_directory_of(config->root());
  if (setting.problem.empty()) return std::move(setting.path);
  return Error{.code = ErrorCode::unreadable, .message = std::move(setting.problem)};
}

}  // namespace trueup::engine
