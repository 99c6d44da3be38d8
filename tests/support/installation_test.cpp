#include "support/installation.h"

#include <gtest/gtest.h>

#include "support/command.h"
#include "support/python_json.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

/// Empty when Python writes the same bytes for what it reads from `file`, else what it says.
std::string python_disagrees(const fs::path& file, int indent) {
  static constexpr const char* kProgram = R"(
import json, sys
text = open(sys.argv[1]).read()
again = json.dumps(json.loads(text), indent=int(sys.argv[2]))
sys.exit(0 if again == text else again)
)";
  const auto result = run_command({"python3", "-c", kProgram, file.string(), std::to_string(indent)});
  return result.exit_status == 0 ? "" : result.errors;
}

TEST(PythonJson, lays_text_out_as_python_does) {
  EXPECT_EQ(python_layout(R"({"a":[1,{"b":{}} ,[]],"c, {":"\"]"})", 4),
            "{\n    \"a\": [\n        1,\n        {\n            \"b\": {}\n        },\n        []\n    ],\n"
            "    \"c, {\": \"\\\"]\"\n}");
  EXPECT_EQ(python_quoted("a\"\\\n\u00f6\U0001F600\x01"), R"("a\"\\\n\u00f6\ud83d\ude00\u0001")");
}

TEST(Installation, has_every_file_byte_for_byte_as_python_would_write_it) {
  Installation home;
  home.add_healthy("clock").add_healthy("weather", false, "2.1.0").add_tombstone("old").record("gone", true);
  home.set_secret("weather", R"({"api_key": "Malm\u00f6"})").set_section("number", "[1.50, NaN, 1e5]");
  home.set_section("number", "[255, 0, 0]");
  EXPECT_EQ(python_disagrees(home.config(), 4), "");
  EXPECT_EQ(python_disagrees(home.secrets(), 4), "");
  EXPECT_EQ(python_disagrees(home.state(), 2), "");
  EXPECT_EQ(python_disagrees(home.tombstones(), 2), "");
  EXPECT_EQ(python_disagrees(home.registry() / "plugins.json", 2), "");
  EXPECT_EQ(python_disagrees(home.plugin("clock") / "manifest.json", 2), "");
  EXPECT_TRUE(fs::exists(home.registry() / "plugins/weather/manager.py"));
  EXPECT_EQ(fs::status(home.secrets()).permissions(), fs::perms(0640));
}

TEST(Installation, lacks_the_files_that_a_new_one_lacks) {
  Installation home;
  EXPECT_TRUE(fs::exists(home.config()));
  EXPECT_FALSE(fs::exists(home.state()));
  EXPECT_FALSE(fs::exists(home.tombstones()));
  EXPECT_TRUE(fs::is_empty(home.plugins()));
}

TEST(Installation, keeps_exact_bytes_that_a_test_wrote) {
  Installation home;
  home.set_enabled("clock", true).write("config/config.json", "{broken");
  EXPECT_EQ(home.read("config/config.json"), "{broken");
  home.record("clock", true);
  EXPECT_EQ(home.read("config/config.json"), "{broken");
}

TEST(Installation, may_hold_a_directory_whose_name_is_not_the_id) {
  Installation home;
  home.add_plugin("weather", "1.0.0", "ledmatrix-weather");
  EXPECT_NE(home.read("plugin-repos/ledmatrix-weather/manifest.json").find("\"id\": \"weather\""), std::string::npos);
}

}  // namespace
}  // namespace trueup::test
