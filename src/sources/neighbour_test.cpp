#include "sources/neighbour.h"

#include <gtest/gtest.h>

#include "platform/memory_file_system.h"

namespace trueup::sources {
namespace {

const std::string kCommit(40, 'a');

TEST(Neighbour, a_version_is_read_from_the_module_that_states_it) {
  EXPECT_EQ(python_version_in("\"\"\"LEDMatrix\"\"\"\n\n__version__ = \"3.2.0\"\n"), "3.2.0");
  EXPECT_EQ(python_version_in("__version__='2.0'  # soon 3"), "2.0");
  EXPECT_EQ(python_version_in("__version__ = get_version()\n"), std::nullopt);
  EXPECT_EQ(python_version_in("__version__ = \"never ended\n"), std::nullopt);
  EXPECT_EQ(python_version_in("__version__ = \"" + std::string(100, '1') + "\"\n"), std::nullopt);
  EXPECT_EQ(python_version_in(""), std::nullopt);
}

TEST(Neighbour, what_is_checked_out_is_a_commit_or_a_name_below_refs) {
  EXPECT_EQ(decode_git_head(kCommit + "\n"), (GitHead{.commit = kCommit}));
  EXPECT_EQ(decode_git_head("ref: refs/heads/main\n"), (GitHead{.reference = "refs/heads/main"}));
  for (const char* hostile : {"", "ref:", "ref: refs/../../etc/passwd", "ref: /etc/passwd", "ref: refs/heads/",
                              "ref: refs/heads/a\x1b[31m", "ref: HEAD", "deadbeef"}) {
    EXPECT_EQ(decode_git_head(hostile), std::nullopt) << hostile;
  }
}

TEST(Neighbour, a_packed_reference_counts_by_its_whole_name) {
  const std::string text = "# pack-refs with: peeled fully-peeled sorted\n" + std::string(40, 'b') +
                           " refs/heads/mainline\n" + kCommit + " refs/heads/main\n^" + std::string(40, 'c') + "\n";
  EXPECT_EQ(packed_commit(text, "refs/heads/main"), kCommit);
  EXPECT_EQ(packed_commit(text, "heads/main"), std::nullopt);
  EXPECT_EQ(packed_commit("", "refs/heads/main"), std::nullopt);
}

class NeighbourOnDisk : public ::testing::Test {
 protected:
  void put(const std::string& path, std::string bytes) { disk_.put_file("/pi/" + path, std::move(bytes)); }
  model::Neighbour look() {
    const auto root = disk_.open_root_for_reading("/pi");
    EXPECT_TRUE(root);
    return look_for_neighbour(**root);
  }
  void put_reconciler(const std::string& line) { put("src/plugin_system/state_reconciliation.py", line + "\n"); }

  platform::MemoryFileSystem disk_;
};

TEST_F(NeighbourOnDisk, a_root_without_its_programs_is_no_LEDMatrix_whatever_git_says) {
  put("config/config.json", "{}");
  put(".git/HEAD", kCommit);
  EXPECT_EQ(look(), model::Neighbour());
}

TEST_F(NeighbourOnDisk, version_branch_and_commit_are_told_without_running_git) {
  put_reconciler("self.state_manager.set_plugin_enabled(plugin_id, value)");
  put("src/__init__.py", "__version__ = \"3.2.0\"\n");
  put(".git/HEAD", "ref: refs/heads/main\n");
  put(".git/packed-refs", std::string(40, 'b') + " refs/heads/main\n");
  EXPECT_EQ(look().commit, std::string(40, 'b'));
  put(".git/refs/heads/main", kCommit + "\n");  // newer than what was packed
  const auto seen = look();
  EXPECT_TRUE(seen.found);
  EXPECT_EQ(seen.version, "3.2.0");
  EXPECT_EQ(seen.branch, "main");
  EXPECT_EQ(seen.commit, kCommit);
  EXPECT_EQ(seen.winner, model::Winner::config);
}

TEST_F(NeighbourOnDisk, its_reconciler_tells_which_file_wins) {
  put_reconciler("state = self.state_manager.get(); self.config_manager.save_config(config)");
  EXPECT_EQ(look().winner, model::Winner::state);
  put_reconciler("print('something else')");
  EXPECT_EQ(look().winner, model::Winner::unknown);
  EXPECT_NE(look().known_by, "");
}

TEST_F(NeighbourOnDisk, nothing_is_foretold_of_versions_newer_than_the_known_ones) {
  put_reconciler("self.state_manager.set_plugin_enabled(plugin_id, value)");
  put("VERSION", "v3.7.0\n");
  EXPECT_EQ(look().version, "v3.7.0");
  EXPECT_EQ(look().winner, model::Winner::unknown);
}

TEST_F(NeighbourOnDisk, a_hostile_head_leads_nowhere) {
  put("run.py", "");
  put("web_interface/start.py", "");
  put("secret", kCommit);
  put(".git/HEAD", "ref: refs/../../secret\n");
  EXPECT_TRUE(look().found);
  EXPECT_EQ(look().commit, "");
}

}  // namespace
}  // namespace trueup::sources
