#include "platform/process_table.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "platform/contract_test_support.h"
#include "platform/real_file_system.h"

namespace trueup::platform {

namespace {

using ::testing::ElementsAre;

/// A made-up /proc and cgroup tree.
class ProcessTableOnDisk : public DiskContract {
 protected:
  void SetUp() override {
    DiskContract::SetUp();
    for (const char* name : {"proc", "slice", "systemd"}) ASSERT_TRUE(root_->make_directory(name, {.mode = 0755}));
    add_process("1", std::string("init\0", 5));
  }
  void add_process(const std::string& pid, const std::string& command_line, const std::string& directory = "/") {
    auto proc = root_->open_writable("proc", Links::refuse);
    ASSERT_TRUE((*proc)->make_directory(pid, {.mode = 0755}));
    auto process = (*proc)->open_writable(pid, Links::refuse);
    ASSERT_TRUE((*process)->write_new("cmdline", command_line, {}, Sync::no));
    ASSERT_TRUE((*process)->write_new(
        "stat", pid + " (a (b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20\n", {}, Sync::no));
    ASSERT_TRUE(directory.empty() || (*process)->make_link(directory, "cwd"));
  }
  void add_unit(const std::string& unit, const std::string& members) {
    auto slice = root_->open_writable("slice", Links::refuse);
    ASSERT_TRUE((*slice)->make_directory(unit, {.mode = 0755}));
    ASSERT_TRUE((*(*slice)->open_writable(unit, Links::refuse))->write_new("cgroup.procs", members, {}, Sync::no));
  }
  RealProcessTable table() const {
    const std::string root = disk_->root_path();
    return RealProcessTable({root + "/proc", root + "/systemd", {root + "/nowhere", root + "/slice"}});
  }
};

bool is_python(const Process& process) {
  return !process.arguments.empty() && process.arguments[0].ends_with("python3");
}

TEST_P(ProcessTableOnDisk, tells_arguments_and_directory_of_those_asked_for) {
  add_process("20", std::string("/usr/bin/python3\0start.py\0\0", 27), "/home/pi/LEDMatrix/web_interface");
  add_process("3", "");  // a kernel thread
  add_process("1000", std::string("/usr/bin/python3\0run.py\0", 24), "");
  const auto found = table().select(is_python);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_THAT(*found, ElementsAre(Process{20, {"/usr/bin/python3", "start.py", ""}, "/home/pi/LEDMatrix/web_interface"},
                                  Process{1000, {"/usr/bin/python3", "run.py"}, std::nullopt}));
}

TEST_P(ProcessTableOnDisk, passes_over_a_process_that_just_ended) {
  auto proc = root_->open_writable("proc", Links::refuse);
  ASSERT_TRUE((*proc)->make_directory("77", {.mode = 0755}));
  EXPECT_EQ(table().select([](const Process&) { return true; })->size(), 1U);
}

TEST_P(ProcessTableOnDisk, does_not_take_hidden_programs_for_absent_ones) {
  ASSERT_TRUE((*root_->open_writable("proc", Links::refuse))->rename("1", *root_, "hidden", RenameMode::no_replace));
  EXPECT_EQ(table().select(is_python).error().code, ErrorCode::unreadable);
}

TEST_P(ProcessTableOnDisk, remembers_one_look_for_every_question_of_it) {
  add_process("20", std::string("python3\0run.py\0", 15), "/home/pi");
  const RealProcessTable real = table();
  const RememberedProcesses remembered(real);
  add_process("30", std::string("python3\0web.py\0", 15), "/home/pi");
  EXPECT_EQ(remembered.select(is_python)->size(), 2U) << "it looks when it is first asked";
  add_process("40", std::string("python3\0more.py\0", 16), "/home/pi");
  EXPECT_THAT(*remembered.select([](const Process& one) { return one.pid > 20; }),
              ElementsAre(Process{30, {"python3", "web.py"}, "/home/pi"}));
}

TEST_P(ProcessTableOnDisk, remembers_that_not_everything_could_be_seen) {
  auto proc = root_->open_writable("proc", Links::refuse);
  ASSERT_TRUE((*proc)->rename("1", *root_, "hidden", RenameMode::no_replace));
  const RealProcessTable real = table();
  const RememberedProcesses remembered(real);
  EXPECT_EQ(remembered.select(is_python).error().code, ErrorCode::unreadable);
  ASSERT_TRUE(root_->rename("hidden", **proc, "1", RenameMode::no_replace));
  EXPECT_EQ(remembered.select(is_python).error().code, ErrorCode::unreadable) << "one look has one answer";
}

TEST_P(ProcessTableOnDisk, reads_the_start_time_behind_any_program_name) {
  EXPECT_EQ(*table().start_time(1), 777U);
  EXPECT_EQ(table().start_time(2).error().code, ErrorCode::not_found);
}

TEST_P(ProcessTableOnDisk, tells_active_inactive_and_unknown_units_apart) {
  add_unit("ledmatrix-web.service", "812\n");
  add_unit("ledmatrix.service", "");
  EXPECT_EQ(table().unit_state("ledmatrix-web.service"), UnitState::active);
  EXPECT_EQ(table().unit_state("ledmatrix.service"), UnitState::inactive);
  EXPECT_EQ(table().unit_state("other.service"), UnitState::inactive);
  ASSERT_TRUE(root_->rename("slice", *root_, "elsewhere", RenameMode::no_replace));
  EXPECT_EQ(table().unit_state("ledmatrix-web.service"), UnitState::unknown);
  ASSERT_TRUE(root_->remove_directory("systemd"));  // a machine without services
  EXPECT_EQ(table().unit_state("ledmatrix-web.service"), UnitState::inactive);
}

INSTANTIATE_TEST_SUITE_P(Real, ProcessTableOnDisk, ::testing::Values("real"));

TEST(RealProcessTable, sees_this_very_process) {
  const RealProcessTable table;
  const auto found = table.select([](const Process& process) { return process.pid == ::getpid(); });
  ASSERT_TRUE(found) << found.error().text();
  ASSERT_EQ(found->size(), 1U);
  EXPECT_THAT(found->front().arguments.front(), ::testing::EndsWith("platform_test"));
  const auto here = RealFileSystem().open_root_for_reading(".");
  EXPECT_EQ(found->front().working_directory, *(*here)->real_path("."));
  EXPECT_GT(*table.start_time(::getpid()), 0U);
}

}  // namespace

}  // namespace trueup::platform
