#include "sources/manifest.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace trueup::sources {
namespace {

using model::ManifestVerdict;

TEST(Manifest, reads_every_field_the_control_plane_goes_by) {
  const auto reading = decode_manifest(R"({"id": "weather", "name": "Weather", "version": "1.2.3",
    "class_name": "WeatherPlugin", "entry_point": "main.py", "display_modes": ["now", "later"],
    "compatible_versions": [">=2.0.0"], "config_schema": "config_schema.json", "requirements_file": "requirements.txt",
    "web_ui_actions": [{"id": "a", "script": "scripts/login.py"}, {"id": "b"}],
    "versions": [{"version": "1.2.3", "ledmatrix_min": "2.0.0"}, {"ledmatrix_min_version": "1.0.0"}],
    "renamed_from": "old-weather", "former_ids": ["older", "old-weather", "weather", "../x", 7]})");
  EXPECT_EQ(reading.verdict, ManifestVerdict::good);
  EXPECT_TRUE(reading.is_object);
  const Manifest& manifest = reading.manifest;
  EXPECT_EQ(manifest.id, "weather");
  EXPECT_EQ(manifest.entry_point, "main.py");
  EXPECT_EQ(manifest.class_name, "WeatherPlugin");
  EXPECT_EQ(manifest.display_modes, (std::vector<std::string>{"now", "later"}));
  EXPECT_EQ(manifest.minimum_core, "2.0.0");
  EXPECT_EQ(manifest.named_files,
            (std::vector<std::string>{"main.py", "config_schema.json", "requirements.txt", "scripts/login.py"}));
  EXPECT_EQ(manifest.former_ids, (std::vector<std::string>{"old-weather", "older"}));
  ASSERT_EQ(manifest.problems.size(), 1U);  // the 7 among the former ids
  EXPECT_EQ(manifest.problems[0].field, "former_ids");
}

TEST(Manifest, needs_nothing_but_an_id) {
  const auto reading = decode_manifest(R"({"id": "a"})");
  EXPECT_EQ(reading.verdict, ManifestVerdict::good);
  EXPECT_EQ(reading.manifest.entry_point, "manager.py");
  EXPECT_TRUE(reading.manifest.problems.empty());
}

TEST(Manifest, of_several_floors_the_strictest_that_can_be_read_counts_F96) {
  const auto floor = [](std::string_view fields) {
    return decode_manifest("{\"id\": \"a\", " + std::string(fields) + "}").manifest.minimum_core;
  };
  EXPECT_EQ(floor(R"("min_ledmatrix_version": "1", "requires": {"min_ledmatrix_version": "2"})"), "2");
  EXPECT_EQ(floor(R"("requires": {"min_ledmatrix_version": "2"}, "versions": [{"ledmatrix_min": "3"}])"), "3");
  EXPECT_EQ(floor(R"("min_ledmatrix_version": "soon", "requires": {"min_ledmatrix_version": "2"})"), "2");
  EXPECT_EQ(floor(R"("ledmatrix_min_version": "3.10", "ledmatrix_min": "3.9", "min_ledmatrix_version": 7)"), "3.10");
  EXPECT_EQ(floor(R"("versions": [7, {"ledmatrix_min": "2"}, {"ledmatrix_min": "9"}])"), "2") << "an older version's";
  EXPECT_EQ(floor(R"("versions": [{"ledmatrix_min": "3", "ledmatrix_min_version": "4"}])"), "4");
  EXPECT_EQ(floor(R"("versions": {}, "requires": [])"), "");
}

TEST(Manifest, a_wrong_type_spoils_only_its_field_and_is_named_with_its_place) {
  const auto reading = decode_manifest(
      "{\"id\": \"a\", \"name\": 5,\n \"version\": [],\n  \"class_name\": {}, \"entry_point\": null,\n"
      " \"display_modes\": \"now\", \"compatible_versions\": [\"1\", 2], \"versions\": [3], \"requires\": \"x\"}");
  EXPECT_EQ(reading.verdict, ManifestVerdict::good);
  EXPECT_EQ(reading.manifest.id, "a");
  EXPECT_EQ(reading.manifest.version, "");
  EXPECT_EQ(reading.manifest.entry_point, "manager.py");
  EXPECT_EQ(reading.manifest.compatible_versions, (std::vector<std::string>{"1"}));
  const auto& problems = reading.manifest.problems;
  ASSERT_EQ(problems.size(), 7U);
  EXPECT_EQ(problems[0], (FieldProblem{"name", 1, 21, "is a number, not text"}));
  EXPECT_EQ(problems[1], (FieldProblem{"version", 2, 13, "is a list, not text"}));
  EXPECT_EQ(problems[3].field, "display_modes");
}

TEST(Manifest, whatever_stands_in_the_file_is_told_once_in_a_sentence_F07) {
  struct Case {
    std::string bytes;
    bool is_object;
    std::string_view sentence;
  };
  for (const auto& [bytes, is_object, sentence] : {
           Case{"null", false, "where an object belongs"},
           Case{"[]", false, "it is a list"},
           Case{"\"x\"", false, "it is text"},
           Case{"42", false, "it is a number"},
           Case{"true", false, "line 1, column 1"},
           Case{"", false, "is empty"},
           Case{"{", false, "line 1, column 2"},
           Case{"{\"id\": \"a\",}", false, "line 1, column"},
           Case{"{'id': 1}", false, "line 1, column 2"},
           Case{std::string(100'000, ' '), false, "100000 blanks"},
           Case{std::string(500, '\0'), false, "zero bytes"},
           Case{"\xef\xbb\xbf{\"id\": \"a\"}", false, "byte order mark"},
           Case{"{\"name\": \"caf\xe9\"}", false, "not UTF-8"},
           Case{std::string(100'000, '['), false, "line 1"},
           Case{"{\"id\": null}", true, "its id is null, not text"},
           Case{"{\"id\": 7}", true, "line 1, column 8: its id is a number, not text"},
           Case{"{}", true, "it has no id"},
           Case{"{\"version\": NaN}", true, "it has no id"},
           Case{"{\"id\": \"../config\"}", true, "cannot be a plugin id"},
           Case{"{\"id\": \"a\", \"id\": \"\"}", true, "it is empty"},
           Case{"{\"id\": \"display\"}", true, "one of LEDMatrix's own settings"},
       }) {
    const auto reading = decode_manifest(bytes);
    const std::string shown = bytes.substr(0, 30);
    EXPECT_EQ(reading.verdict, ManifestVerdict::invalid) << shown;
    EXPECT_EQ(reading.is_object, is_object) << shown;
    EXPECT_NE(reading.problem.find(sentence), std::string::npos) << shown << ": " << reading.problem;
    const auto facts = decode_manifest_facts(bytes);
    EXPECT_EQ(facts.problem, reading.problem) << shown;
    EXPECT_EQ(facts.is_object, reading.is_object) << shown;
  }
}

TEST(Manifest, of_duplicate_ids_the_last_counts_as_for_python_F78) {
  EXPECT_EQ(decode_manifest(R"({"id": "a", "id": "b"})").manifest.id, "b");
  EXPECT_EQ(decode_manifest_facts(R"({"id": "a", "id": "b"})").manifest.id, "b");
}

TEST(Manifest, a_hostile_one_is_cut_to_its_limits) {
  std::string ids;
  std::string numbers;
  for (int i = 0; i < 5000; ++i) {
    ids += (i == 0 ? "\"x" : ",\"x") + std::to_string(i) + "\"";
    numbers += i == 0 ? "1" : ",1";
  }
  const auto reading =
      decode_manifest("{\"id\": \"a\", \"former_ids\": [" + ids + "], \"display_modes\": [" + numbers + "]}");
  EXPECT_EQ(reading.manifest.former_ids.size(), limits::kMaxManifestNames);
  EXPECT_EQ(reading.manifest.problems.size(), limits::kMaxFieldProblems);
}

}  // namespace
}  // namespace trueup::sources
