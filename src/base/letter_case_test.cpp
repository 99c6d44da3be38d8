#include "base/letter_case.h"

#include <gtest/gtest.h>

namespace trueup {
namespace {

TEST(LetterCase, without_case_is_the_same_for_names_that_differ_by_capital_letters_of_ascii) {
  EXPECT_EQ(without_case("Lib/READ_me.TXT"), "lib/read_me.txt");
  EXPECT_EQ(without_case("\xc3\x84@[`{"), "\xc3\x84@[`{");
}

}  // namespace
}  // namespace trueup
