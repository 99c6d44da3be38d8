// A plugin's directory that is a git checkout: what the git program says of it, and what it fetches into a copy of it.
//
// git gets an environment of ours alone (failure F131: a repository around the installation, or a variable, leads it
// nowhere else), no hook, no submodule, no helper program, and only https: and file:. It looks at the checkout through
// an open directory; it writes only into a copy in staging.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::engine {

struct GitCheckout {
  std::string problem;  // why git could not tell, one sentence; empty: it could
  std::string remote;   // address of origin; empty: it has none
  std::string branch;   // empty: none is checked out
  std::string commit;
  std::vector<std::string> changed;  // files of its own that are not as committed
  std::vector<std::string> commits;  // that no remote branch has, "abc1234 subject"
  bool has_stash = false;
  bool operator==(const GitCheckout&) const = default;
};

bool is_git_checkout(const platform::Directory& plugin);
/// Requires: it is one.
GitCheckout look_at_checkout(const platform::Directory& plugin);

/// The commit at the tip of its branch at `remote`. Uses the network.
Result<std::string> tip_of(const platform::Directory& plugin, const GitCheckout& checkout);
/// Brings `copy`, which is one of the checkout, to that tip; local commits are never merged or lost: then it is an
/// error, conflict.
Status fast_forward(platform::WritableDirectory& copy, const GitCheckout& checkout);

}  // namespace trueup::engine
