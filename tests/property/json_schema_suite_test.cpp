// The official JSON Schema suite (draft-07) and the schemas of a real registry. The number of cases passed is pinned.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "json/schema.h"
#include "support/files.h"
#include "support/test_data.h"

namespace trueup {
namespace {

using json::Document;

struct Tally {
  int passed = 0;
  std::vector<std::string> failed;
};

void run_group(const std::string& file, json::Value group, Tally& tally) {
  const auto schema_document = Document::parse(std::string(group.find("schema")->text()));
  const auto schema = json::Schema::compile(*schema_document);
  for (const json::Value each : group.find("tests")->elements()) {
    const std::string name =
        file + ": " + *group.find("description")->string() + ": " + *each.find("description")->string();
    if (!schema) {
      tally.failed.push_back(name + ": " + schema.error().text());
      continue;
    }
    const auto found = schema->validate(*each.find("data"));
    const bool valid = *each.find("valid")->boolean();
    if (found && found->empty() == valid && schema->allows(*each.find("data")) == valid) {
      ++tally.passed;
    } else {
      tally.failed.push_back(name + (found ? "" : ": " + found.error().text()));
    }
  }
}

TEST(JsonSchemaSuite, passes_all_but_what_lies_outside_of_the_schema) {
  const auto suite = test::test_data("json-schema-draft7/tests/draft7");
  if (!suite) GTEST_SKIP() << "skipped: the JSON Schema suite is not there (json-schema-draft7 of the test data)";
  Tally tally;
  for (const auto& entry : std::filesystem::directory_iterator(*suite)) {
    if (!entry.is_regular_file()) continue;
    const auto document = Document::parse(test::read_file(entry.path()));
    ASSERT_TRUE(document.has_value()) << entry.path();
    for (const json::Value group : document->root().elements()) {
      run_group(entry.path().filename().string(), group, tally);
    }
  }
  const bool only_remote = std::all_of(tally.failed.begin(), tally.failed.end(), [](const std::string& name) {
    return name.find("nothing is fetched from elsewhere") != std::string::npos;
  });
  EXPECT_TRUE(only_remote);
  EXPECT_EQ(tally.passed, 900);
  if (!HasFailure()) return;
  for (const std::string& name : tally.failed) ADD_FAILURE() << name;
}

TEST(JsonSchemaSuite, reads_every_schema_of_a_real_registry_and_its_own_defaults_pass) {
  const auto plugins = test::test_data("registry-2026-06/plugins");
  if (!plugins) GTEST_SKIP() << "skipped: the real registry is not there (registry-2026-06 of the test data)";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*plugins)) {
    const auto path = entry.path() / "config_schema.json";
    if (!std::filesystem::exists(path)) continue;
    ++count;
    const auto schema = json::Schema::compile(*Document::parse(test::read_file(path)));
    ASSERT_TRUE(schema.has_value()) << path << schema.error().text();
    const auto defaults = Document::parse(schema->defaults());
    ASSERT_TRUE(defaults.has_value()) << path;
    const auto found = schema->validate(defaults->root());
    ASSERT_TRUE(found.has_value()) << path << found.error().text();
    for (const auto& each : *found) EXPECT_EQ(each.keyword, "required") << path << " " << each.text();
  }
  EXPECT_EQ(count, 33);
}

}  // namespace
}  // namespace trueup
