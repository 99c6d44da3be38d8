// What the lists of scenarios have in common.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "scenario.h"

namespace trueup::test {

template <typename T>
Status status_of(const Result<T>& result) {
  return result ? ok() : Status(result.error());
}

/// Two plugins in agreement everywhere; everything else is laid out beside them.
void steady(Place& place);

/// The verb where everything whose path holds `part` lies on another disk: no rename goes over.
Status on_two_disks(engine::World& world, const std::string& part, const std::function<Status(engine::World&)>& verb);

std::vector<Scenario> settings_verbs();
std::vector<Scenario> picture_verbs();

}  // namespace trueup::test
