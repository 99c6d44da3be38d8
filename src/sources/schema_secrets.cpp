#include "sources/schema_secrets.h"

#include <string>
#include <string_view>
#include <utility>

#include "model/plugin_schema.h"
#include "sources/schema_file.h"

namespace trueup::sources {
namespace {

constexpr std::string_view kMark = "x-secret";

/// Requires: `path` leads to `value`; it is the same again afterwards.
void add_secrets(const model::PluginSchema& schema, json::Value value, model::SettingPath& path,
                 std::vector<json::Value>& found) {
  if (value.is_object()) {
    for (const json::Member member : value.members()) {
      path.emplace_back(member.key);
      add_secrets(schema, member.value, path, found);
      path.pop_back();
    }
  } else if (value.is_array()) {
    std::size_t number = 0;
    for (const json::Value element : value.elements()) {
      path.push_back(std::to_string(number++));
      add_secrets(schema, element, path, found);
      path.pop_back();
    }
  } else if ((value.is_string() || value.is_number()) && schema.is_secret(path)) {
    found.push_back(value);
  }
}

}  // namespace

std::vector<json::Value> hidden_by_schemas(const platform::Directory& plugins,
                                           const std::vector<model::PluginDirectory>& directories, json::Value config) {
  std::vector<json::Value> found;
  for (const model::PluginDirectory& directory : directories) {
    if (directory.manifest != model::ManifestVerdict::good) continue;
    const auto section = config.find(directory.id);
    if (!section || !section->is_object()) continue;
    auto file = read_schema_file(plugins, directory);
    // Most mark nothing, and to take a schema apart costs more than to read it.
    if (!file || !*file || (*file)->bytes.find(kMark) == std::string::npos) continue;
    const auto schema = model::PluginSchema::read(std::move((*file)->bytes));
    if (!schema) continue;
    model::SettingPath path;
    add_secrets(*schema, *section, path, found);
  }
  return found;
}

}  // namespace trueup::sources
