#include "engine/directory_carry.h"

#include <gtest/gtest.h>

#include <set>

#include "base/digest.h"
#include "engine/directory_test_support.h"
#include "engine/receipt.h"
#include "platform/crash_disk.h"

namespace trueup::engine::test {
namespace {

using platform::MemoryFileSystem;

/// An old and a new directory of one plugin.
class Carry : public ::testing::Test {
 protected:
  void SetUp() override {
    disk_.put_directory("/old");
    disk_.put_directory("/new");
    disk_.put_directory("/scratch");
  }
  void old_file(const std::string& path, const std::string& bytes) { disk_.put_file("/old/" + path, bytes); }
  void new_file(const std::string& path, const std::string& bytes) { disk_.put_file("/new/" + path, bytes); }
  /// trueup unpacked the old version with these files.
  void give_receipt(const Tree& files) {
    sources::Receipt receipt{.plugin_id = "clock", .version = "1.0.0"};
    for (const auto& [path, bytes] : files) receipt.files.push_back({path, sha256_hex(bytes), bytes.size(), false});
    receipt_ = receipt;
  }
  Result<CarryReport> carry() {
    const auto old = disk_.open_root("/old").value();
    const auto fresh = disk_.open_root("/new").value();
    const auto scratch = disk_.open_root("/scratch").value();
    const TreeSnapshot seen = take_snapshot(*old).value();
    return carry_over({*old, seen, receipt_}, *fresh, *scratch);
  }
  Tree new_tree() {
    Tree found;
    for (const auto& [path, node] : platform::tree_of(disk_.image())) {
      if (!path.starts_with("new/")) continue;
      if (node.kind == platform::FileKind::regular) found[path.substr(4)] = node.content;
      if (node.kind == platform::FileKind::link) found[path.substr(4)] = "-> " + node.content;
    }
    return found;
  }

  /// What of `path` in the new directory may be left when the power goes now.
  std::set<std::string> after_a_power_cut(const platform::DiskImage& start, const std::string& path) {
    std::set<std::string> left;
    for (const auto& survivor : platform::surviving_disks(start, disk_.log(), disk_.log().size())) {
      const auto tree = platform::tree_of(survivor.image);
      const auto found = tree.find("new/" + path);
      left.insert(found == tree.end() ? "nothing" : found->second.content);
    }
    return left;
  }

  MemoryFileSystem disk_;
  std::optional<sources::Receipt> receipt_;
};

TEST_F(Carry, without_a_receipt_what_the_new_version_lacks_comes_along) {
  old_file("manager.py", "old code");
  old_file("cities.json", "[\"Oslo\"]");
  old_file("cache/deep/a.bin", "cached");
  new_file("manager.py", "new code");
  ASSERT_TRUE(carry());
  EXPECT_EQ(new_tree(),
            (Tree{{"manager.py", "new code"}, {"cities.json", "[\"Oslo\"]"}, {"cache/deep/a.bin", "cached"}}));
}

TEST_F(Carry, what_python_git_and_ledmatrix_left_behind_stays_behind) {
  for (const char* path : {"__pycache__/manager.cpython-311.pyc", "lib/__pycache__/x.pyc", "stale.pyc",
                           ".dependencies_installed", ".git/HEAD", ".trueup-receipt.json", "manifest.json"}) {
    old_file(path, "x");
  }
  ASSERT_TRUE(carry());
  EXPECT_EQ(new_tree(), Tree{});
}

TEST_F(Carry, with_a_receipt_what_the_new_version_dropped_is_dropped) {
  old_file("helper.py", "helper");
  old_file("cities.json", "mine");
  give_receipt({{"helper.py", "helper"}});
  ASSERT_TRUE(carry());
  EXPECT_EQ(new_tree(), (Tree{{"cities.json", "mine"}}));
}

TEST_F(Carry, with_a_receipt_the_owners_bytes_stay_where_he_changed_a_file) {
  old_file("style.css", "the owner's");
  old_file("plain.css", "shipped");
  new_file("style.css", "shipped 2");
  new_file("plain.css", "shipped 2");
  give_receipt({{"plain.css", "shipped"}, {"style.css", "shipped"}});
  ASSERT_TRUE(carry());
  EXPECT_EQ(new_tree(), (Tree{{"style.css", "the owner's"}, {"plain.css", "shipped 2"}}));
}

TEST_F(Carry, the_manifest_is_always_the_new_versions) {
  old_file("manifest.json", "edited");
  new_file("manifest.json", "new");
  give_receipt({{"manifest.json", "shipped"}});
  ASSERT_TRUE(carry());
  EXPECT_EQ(new_tree(), (Tree{{"manifest.json", "new"}}));
}

TEST_F(Carry, F150_a_link_is_carried_as_a_link_and_never_passed) {
  disk_.put_file("/outside/secret", "secret");
  disk_.put_link("/old/data", "/outside");
  disk_.put_link("/old/gone", "nowhere");
  ASSERT_TRUE(carry());
  EXPECT_EQ(new_tree(), (Tree{{"data", "-> /outside"}, {"gone", "-> nowhere"}}));
  EXPECT_EQ(disk_.files().at("/outside/secret"), "secret");
}

TEST_F(Carry, F150_nothing_is_written_through_a_link_in_the_new_version) {
  disk_.put_directory("/outside");
  disk_.put_link("/new/data", "/outside");
  old_file("data/mine.json", "mine");
  const auto report = carry();
  EXPECT_EQ(disk_.files().count("/outside/mine.json"), 0U);
  ASSERT_TRUE(report) << report.error().text();
  give_receipt({});
  const auto with_receipt = carry();
  ASSERT_TRUE(with_receipt) << with_receipt.error().text();
  EXPECT_EQ(with_receipt->left, std::vector<std::string>{"data/mine.json"});
  EXPECT_EQ(disk_.files().count("/outside/mine.json"), 0U);
}

TEST_F(Carry, a_directory_in_the_way_stays_and_the_owners_file_is_named) {
  old_file("data", "the owner's");
  new_file("data/shipped.json", "shipped");
  give_receipt({});
  const auto report = carry();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->left, std::vector<std::string>{"data"});
  EXPECT_EQ(new_tree(), (Tree{{"data/shipped.json", "shipped"}}));
}

TEST_F(Carry, owner_and_mode_come_along) {
  disk_.put_file("/old/token", "t", 0600);
  disk_.set_owner("/old/token", 1000, 1001);
  disk_.put_directory("/old/empty", 0750);
  ASSERT_TRUE(carry());
  const auto tree = platform::tree_of(disk_.image());
  EXPECT_EQ(tree.at("new/token").mode, 0600U);
  EXPECT_EQ(tree.at("new/token").uid, 1000U);
  EXPECT_EQ(tree.at("new/token").gid, 1001U);
  EXPECT_EQ(tree.at("new/empty").mode, 0750U);
}

TEST_F(Carry, F71_what_was_saved_meanwhile_outlasts_a_power_cut_when_it_was_carried) {
  for (const bool published : {false, true}) {
    SetUp();
    new_file("manager.py", "new code");
    old_file("saves/of/today.json", "[1, 2]");
    old_file("score.json", "7");
    const auto start = disk_.image();
    disk_.clear_log();
    const auto old = disk_.open_root("/old").value();
    const auto fresh = disk_.open_root("/new").value();
    const auto scratch = disk_.open_root("/scratch").value();
    const TreeSnapshot seen = take_snapshot(*old).value();
    const CarrySource from{*old, seen, receipt_};
    ASSERT_TRUE(published ? carry_changes(from, TreeSnapshot{}, *fresh, *scratch)
                          : refresh_carried(from, *fresh, *scratch));
    EXPECT_EQ(after_a_power_cut(start, "saves/of/today.json"), (std::set<std::string>{"[1, 2]"}));
    EXPECT_EQ(after_a_power_cut(start, "score.json"), (std::set<std::string>{"7"}));
    disk_.erase("/new");
  }
}

TEST(MatchingReceipt, matches_by_id_and_version_or_by_the_files_where_the_manifest_cannot_be_read) {
  MemoryFileSystem disk;
  const std::string code = "class Plugin: pass\n";
  sources::Receipt receipt{.plugin_id = "clock", .version = "1.0.0", .origin = "/r", .entry = "clock", .digest = "d"};
  receipt.files = {{"manager.py", sha256_hex(code), code.size(), false},
                   {"manifest.json", std::string(64, '0'), 5, false},
                   {"missing.py", std::string(64, '1'), 5, true}};
  disk.put_file("/p/.trueup-receipt.json", encode_receipt(receipt));
  disk.put_file("/p/manager.py", code);
  disk.put_file("/p/manifest.json", manifest_text("clock", "1.0.0"));
  const auto plugin = disk.open_root("/p").value();
  EXPECT_EQ(read_matching_receipt(*plugin).value(), receipt);
  disk.put_file("/p/manifest.json", manifest_text("clock", "1.0.1"));
  EXPECT_EQ(read_matching_receipt(*plugin).value(), std::nullopt);
  disk.put_file("/p/manifest.json", "{");
  EXPECT_EQ(read_matching_receipt(*plugin).value(), receipt);
  disk.put_file("/p/manager.py", "changed");
  EXPECT_EQ(read_matching_receipt(*plugin).value(), std::nullopt);
  disk.erase("/p/manager.py");
  EXPECT_EQ(read_matching_receipt(*plugin).value(), std::nullopt);  // nothing is left that could speak for it
}

}  // namespace
}  // namespace trueup::engine::test
