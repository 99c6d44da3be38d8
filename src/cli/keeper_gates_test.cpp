// The whole daemon on an installation in memory, beside the file by which a Raspberry Pi's firmware complains: what
// waits for it, what is said meanwhile, and what does not wait.
#include <gmock/gmock.h>

#include <memory>
#include <ostream>

#include "cli/keeper.h"
#include "cli/machine_test_support.h"
#include "engine/store_test_support.h"
#include "platform/loop.h"
#include "platform/supervisor.h"
#include "platform/watcher.h"
#include "service/daemon.h"

namespace trueup::cli {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

class KeeperGates : public MachineTest<engine::StoreTest> {
 protected:
  KeeperGates() {
    disk.put_directory(path(".trueup"));
    add_plugin("weather");
    offer("clock", "clock", "1.0.0");
    offer("news", "news", "1.0.0");
    configure({{"weather", R"({"enabled": true})"}, {"clock", R"({"enabled": true})"}});
  }

  void firmware_says(const std::string& text) {
    disk.put_file("/sys/devices/platform/soc/soc:firmware/get_throttled", text);
  }
  void start() {
    daemon.start({});
    go_on(minutes(1));  // what is missing has settled
  }
  void go_on(service::Duration duration) {
    constexpr std::chrono::seconds kStep{1};
    loop.settle();
    for (service::Duration gone{}; gone < duration; gone += kStep) {
      ports.clock.advance(kStep);
      loop.advance(kStep);
      loop.settle();
    }
  }
  bool is_there(const std::string& plugin) {
    return read("plugin-repos/" + plugin + "/manifest.json") != "(not there)";
  }
  /// Why clock is not there, as everybody is told; empty: nothing is found about it.
  std::string reason() const {
    const auto known = daemon.snapshot();
    const auto finding = std::ranges::find(known->findings, "clock", &model::Inconsistency::plugin_id);
    return finding == known->findings.end() ? "" : finding->reason;
  }
  std::vector<std::string> gates() const {
    std::vector<std::string> reasons;
    for (const service::Gate& gate : daemon.snapshot()->gates) reasons.push_back(gate.reason);
    return reasons;
  }
  /// The lines of the log with that name, and what they say.
  std::vector<std::string> logged(const std::string& name) const {
    std::vector<std::string> lines;
    for (const LogEvent& event : ports.logger.events) {
      if (event.name == name) lines.push_back(format_log_line(event, LogFormat::plain));
    }
    return lines;
  }

  platform::FakeLoop loop;
  InlineWorker worker;
  platform::FakeWatcher watcher;
  platform::RecordingSupervisor supervisor;
  Invocation invocation{.registry = "/registry"};
  Keeper keeper{invocation, machine, engine::kRoot};
  service::Daemon daemon{
      {.loop = loop,
       .worker = worker,
       .scribe = worker,
       .runner = worker,
       .watcher = watcher,
       .supervisor = supervisor,
       .clock = ports.clock,
       .file_system = disk,
       .logger = ports.logger,
       .own_directory = path(".trueup"),
       .pass = [this](service::PassKind kind, engine::Unattended& memory,
                      const service::StopWanted& stop) { return keeper.pass(kind, memory, stop); },
       .command = [this](const service::CommandRequest& request,
                         const service::CommandOutput& output) { return keeper.command(request, output); },
       .run_program = [](const std::vector<std::string>&, const std::string&) { return ok(); }}};
};

struct Complaint {
  std::string name, text, reason, says;
};
void PrintTo(const Complaint& complaint, std::ostream* out) { *out << complaint.name; }

class KeeperComplaints : public KeeperGates, public testing::WithParamInterface<Complaint> {};

TEST_P(KeeperComplaints, keep_plugins_from_being_fetched_and_are_told_of_until_they_are_over) {
  firmware_says(GetParam().text);
  start();
  go_on(std::chrono::hours(2));  // an hourly pass changes nothing about it
  EXPECT_FALSE(is_there("clock"));
  EXPECT_EQ(reason(), GetParam().reason);
  EXPECT_EQ(gates(), std::vector{GetParam().reason});
  ASSERT_EQ(logged("gate.closed").size(), 1U) << "told once, however often it was looked at";
  EXPECT_THAT(logged("gate.closed").front(), HasSubstr(GetParam().says));
  EXPECT_TRUE(logged("gate.open").empty());
  EXPECT_THAT(supervisor.told, testing::Contains("STATUS=1 finding, 0 need a person")) << "nobody is called for it";

  firmware_says("0x50000\n");  // that was once, and is over
  go_on(minutes(5));
  EXPECT_TRUE(is_there("clock"));
  EXPECT_EQ(reason(), "");
  EXPECT_TRUE(gates().empty());
  EXPECT_EQ(logged("gate.open").size(), 1U);
  EXPECT_EQ(supervisor.told.back(), "STATUS=all in agreement");
}

INSTANTIATE_TEST_SUITE_P(EachOfThem, KeeperComplaints,
                         testing::Values(Complaint{"weak_power", "0x50005\n", "under_voltage",
                                                   "power supply is too weak"},
                                         Complaint{"slowed_down", "4\n", "throttled", "too hot or slowed down"},
                                         Complaint{"too_hot", "80008\n", "throttled", "too hot or slowed down"}),
                         [](const auto& complaint) { return complaint.param.name; });

TEST_F(KeeperGates, a_complaint_that_comes_later_holds_what_is_wanted_from_then_on) {
  firmware_says("0\n");
  start();
  EXPECT_TRUE(is_there("clock"));
  EXPECT_TRUE(gates().empty());
  firmware_says("1\n");
  configure({{"weather", R"({"enabled": true})"}, {"clock", R"({"enabled": true})"}, {"news", R"({"enabled": true})"}});
  watcher.tell("config");
  go_on(minutes(1));
  EXPECT_FALSE(is_there("news"));
  EXPECT_EQ(gates(), std::vector<std::string>{"under_voltage"});
}

TEST_F(KeeperGates, a_disk_that_is_nearly_full_holds_it_too_and_room_lets_it_go_on) {
  disk.set_free_bytes(service::kLeastFreeBytes - 1);
  start();
  EXPECT_FALSE(is_there("clock"));
  EXPECT_EQ(reason(), "free_space_low");
  disk.set_free_bytes(service::kLeastFreeBytes * 2);
  go_on(minutes(5));
  EXPECT_TRUE(is_there("clock"));
  EXPECT_TRUE(gates().empty());
}

TEST_F(KeeperGates, what_is_light_and_what_the_owner_asks_for_wait_for_no_complaint) {
  firmware_says("1\n");
  record_state({record("weather", false)});
  start();
  EXPECT_THAT(read("data/plugin_state.json"), HasSubstr("\"enabled\": true")) << "mended: that is one small write";
  EXPECT_FALSE(is_there("clock"));
  daemon.submit({.words = {"install", "clock"}, .plugin_id = "clock"}, [](const Result<std::int64_t>&) {});
  go_on(std::chrono::seconds(1));
  EXPECT_TRUE(is_there("clock"));
  EXPECT_EQ(gates(), std::vector<std::string>{"under_voltage"}) << "the complaint stands";
}

}  // namespace
}  // namespace trueup::cli
