// What can be the matter with a plugin that trueup installed and nobody meant to change: files that went missing or
// were edited, copies that something set aside, and what the display tells of it. The table of situations_table.h,
// which asks what is there at all, is large enough without these.
#pragma once

#include <functional>
#include <string>

#include "model/observation.h"

namespace trueup::test {

/// Every combination, as files can show it.
void for_each_at_rest(const std::function<void(const model::Observation& seen, const std::string& what)>& visit);

/// What the display tells of one plugin, with every choice of its owner and every state of its directory. No file of an
/// installation says it, so these are for the planner alone.
void for_each_told(const std::function<void(const model::Observation& seen, const std::string& what)>& visit);

}  // namespace trueup::test
