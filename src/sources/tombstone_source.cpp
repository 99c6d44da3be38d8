#include "sources/tombstone_source.h"

#include <fmt/format.h>

#include <unordered_set>

#include "base/escape.h"
#include "model/plugin_id.h"
#include "sources/documents.h"

namespace trueup::sources {
namespace {

constexpr std::size_t kShownBytes = 80;

std::string shown(json::Value value) {
  const std::string_view text = value.text();
  return escape_for_display(text.substr(0, kShownBytes)) + (text.size() > kShownBytes ? "…" : "");
}

}  // namespace

Result<Tombstones> decode_tombstones(std::string bytes) {
  ASSIGN_OR_RETURN(const json::Document document, parse_document(std::move(bytes)));
  const json::Value root = document.root();
  if (!root.is_array()) {
    return Error{.code = ErrorCode::unreadable,
                 .message = fmt::format("{}: it is {}, where a list of plugin ids belongs", place_of(root),
                                        json::describe(root.kind()))};
  }
  Tombstones tombstones;
  std::unordered_set<std::string> seen;
  for (const json::Value element : root.elements()) {
    auto id = element.string();
    if (!id || !model::PluginId::well_formed(*id)) {
      tombstones.ignored.push_back(shown(element));
    } else if (seen.insert(*id).second) {
      tombstones.ids.push_back(std::move(*id));
    }
  }
  return tombstones;
}

}  // namespace trueup::sources
