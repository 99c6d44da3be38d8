#include "model/document.h"

namespace trueup::model {

std::string_view to_string(DocumentName document) {
  switch (document) {
    case DocumentName::config: return "config";
    case DocumentName::secrets: return "secrets";
    case DocumentName::state: return "state";
    case DocumentName::tombstones: return "tombstones";
    case DocumentName::saved_repositories: return "saved_repositories";
  }
  return "unknown";
}

std::string_view relative_path(DocumentName document) {
  switch (document) {
    case DocumentName::config: return "config/config.json";
    case DocumentName::secrets: return "config/config_secrets.json";
    case DocumentName::state: return "data/plugin_state.json";
    case DocumentName::tombstones: return "config/uninstalled_plugins.json";
    case DocumentName::saved_repositories: return "config/saved_repositories.json";
  }
  return "";
}

}  // namespace trueup::model
