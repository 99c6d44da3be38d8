// Plugins that are git checkouts: what an update does to them, to what their owner did in them, and to other checkouts.
#include <gmock/gmock.h>

#include "support/system_calls.h"
#include "update_support.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct GitUpdate : UpdateTest {
  TempDirectory elsewhere;
  fs::path upstream = elsewhere.path() / "led-foo";

  void commit_upstream(const std::string& version) {
    write_plugin(upstream, "foo", version);
    git(upstream, {"add", "-A"});
    git(upstream, {"commit", "-q", "-m", "version " + version});
  }
  /// A plugin that its owner cloned at 1.0.0, and nothing else.
  void clone_foo() {
    fs::create_directories(upstream);
    git(upstream, {"init", "-q", "-b", "main"});
    commit_upstream("1.0.0");
    home.root();
    git(home.plugins(), {"clone", "-q", "file://" + upstream.string(), "foo"});
    home.set_enabled("foo", true).record("foo", true, "1.0.0");
    store.offer("other").publish();
    trueup.run({"store", "refresh"});
  }
};

TEST_F(GitUpdate, a_checkout_follows_its_branch_and_keeps_what_is_the_owners_F33) {
  clone_foo();
  EXPECT_EQ(result(update({"foo"}), "foo"), "up_to_date") << ran.output;
  write_file(home.plugin("foo") / "notes.txt", "mine");
  commit_upstream("2.0.0");
  const auto results = update({"--all"});
  EXPECT_EQ(result(results, "foo"), "updated") << ran.output << ran.errors;
  EXPECT_EQ(version_of("foo"), "2.0.0");
  EXPECT_EQ(read_file(home.plugin("foo") / "notes.txt"), "mine");
  EXPECT_EQ(git(home.plugin("foo"), {"rev-parse", "HEAD"}), git(upstream, {"rev-parse", "HEAD"}));
  EXPECT_EQ(git(home.plugin("foo"), {"status", "--porcelain"}), "?? notes.txt\n");
  EXPECT_EQ(*json_at(home.read("data/plugin_state.json"), "/states/foo/version"), "\"2.0.0\"");
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(version_of("foo"), "1.0.0");
  EXPECT_EQ(git(home.plugin("foo"), {"status", "--porcelain"}), "?? notes.txt\n");
}

TEST_F(GitUpdate, edits_commits_and_branches_of_the_owner_are_named_and_stay_F33) {
  clone_foo();
  commit_upstream("2.0.0");
  write_file(home.plugin("foo") / "manager.py", "# mine\n");
  Snapshot before = take_snapshot(home.plugin("foo"));
  auto results = update({"foo"});
  EXPECT_EQ(results.at("foo")["reason"], "edited_by_owner");
  EXPECT_THAT(results.at("foo")["message"].get<std::string>(), HasSubstr("manager.py"));
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo"))), "");
  git(home.plugin("foo"), {"checkout", "-q", "-b", "own-work"});
  git(home.plugin("foo"), {"commit", "-q", "-a", "-m", "of the owner"});
  git(home.plugin("foo"), {"checkout", "-q", "main"});
  before = take_snapshot(home.plugin("foo"));
  results = update({"foo"});
  EXPECT_EQ(results.at("foo")["reason"], "local_commits");
  EXPECT_THAT(results.at("foo")["message"].get<std::string>(), HasSubstr("of the owner"));
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo"))), "");
}

TEST_F(GitUpdate, a_file_of_the_owner_in_the_way_of_a_new_one_stays_F32) {
  clone_foo();
  write_file(home.plugin("foo") / "token.json", "mine");
  write_file(upstream / "token.json", "theirs");
  commit_upstream("2.0.0");
  const Snapshot before = take_snapshot(home.plugin("foo"));
  EXPECT_EQ(update({"foo"}).at("foo")["reason"], "conflict");
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo"))), "");
  EXPECT_FALSE(fs::exists(home.plugins() / ".trueup.standalone-backup-work/staging"));
}

TEST_F(GitUpdate, what_is_at_the_tip_must_be_this_plugin_and_hold_no_new_link) {
  clone_foo();
  write_plugin(upstream, "another", "2.0.0");
  git(upstream, {"commit", "-q", "-a", "-m", "another"});
  EXPECT_EQ(update({"foo"}).at("foo")["reason"], "identity_mismatch");
  fs::create_symlink("/etc/passwd", upstream / "way-out");
  commit_upstream("2.0.1");
  EXPECT_EQ(update({"foo"}).at("foo")["result"], "failed");
  EXPECT_THAT(ran.output, HasSubstr("way-out"));
  fs::remove(upstream / "way-out");
  commit_upstream("0.9.0");
  EXPECT_EQ(update({"foo"}).at("foo")["reason"], "not_newer");
  EXPECT_EQ(version_of("foo"), "1.0.0");
}

TEST_F(GitUpdate, a_tip_that_needs_a_newer_ledmatrix_is_not_taken) {
  clone_foo();
  home.write("src/__init__.py", "__version__ = \"3.0.0\"\n");
  write_plugin(upstream, "foo", "2.0.0");
  auto manifest = nlohmann::json::parse(read_file(upstream / "manifest.json"));
  manifest["min_ledmatrix_version"] = "99.0.0";
  write_file(upstream / "manifest.json", manifest.dump());
  git(upstream, {"commit", "-q", "-a", "-m", "for the next LEDMatrix"});
  EXPECT_EQ(update({"foo"}).at("foo")["reason"], "needs_newer_ledmatrix") << ran.output;
  EXPECT_EQ(version_of("foo"), "1.0.0");
}

TEST_F(GitUpdate, a_plugin_whose_repository_became_a_part_of_a_monorepo_moves_over) {
  clone_foo();
  git(home.plugin("foo"), {"remote", "set-url", "origin", store.server.url("/u/led-foo")});
  write_file(home.plugin("foo") / "notes.txt", "mine");
  release({{"foo", "2.0.0"}});
  write_file(home.plugin("foo") / "manager.py", "# mine\n");
  EXPECT_EQ(update({"foo"}).at("foo")["reason"], "edited_by_owner");
  EXPECT_EQ(version_of("foo"), "1.0.0");
  git(home.plugin("foo"), {"checkout", "-q", "--", "manager.py"});
  const std::string config = home.read("config/config.json");
  EXPECT_EQ(result(update({"foo"}), "foo"), "updated") << ran.output;
  EXPECT_EQ(version_of("foo"), "2.0.0");
  EXPECT_FALSE(fs::exists(home.plugin("foo") / ".git"));
  EXPECT_EQ(read_file(home.plugin("foo") / "notes.txt"), "mine");
  EXPECT_EQ(home.read("config/config.json"), config);
  release({{"foo", "2.1.0"}});
  EXPECT_EQ(result(update({"foo"}), "foo"), "updated") << "from there on as any other";
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_TRUE(fs::exists(home.plugin("foo") / ".git/HEAD"));
  EXPECT_EQ(version_of("foo"), "1.0.0");
}

/// A copy of the installation in which a move is killed, so that each begins with the same.
struct KilledMove {
  TempDirectory scratch;
  fs::path root = scratch.path() / "home";
  fs::path plugin = root / "plugin-repos/foo";

  explicit KilledMove(const fs::path& home) {
    fs::copy(home, root, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }
  /// `words` with the root of the copy.
  [[nodiscard]] std::vector<std::string> here(std::vector<std::string> words, const fs::path& home) const {
    std::ranges::replace(words, home.string(), root.string());
    return words;
  }
  void expect_whole() const {
    const std::string version = nlohmann::json::parse(read_file(plugin / "manifest.json"))["version"];
    EXPECT_EQ(fs::exists(plugin / ".git/HEAD"), version == "1.0.0") << version;
    EXPECT_THAT(read_file(plugin / "manager.py"), HasSubstr(version == "1.0.0" ? "class" : "# of the monorepo"));
    EXPECT_EQ(read_file(plugin / "notes.txt"), "mine");
  }
};

TEST_F(GitUpdate, a_move_to_the_monorepo_that_is_killed_is_whole_at_every_instant_and_can_be_made_again) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "there is no strace here, or it may not trace";
  clone_foo();
  git(home.plugin("foo"), {"remote", "set-url", "origin", store.server.url("/u/led-foo")});
  write_file(home.plugin("foo") / "notes.txt", "mine");
  store.list_anew().offer("foo", "2.0.0");
  const fs::path code = store.in_repository("foo") / "manager.py";
  write_file(code, read_file(code) + "# of the monorepo\n");
  publish();
  for (const std::string call : {"renameat2", "fdatasync"}) {
    const int step = call == "renameat2" ? 1 : 4;  // a sample of the second
    int kills = 0;
    for (;; ++kills) {
      const std::string number = std::to_string(1 + kills * step);
      SCOPED_TRACE(call + " " + number);
      const KilledMove copy(home.root());
      const auto update_it = copy.here(trueup.command({"update", "foo"}), home.root());
      const std::string when = call + ":signal=KILL:when=" + number;
      const auto killed =
          run_command(traced({"-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=" + when}, update_it),
                      {.environment = {{"https_proxy", ""}}});
      copy.expect_whole();
      if (killed.signal == 0) break;
      const auto next = run_command(copy.here(trueup.command({"disable", "foo"}), home.root()));
      EXPECT_EQ(next.exit_status, 0) << next.errors;
      copy.expect_whole();
      EXPECT_FALSE(fs::exists(copy.root / "plugin-repos/.trueup.standalone-backup-work/staging"));
      const auto again = run_command(update_it, {.environment = {{"https_proxy", ""}}});
      EXPECT_EQ(again.exit_status, 0) << again.output << again.errors;
      copy.expect_whole();
      EXPECT_FALSE(fs::exists(copy.plugin / ".git"));
      if (HasFailure()) return;
    }
    EXPECT_GT(kills, 1) << call;
  }
}

TEST_F(GitUpdate, a_plugin_moves_over_under_the_id_that_the_registry_resolves_to_with_its_settings) {
  clone_foo();
  home.set_section("foo", R"({"enabled": true, "color": "red"})").set_secret("foo", R"({"api_key": "k"})");
  git(home.plugin("foo"), {"remote", "set-url", "origin", store.server.url("/u/led-foo")});
  write_file(home.plugin("foo") / "notes.txt", "mine");
  store.list_anew().offer("foo", "2.0.0", "ledmatrix-foo");
  publish();
  const std::string config = home.read("config/config.json");
  const std::string state = home.read("data/plugin_state.json");
  const auto results = update({"--all"});
  ASSERT_EQ(result(results, "ledmatrix-foo"), "updated") << ran.output;
  const auto listed = trueup.list();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.at("ledmatrix-foo").version, "2.0.0");
  EXPECT_TRUE(listed.at("ledmatrix-foo").enabled);
  EXPECT_EQ(*json_at(home.read("config/config.json"), "/ledmatrix-foo/color"), "\"red\"");
  EXPECT_FALSE(json_at(home.read("config/config.json"), "/foo"));
  EXPECT_EQ(*json_at(home.read("config/config_secrets.json"), "/ledmatrix-foo/api_key"), "\"k\"");
  EXPECT_EQ(*json_at(home.read("data/plugin_state.json"), "/states/ledmatrix-foo/version"), "\"2.0.0\"");
  EXPECT_EQ(read_file(home.plugin("foo") / "notes.txt"), "mine");
  EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
  EXPECT_EQ(trueup.run({"undo"}).exit_status, 0);
  EXPECT_EQ(home.read("config/config.json"), config);
  EXPECT_EQ(home.read("data/plugin_state.json"), state);
  EXPECT_EQ(version_of("foo"), "1.0.0");
  EXPECT_TRUE(fs::exists(home.plugin("foo") / ".git/HEAD"));
}

TEST_F(GitUpdate, a_checkout_of_somebody_elses_is_not_moved_to_the_registry_F130) {
  clone_foo();
  release({{"foo", "2.0.0"}});
  EXPECT_EQ(result(update({"foo"}), "foo"), "up_to_date") << "its own repository has nothing newer";
  EXPECT_EQ(version_of("foo"), "1.0.0");
  EXPECT_EQ(store.archive_requests(), 0U);
  EXPECT_EQ(result(update({"foo", "--from", store.server.url(StoreHome::kRegistry)}), "foo"), "updated");
  EXPECT_EQ(version_of("foo"), "2.0.0");
}

TEST_F(GitUpdate, no_variable_and_no_repository_around_leads_git_elsewhere_F131) {
  clone_foo();
  commit_upstream("2.0.0");
  git(home.root().parent_path(), {"init", "-q", "-b", "main"});
  const fs::path scratch = elsewhere.path() / "scratch";
  fs::create_directories(scratch);
  git(scratch, {"init", "-q", "-b", "main"});
  const fs::path canary = elsewhere.path() / "canary";
  write_file(elsewhere.path() / "home/.gitconfig", "[core]\n\tfsmonitor = touch " + canary.string() +
                                                       "\n\thooksPath = " + elsewhere.path().string() + "/hooks\n");
  for (const char* hook : {"post-merge", "post-checkout", "reference-transaction"}) {
    for (const fs::path& at : {elsewhere.path() / "hooks", home.plugin("foo") / ".git/hooks"}) {
      write_file(at / hook, "#!/bin/sh\ntouch " + canary.string() + "\n");
      fs::permissions(at / hook, fs::perms(0755));
    }
  }
  git(home.plugin("foo"), {"config", "core.fsmonitor", "touch " + canary.string()});
  const Snapshot around = take_snapshot(home.root().parent_path() / ".git");
  const Snapshot other = take_snapshot(scratch);
  const auto done = trueup.run({"update", "foo"}, {.environment = {{"GIT_DIR", (scratch / ".git").string()},
                                                                   {"GIT_WORK_TREE", scratch.string()},
                                                                   {"GIT_INDEX_FILE", (scratch / "index").string()},
                                                                   {"HOME", (elsewhere.path() / "home").string()}}});
  EXPECT_EQ(done.exit_status, 0) << done.output << done.errors;
  EXPECT_EQ(version_of("foo"), "2.0.0");
  EXPECT_EQ(difference(around, take_snapshot(home.root().parent_path() / ".git")), "");
  EXPECT_EQ(difference(other, take_snapshot(scratch)), "");
  EXPECT_FALSE(fs::exists(canary));
}

}  // namespace
}  // namespace trueup::test
