// Closed choices by name, as reports spell them. Private to src/model.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace trueup::model {

/// In the order of the enumeration's values.
template <typename Choice>
std::vector<std::string_view> names_of();

template <>
inline std::vector<std::string_view> names_of<EnabledSetting::Kind>() {
  return {"absent", "on", "off", "wrong_type"};
}
template <>
inline std::vector<std::string_view> names_of<EntryKind>() {
  return {"directory", "link", "dangling_link", "other"};
}
template <>
inline std::vector<std::string_view> names_of<PluginReference::Kind>() {
  return {"element", "key", "upload"};
}
template <>
inline std::vector<std::string_view> names_of<ManifestVerdict>() {
  return {"good", "missing", "invalid", "unreadable"};
}
template <>
inline std::vector<std::string_view> names_of<StateRecord::AsOriginal>() {
  return {"kept", "dropped", "ends_reading"};
}
template <>
inline std::vector<std::string_view> names_of<Tristate>() {
  return {"no", "yes", "unknown"};
}
template <>
inline std::vector<std::string_view> names_of<RuleSet>() {
  return {"safe", "ledmatrix"};
}
template <>
inline std::vector<std::string_view> names_of<Verdict>() {
  return {"complete", "absent", "unreadable"};
}
template <>
inline std::vector<std::string_view> names_of<FixAction>() {
  return {"auto_fix", "manual_fix_required", "no_action"};
}
template <>
inline std::vector<std::string_view> names_of<Source>() {
  std::vector<std::string_view> names;
  for (const Source source : kAllSources) names.push_back(to_string(source));
  return names;
}
template <>
inline std::vector<std::string_view> names_of<InconsistencyType>() {
  std::vector<std::string_view> names;
  for (unsigned i = 0; to_string(static_cast<InconsistencyType>(i)) != "unknown"; ++i) {
    names.push_back(to_string(static_cast<InconsistencyType>(i)));
  }
  return names;
}

}  // namespace trueup::model
