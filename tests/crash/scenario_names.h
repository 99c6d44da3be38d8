// Scenarios as parameters of tests: how they are called and shown.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "scenario.h"

namespace trueup::test {

inline std::string name_of(const testing::TestParamInfo<Scenario>& info) {
  std::string name = info.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

inline void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

}  // namespace trueup::test
