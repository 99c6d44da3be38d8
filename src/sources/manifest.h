// manifest.json of a plugin, as found in the wild: decoded once, here, into a value. Pure; the text is hostile.
//
// A wrong type spoils only the field that has it: it is named in `problems` and the field stays empty. The manifest as
// a whole is bad only when it is no JSON object or gives no id that a plugin may have (failures F07, F08).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/observation.h"

namespace trueup::sources {

inline constexpr std::string_view kManifestName = "manifest.json";
/// Before what is wrong with it, where it is told of the whole plugin.
inline constexpr std::string_view kInManifest = "its manifest.json: ";
inline constexpr std::string_view kDefaultEntryPoint = "manager.py";

/// A field that could not be used.
struct FieldProblem {
  std::string field;
  std::size_t line = 0;
  std::size_t column = 0;
  std::string message;  // "is a number, not text"
  bool operator==(const FieldProblem&) const = default;
};

struct Manifest {
  std::string id;  // when it is a string, even if malformed
  std::string name;
  std::string version;
  std::string class_name;  // empty: the first class of the entry file
  std::string entry_point = std::string(kDefaultEntryPoint);
  std::vector<std::string> display_modes;  // each once, as spelled
  std::vector<std::string> compatible_versions;
  std::string minimum_core;              // the strictest floor that it states, or empty
  std::vector<std::string> named_files;  // entry point first; as the manifest spells them, each once, unchecked
  std::vector<std::string> former_ids;   // well-formed ones, each once
  std::vector<FieldProblem> problems;    // at most limits::kMaxFieldProblems
  bool operator==(const Manifest&) const = default;
};

struct ManifestReading {
  model::ManifestVerdict verdict = model::ManifestVerdict::invalid;  // never `missing`: there were bytes
  std::string problem;                                               // one sentence, empty when good
  bool is_object = false;                                            // to Python's json.load it is an object
  Manifest manifest;
  bool operator==(const ManifestReading&) const = default;
};

ManifestReading decode_manifest(std::string bytes);

/// Only what an Observation keeps of each of thousands of plugins: id, version, name, former ids, display modes and
/// the floor.
/// Verdict, problem and is_object are those of decode_manifest.
ManifestReading decode_manifest_facts(std::string bytes);

}  // namespace trueup::sources
