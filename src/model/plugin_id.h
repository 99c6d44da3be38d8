// Plugin ids: validated once, at the edge, before they touch a path, a key or a command (failure F141).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trueup::model {

/// The part of a directory name by which every scan of LEDMatrix knows a copy that was set aside.
inline constexpr std::string_view kAsideMark = ".standalone-backup-";
/// Our own container inside the plugins directory: its name carries the mark, so that no scan looks inside.
inline constexpr std::string_view kContainerName = ".trueup.standalone-backup-work";
/// What older installations put before an id that the registry lists without it.
inline constexpr std::string_view kLegacyPrefix = "ledmatrix-";

class PluginId {
 public:
  /// `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 128 bytes, no aside mark, not a reserved name.
  /// The error says which rule was broken.
  static Result<PluginId> parse(std::string_view text);
  /// The same without the ban on reserved names: what a directory or a manifest may claim, to be reported.
  static bool well_formed(std::string_view text);

  [[nodiscard]] const std::string& value() const { return value_; }
  auto operator<=>(const PluginId&) const = default;

 private:
  explicit PluginId(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// A top-level key of config.json that belongs to the core (kReservedNames, and everything that starts with
/// `vegas_`): such a key is never a plugin, and no plugin may use it (failures F03, F86).
bool is_reserved(std::string_view name);

/// "weather" for "ledmatrix-weather"; nothing when the prefix is not there or nothing would be left.
std::optional<std::string_view> without_legacy_prefix(std::string_view id);

/// For "foo.standalone-backup-preinstall": "foo". Nothing when the name is not an aside.
std::optional<std::string_view> aside_owner(std::string_view directory_name);

}  // namespace trueup::model
