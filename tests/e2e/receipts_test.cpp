// Plugins that are not as they were installed, on real files: half installs, lost files, the owner's edits.
#include <gmock/gmock.h>

#include <filesystem>

#include "support/files.h"
#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kAside = "clock.standalone-backup-preinstall";

struct Receipts : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};

  void install_clock() {
    home.offer("clock").offer("other").add_healthy("other");
    home.root();  // everything is written
    ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
    ASSERT_EQ(trueup.run({"enable", "clock"}).exit_status, 0);
    ASSERT_EQ(trueup.run({"plan"}).exit_status, 0);
  }
};

TEST_F(Receipts, F72_a_plugin_that_was_killed_in_the_middle_of_an_update_comes_back_though_no_registry_has_it) {
  home.add_healthy("clock").add_healthy("other");
  std::filesystem::rename(home.plugin("clock"), home.plugin(kAside));
  const auto copy = take_snapshot(home.plugin(kAside));
  const auto plan = trueup.run({"plan"});
  EXPECT_EQ(plan.exit_status, 2);
  EXPECT_THAT(plan.output, HasSubstr("bring clock 1.0.0 back"));
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 0);
  EXPECT_EQ(difference(copy, take_snapshot(home.plugin("clock")), Compare::contents), "");
  EXPECT_FALSE(std::filesystem::exists(home.plugin(kAside)));
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 0);
}

/// What an owner put into clock before somebody else's update of it was killed.
void edit_by_hand(Installation& home) {
  const auto code = home.plugin("clock") / "manager.py";
  write_file(code, read_file(code) + "# my edit\n");
  write_file(home.plugin("clock") / "credentials.json", "TOKEN\n");
}

TEST_F(Receipts, F72_what_the_owner_edited_comes_back_too_and_is_told_of_as_an_edit) {
  install_clock();
  edit_by_hand(home);
  std::filesystem::rename(home.plugin("clock"), home.plugin(kAside));
  const auto copy = take_snapshot(home.plugin(kAside));
  const auto pass = trueup.run({"reconcile"});
  EXPECT_EQ(pass.exit_status, 3) << pass.output << pass.errors;
  EXPECT_EQ(difference(copy, take_snapshot(home.plugin("clock")), Compare::contents), "");
  EXPECT_THAT(trueup.run({"plan", "--json"}).output, HasSubstr("\"plugin_modified\""));
  std::filesystem::rename(home.plugin("clock"), home.plugin(kAside));
  trueup.use_registry("none");
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 3);
  EXPECT_EQ(difference(copy, take_snapshot(home.plugin("clock")), Compare::contents), "");
}

TEST_F(Receipts, F72_what_the_owner_edited_stays_where_it_runs_beside_an_older_copy) {
  install_clock();
  std::filesystem::copy(home.plugin("clock"), home.plugin(kAside), std::filesystem::copy_options::recursive);
  edit_by_hand(home);
  const auto edited = take_snapshot(home.plugin("clock"));
  const auto older = take_snapshot(home.plugin(kAside));
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 3);
  EXPECT_EQ(difference(edited, take_snapshot(home.plugin("clock")), Compare::contents), "");
  EXPECT_EQ(difference(older, take_snapshot(home.plugin(kAside)), Compare::contents), "");
}

TEST_F(Receipts, F72_a_copy_of_which_files_are_gone_does_not_come_back) {
  install_clock();
  edit_by_hand(home);
  std::filesystem::rename(home.plugin("clock"), home.plugin(kAside));
  const auto receipt = home.plugin(kAside) / ".trueup-receipt.json";
  std::string listed = read_file(receipt);
  const auto at = listed.find('{', listed.find("\"files\""));
  ASSERT_NE(at, std::string::npos) << listed;
  listed.insert(at, R"({"path": "data/lost.bin", "size": 1, "sha256": ")" + std::string(64, '0') + "\"}, ");
  write_file(receipt, listed);
  const auto copy = take_snapshot(home.plugin(kAside));
  EXPECT_THAT(trueup.run({"plan"}).output, HasSubstr("install clock 1.0.0"));
  EXPECT_THAT(trueup.run({"plan", "--json"}).output, HasSubstr("data/lost.bin"));
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 3);
  EXPECT_EQ(difference(copy, take_snapshot(home.plugin(kAside)), Compare::contents), "");
}

TEST_F(Receipts, F71_a_lost_file_is_fetched_again_though_the_version_is_the_latest) {
  install_clock();
  const auto whole = take_snapshot(home.plugin("clock"));
  std::filesystem::remove(home.plugin("clock") / "manager.py");
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 2);
  EXPECT_EQ(trueup.run({"reconcile"}).exit_status, 0);
  EXPECT_EQ(difference(whole, take_snapshot(home.plugin("clock")), Compare::contents), "");
}

TEST_F(Receipts, F125_files_that_their_source_changed_under_the_same_version_are_told_of) {
  install_clock();
  const std::string shipped = read_file(home.registry() / "plugins/clock/manager.py");
  write_file(home.registry() / "plugins/clock/manager.py", shipped + "# another release, the same number\n");
  std::filesystem::remove(home.plugin("clock") / "manager.py");
  const auto pass = trueup.run({"reconcile"});
  EXPECT_EQ(pass.exit_status, 0) << pass.output << pass.errors;
  EXPECT_THAT(pass.output, HasSubstr("the files of clock 1.0.0 are not those that were installed as 1.0.0 before"));
  EXPECT_THAT(trueup.run({"history"}).output, HasSubstr("(other files than before)"));
  std::filesystem::remove(home.plugin("clock") / "manager.py");
  EXPECT_THAT(trueup.run({"reconcile"}).output, Not(HasSubstr("are not those"))) << "what is recorded now";
}

TEST_F(Receipts, F125_other_files_of_a_version_that_was_removed_in_between_are_told_of) {
  install_clock();
  const auto code = home.registry() / "plugins/clock/manager.py";
  const auto install_again = [&] {
    EXPECT_EQ(trueup.run({"uninstall", "clock"}).exit_status, 0);
    const auto ran = trueup.run({"install", "clock"});
    EXPECT_EQ(ran.exit_status, 0) << ran.errors;
    return ran.output;
  };
  EXPECT_THAT(install_again(), Not(HasSubstr("are not those"))) << "the same files";
  write_file(code, read_file(code) + "# another release, the same number\n");
  EXPECT_THAT(install_again(), HasSubstr("files of clock 1.0.0 are not those that were installed as 1.0.0 before"));
  EXPECT_THAT(trueup.run({"history"}).output, HasSubstr("(other files than before)"));
  EXPECT_THAT(read_file(home.plugin("clock") / "manager.py"), HasSubstr("another release")) << "told of, not refused";
  EXPECT_THAT(install_again(), Not(HasSubstr("are not those"))) << "what came last counts";
}

TEST_F(Receipts, F125_other_files_of_a_version_whose_directory_is_lost_are_told_of_by_the_repair) {
  install_clock();
  const auto code = home.registry() / "plugins/clock/manager.py";
  write_file(code, read_file(code) + "# another release, the same number\n");
  std::filesystem::remove_all(home.plugin("clock"));
  const auto pass = trueup.run({"reconcile"});
  EXPECT_EQ(pass.exit_status, 0) << pass.output << pass.errors;
  EXPECT_THAT(pass.output, HasSubstr("files of clock 1.0.0 are not those that were installed as 1.0.0 before"));
  EXPECT_THAT(trueup.run({"history"}).output, HasSubstr("(other files than before)"));
}

TEST_F(Receipts, F125_what_another_source_has_as_that_version_are_no_other_files_than_before) {
  install_clock();
  const auto mirror = home.root() / "mirror";
  std::filesystem::copy(home.registry(), mirror, std::filesystem::copy_options::recursive);
  write_file(mirror / "plugins/clock/manager.py", read_file(mirror / "plugins/clock/manager.py") + "# of the mirror\n");
  write_file(home.plugin("clock") / "manifest.json", "{");
  trueup.use_registry(mirror.string());
  const auto ran = trueup.run({"install", "clock"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  EXPECT_THAT(read_file(home.plugin("clock") / "manager.py"), HasSubstr("of the mirror"));
  EXPECT_THAT(ran.output, Not(HasSubstr("are not those")));
}

TEST_F(Receipts, an_edit_is_named_and_never_put_back_by_itself) {
  install_clock();
  const std::string original = read_file(home.plugin("clock") / "manager.py");
  write_file(home.plugin("clock") / "manager.py", original + "# mine\n");
  const auto pass = trueup.run({"reconcile"});
  EXPECT_EQ(pass.exit_status, 3);
  EXPECT_THAT(pass.output, HasSubstr("manager.py"));
  EXPECT_EQ(read_file(home.plugin("clock") / "manager.py"), original + "# mine\n");
  EXPECT_EQ(trueup.run({"resolve", "plugin_modified:clock", "--choose", "reinstall"}).exit_status, 0);
  EXPECT_EQ(read_file(home.plugin("clock") / "manager.py"), original);
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 0);
}

TEST_F(Receipts, an_edit_that_was_ignored_is_named_again_when_the_file_changes_further) {
  install_clock();
  const auto manager = home.plugin("clock") / "manager.py";
  const std::string original = read_file(manager);
  for (const std::string mine : {"# a\n", "# b\n", "# longer\n"}) {  // as long as the last one, and longer
    write_file(manager, original + mine);
    EXPECT_EQ(trueup.run({"plan"}).exit_status, 3) << mine;
    EXPECT_EQ(trueup.run({"ignore", "plugin_modified:clock"}).exit_status, 0);
    EXPECT_EQ(trueup.run({"plan"}).exit_status, 0) << mine;
  }
  std::filesystem::remove(manager);
  std::filesystem::create_symlink("elsewhere.py", manager);
  EXPECT_EQ(trueup.run({"plan"}).exit_status, 3) << "it is a link now";
}

TEST_F(Receipts, F71_a_file_behind_what_is_no_directory_any_more_is_no_healthy_one) {
  const auto archive = home.registry() / "plugins/clock/sub";
  home.offer("clock").offer("other").add_healthy("other");
  home.root();
  std::filesystem::create_directory(archive);
  write_file(archive / "x.txt", "x\n");
  install_clock();
  const auto sub = home.plugin("clock") / "sub";
  ASSERT_TRUE(std::filesystem::exists(sub / "x.txt"));
  std::filesystem::remove_all(sub);
  for (const bool link : {false, true}) {
    if (link) {
      std::filesystem::remove(sub);
      std::filesystem::create_directory_symlink("/etc", sub);
    } else {
      write_file(sub, "a file\n");
    }
    EXPECT_THAT(trueup.run({"plan", "--json"}).output, HasSubstr("\"plugin_modified:clock\"")) << link;
  }
}

}  // namespace
}  // namespace trueup::test
