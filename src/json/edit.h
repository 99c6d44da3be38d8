// Changing values in JSON text that people and other programs wrote: nothing is lost, and nothing else moves.
//
// All edits of one file are applied in one pass over its bytes. Everything outside the edited spans stays byte for
// byte: order of keys, indentation, spelling of numbers, escapes, line endings, unknown keys (promise 8).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/document.h"

namespace trueup::json {

/// Keys from the root. Where a list stands, the step is the number of an existing element ("0", "1", ...) or "-" for
/// a new one behind the last.
using Path = std::vector<std::string>;

/// "plugins.clock.enabled", for messages.
std::string to_text(const Path& path);

/// The value that Python sees at `path`.
std::optional<Value> find(Value from, const Path& path);
std::optional<Value> find(const Document& document, const Path& path);

/// The element of a list that a step of a path names: "0", "1", ...; nothing for any other step.
std::optional<Value> element(Value list, std::string_view step);

struct Edit {
  Path path;
  std::optional<std::string> value;  // JSON text to put there as it stands; nothing: remove

  bool operator==(const Edit&) const = default;
};

/// The text with all `edits` made. A value that exists is replaced (of duplicate keys, the last). A missing key becomes
/// the last member of its object in the layout of its neighbours; objects that are missing on the way are made, and
/// several edits below one missing object make it once. Removing takes the separator and every duplicate of the key;
/// removing what is not there changes nothing.
/// Error: invalid, when two edits overlap, a path leads through a value that holds nothing, or a new value is no JSON.
Result<std::string> apply(const Document& document, const std::vector<Edit>& edits);

/// The text with the key at `path` spelled `new_key`; its value and its place stay.
/// Error: not_found without that key; conflict when its object has `new_key` already.
Result<std::string> rename_key(const Document& document, const Path& path, const std::string& new_key);

}  // namespace trueup::json
