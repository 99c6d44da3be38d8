#include "web/logins.h"

#include <gmock/gmock.h>

#include "web/attempts.h"
#include "web/password.h"

namespace trueup::web {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kBytes(32, '\x5a');

TEST(Logins, a_token_opens_as_far_as_its_scope_until_it_is_revoked) {
  Logins logins;
  const auto reads = add_token(logins, "weather station", Scope::read, kBytes, 7);
  const auto writes = add_token(logins, "home", Scope::write, std::string(32, '\x01'), 8);
  ASSERT_TRUE(reads && writes);
  EXPECT_EQ(scope_of(logins, *reads), Scope::read);
  EXPECT_EQ(scope_of(logins, *writes), Scope::write);
  EXPECT_EQ(scope_of(logins, ""), std::nullopt);
  EXPECT_EQ(scope_of(logins, logins.tokens.front().hash), std::nullopt) << "the hash is not the token";
  ASSERT_TRUE(revoke_token(logins, "home"));
  EXPECT_EQ(scope_of(logins, *writes), std::nullopt);
  EXPECT_EQ(revoke_token(logins, "home").error().code, ErrorCode::not_found);
  EXPECT_EQ(add_token(logins, "weather station", Scope::read, kBytes, 7).error().code, ErrorCode::conflict);
  EXPECT_EQ(add_token(logins, "a\nb", Scope::read, kBytes, 7).error().code, ErrorCode::invalid);
}

TEST(Logins, what_is_kept_opens_nothing_by_itself_and_comes_back_as_it_was) {
  Logins logins{.password = "$argon2id$x"};
  const auto token = add_token(logins, "home", Scope::write, kBytes, 7);
  const std::string text = logins.encode();
  EXPECT_THAT(text, Not(HasSubstr(*token)));
  EXPECT_EQ(Logins::decode(text).value(), logins);
}

TEST(Logins, a_file_that_is_not_wholly_understood_opens_nothing) {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"schema": 2, "password": "", "tokens": []})", R"({"schema": 1, "tokens": []})",
        R"({"schema": 1, "password": 7, "tokens": []})", R"({"schema": 1, "password": "", "tokens": {}})",
        R"({"schema": 1, "password": "", "tokens": [{"name": "a"}]})",
        R"({"schema": 1, "password": "", "tokens": [7]})"}) {
    EXPECT_FALSE(Logins::decode(text)) << text;
  }
}

TEST(Password, is_known_again_and_only_itself) {
  const auto hash = hash_password("open sesame");
  ASSERT_TRUE(hash);
  EXPECT_THAT(*hash, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(fits_password(*hash, "open sesame"));
  EXPECT_FALSE(fits_password(*hash, "open sesam"));
  EXPECT_FALSE(fits_password("", ""));
  EXPECT_FALSE(fits_password("open sesame", "open sesame"));
}

TEST(Attempts, after_five_wrong_ones_each_next_one_waits_twice_as_long) {
  using std::chrono::seconds;
  Attempts attempts;
  Attempts::Duration now = seconds(100);
  for (int i = 0; i < 4; ++i) attempts.failed("a", now);
  EXPECT_EQ(attempts.wait("a", now), std::nullopt);
  attempts.failed("a", now);
  EXPECT_EQ(attempts.wait("a", now), seconds(1));
  EXPECT_EQ(attempts.wait("b", now), std::nullopt);
  attempts.failed("a", now);
  EXPECT_EQ(attempts.wait("a", now), seconds(2));
  now += seconds(2);
  EXPECT_EQ(attempts.wait("a", now), std::nullopt);
  for (int i = 0; i < 30; ++i) attempts.failed("a", now);
  EXPECT_LE(attempts.wait("a", now), std::chrono::minutes(17));
  attempts.worked("a");
  EXPECT_EQ(attempts.wait("a", now), std::nullopt);
}

}  // namespace
}  // namespace trueup::web
