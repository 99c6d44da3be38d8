// Any bytes give a manifest reading that keeps its word: a verdict with its reason, ids that may be ids, limits kept;
// and the short reading says the same as the full one.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/manifest.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using trueup::model::ManifestVerdict;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto full = trueup::sources::decode_manifest(bytes);
  const bool good = full.verdict == ManifestVerdict::good;
  require(good == full.problem.empty());
  require(!good || full.is_object);
  require(!good || trueup::model::PluginId::parse(full.manifest.id).has_value());
  require(full.manifest.problems.size() <= trueup::limits::kMaxFieldProblems);
  require(full.manifest.former_ids.size() <= trueup::limits::kMaxManifestNames);
  for (const auto& id : full.manifest.former_ids) require(trueup::model::PluginId::well_formed(id));
  for (const auto& problem : full.manifest.problems) require(problem.line > 0 && problem.column > 0);

  const auto brief = trueup::sources::decode_manifest_facts(bytes);
  require(brief.verdict == full.verdict && brief.problem == full.problem && brief.is_object == full.is_object);
  require(brief.manifest.id == full.manifest.id && brief.manifest.version == full.manifest.version);
  return 0;
}
