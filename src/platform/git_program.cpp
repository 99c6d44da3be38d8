#include "platform/git_program.h"

#include <array>
#include <string_view>
#include <utility>

namespace trueup::platform {
namespace {

constexpr std::array<std::string_view, 8> kEnvironment{"PATH=/usr/local/bin:/usr/bin:/bin",
                                                       "HOME=/nonexistent",
                                                       "LC_ALL=C",
                                                       "GIT_CONFIG_NOSYSTEM=1",
                                                       "GIT_CONFIG_GLOBAL=/dev/null",
                                                       "GIT_TERMINAL_PROMPT=0",
                                                       "GIT_ASKPASS=/bin/false",
                                                       "GIT_PROTOCOL_FROM_USER=0"};

constexpr std::array<std::string_view, 12> kSettings{
    "protocol.allow=never",      "protocol.https.allow=always", "protocol.file.allow=always",
    "core.hooksPath=/dev/null",  "core.fsmonitor=false",        "core.sshCommand=/bin/false",
    "credential.helper=",        "submodule.recurse=false",     "gc.auto=0",
    "transfer.fsckObjects=true", "maintenance.auto=false",      "log.showSignature=false"};

}  // namespace

ChildProgram locked_down_git(const GitPlace& place, std::vector<std::string> arguments,
                             const std::vector<std::string>& settings) {
  ChildProgram child{.program = "/usr/bin/env",
                     .arguments = {"git", "--no-optional-locks"},
                     .with_its_own = true};  // git starts others
  child.environment.assign(kEnvironment.begin(), kEnvironment.end());
  child.environment.push_back("GIT_DIR=" + place.directory);
  if (!place.work_tree.empty()) child.environment.push_back("GIT_WORK_TREE=" + place.work_tree);
  const auto set = [&child](std::string_view setting) {
    child.arguments.emplace_back("-c");
    child.arguments.emplace_back(setting);
  };
  for (const std::string_view setting : kSettings) set(setting);
  for (const std::string& setting : settings) set(setting);
  for (std::string& argument : arguments) child.arguments.push_back(std::move(argument));
  return child;
}

}  // namespace trueup::platform
