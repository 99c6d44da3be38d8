// For tests of the real binary on real trees.
#pragma once

#include <string>
#include <vector>

#include "support/command.h"
#include "support/installation.h"

namespace trueup::test {

/// `trueup --root HOME --registry HOME/registry WORDS...`, without variables of the person who runs the tests.
inline CommandResult trueup(Installation& home, const std::vector<std::string>& words, CommandOptions options = {}) {
  std::vector<std::string> arguments{TRUEUP_BINARY, "--root", home.root().string(), "--registry",
                                     home.registry().string()};
  arguments.insert(arguments.end(), words.begin(), words.end());
  for (const char* name : {"TRUEUP_ROOT", "TRUEUP_REGISTRY", "NO_COLOR"}) options.environment.emplace_back(name, "");
  return run_command(arguments, options);
}

}  // namespace trueup::test
