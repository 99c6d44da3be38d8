// Which LEDMatrix lies in this root: its version, its commit, and which of its two ways to reconcile it has. Reads a
// few of its files, runs nothing of it and no git. What they say is outside text: checked here, escaped where it is
// shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/neighbour.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// Everything but `web_process`, which an Observation knows.
model::Neighbour look_for_neighbour(const platform::Directory& root);

/// `__version__ = "3.2.0"` in the text of a Python module.
std::optional<std::string> python_version_in(std::string_view text);

/// What `.git/HEAD` says: a commit, or the name of a reference such as "refs/heads/main"; nothing of anything else.
struct GitHead {
  std::string commit = {};
  std::string reference = {};
  bool operator==(const GitHead&) const = default;
};
std::optional<GitHead> decode_git_head(std::string_view text);

/// The commit of `reference` in the text of `.git/packed-refs`.
std::optional<std::string> packed_commit(std::string_view text, std::string_view reference);

}  // namespace trueup::sources
