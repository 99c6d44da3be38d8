// One situation walked through the real engine: laid out as files, reconciled until nothing changes any more, undone.
#pragma once

#include <ostream>
#include <string>

#include "model/observation.h"
#include "model/step.h"

namespace trueup::model {

/// What GoogleTest calls a case.
inline void PrintTo(RuleSet rules, std::ostream* out) { *out << to_string(rules); }

}  // namespace trueup::model

namespace trueup::test {

/// Checks on the way, pass by pass: the plan of the files is the plan that the table of situations reckons with; a plan
/// writes nothing and is what reconcile then does; it rests on nothing unknown and explains itself; the installation
/// comes to rest in time; no byte is lost; undo brings every file back. Under the safe rules also: nothing surprises.
/// What is broken, or nothing.
std::string walk_through_the_engine(const model::Observation& wanted, model::RuleSet rules);

}  // namespace trueup::test
