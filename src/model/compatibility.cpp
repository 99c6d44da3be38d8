#include "model/compatibility.h"

#include "model/version.h"

namespace trueup::model {

bool needs_newer_core(std::string_view minimum, std::string_view core) {
  constexpr std::string_view kFirstKept = "2.0.0";
  if (minimum.empty() || core.empty() || compare_versions(core, minimum) != VersionOrder::older) return false;
  const bool label_only = compare_versions(core, kFirstKept) == VersionOrder::older;
  return !label_only || compare_versions(minimum, kFirstKept) == VersionOrder::newer;
}

}  // namespace trueup::model
