#include "engine/temporary_name.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace trueup::engine {
namespace {

TEST(TemporaryName, says_whose_it_is_and_what_it_held) {
  const auto digest = sha256_hex("new");
  const auto basis = sha256_hex("old");
  const auto parsed = parse_temporary_name(ready_name("config.json", "12-ab", digest, basis));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->file, "config.json");
  EXPECT_EQ(parsed->transaction, "12-ab");
  EXPECT_TRUE(digest.starts_with(parsed->digest_start));
  EXPECT_TRUE(basis.starts_with(parsed->basis_start));
  const auto unfinished = parse_temporary_name(unfinished_name("config.json", "12-ab"));
  ASSERT_TRUE(unfinished.has_value());
  EXPECT_TRUE(unfinished->unfinished());
}

TEST(TemporaryName, never_takes_another_programs_file_for_ours) {
  const std::string ours = ready_name("config.json", "12", sha256_hex("new"), "");
  for (const std::string& name :
       {std::string("config.json"), std::string(".config.json.tmp.mine"), std::string("notes.tmp"),
        std::string(".config.json.tmp.abcd1234.json"), ours.substr(1), ours + "x", ours.substr(0, ours.size() - 1),
        std::string(".config.json.trueup-.unfinished"), std::string(".config.json.trueup-a/b.unfinished"),
        std::string(".trueup-1.unfinished"), std::string(".config.json.trueup-1.ready")}) {
    EXPECT_FALSE(parse_temporary_name(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace trueup::engine
