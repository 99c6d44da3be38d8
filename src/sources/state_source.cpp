#include "sources/state_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "sources/documents.h"
#include "sources/python_datetime.h"

namespace trueup::sources {
namespace {

using model::StateRecord;
using AsOriginal = StateRecord::AsOriginal;

constexpr std::array<std::string_view, 8> kFields{"plugin_id",    "status",       "enabled",        "version",
                                                  "installed_at", "last_updated", "config_version", "metadata"};
constexpr std::array<std::string_view, 5> kStatuses{"installed", "enabled", "disabled", "error", "unknown"};

template <std::size_t size>
bool is_among(const std::array<std::string_view, size>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

struct Entry {
  std::optional<json::Value> plugin_id;
  std::optional<json::Value> status;
  std::optional<json::Value> enabled;
  std::optional<json::Value> version;
  std::optional<json::Value> installed_at;
  std::optional<json::Value> last_updated;
  bool has_unknown_field = false;
};

Entry fields_of(json::Value value) {
  Entry entry;
  for (const json::Member& member : value.members()) {
    if (member.key == "plugin_id") entry.plugin_id = member.value;
    if (member.key == "status") entry.status = member.value;
    if (member.key == "enabled") entry.enabled = member.value;
    if (member.key == "version") entry.version = member.value;
    if (member.key == "installed_at") entry.installed_at = member.value;
    if (member.key == "last_updated") entry.last_updated = member.value;
    if (!is_among(kFields, member.key)) entry.has_unknown_field = true;
  }
  return entry;
}

bool original_reads_time(const std::optional<json::Value>& value) {
  const auto text = value ? value->string() : std::nullopt;
  return !text || text->empty() || python_reads_timestamp(*text);
}

/// What LEDMatrix's loader makes of an entry that is an object: it hands the members on as keyword arguments, so that
/// one it does not know, or one it needs and does not find, loses the entry. A status that is no text passes the loader
/// and ends the reading of it and of all that follow.
AsOriginal as_original(const Entry& entry) {
  const bool complete = entry.plugin_id && entry.status && entry.enabled;
  if (!complete || entry.has_unknown_field) return AsOriginal::dropped;
  const auto status = entry.status->string();
  if (status && !is_among(kStatuses, *status)) return AsOriginal::dropped;
  if (!original_reads_time(entry.installed_at) || !original_reads_time(entry.last_updated)) return AsOriginal::dropped;
  return status ? AsOriginal::kept : AsOriginal::ends_reading;
}

/// Why the entry cannot serve as a record; a field or a status from a newer LEDMatrix is no reason.
std::string problem_of(const std::string& key, const Entry& entry, Places& places) {
  if (!entry.plugin_id) return "it has no plugin_id";
  if (!entry.status) return "it has no status";
  if (!entry.enabled) return "it does not say whether the plugin is enabled";
  if (!entry.enabled->is_boolean()) {
    return fmt::format("{}: its `enabled` is {}, not true or false", places.of(*entry.enabled),
                       json::describe(entry.enabled->kind()));
  }
  const auto id = entry.plugin_id->string();
  if (!id) return fmt::format("its plugin_id is {}, not text", json::describe(entry.plugin_id->kind()));
  if (*id != key) return fmt::format("it says that it belongs to \"{}\"", escape_for_display(*id));
  return "";
}

StateRecord record_of(const json::Member& member, Places& places) {
  StateRecord record{.key = std::string(member.key), .text = std::string(member.value.text())};
  if (!member.value.is_object()) {
    record.problem = fmt::format("{}: it is {}, where an object belongs", places.of(member.value),
                                 json::describe(member.value.kind()));
    record.original = AsOriginal::dropped;
    return record;
  }
  const Entry entry = fields_of(member.value);
  if (entry.enabled) {
    record.enabled = entry.enabled->boolean();
    record.enabled_text = std::string(entry.enabled->text());
  }
  if (entry.status) record.status = entry.status->string().value_or("");
  if (entry.version) record.version = entry.version->string().value_or("");
  record.problem = problem_of(record.key, entry, places);
  record.original = as_original(entry);
  return record;
}

}  // namespace

Result<std::vector<StateRecord>> decode_state(std::string bytes) {
  ASSIGN_OR_RETURN(const json::Document document, parse_object(std::move(bytes)));
  const auto states = document.root().find("states");
  std::vector<StateRecord> records;
  if (!states) return records;
  if (!states->is_object()) {
    return Error{.code = ErrorCode::unreadable,
                 .message = fmt::format("{}: its `states` is {}, where an object belongs", place_of(*states),
                                        json::describe(states->kind()))};
  }
  records.reserve(states->size());
  Places places(document.bytes());
  for (const json::Member& member : states->members()) records.push_back(record_of(member, places));
  return records;
}

}  // namespace trueup::sources
