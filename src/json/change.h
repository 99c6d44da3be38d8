// The edits of one file as one tree, so that each object on the way is visited once. Private to src/json.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "json/edit.h"

namespace trueup::json {

inline constexpr std::size_t kNoItem = static_cast<std::size_t>(-1);

/// What is to happen to one value, or inside it.
struct Change {
  bool is_end = false;                // an edit's path ends here; then there are no children
  std::optional<std::string> value;   // JSON text without blanks around it; nothing: remove
  std::vector<std::string> appended;  // further values for the step "-"
  bool sets = false;                  // something is set here or below, not only removed

  std::unordered_map<std::string_view, std::unique_ptr<Change>> children;
  std::vector<const std::string*> order;  // keys of children as the edits came

  std::size_t item = kNoItem;  // while editing: which member of its container this is
};

/// Error: invalid, for edits that overlap, paths that are too long, and values that are no JSON. Requires: the edits
/// outlive the tree, which holds their keys by reference.
Result<std::unique_ptr<Change>> make_change(const std::vector<Edit>& edits);

}  // namespace trueup::json
