// Writing receipts, and whether one matches the directory it lies in. Reading the text is sources/receipt.h.
//
// A receipt says what trueup itself unpacked. It has no clock, so that the same install gives the same bytes. One that
// does not match is history, and never a reason to replace files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/file_system.h"
#include "sources/receipt.h"
#include "store/tree_digest.h"

namespace trueup::engine {

/// The text of the file. Requires: the files are sorted by path.
std::string encode_receipt(const sources::Receipt& receipt);

/// The file listed under `path`, or nullptr.
const sources::ReceiptFile* find_file(const sources::Receipt& receipt, std::string_view path);

/// The receipt in a plugin's directory; nothing when there is none, or none that can be read.
std::optional<sources::Receipt> read_receipt(const platform::Directory& plugin);

/// The same, if it matches: id and version are the manifest's; or, where the manifest cannot be read, every other
/// listed file that is still there has the listed hash, and at least one is (design, section 2).
Result<std::optional<sources::Receipt>> read_matching_receipt(const platform::Directory& plugin);

}  // namespace trueup::engine
