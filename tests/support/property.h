// Runs a rapidcheck property as many times as it deserves, over Choices of full range.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "support/random_json.h"

namespace trueup::test {

/// The row of choices behind one case; shrinks to fewer and smaller ones.
inline rc::Gen<std::vector<std::uint8_t>> any_choices() {
  const auto byte = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int>(0, 256));
  return rc::gen::map(rc::gen::scale(5.0, rc::gen::container<std::vector<int>>(byte)),
                      [](const std::vector<int>& row) { return std::vector<std::uint8_t>(row.begin(), row.end()); });
}

/// `property` takes a Choices&; it fails through RC_ASSERT and passes over a case with RC_PRE.
template <typename Property>
void check_property(int times, Property&& property) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(info->test_suite_name()) + "/" + info->name();
  metadata.description = info->name();
  auto parameters = rc::detail::configuration().testParams;
  parameters.maxSuccess = times;
  const auto result = rc::detail::checkTestable(
      [&property] {
        Choices choices(*any_choices());
        property(choices);
      },
      metadata, parameters);
  if (result.template is<rc::detail::SuccessResult>()) return;
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  FAIL() << text.str();
}

}  // namespace trueup::test
