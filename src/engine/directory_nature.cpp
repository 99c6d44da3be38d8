#include "engine/directory_nature.h"

#include "engine/manifest_file.h"
#include "engine/site.h"
#include "json/document.h"

namespace trueup::engine {
namespace {

bool says_local_only(const platform::Directory& plugin) {
  ManifestFile manifest = read_manifest_file(plugin);
  if (manifest.state != ManifestFile::State::good) return false;
  const auto document = json::Document::parse(std::move(manifest.bytes));
  const auto value = document ? document->root().find("local_only") : std::nullopt;
  return value && value->boolean().value_or(false);
}

}  // namespace

Natures natures_of(World& world, const model::Observation& observation, const std::vector<std::string>& directories) {
  Natures natures;
  const auto site = Site::open(world);
  if (!site) return natures;
  (*site)->use_plugins_path(observation.disk.path);
  const auto plugins = (*site)->plugins();
  if (!plugins) return natures;
  for (const std::string& name : directories) {
    const auto plugin = (*plugins)->open(name, platform::Links::refuse);
    if (!plugin) continue;
    natures[name].local_only = says_local_only(**plugin);
    if (is_git_checkout(**plugin)) natures[name].git = look_at_checkout(**plugin);
  }
  return natures;
}

}  // namespace trueup::engine
