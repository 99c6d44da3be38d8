#include "store/local_source.h"

#include <gtest/gtest.h>

#include "platform/memory_file_system.h"
#include "store/tree_digest.h"

namespace trueup::store {
namespace {

using platform::Links;
using platform::MemoryFileSystem;
using platform::WritableDirectory;

constexpr const char* kRegistry = R"({"version": "1.0.0", "last_updated": "2026-03-26T12:00:00Z", "plugins": [
  {"id": "weather", "plugin_path": "plugins/ledmatrix-weather", "latest_version": "2.6.6"}]})";

class LocalStore : public ::testing::Test {
 protected:
  void SetUp() override {
    disk_.put_file("/registry/plugins.json", kRegistry);
    disk_.put_file("/registry/plugins/ledmatrix-weather/manifest.json", "{\"id\": \"ledmatrix-weather\"}");
    disk_.put_file("/registry/plugins/ledmatrix-weather/manager.py", "class Weather: pass\n", 0775);
    disk_.put_file("/registry/plugins/ledmatrix-weather/assets/sun.png", "PNG", 0600);
    disk_.put_file("/outside/secret", "outside");
    disk_.put_directory("/into");
    into_ = disk_.open_root("/into").value();
  }
  Result<FetchedPlugin> fetch(const FetchLimits& limits = {}) {
    return LocalSource(disk_, "/registry").fetch({.id = "weather", .directory = "ledmatrix-weather"}, *into_, limits);
  }

  MemoryFileSystem disk_;
  std::unique_ptr<WritableDirectory> into_;
};

TEST_F(LocalStore, copies_exactly_the_files_of_the_plugin) {
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().text();
  EXPECT_EQ(fetched->origin, "/registry");
  EXPECT_EQ(fetched->digest, tree_digest(hash_tree(*into_).value()));
  const auto files = disk_.files();
  EXPECT_EQ(files.at("/into/manager.py"), "class Weather: pass\n");
  EXPECT_EQ(files.at("/into/assets/sun.png"), "PNG");
  EXPECT_EQ(files.count("/into/manifest.json"), 1U);
}

TEST_F(LocalStore, tells_without_copying_what_it_would_bring) {
  const auto contents =
      LocalSource(disk_, "/registry").contents({.id = "weather", .directory = "ledmatrix-weather"}, FetchLimits{});
  ASSERT_TRUE(contents) << contents.error().text();
  const auto fetched = fetch();
  ASSERT_TRUE(fetched);
  EXPECT_EQ(tree_digest(*contents), fetched->digest);
}

TEST_F(LocalStore, keeps_of_the_mode_only_whether_a_file_may_be_run) {
  ASSERT_TRUE(fetch());
  EXPECT_EQ(into_->info("manager.py", Links::refuse)->mode, 0755U);
  EXPECT_EQ(into_->info("assets/sun.png", Links::refuse)->mode, 0644U);
  EXPECT_EQ(into_->info("assets", Links::refuse)->mode, 0755U);
}

TEST_F(LocalStore, refuses_a_plugin_with_a_link_anywhere) {
  disk_.put_link("/registry/plugins/ledmatrix-weather/assets/key", "/outside/secret");
  const auto fetched = fetch();
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::refused);
  EXPECT_EQ(disk_.files().count("/into/assets/key"), 0U);
}

TEST_F(LocalStore, refuses_a_plugin_directory_that_is_a_link) {
  disk_.put_link("/registry/plugins/outside", "/outside");
  const auto fetched = LocalSource(disk_, "/registry").fetch({.id = "outside", .directory = "outside"}, *into_, {});
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::refused);
  EXPECT_TRUE(into_->list()->empty());
}

TEST_F(LocalStore, refuses_devices_and_pipes) {
  disk_.put_special("/registry/plugins/ledmatrix-weather/pipe");
  EXPECT_EQ(fetch().error().code, ErrorCode::refused);
}

TEST_F(LocalStore, reads_nothing_outside_the_registry) {
  for (const std::string directory : {"..", "../../outside", "/outside", ""}) {
    const auto fetched = LocalSource(disk_, "/registry").fetch({.id = "x", .directory = directory}, *into_, {});
    EXPECT_FALSE(fetched) << directory;
    EXPECT_TRUE(into_->list()->empty()) << directory;
  }
}

TEST_F(LocalStore, refuses_what_is_larger_than_a_plugin_may_be) {
  EXPECT_EQ(fetch({.tree = {.entries = 3}}).error().code, ErrorCode::refused);
}

TEST_F(LocalStore, refuses_too_many_bytes_in_all) {
  EXPECT_EQ(fetch({.total_bytes = 30}).error().code, ErrorCode::refused);
}

TEST_F(LocalStore, refuses_too_many_levels) {
  EXPECT_EQ(fetch({.tree = {.depth = 1}}).error().code, ErrorCode::refused);
}

TEST_F(LocalStore, leaves_out_a_receipt_that_somebody_else_wrote) {
  disk_.put_file("/registry/plugins/ledmatrix-weather/.trueup-receipt.json", "{}");
  ASSERT_TRUE(fetch());
  EXPECT_EQ(disk_.files().count("/into/.trueup-receipt.json"), 0U);
}

TEST_F(LocalStore, says_which_plugin_is_not_there) {
  const auto fetched = LocalSource(disk_, "/registry").fetch({.id = "gone", .directory = "gone"}, *into_, {});
  EXPECT_EQ(fetched.error().code, ErrorCode::not_found);
}

TEST_F(LocalStore, lists_what_the_registry_lists) {
  const auto facts = LocalSource(disk_, "/registry").registry();
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_TRUE(facts->present);
  EXPECT_EQ(facts->origin, "/registry");
  ASSERT_EQ(facts->entries.size(), 1U);
  EXPECT_EQ(facts->entries[0].directory, "ledmatrix-weather");
}

TEST_F(LocalStore, a_registry_that_cannot_be_read_is_not_an_empty_one) {
  disk_.put_file("/registry/plugins.json", "{\"plugins\": [");
  EXPECT_EQ(LocalSource(disk_, "/registry").registry().error().code, ErrorCode::unreadable);
  disk_.erase("/registry/plugins.json");
  EXPECT_EQ(LocalSource(disk_, "/registry").registry().error().code, ErrorCode::not_found);
  EXPECT_EQ(LocalSource(disk_, "/nowhere").registry().error().code, ErrorCode::not_found);
}

TEST(TreeDigest, tells_names_and_contents_and_the_run_bit_apart) {
  const std::vector<TreeFile> files{{"a", "1", 1, false}, {"b", "2", 1, false}};
  std::vector<TreeFile> other = files;
  EXPECT_EQ(tree_digest(files), tree_digest(other));
  other[0].executable = true;
  EXPECT_NE(tree_digest(files), tree_digest(other));
  other = files;
  other[0].path = "c";
  EXPECT_NE(tree_digest(files), tree_digest(other));
  other.pop_back();
  EXPECT_NE(tree_digest(files), tree_digest(other));
}

}  // namespace
}  // namespace trueup::store
