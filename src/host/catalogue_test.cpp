#include "host/catalogue.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/observation_builder.h"

namespace trueup::host {
namespace {

using test::ObservationBuilder;

/// Scan number `scan` of an installation in which every plugin has the same version, and one plugin comes and goes.
model::Observation scan_of(int scan) {
  ObservationBuilder builder;
  const std::string version = std::to_string(scan);
  for (int i = 0; i < 40; ++i)
    builder.installed("plugin-" + std::to_string(i), version).modes({"m" + std::to_string(i)});
  if (scan % 2 == 0) builder.installed("guest", version).modes({"guest-mode"});
  if (scan % 3 == 0) builder.damaged("broken");
  return builder.seen;
}

TEST(CataloguePublisher, gives_an_empty_catalogue_before_the_first_scan) {
  const CataloguePublisher publisher;
  EXPECT_TRUE(publisher.current()->plugins().empty());
}

TEST(CataloguePublisher, a_snapshot_that_somebody_reads_stays_as_it_is) {
  CataloguePublisher publisher;
  ASSERT_TRUE(publisher.publish(scan_of(0)));
  const Snapshot held = publisher.current();
  ASSERT_TRUE(publisher.publish(scan_of(1)));
  EXPECT_NE(held->find("guest"), nullptr);
  EXPECT_EQ(publisher.current()->find("guest"), nullptr);  // no ghost of what is gone
  EXPECT_TRUE(publisher.current()->providers_of("guest-mode").empty());
}

TEST(CataloguePublisher, a_scan_that_broke_off_changes_nothing) {
  CataloguePublisher publisher;
  ASSERT_TRUE(publisher.publish(scan_of(0)));
  const Snapshot before = publisher.current();
  const auto refused = publisher.publish(ObservationBuilder().unreadable(model::Source::disk).seen);
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(publisher.current(), before);
}

TEST(CataloguePublisher, one_plugin_read_again_is_a_new_snapshot_and_nothing_else_changes) {
  CataloguePublisher publisher;
  EXPECT_FALSE(publisher.replace({.name = "early"}).has_value());  // before any scan it would be the only plugin
  ASSERT_TRUE(publisher.publish(scan_of(0)));
  const Snapshot before = publisher.current();
  const auto reread = ObservationBuilder().installed("guest", "9.0.0").modes({"other"}).seen.disk.directories.front();
  ASSERT_TRUE(publisher.replace(reread));
  EXPECT_EQ(before->find("guest")->version, "0");
  EXPECT_EQ(publisher.current()->find("guest")->version, "9.0.0");
  EXPECT_TRUE(publisher.current()->providers_of("guest-mode").empty());
  EXPECT_EQ(publisher.current()->plugins().size(), before->plugins().size());
  ASSERT_TRUE(publisher.remove("guest"));
  EXPECT_EQ(publisher.current()->find("guest"), nullptr);
  EXPECT_EQ(publisher.current()->plugins().size(), before->plugins().size() - 1);
}

/// All plugins of one catalogue are of one scan; counts what breaks that.
int mixed_scans(const model::Catalogue& catalogue, int& last_scan) {
  if (catalogue.plugins().empty()) return 1;
  const int scan = std::stoi(catalogue.plugins().front().version);
  int broken = scan < last_scan ? 1 : 0;  // nobody goes back in time
  last_scan = scan;
  for (const model::CataloguePlugin& plugin : catalogue.plugins()) broken += std::stoi(plugin.version) == scan ? 0 : 1;
  broken += catalogue.plugins().size() == (scan % 2 == 0 ? 41U : 40U) ? 0 : 1;
  broken += (catalogue.find("guest") != nullptr) == (scan % 2 == 0) ? 0 : 1;
  broken += catalogue.providers_of("guest-mode").empty() == (scan % 2 != 0) ? 0 : 1;
  broken += catalogue.damaged().size() == (scan % 3 == 0 ? 1U : 0U) ? 0 : 1;
  return broken;
}

TEST(CataloguePublisher, sixteen_readers_see_whole_scans_beside_a_writer_that_rescans) {
  constexpr int kScans = 200;
  CataloguePublisher publisher;
  ASSERT_TRUE(publisher.publish(scan_of(0)));
  std::vector<int> broken(16, 0);
  std::vector<int> last(16, 0);
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < broken.size(); ++i) {
    readers.emplace_back([&, i] {
      CatalogueReader reader(publisher);
      while (last[i] < kScans) {
        broken[i] += mixed_scans(i % 2 == 0 ? reader.now() : *publisher.current(), last[i]);
        std::this_thread::yield();
      }
    });
  }
  for (int scan = 1; scan <= kScans; ++scan) EXPECT_TRUE(publisher.publish(scan_of(scan)));
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(broken, std::vector<int>(16, 0));
  EXPECT_EQ(publisher.version(), 1U + kScans);
}

}  // namespace
}  // namespace trueup::host
