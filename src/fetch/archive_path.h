// What a name in an archive may look like, and which part of an archive is the plugin. Pure.
//
// Archives come from strangers (promise 9). A name that could lead outside, or that could show as something else than
// it is, refuses the whole archive: nothing is mended by guessing (failures F126, F145).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trueup::fetch {

/// "a/b" for "./a//b/"; empty for the archive's own top. Refused: absolute, "..", backslashes, control characters, what
/// is not UTF-8, too long.
Result<std::string> clean_path(std::string_view name);

struct ListedEntry {
  std::string path;  // clean
  bool is_file = false;
  bool operator==(const ListedEntry&) const = default;
};

/// The directory of the archive that is the plugin: `folder` or the top, and either may lie in the one directory that
/// holds everything. It is where the manifest is. Error: refused, when there is none.
Result<std::string> plugin_root(const std::vector<ListedEntry>& entries, std::string_view folder);

/// What `path` is called below `root`; empty when it is not below it.
std::string_view below(std::string_view path, std::string_view root);

}  // namespace trueup::fetch
