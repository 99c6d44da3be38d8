// One entry of a registry, as it is in the wild: pure text in, model::RegistryEntry out.
//
// A wrong type of what only describes a plugin is no opinion. What names the plugin, its place or what is to be checked
// must be right, or the entry cannot be used.
#pragma once

#include <string>

#include "json/value.h"
#include "model/observation.h"

namespace trueup::store {

struct ReadEntry {
  model::RegistryEntry entry;
  std::string problem;  // why it cannot be used, going on from "entry 3"; empty: it can
};

ReadEntry read_entry(const json::Value& entry);

}  // namespace trueup::store
