#include "sources/display_record.h"

#include <fmt/format.h>

#include <vector>

#include "base/limits.h"
#include "sources/runtime_source.h"

namespace trueup::sources {

Result<json::Document> read_display_record(const platform::FileSystem& file_system, const std::string& place,
                                           std::string_view key) {
  std::vector<std::string> places(kUsualRuntimePlaces.begin(), kUsualRuntimePlaces.end());
  if (!place.empty()) places = {place};
  Error none{.code = ErrorCode::not_found, .message = "the display does not tell it", .where = std::string(key)};
  for (const std::string& one : places) {
    const auto cache = file_system.open_root_for_reading(one);
    if (!cache && cache.error().code == ErrorCode::not_found) continue;
    if (!cache) return cache.error();
    auto file = (*cache)->read(fmt::format("{}.json", key), limits::kMaxHealthRecordBytes, platform::Links::refuse);
    if (!file && file.error().code == ErrorCode::not_found) continue;
    if (!file) return file.error();
    ASSIGN_OR_RETURN(json::Document record, json::Document::parse(std::move(file->bytes)));
    const auto data = record.root().is_object() ? record.root().find("data") : std::nullopt;
    if (data && data->is_object()) return record;
    return Error{.code = ErrorCode::unreadable, .message = "it is no record of LEDMatrix's cache", .where = none.where};
  }
  return none;
}

}  // namespace trueup::sources
