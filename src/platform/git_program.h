// The git program, locked down: it gets an environment of ours alone (failure F131: a repository around the
// installation, or a variable, leads it nowhere else), no hook, no submodule, no helper program, no question at a
// terminal, and only https: and file: as ways to another repository.
#pragma once

#include <string>
#include <vector>

#include "platform/child_program.h"

namespace trueup::platform {

struct GitPlace {
  std::string directory;       // where the repository lies: GIT_DIR
  std::string work_tree = {};  // empty: it has none
};

/// git with these arguments, to be run by run_child(). `settings`: further ones, "name=value".
ChildProgram locked_down_git(const GitPlace& place, std::vector<std::string> arguments,
                             const std::vector<std::string>& settings = {});

/// The exit status of a machine without git.
inline constexpr int kNoGitProgram = 127;  // as env says it

}  // namespace trueup::platform
