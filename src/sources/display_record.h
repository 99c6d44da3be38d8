// One record of the cache that LEDMatrix's processes share (formats 1.6), such as "plugin_metrics:clock". Hostile: what
// comes back is an object of JSON, and its fields are whatever somebody wrote.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/document.h"
#include "platform/file_system.h"

namespace trueup::sources {

/// The payload is the member `data`, which is an object. `place`: where the records lie, when the owner says so; empty:
/// the usual places. Requires: `key` names no directory. Error: not_found; unreadable.
Result<json::Document> read_display_record(const platform::FileSystem& file_system, const std::string& place,
                                           std::string_view key);

}  // namespace trueup::sources
