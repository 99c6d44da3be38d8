#include "service/metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace trueup::service {
namespace {

Snapshot sample() {
  Snapshot snapshot{.phase = Phase::ready, .waiting = 2};
  snapshot.findings.resize(3);
  snapshot.findings[0].inconsistency_type = model::InconsistencyType::plugin_missing_on_disk;
  snapshot.findings[1].inconsistency_type = model::InconsistencyType::plugin_missing_on_disk;
  snapshot.counters = {.passes = 7, .passes_took = std::chrono::milliseconds(1500)};
  snapshot.has_looked = true;
  snapshot.operations.push_back({.id = 1});
  return snapshot;
}

TEST(Metrics, every_line_is_one_that_prometheus_reads_and_every_family_stands_once) {
  std::istringstream lines(metrics(sample(), {.anonymous_bytes = 1, .resident_bytes = 2, .written_bytes = 3}));
  std::set<std::string> types;
  std::string family;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    words >> first >> second;
    if (first == "#") {
      words >> family;
      const bool stands_once = second != "TYPE" || types.insert(family).second;
      EXPECT_TRUE(stands_once) << family;
      continue;
    }
    EXPECT_TRUE(first.starts_with(family)) << line;
    EXPECT_NE(second.find_first_of("0123456789"), std::string::npos) << line;
    const bool counts = family.ends_with("_total");
    EXPECT_EQ(first.find("_total") != std::string::npos, counts) << line;
  }
  EXPECT_GT(types.size(), 10U);
}

TEST(Metrics, findings_are_counted_by_type) {
  const std::string text = metrics(sample(), {});
  EXPECT_NE(text.find("trueup_findings{type=\"plugin_missing_on_disk\",action=\"no_action\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("trueup_pass_duration_seconds_sum 1.500000\n"), std::string::npos);
  EXPECT_NE(text.find("trueup_operations{state=\"waiting\"} 1\n"), std::string::npos);
  EXPECT_EQ(text.find("trueup_memory"), std::string::npos) << "what cannot be told is left out";
}

TEST(Metrics, plugins_are_counted_as_the_newest_whole_scan_has_them_and_not_before_one) {
  Snapshot snapshot = sample();
  EXPECT_EQ(metrics(snapshot, {}).find("trueup_plugins"), std::string::npos) << "unknown is not none";
  model::Observation seen;
  for (const char* id : {"clock", "watch"}) {
    seen.disk.directories.push_back({.name = id,
                                     .manifest = model::ManifestVerdict::good,
                                     .id = id,
                                     .version = "1.0.0",
                                     .display_modes = {"time"}});
  }
  seen.disk.directories.push_back({.name = "torn", .manifest = model::ManifestVerdict::invalid});
  snapshot.catalogue = std::make_shared<const model::Catalogue>(model::make_catalogue(seen));
  const std::string text = metrics(snapshot, {});
  EXPECT_NE(text.find("trueup_plugins 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("trueup_plugins_damaged 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("trueup_display_modes_contested 1\n"), std::string::npos) << text;
}

TEST(Health, it_is_ready_only_after_a_look_and_while_passes_come_to_their_end) {
  Snapshot snapshot = sample();
  EXPECT_TRUE(readiness(snapshot).good);
  snapshot.problem = Error{.code = ErrorCode::io, .message = "the disk said no"};
  EXPECT_FALSE(readiness(snapshot).good);
  EXPECT_NE(readiness(snapshot).says.find("the disk said no"), std::string::npos);
  EXPECT_TRUE(liveness(snapshot).good) << "to start it anew would mend nothing";
  snapshot = {};
  EXPECT_FALSE(readiness(snapshot).good);
  snapshot.phase = Phase::stopping;
  EXPECT_FALSE(liveness(snapshot).good);
}

TEST(Snapshot, shows_what_is_known_without_what_an_operation_was_given) {
  Snapshot snapshot = sample();
  snapshot.operations.front().request = {.words = {"config", "set", "a", "k", "-"}, .plugin_id = "a", .input = "hush"};
  const std::string text = encode(snapshot);
  EXPECT_EQ(text.find("hush"), std::string::npos);
  EXPECT_NE(text.find("\"words\": [\"config\", \"set\", \"a\", \"k\", \"-\"]"), std::string::npos);
  EXPECT_NE(text.find("\"healthy\": true"), std::string::npos);
}

}  // namespace
}  // namespace trueup::service
