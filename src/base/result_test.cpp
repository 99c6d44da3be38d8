#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace trueup {
namespace {

TEST(Error, names_the_place_and_what_the_owner_can_do) {
  const Error error = os_error(ENOSPC, "write the file", "config/config.json");
  EXPECT_EQ(error.code, ErrorCode::full);
  EXPECT_EQ(error.text(), "config/config.json: cannot write the file: No space left on device");
  EXPECT_FALSE(error.hint.empty());
}

TEST(Error, keeps_the_context_of_every_layer) {
  const Error error = os_error(EIO, "read", "a").within("while reading plugin weather");
  EXPECT_EQ(error.text(), "a: cannot read: Input/output error (while reading plugin weather)");
}

Result<int> half(int value) {
  if (value % 2 != 0) return Error{.code = ErrorCode::invalid, .message = "odd"};
  return value / 2;
}

Result<int> quarter(int value) {
  ASSIGN_OR_RETURN(const int first, half(value));
  return half(first);
}

TEST(Result, hands_an_error_up_unchanged) {
  EXPECT_EQ(quarter(8).value(), 2);
  ASSERT_FALSE(quarter(6));
  EXPECT_EQ(quarter(6).error().message, "odd");
}

}  // namespace
}  // namespace trueup
