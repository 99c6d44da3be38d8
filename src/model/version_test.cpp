#include "model/version.h"

#include <gtest/gtest.h>

namespace trueup::model {
namespace {

struct Case {
  std::string_view installed;
  std::string_view offered;
  VersionOrder order;
};

TEST(Version, one_comparison_answers_every_spelling_found_in_the_wild_F92) {
  using enum VersionOrder;
  for (const auto& [installed, offered, order] : {
           Case{"v1.2.0", "1.2.0", same},
           Case{"1.2", "1.2.0", same},
           Case{"01.2.0", "1.2.0", same},
           Case{"1.2.0+b1", "1.2.0+b2", same},
           Case{"latest", "latest", same},
           Case{"1.10.0", "1.9.0", newer},
           Case{"2.0.0", "1.9.0", newer},
           Case{"1.2.0-rc1", "1.2.0", older},
           Case{"1.2.0-rc1", "1.2.0-rc2", older},
           Case{"1.2.0-2", "1.2.0-10", older},
           Case{"1.2.0-alpha", "1.2.0-alpha.1", older},
           Case{"2024.01.05", "2024.1.6", older},
           Case{"99999999999999999999.0", "100000000000000000000.0", older},
           Case{"", "1.2.0", incomparable},
           Case{"latest", "1.2.0", incomparable},
           Case{"1..2", "1.2.0", incomparable},
       }) {
    EXPECT_EQ(compare_versions(installed, offered), order) << installed << " and " << offered;
  }
}

}  // namespace
}  // namespace trueup::model
