// `trueup check DIR`: what an author is told, where, and that real plugins pass.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/command_support.h"
#include "support/files.h"
#include "support/snapshot.h"
#include "support/test_data.h"

namespace trueup::test {
namespace {

using nlohmann::json;

CommandResult check(const std::filesystem::path& directory, std::vector<std::string> words = {}) {
  std::vector<std::string> arguments{TRUEUP_BINARY, "check", directory.string()};
  arguments.insert(arguments.end(), words.begin(), words.end());
  return run_command(arguments, {.directory = "/"});
}

class Check : public ::testing::Test {
 protected:
  void SetUp() override { write_plugin(plugin(), "clock", "1.0.0"); }
  std::filesystem::path plugin() const { return top_.path() / "clock"; }
  void put(const std::string& file, const std::string& text) { write_file(plugin() / file, text); }
  void set(const std::string& field, const json& value) {
    auto manifest = json::parse(read_file(plugin() / "manifest.json"));
    manifest[field] = value;
    put("manifest.json", manifest.dump(2));
  }
  /// The plugin has this remark, and it weighs that much.
  void expect(const std::string& line, int exit_status) {
    const auto result = check(plugin());
    EXPECT_NE(result.output.find(line), std::string::npos) << result.output << result.errors;
    EXPECT_EQ(result.exit_status, exit_status) << result.output;
  }

  TempDirectory top_;
};

TEST_F(Check, a_sound_plugin_has_no_problem_and_nothing_is_written) {
  const auto before = take_snapshot(top_.path());
  const auto result = check(plugin());
  EXPECT_EQ(result.exit_status, 0) << result.output << result.errors;
  EXPECT_EQ(result.output.find("problem"), std::string::npos) << result.output;
  EXPECT_EQ(difference(before, take_snapshot(top_.path())), "");
}

TEST_F(Check, says_what_is_wrong_with_line_and_column) {
  put("manifest.json", "{\"id\": \"clock\", \"name\": 5,\n  \"display_modes\": [\"now\", 7], \"version\": \"1\"}");
  expect("manifest.json:1:25: problem: `name` is a number, not text", 3);
  expect("manifest.json:2:28: problem: `display_modes` has a number in its list, not text", 3);
}

TEST_F(Check, a_key_that_stands_twice_is_told_where_it_counts) {
  std::string manifest = read_file(plugin() / "manifest.json");
  ASSERT_EQ(manifest.find("\n  \"id\": \"clock\""), 1u) << manifest;
  put("manifest.json", manifest.insert(1, R"("id": "watch",)"));
  expect("manifest.json:2:3: advice: `id` stood before in the same object: only this one counts", 0);
}

TEST_F(Check, an_id_that_LEDMatrix_keeps_for_itself_is_a_problem) {
  set("id", "display");
  expect("one of LEDMatrix's own settings", 3);
  set("id", "../clock");
  expect("problem", 3);
}

TEST_F(Check, looks_into_the_files_that_the_manifest_names) {
  set("class_name", "Other");
  expect("manager.py does not define the class Other", 3);
  set("entry_point", "gone.py");
  expect("it names gone.py, and there is no such file", 3);
  set("entry_point", "../gone.py");
  expect("that is outside of the plugin", 3);
}

TEST_F(Check, a_remark_stands_where_the_manifest_names_the_file_and_says_its_place_once) {
  put("manifest.json",
      "{\"id\": \"a b\", \"name\": \"x\", \"display_modes\": [\"now\"],\n  \"version\": \"1.0.0\","
      "\n  \"entry_point\": \"gone.py\", \"class_name\": \"P\"}");
  expect("manifest.json:3:18: problem: it names gone.py, and there is no such file", 3);
  expect("manifest.json:1:8: problem: its id \"a b\"", 3);
  EXPECT_EQ(check(plugin()).output.find("its manifest.json: line"), std::string::npos);
}

TEST_F(Check, a_pipe_in_the_plugin_is_a_problem) {
  ASSERT_EQ(::mkfifo((plugin() / "pipe").c_str(), 0644), 0);
  expect("pipe: problem: it is a pipe, a socket or a device", 3);
}

TEST_F(Check, F96_floors_are_compared_in_all_spellings) {
  set("versions", json::parse(R"([{"version": "1.0.0", "ledmatrix_min_version": "2.0.0", "ledmatrix_min": "2.1.0"}])"));
  expect("advice: `ledmatrix_min_version` is 2.0.0, but 2.1.0 is asked for as well: the higher one counts", 0);
  set("min_ledmatrix_version", "soon");
  expect("problem: `min_ledmatrix_version` is no version", 3);
}

TEST_F(Check, F96_a_floor_is_the_same_in_every_spelling_of_its_version_and_one_that_counts_for_nobody_is_told) {
  set("ledmatrix_min", "3.0");
  set("min_ledmatrix_version", "v3.0.0");
  EXPECT_EQ(check(plugin()).output.find("higher one"), std::string::npos) << check(plugin()).output;
  set("versions", json::parse(R"([{"version": "1.0.0", "requires": {"ledmatrix_min_version": "soon"}}])"));
  expect("problem: `ledmatrix_min_version` is no version: \"soon\"", 3);
  set("versions", json::parse(R"([{"version": "1.0.0", "requires": {"ledmatrix_min_version": 3}}])"));
  expect("problem: `ledmatrix_min_version` is a number, not text", 3);
}

TEST_F(Check, names_that_differ_by_capital_letters_alone_are_told_because_no_store_delivers_them) {
  put("Faces/One.py", "");
  put("faces/one.py", "");
  put("Clock.py", "");
  put("clock.py", "");
  const auto result = check(plugin());
  EXPECT_EQ(result.exit_status, 3) << result.output;
  for (const char* told : {"clock.py: problem: ", "faces: problem: "}) {
    EXPECT_NE(result.output.find(told), std::string::npos) << result.output;
  }
  EXPECT_EQ(result.output.find("one.py"), std::string::npos) << "said once, of the directory:\n" << result.output;
}

TEST_F(Check, display_modes_without_a_name_or_twice_are_told) {
  set("display_modes", {"now", " NOW", ""});
  expect("stands in the list twice", 3);
  expect("a display mode without a name", 3);
}

TEST_F(Check, a_schema_must_be_one_and_allow_its_own_defaults) {
  put("config_schema.json", R"({"type": "object", "properties": {
  "size": {"type": "integer", "maximum": 5, "default": 9}}})");
  expect("config_schema.json:2:56: problem: the default of size", 3);
  put("config_schema.json", R"({"type": "nonsense"})");
  expect("config_schema.json:1:10: problem: 'nonsense' is no type", 3);
  put("config_schema.json", "{");
  expect("config_schema.json:1:2: problem: ", 3);
}

TEST_F(Check, every_fault_of_a_schema_is_told_with_its_place_also_to_a_program) {
  put("config_schema.json", R"({"type": "object", "properties": {
  "a": {"type": "text"},
  "b": {"minimum": "low"},
  "c": {"required": true},
  "d": {"$ref": "#/nowhere"},
  "e": 7}})");
  for (const char* place : {":2:17: problem: ", ":3:20: problem: ", ":4:21: problem: ", ":5:17: ", ":6:8: "}) {
    expect(std::string("config_schema.json") + place, 3);
  }
  const auto shown = json::parse(check(plugin(), {"--json"}).output);
  EXPECT_EQ(shown["remarks"][0]["line"], 2) << shown;
  EXPECT_EQ(shown["remarks"][0]["column"], 17);
  std::string many = R"({"properties": {"a": {}})";
  for (int i = 0; i < 500; ++i) many.insert(many.size() - 1, ", \"p" + std::to_string(i) + "\": 7");
  put("config_schema.json", many + "}");
  const auto remarks = json::parse(check(plugin(), {"--json"}).output)["remarks"];
  EXPECT_EQ(std::ranges::count(remarks, "config_schema.json", [](const json& one) { return one["file"]; }), 50);
}

TEST_F(Check, a_version_a_name_and_a_range_that_say_nothing_are_told_once_each) {
  set("version", "banana");
  expect("advice: `version` is no version such as 1.2.0: \"banana\"", 0);
  set("version", 5);
  expect("problem: `version` is a number, not text", 3);
  EXPECT_EQ(check(plugin()).output.find("no `version`"), std::string::npos);
  set("version", "1.0.0");
  set("name", " ");
  expect("advice: `name` is empty", 0);
  set("compatible_versions", {"x"});
  expect("advice: `compatible_versions` has \"x\"", 0);
  set("compatible_versions", {">=2.0.0", "~1.2.3", "^2.0.0", "2.0.0", "1.0.0 - 3.0.0", "< 3.0.0"});
  EXPECT_EQ(check(plugin()).output.find("compatible_versions"), std::string::npos) << check(plugin()).output;
}

TEST_F(Check, without_an_id_nothing_is_said_about_the_directory_s_name) {
  put("manifest.json", R"({"name": "Clock", "version": "1.0.0", "display_modes": []})");
  expect("it has no id", 3);
  EXPECT_EQ(check(plugin()).output.find("the id is"), std::string::npos) << check(plugin()).output;
}

TEST_F(Check, a_manifest_that_cannot_be_read_is_a_finding_and_the_rest_is_checked_all_the_same) {
  put("config_schema.json", R"({"type": "nonsense"})");
  const auto manifest = plugin() / "manifest.json";
  const std::string good = read_file(manifest);
  std::filesystem::remove(manifest);
  std::filesystem::create_symlink("manager.py", manifest);
  expect("manifest.json: problem: it is a link", 3);
  expect("config_schema.json:1:10: problem: ", 3);
  std::filesystem::remove(manifest);
  std::filesystem::create_directory(manifest);
  expect("manifest.json: problem: it cannot be read: ", 3);
  expect("config_schema.json:1:10: problem: ", 3);
  std::filesystem::remove(manifest);
  put("manifest.json", good + std::string(20 << 20, ' '));
  expect("manifest.json: problem: it cannot be read: ", 3);
  expect("config_schema.json:1:10: problem: ", 3);
}

TEST_F(Check, secrets_are_to_be_marked_and_have_no_default) {
  put("config_schema.json", R"({"type": "object", "properties": {"api_key": {"type": "string"}}})");
  expect("advice: api_key sounds like a secret", 0);
  put("config_schema.json",
      R"({"type": "object", "properties": {"api_key": {"type": "string", "x-secret": true, "default": "abc"}}})");
  expect("problem: the secret api_key has a default", 3);
}

TEST_F(Check, links_are_told) {
  std::filesystem::create_symlink("/etc/passwd", plugin() / "data");
  expect("data: problem: it is a link", 3);
}

TEST_F(Check, gives_the_same_to_a_program) {
  set("class_name", "Other");
  const auto shown = json::parse(check(plugin(), {"--json"}).output);
  EXPECT_EQ(shown["schema"], 1);
  EXPECT_EQ(shown["remarks"][0]["weight"], "problem");
  EXPECT_EQ(shown["remarks"][0]["file"], "manifest.json");
  EXPECT_EQ(check(top_.path() / "gone").exit_status, 1);
}

TEST(CheckRealPlugins, have_no_problem_but_the_code_that_is_not_here) {
  const auto data = test_data("registry-2026-06/plugins");
  if (!data) GTEST_SKIP() << "the real plugins are not on this machine";
  for (const auto& entry : std::filesystem::directory_iterator(*data)) {
    const auto shown = json::parse(check(entry.path(), {"--json"}).output);
    for (const auto& remark : shown["remarks"]) {
      if (remark["weight"] != "problem") continue;
      const std::string says = remark["says"];
      EXPECT_NE(says.find("there is no such file"), std::string::npos) << entry.path() << remark;
    }
  }
}

}  // namespace
}  // namespace trueup::test
