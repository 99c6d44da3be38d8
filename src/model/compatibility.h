// Whether a plugin can run on the LEDMatrix that is there: the one comparison with its floor, and the one with the
// ranges that it names; and which floor that is, where it states several. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace trueup::model {

/// The plugin asks for a newer LEDMatrix than the one that is there. False when either does not say, or when what they
/// say cannot be compared. Versions of LEDMatrix below 2.0.0 were labels that nobody kept up: they are no evidence
/// against a floor of 2.0.0, which nearly every plugin states.
bool needs_newer_core(std::string_view minimum, std::string_view core);

/// Of two floors the one that leaves less: the higher one. What is no version, or is longer than any, is no floor;
/// empty when neither is one.
std::string stricter_minimum(std::string one, std::string other);

/// The names under which manifests and registries state a floor.
inline constexpr std::array<std::string_view, 3> kMinimumCoreKeys{"min_ledmatrix_version", "ledmatrix_min_version",
                                                                  "ledmatrix_min"};

/// One floor as it stands there, whatever it is.
struct StatedFloor {
  std::string_view key;  // one of the names above
  json::Value value;
};

/// Every floor that an entry of a registry, or one of its `versions`, states: in all spellings, here and under
/// `requires`.
std::vector<StatedFloor> stated_floors(const json::Value& object);

/// Every floor that a manifest states, in the same way: it, or the newest of its `versions`, which is the first.
std::vector<StatedFloor> stated_floors_of_manifest(const json::Value& manifest);

/// The strictest of them that can be read; empty when none can (failure F96).
std::string minimum_core_of(const json::Value& object);
std::string minimum_core_of_manifest(const json::Value& manifest);

/// One of `compatible_versions`: a version, one behind `>= <= == > < ~ ^ =`, or `A - B`, both included. `~3.2.0` is
/// below 3.3.0, `^3.1.0` below 4.0.0.
bool is_core_range(std::string_view text);

/// None of the ranges that can be read has this LEDMatrix in it. False where none can be read, where the version of
/// LEDMatrix is none, and for a label as above. Build metadata ("+b42") makes no difference, and a pre-release is older
/// than its release (failure F93).
bool is_outside_ranges(const std::vector<std::string>& ranges, std::string_view core);

/// Whether something that states this floor and these ranges fits the LEDMatrix that is there, by the two above.
enum class CoreFit : std::uint8_t { fits, needs_newer, for_another };
CoreFit core_fit(std::string_view minimum, const std::vector<std::string>& ranges, std::string_view core);

/// The reason codes of that, wherever it is told.
inline constexpr std::string_view kNeedsNewerCore = "needs_newer_ledmatrix";
inline constexpr std::string_view kForAnotherCore = "for_another_ledmatrix";

/// Empty for what fits.
std::string_view reason_of(CoreFit fit);

/// "needs 3.1 or later, this is 3.0", going on from "does not fit this LEDMatrix: "; empty: nothing shows that.
std::string why_not_fit(std::string_view minimum, const std::vector<std::string>& ranges, std::string_view core);

}  // namespace trueup::model
