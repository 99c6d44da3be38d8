#include "cli/packages.h"

#include <fmt/core.h>

#include <utility>

#include "cli/pass_view.h"
#include "engine/install_requirements.h"

namespace trueup::cli {

std::vector<std::string> see_to_packages(Call& call, const std::string& verb,
                                         const std::vector<std::string>& plugin_ids) {
  auto says = engine::install_requirements_of(call.world, policy_of(call), verb, plugin_ids);
  if (says) return std::move(*says);
  return {fmt::format("whether Python packages are missing could not be seen to: {}", says.error().text())};
}

void see_to_packages(Call& call, const std::string& verb, engine::UpdateReport& report) {
  std::vector<std::string> ids;
  for (const engine::UpdateResult& result : report.results) {
    if (result.kind == engine::UpdateResult::Kind::updated) ids.push_back(result.plugin_id);
  }
  for (std::string& one : see_to_packages(call, verb, ids)) report.notes.push_back(std::move(one));
}

}  // namespace trueup::cli
