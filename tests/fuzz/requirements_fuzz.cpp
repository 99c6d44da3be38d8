// Whatever a requirements.txt says, each requirement has a name, and what is installed by that name and nothing else
// decides.
// links: sources
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sources/requirements.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::sources;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto requirements = decode_requirements(text);
  Distributions all;
  add_distribution(text, all);
  all.clear();
  if (unmet(requirements, all).size() != requirements.size()) std::abort();
  for (const Requirement& requirement : requirements) {
    if (requirement.name.empty() || distribution_name(requirement.name) != requirement.name) std::abort();
    all[requirement.name] = "no version";
  }
  (void)unmet(requirements, all);
  // What is given to pip holds nothing that begins like an option, a path or an address, but in comments.
  if (odd_line(text) == 0 && text.find('#') == std::string::npos) {
    if (text.find('/') != std::string::npos || text.find('@') != std::string::npos) std::abort();
    if (text.starts_with('-') || text.find("\n-") != std::string::npos) std::abort();
    if (text.find(" -") != std::string::npos) std::abort();
  }
  return 0;
}
