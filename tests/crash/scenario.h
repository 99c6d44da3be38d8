// The things that trueup does, by name: what every crash and fault test walks through. A new verb or kind of step adds
// itself to this list and is then cut, failed and killed everywhere like all others.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "place.h"

namespace trueup::test {

struct Scenario {
  std::string name;
  /// Lays out what is there before. May run verbs of its own: what an undo takes back.
  std::function<void(Place&)> lay_out;
  /// Ok: it said that all of it is done.
  std::function<Status(engine::World&)> run;
  /// One transaction: afterwards everything is as before or as intended. A pass is several, each of them whole.
  bool whole = true;
  /// `trueup undo` gives every byte back.
  bool undoable = true;
  /// Of one document, by several transactions.
  bool several_writes = false;
};

const std::vector<Scenario>& all_scenarios();

}  // namespace trueup::test
