// The catalogue: which plugins are installed, under which names, and which display modes they provide.
//
// One value made from one Observation and never changed: `host` publishes it to every reader at once, `list` and
// `explain` ask it. What the owner removed is not in it, whatever stands on the disk; a damaged directory is listed as
// damaged and hides nothing else (failures F07, F84). It answers questions; it never judges and has no I/O.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/display_mode.h"
#include "model/observation.h"

namespace trueup::model {

struct CataloguePlugin {
  std::string id;
  std::string directory;  // the one that counts
  std::string name;
  std::string version;
  bool linked = false;
  std::vector<std::string> display_modes;      // effective: never empty
  std::vector<std::string> other_directories;  // claim the same id and do not count
  bool operator==(const CataloguePlugin&) const = default;
};

/// A name in the plugins directory with no usable plugin behind it.
struct DamagedDirectory {
  std::string directory;
  std::string problem;  // one sentence
  bool operator==(const DamagedDirectory&) const = default;
};

/// Two plugins, or a plugin and the core, that would share one section of config.json.
struct KeyCollision {
  enum class Kind : std::uint8_t {
    reserved_key,  // the id is the name of one of LEDMatrix's own settings
    letter_case,   // the ids differ in the case of letters only
  };
  Kind kind = Kind::reserved_key;
  std::string plugin_id;
  std::string other;  // the other plugin, or the core's key
  bool operator==(const KeyCollision&) const = default;
};

class Catalogue {
 public:
  Catalogue() = default;

  /// Sorted by id.
  [[nodiscard]] const std::vector<CataloguePlugin>& plugins() const { return plugins_; }
  /// Sorted by name.
  [[nodiscard]] const std::vector<DamagedDirectory>& damaged() const { return damaged_; }
  [[nodiscard]] const CataloguePlugin* find(std::string_view id) const;
  /// By id, by the name of its directory, or by what the registry calls it.
  [[nodiscard]] const CataloguePlugin* find_by_name(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> directory_of(std::string_view id) const;
  /// Nothing when there is no such plugin.
  [[nodiscard]] const std::vector<std::string>* display_modes_of(std::string_view id) const;
  /// Who provides a mode, however it is spelled; sorted by id.
  [[nodiscard]] std::vector<const CataloguePlugin*> providers_of(std::string_view mode) const;
  [[nodiscard]] std::vector<ModeConflict> mode_conflicts() const { return modes_.conflicts(); }
  [[nodiscard]] const std::vector<KeyCollision>& key_collisions() const { return collisions_; }

 private:
  friend Catalogue make_catalogue(const Observation& observation);

  std::vector<CataloguePlugin> plugins_;
  std::vector<DamagedDirectory> damaged_;
  std::map<std::string, std::string, std::less<>> aliases_;  // name -> id of an installed plugin
  ModeIndex modes_;
  std::vector<KeyCollision> collisions_;
};

Catalogue make_catalogue(const Observation& observation);

}  // namespace trueup::model
