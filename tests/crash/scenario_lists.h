// What the lists of scenarios have in common.
#pragma once

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

std::vector<Scenario> settings_verbs();
std::vector<Scenario> picture_verbs();

}  // namespace trueup::test
