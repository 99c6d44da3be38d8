#include "cli/config_arguments.h"

#include <gtest/gtest.h>

#include "cli/arguments.h"

namespace trueup::cli {
namespace {

Result<Invocation> parse(const std::vector<std::string>& arguments) {
  auto parsed = parse_arguments(arguments);
  if (!parsed) return parsed.error();
  return std::get<Invocation>(*parsed);
}

TEST(ConfigArguments, a_value_may_look_like_anything) {
  for (const char* value : {"-5", "[1, 2]", "{}", "-x", "a b", "", "--no"}) {
    std::vector<std::string> words{"--root", "/r", "config", "set", "weather", "a.b"};
    if (std::string(value).starts_with("--")) words.emplace_back("--");
    words.emplace_back(value);
    const auto parsed = parse(words);
    ASSERT_TRUE(parsed) << value << ": " << parsed.error().text();
    EXPECT_EQ(parsed->config.value, value);
    EXPECT_EQ(parsed->config.setting, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(parsed->root, "/r");
    EXPECT_EQ(parsed->ids.front().value(), "weather");
  }
}

TEST(ConfigArguments, a_dash_means_that_the_value_is_read) {
  const auto parsed = parse({"config", "set", "weather", "api_key", "-", "--json"});
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->config.value, std::nullopt);
  EXPECT_TRUE(parsed->json);
}

TEST(ConfigArguments, what_is_missing_or_mistyped_is_told) {
  EXPECT_FALSE(parse({"config"}));
  EXPECT_FALSE(parse({"config", "get"}));
  EXPECT_FALSE(parse({"config", "set", "weather", "city"}));
  EXPECT_FALSE(parse({"config", "set", "weather", "city", "a", "b"}));
  EXPECT_FALSE(parse({"config", "get", "weather", "a..b"}));
  EXPECT_FALSE(parse({"config", "get", "../weather"}));
  EXPECT_FALSE(parse({"config", "get", "weather", "--purge"}));
  const auto mistyped = parse({"config", "sett", "weather"});
  ASSERT_FALSE(mistyped);
  EXPECT_NE(mistyped.error().hint.find("`set`"), std::string::npos);
  EXPECT_NE(parse({"config", "unset", "weather"}).error().hint.find("purge"), std::string::npos);
}

}  // namespace
}  // namespace trueup::cli
