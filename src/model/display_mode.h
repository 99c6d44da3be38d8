// Display modes: what a plugin puts on the panel, by name. Which plugin provides a mode, and who else says so.
//
// LEDMatrix finds a mode ignoring the case of letters and lets the plugin that registers last have it; so two plugins
// with one mode are a matter of luck. Pure values: nothing here knows whether a plugin is on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trueup::model {

/// By what two spellings of a mode are compared: without blanks around it, letters in lower case (ASCII, Latin, Greek
/// and Cyrillic; others as they stand).
std::string mode_key(std::string_view mode);

/// The modes of a plugin that declares `declared`: each once, blank ones left out. One that declares none has a single
/// mode called like itself, as LEDMatrix has it.
std::vector<std::string> effective_modes(std::string_view plugin_id, const std::vector<std::string>& declared);

/// One mode that several plugins provide.
struct ModeConflict {
  std::string mode;                  // as the first of them spells it
  std::vector<std::string> plugins;  // sorted
  bool operator==(const ModeConflict&) const = default;
};

class ModeIndex {
 public:
  /// Requires: no plugin is added after the first question.
  void add(std::string_view plugin_id, const std::vector<std::string>& declared);
  /// Sorts what was added; once, before the first question.
  void finish();

  /// Who provides a mode, sorted; empty when nobody does.
  [[nodiscard]] std::vector<std::string_view> providers(std::string_view mode) const;
  /// Sorted by mode.
  [[nodiscard]] std::vector<ModeConflict> conflicts() const;

 private:
  struct Claim {
    std::string key;
    std::string plugin;
    std::string mode;
    auto operator<=>(const Claim&) const = default;
  };
  std::vector<Claim> claims_;
};

}  // namespace trueup::model
