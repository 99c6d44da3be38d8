#include "sources/state_source.h"

#include <gtest/gtest.h>

#include <map>

namespace trueup::sources {
namespace {

using AsOriginal = model::StateRecord::AsOriginal;

std::string entry(const std::string& id, const std::string& more = "") {
  return R"({"plugin_id": ")" + id + R"(", "status": "enabled", "enabled": true)" + more + "}";
}

std::vector<model::StateRecord> decode_one(const std::string& value) {
  auto records = decode_state(R"({"version": 1, "states": {"a": )" + value + R"(, "z": )" + entry("z") + "}}");
  EXPECT_TRUE(records) << records.error().text();
  return records.value_or(std::vector<model::StateRecord>());
}

TEST(State, reads_a_record_with_its_own_text) {
  const auto records = decode_one(R"({"plugin_id": "a", "status": "disabled", "enabled": false, "version": "1.2",
    "installed_at": null, "last_updated": "2026-03-26T09:12:44.018233", "config_version": 2, "metadata": {}})");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].key, "a");
  EXPECT_EQ(records[0].enabled, false);
  EXPECT_EQ(records[0].enabled_text, "false");
  EXPECT_EQ(records[0].status, "disabled");
  EXPECT_EQ(records[0].version, "1.2");
  EXPECT_EQ(records[0].problem, "");
  EXPECT_EQ(records[0].original, AsOriginal::kept);
  EXPECT_TRUE(records[0].text.starts_with("{\"plugin_id\"") && records[0].text.ends_with("{}}"));
}

TEST(State, one_bad_entry_never_hides_another_F45) {
  struct Case {
    std::string value;
    bool problem;  // under our own rules
    AsOriginal original;
  };
  const auto kept = AsOriginal::kept;
  const auto dropped = AsOriginal::dropped;
  const auto ends = AsOriginal::ends_reading;
  for (const auto& [value, problem, original] : {
           // Not a record at all.
           Case{"null", true, dropped},
           Case{"[]", true, dropped},
           Case{"\"x\"", true, dropped},
           Case{"3", true, dropped},
           Case{"{}", true, dropped},
           // Something is missing.
           Case{R"({"status": "enabled", "enabled": true})", true, dropped},
           Case{R"({"plugin_id": "a", "enabled": true})", true, dropped},
           Case{R"({"plugin_id": "a", "status": "enabled"})", true, dropped},
           // From a newer or older program: no problem of ours, though the original loses it.
           Case{entry("a", ", \"pinned\": true"), false, dropped},
           Case{R"({"plugin_id": "a", "status": "quarantined", "enabled": true})", false, dropped},
           Case{R"({"plugin_id": "a", "status": "", "enabled": true})", false, dropped},
           Case{R"({"plugin_id": "a", "status": "ENABLED", "enabled": true})", false, dropped},
           // A status that is no text passes the original's loader and ends its reading later.
           Case{R"({"plugin_id": "a", "status": 5, "enabled": true})", false, ends},
           Case{R"({"plugin_id": "a", "status": null, "enabled": true})", false, ends},
           Case{R"({"plugin_id": "a", "status": 5, "enabled": true, "extra": 1})", false, dropped},
           Case{R"({"plugin_id": "a", "status": 5, "enabled": true, "installed_at": "x"})", false, dropped},
           // Wrong values that the original takes as they are.
           Case{R"({"plugin_id": "a", "status": "enabled", "enabled": "true"})", true, kept},
           Case{R"({"plugin_id": "a", "status": "enabled", "enabled": null})", true, kept},
           Case{R"({"plugin_id": "a", "status": "enabled", "enabled": 1})", true, kept},
           Case{entry("someone-else"), true, kept},
           Case{R"({"plugin_id": 7, "status": "enabled", "enabled": true})", true, kept},
           // Times.
           Case{entry("a", ", \"installed_at\": \"\", \"last_updated\": null"), false, kept},
           Case{entry("a", ", \"installed_at\": 1700000000"), false, kept},
           Case{entry("a", ", \"installed_at\": \"2025-01-01T00:00:00Z\""), false, kept},
           Case{entry("a", ", \"installed_at\": \"2025-01-01\""), false, kept},
           Case{entry("a", ", \"installed_at\": \"2025-13-01\""), false, dropped},
           Case{entry("a", ", \"last_updated\": \"yesterday\""), false, dropped},
       }) {
    const auto records = decode_one(value);
    ASSERT_EQ(records.size(), 2U) << value;
    EXPECT_EQ(!records[0].problem.empty(), problem) << value << ": " << records[0].problem;
    EXPECT_EQ(records[0].original, original) << value;
    EXPECT_EQ(records[0].text, value);
    EXPECT_EQ(records[1].problem, "") << value;
    EXPECT_EQ(records[1].original, kept) << value;
  }
}

TEST(State, duplicate_entries_are_one_as_python_has_them_F78) {
  const auto records = decode_state(R"({"states": {"a": )" + entry("a") + R"(, "b": )" + entry("b") +
                                    R"(, "a": {"plugin_id": "a", "status": "disabled", "enabled": false}}})");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 2U);
  EXPECT_EQ((*records)[0].key, "a");
  EXPECT_EQ((*records)[0].enabled, false);
}

TEST(State, a_file_of_another_shape_is_unreadable_and_not_empty_F44) {
  for (const std::string bad : {"", "false", "[]", "null", "garbage", R"({"version": 1, "states": {"a": {)",
                                R"({"states": []})", R"({"states": null})", R"({"states": "x"})"}) {
    EXPECT_FALSE(decode_state(bad)) << bad;
  }
  EXPECT_FALSE(decode_state(std::string(400, '\0')));
  EXPECT_TRUE(decode_state(R"({"version": 2, "extra": 1, "states": {}})"));
  EXPECT_TRUE(decode_state("{}"));
}

TEST(State, problems_tell_line_and_column_of_their_own_entry) {
  const auto records = decode_state(
      "{\"states\": {\n  \"a\": 1,\n  \"\xc3\xa9\": [], \"c\": {\"plugin_id\": \"c\",\n"
      " \"status\": \"enabled\", \"enabled\": 1}}}");
  ASSERT_TRUE(records);
  EXPECT_TRUE((*records)[0].problem.starts_with("line 2, column 8: ")) << (*records)[0].problem;
  EXPECT_TRUE((*records)[1].problem.starts_with("line 3, column 8: ")) << (*records)[1].problem;
  EXPECT_TRUE((*records)[2].problem.starts_with("line 4, column 34: ")) << (*records)[2].problem;
}

}  // namespace
}  // namespace trueup::sources
