// `trueup install ADDRESS` where only git gets there: one plugin in a repository, by the same limits and rules as any
// archive.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "update_support.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

struct GitInstall : UpdateTest {
  TempDirectory elsewhere;
  fs::path work = elsewhere.path() / "led-foo";
  fs::path bare = store.server.site() / "git/led-foo.git";

  GitInstall() {
    home.add_healthy("there");
    store.offer("other").publish();
    fs::create_directories(work);
    fs::create_directories(bare.parent_path());
    git(work, {"init", "-q", "-b", "trunk"});
    write_plugin(work, "foo", "1.0.0");
    git(work, {"add", "-A"});
    git(work, {"commit", "-q", "-m", "first"});
    git(work, {"clone", "-q", "--bare", work.string(), bare.string()});
  }
  void release(const std::string& version) {
    write_plugin(work, "foo", version);
    commit("version " + version);
  }
  void commit(const std::string& message) {
    git(work, {"add", "-A"});
    git(work, {"commit", "-q", "-m", message});
    git(work, {"push", "-q", bare.string(), "HEAD"});
  }
  std::string by_https() { return store.server.url("/git/led-foo"); }
  std::string by_file() { return "file://" + bare.string(); }
  std::size_t clones() {
    std::size_t count = 0;
    for (const SeenRequest& one : store.server.requests()) count += one.path.ends_with("/git-upload-pack") ? 1U : 0U;
    return count;
  }
};

TEST_F(GitInstall, a_repository_without_archives_is_cloned_once_and_becomes_a_plugin_like_any_other) {
  const auto done = trueup.run({"install", by_https()});
  ASSERT_EQ(done.exit_status, 0) << done.output << done.errors;
  EXPECT_THAT(done.output, HasSubstr("foo 1.0.0 is installed, from " + by_https()));
  EXPECT_FALSE(fs::exists(home.plugin("foo/.git")));
  EXPECT_EQ(*json_at(home.read("plugin-repos/foo/.trueup-receipt.json"), "/origin"), nlohmann::json(by_https()).dump());
  EXPECT_EQ(trueup.list()["foo"].state, "healthy");
  EXPECT_EQ(clones(), 2U) << "git asks twice for one clone: what there is, and for that";
  EXPECT_EQ(trueup.plan().ran.exit_status, 0);
  for (const auto& one : fs::directory_iterator(home.root() / ".trueup/store")) {
    const std::string name = one.path().filename().string();
    EXPECT_THAT(name, Not(testing::AnyOf(testing::StartsWith("clone-"), testing::StartsWith("download-"))));
  }
}

TEST_F(GitInstall, whoever_kills_trueup_ends_the_git_that_it_waits_for) {
  for (const char* signal : {"KILL", "TERM"}) {
    const fs::path head = bare / "HEAD";
    fs::remove(head);
    ASSERT_EQ(::mkfifo(head.c_str(), 0666), 0);
    std::string line;
    for (const std::string& word : trueup.command({"install", by_file()})) line += "'" + word + "' ";
    const auto started = run_command({"bash", "-c", line + ">/dev/null 2>&1 & echo $!"});
    int asked = -1;
    while (asked < 0) asked = ::open(head.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);  // once git reads it
    run_command({"kill", std::string("-") + signal, started.output.substr(0, started.output.find('\n'))});
    pollfd nobody{.fd = asked, .events = 0, .revents = 0};
    EXPECT_EQ(::poll(&nobody, 1, 20'000), 1) << "git reads it still";
    EXPECT_TRUE(nobody.revents & POLLERR);
    ::close(asked);
    fs::remove(head);
    write_file(head, "ref: refs/heads/trunk\n");
    const auto done = trueup.run({"install", by_file()});
    EXPECT_EQ(done.exit_status, 0) << done.errors;
    EXPECT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
  }
}

TEST_F(GitInstall, newer_commits_with_a_newer_version_are_found_by_update) {
  for (const std::string& url : {by_https(), by_file()}) {
    ASSERT_EQ(trueup.run({"install", url}).exit_status, 0) << url;
    EXPECT_EQ(result(update({"foo"}), "foo"), "up_to_date") << ran.output;
    write_file(work / "README", "no newer version, " + url);
    commit("words");
    EXPECT_EQ(result(update({"foo", "--retry"}), "foo"), "up_to_date") << ran.output;
    release("2.0.0");
    EXPECT_EQ(result(update({"--all", "--retry"}), "foo"), "updated") << ran.output << ran.errors;
    EXPECT_EQ(version_of("foo"), "2.0.0");
    const auto undone = trueup.run({"undo"});
    EXPECT_EQ(undone.exit_status, 0) << undone.errors;
    EXPECT_EQ(version_of("foo"), "1.0.0");
    EXPECT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
    EXPECT_EQ(trueup.run({"store", "remove", url}).exit_status, 0);
    release("1.0.0");
  }
}

TEST_F(GitInstall, no_hook_no_submodule_no_variable_and_no_link_gets_anywhere_F131_F145_F148) {
  const fs::path canary = elsewhere.path() / "canary";
  write_file(work / ".gitmodules",
             "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c 'touch " + canary.string() + "'\n");
  commit("modules");
  for (const char* hook : {"post-checkout", "post-merge", "reference-transaction", "pre-receive"}) {
    write_file(bare / "hooks" / hook, "#!/bin/sh\ntouch " + canary.string() + "\n");
    fs::permissions(bare / "hooks" / hook, fs::perms::all);
  }
  const fs::path around = elsewhere.path() / "scratch";
  fs::create_directories(around);
  git(around, {"init", "-q"});
  const Snapshot before = take_snapshot(around);
  const CommandOptions hostile{.environment = {{"GIT_DIR", (around / ".git").string()},
                                               {"GIT_WORK_TREE", around.string()},
                                               {"GIT_CONFIG_COUNT", "1"},
                                               {"GIT_CONFIG_KEY_0", "core.hooksPath"},
                                               {"GIT_CONFIG_VALUE_0", (bare / "hooks").string()}}};
  const auto done = trueup.run({"install", by_https()}, hostile);
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  EXPECT_FALSE(fs::exists(canary));
  EXPECT_EQ(difference(before, take_snapshot(around)), "");
  ASSERT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
  fs::remove_all(bare / "hooks");
  fs::create_symlink("/etc/passwd", work / "data.txt");
  commit("a link");
  const auto refused = trueup.run({"install", by_https()});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("a link may lead anywhere"));
  EXPECT_FALSE(fs::exists(home.plugin("foo")));
}

TEST_F(GitInstall, what_is_no_plugin_or_no_repository_is_told_and_saves_nothing_F90) {
  const auto nothing = trueup.run({"install", store.server.url("/git/nothing")});
  EXPECT_EQ(nothing.exit_status, 1);
  EXPECT_THAT(nothing.errors, HasSubstr("there is no git repository"));
  fs::remove(work / "manifest.json");
  commit("no plugin any more");
  const auto empty = trueup.run({"install", by_https()});
  EXPECT_EQ(empty.exit_status, 1);
  EXPECT_THAT(empty.errors, HasSubstr("manifest.json"));
  write_plugin(work, "display", "1.0.0");
  commit("a setting of the core");
  const auto core = trueup.run({"install", by_https()});
  EXPECT_EQ(core.exit_status, 1) << core.output;
  for (const char* word : {"ext::sh -c id", "ssh://h/x", "git://h/x"}) {
    EXPECT_NE(trueup.run({"install", "--", word}).exit_status, 0) << word;
  }
  EXPECT_FALSE(fs::exists(home.root() / "config/saved_repositories.json"));
  EXPECT_EQ(names_in_plugins().back(), "there");
}

TEST_F(GitInstall, a_server_that_leads_elsewhere_or_is_gone_leaves_the_plugin_F28_F148) {
  ASSERT_EQ(trueup.run({"install", by_https()}).exit_status, 0);
  release("2.0.0");
  const Snapshot before = take_snapshot(home.plugin("foo"));
  const std::string refs = "/git/led-foo/info/refs";
  const std::string with_ending = "/git/led-foo.git/info/refs";
  for (const std::string rule : {R"({"status": 302, "headers": {"Location": "https://127.0.0.1:1/x"}})",
                                 R"({"status": 500})", R"({"body": "<html>log in</html>"})"}) {
    store.server.rules("{\"" + refs + "\": [" + rule + "], \"" + with_ending + "\": [" + rule + "]}");
    const auto results = update({"foo", "--retry"});
    EXPECT_THAT(ran.output + ran.errors, HasSubstr("could not be asked")) << rule;
    EXPECT_EQ(result(results, "foo"), "up_to_date") << rule << ": by the last list that is known";
    EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo"))), "") << rule;
  }
  store.server.rules("{}");
  EXPECT_EQ(result(update({"foo", "--retry"}), "foo"), "updated") << ran.output;
}

TEST_F(GitInstall, a_repair_takes_nobody_elses_plugin_of_the_same_id_F130) {
  ASSERT_EQ(trueup.run({"install", by_https()}).exit_status, 0);
  ASSERT_EQ(trueup.run({"enable", "foo"}).exit_status, 0);
  fs::remove(home.plugin("foo") / "manager.py");
  const std::string again = "`trueup install " + by_https() + " --id foo`";
  const Shown damaged = trueup.reconcile();
  EXPECT_EQ(damaged.ran.exit_status, 3);
  EXPECT_THAT(damaged.finding("plugin_files_missing:foo")->advice, HasSubstr(again));
  fs::remove_all(home.plugin("foo"));
  const Shown gone = trueup.reconcile();
  EXPECT_THAT(gone.finding("plugin_missing_on_disk:foo")->advice, HasSubstr(again));
  store.offer("foo", "1.0.0").publish();
  ASSERT_EQ(trueup.run({"store", "refresh"}).exit_status, 0);
  const Shown listed = trueup.reconcile();
  EXPECT_EQ(listed.ran.exit_status, 3);
  EXPECT_EQ(listed.finding("plugin_missing_on_disk:foo")->reason, "of_saved_repository");
  EXPECT_FALSE(fs::exists(home.plugin("foo"))) << "what the registry lists by that name is another's";
  EXPECT_EQ(trueup.run({"install", "foo"}).exit_status, 0) << "unless its owner says so";
}

TEST_F(GitInstall, root_clones_for_the_owner_of_the_installation_and_not_as_root) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  constexpr const char* kOwner = "12345:12345";
  const fs::path top = home.root().parent_path().parent_path();
  ASSERT_EQ(run_command({"chown", "-R", kOwner, top.string()}).exit_status, 0);
  const auto done = trueup.run({"install", by_https()});
  EXPECT_EQ(done.exit_status, 0) << done.errors;
  const auto owned = run_command({"find", top.string(), "!", "-user", "12345"});
  EXPECT_EQ(owned.output, "") << "everything is still the owner's";
}

TEST_F(GitInstall, what_was_frozen_from_it_comes_back_as_it_was_or_not_at_all) {
  ASSERT_EQ(trueup.run({"install", by_https()}).exit_status, 0);
  const fs::path lock = elsewhere.path() / "plugins.lock";
  write_file(lock, trueup.run({"freeze"}).output);
  ASSERT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
  const auto back = trueup.run({"install", "--from", lock.string()});
  EXPECT_EQ(version_of("foo"), "1.0.0") << back.output << back.errors;
  ASSERT_EQ(trueup.run({"uninstall", "foo"}).exit_status, 0);
  fs::remove_all(home.root() / ".trueup/store");
  trueup.run({"store", "refresh"});
  write_file(work / "manager.py", "class Other:\n    pass\n");
  commit("other files under the same version");
  const auto refused = trueup.run({"install", "--from", lock.string()});
  EXPECT_EQ(refused.exit_status, 1) << refused.output;
  EXPECT_FALSE(fs::exists(home.plugin("foo")));
}

}  // namespace
}  // namespace trueup::test
