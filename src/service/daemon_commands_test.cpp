#include <gtest/gtest.h>

#include "service/daemon_test_support.h"
#include "service/operations_file.h"

namespace trueup::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class DaemonCommandsTest : public DaemonTest {
 protected:
  CommandListener listener() {
    return {
        .begun = [this] { heard += "begun "; },
        .out = [this](const std::string& text) { heard += "out:" + text + " "; },
        .err = [this](const std::string& text) { heard += "err:" + text + " "; },
        .ended = [this](int status) { heard += "ended:" + std::to_string(status) + " "; },
        .declined = [this](const Error& error) { heard += "declined:" + std::string(to_string(error.code)) + " "; }};
  }
  std::int64_t submit(const std::string& verb, const std::string& id) {
    std::int64_t got = 0;
    daemon->submit({.words = {verb, id}, .plugin_id = id}, [&](const Result<std::int64_t>& result) {
      got = result ? *result : -1;
      if (!result) refused = result.error();
    });
    loop.settle();
    while (scribe.do_next()) loop.settle();
    return got;
  }
  const Operation& operation(std::int64_t id) {
    held = daemon->snapshot();
    return *std::ranges::find(held->operations, id, &Operation::id);
  }

  std::string heard;
  Error refused;
  std::shared_ptr<const Snapshot> held;
};

TEST_F(DaemonCommandsTest, a_command_says_what_it_says_while_it_is_done_and_ends_with_its_status) {
  start_up();
  on_command = [](const CommandRequest& request, const CommandOutput& output) {
    output.out(request.words.back());
    output.err("hm");
    return 3;
  };
  daemon->command({.words = {"enable", "clock"}}, listener());
  settle();
  EXPECT_EQ(heard, "begun out:clock err:hm ended:3 ");
}

TEST_F(DaemonCommandsTest, what_the_owner_asks_for_comes_before_the_passes_that_wait) {
  start_up();
  const auto before = passes();
  std::size_t passes_then = 0;
  on_command = [&](const CommandRequest&, const CommandOutput&) {
    passes_then = passes();
    return 0;
  };
  during_pass = [this](const StopWanted&) {
    during_pass = nullptr;
    watcher.tell("config");
    loop.advance(seconds(1));
    daemon->command({.words = {"enable", "clock"}}, listener());
  };
  watcher.tell("config");
  advance(seconds(1));
  EXPECT_EQ(passes_then, before + 1) << "right behind the pass that was at work";
  EXPECT_EQ(passes(), before + 2);
}

TEST_F(DaemonCommandsTest, one_that_waits_longer_than_it_wanted_is_told_who_is_at_work_and_nothing_was_done) {
  start_up();
  watcher.tell("config");
  loop.advance(seconds(1));  // a pass is at work, and takes its time
  daemon->command({.words = {"enable", "clock"}, .wait = seconds(10)}, listener());
  loop.advance(seconds(9));
  EXPECT_EQ(heard, "");
  loop.advance(seconds(2));
  EXPECT_EQ(heard, "declined:busy ");
  settle();
  EXPECT_TRUE(commands.empty());
}

TEST_F(DaemonCommandsTest, one_whose_asker_has_gone_is_not_begun_or_ends_before_its_next_step) {
  start_up();
  watcher.tell("config");
  loop.advance(seconds(1));
  daemon->abandon(daemon->command({.words = {"enable", "clock"}}, listener()));
  settle();
  EXPECT_TRUE(commands.empty());

  bool stop = false;
  std::string name;
  on_command = [&](const CommandRequest&, const CommandOutput& output) {
    daemon->abandon(name);
    stop = output.stop_wanted();
    output.out("nobody reads this");
    return 0;
  };
  name = daemon->command({.words = {"enable", "clock"}}, listener());
  heard.clear();
  settle();
  EXPECT_TRUE(stop);
  EXPECT_EQ(heard, "");
}

TEST_F(DaemonCommandsTest, before_the_first_look_and_at_the_end_commands_are_left_to_who_asks) {
  daemon->start({});
  daemon->command({.words = {"enable", "clock"}}, listener());
  EXPECT_EQ(heard, "declined:unsupported ");
  settle();
  heard.clear();
  watcher.tell("config");
  loop.advance(seconds(1));
  daemon->command({.words = {"enable", "clock"}}, listener());
  daemon->stop([] {});
  EXPECT_EQ(heard, "declined:unsupported ");
}

TEST_F(DaemonCommandsTest, an_operation_has_an_id_progress_a_result_and_a_place_in_the_history) {
  start_up();
  on_command = [this](const CommandRequest& request, const CommandOutput& output) {
    EXPECT_EQ(request.words, (std::vector<std::string>{"install", "foo", "--json"}));
    output.log({.name = "repair.attempt", .fields = {{"plugin_id", "foo"}}});
    loop.settle();
    EXPECT_EQ(operation(1).state, OperationState::running);
    EXPECT_EQ(operation(1).progress, "repair.attempt foo");
    output.progress({.says = "downloading foo: 1.0 MB of 4.0 MB", .percent = 25});
    loop.settle();
    EXPECT_EQ(operation(1).progress, "downloading foo: 1.0 MB of 4.0 MB");
    EXPECT_EQ(operation(1).percent, 25);
    output.out("{\"schema\": 1}");
    return 0;
  };
  EXPECT_EQ(submit("install", "foo"), 1);
  settle();
  EXPECT_EQ(operation(1).state, OperationState::done);
  EXPECT_EQ(operation(1).output, "{\"schema\": 1}");
}

TEST_F(DaemonCommandsTest,
       F114_one_that_is_in_the_way_is_named_and_after_a_kill_every_one_that_was_accepted_has_an_end) {
  start_up();
  on_command = [this](const CommandRequest& request, const CommandOutput&) {
    if (request.words[1] != "slow") return 0;
    EXPECT_EQ(submit("uninstall", "slow"), -1);
    EXPECT_EQ(refused.code, ErrorCode::conflict);
    EXPECT_EQ(submit("install", "next"), 2);
    // The power goes here: what is on the disk is all that is left.
    platform::MemoryFileSystem after;
    after.put_files(disk.files());
    const auto kept = load_operations(**after.open_root("/pi/.trueup"));
    EXPECT_EQ(kept.operations.find(1)->state, OperationState::interrupted);
    EXPECT_EQ(kept.operations.find(2)->state, OperationState::waiting);
    return 0;
  };
  EXPECT_EQ(submit("install", "slow"), 1);
  settle();
  EXPECT_EQ(operation(2).state, OperationState::done);
}

TEST_F(DaemonCommandsTest, F114_what_waited_when_it_ended_is_done_after_the_next_start) {
  Operations operations;
  ASSERT_TRUE(operations.submit({.words = {"install", "foo"}, .plugin_id = "foo"}, 1));
  ASSERT_TRUE(save_operations(**disk.open_root("/pi/.trueup"), operations.encode()));
  start_up();
  EXPECT_EQ(operation(1).state, OperationState::done);
  ASSERT_EQ(commands.size(), 1U);
}

TEST_F(DaemonCommandsTest, one_that_waits_is_called_off_and_one_that_runs_ends_after_its_step) {
  start_up();
  bool stopped = false;
  on_command = [&](const CommandRequest&, const CommandOutput& output) {
    EXPECT_EQ(submit("install", "other"), 2);
    EXPECT_TRUE(daemon->cancel(2));
    EXPECT_TRUE(daemon->cancel(1));
    stopped = output.stop_wanted();
    return stopped ? 1 : 0;
  };
  submit("install", "foo");
  settle();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(operation(1).state, OperationState::cancelled);
  EXPECT_EQ(operation(2).state, OperationState::cancelled);
  EXPECT_EQ(commands.size(), 1U);
  EXPECT_FALSE(daemon->cancel(1));
}

TEST_F(DaemonCommandsTest, F68_a_file_of_operations_that_is_garbage_or_cannot_be_written_stops_nothing) {
  disk.put_file("/pi/.trueup/operations.json", "garbage", 0600);
  start_up();
  EXPECT_EQ(logged("operations.lost"), 1U);
  disk.set_free_bytes(0);
  for (const char* id : {"a", "b", "c"}) {
    EXPECT_GT(submit("install", id), 0);
    settle();
  }
  EXPECT_EQ(commands.size(), 3U);
  EXPECT_EQ(logged("operations.not_kept"), 1U) << "told once";
}

}  // namespace
}  // namespace trueup::service
