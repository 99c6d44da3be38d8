// Failures seen in the wild that a crash, a full or failing disk or a second writer caused, each by its id.
#include <fmt/core.h>

#include <cerrno>

#include "engine/look.h"
#include "engine/set_enabled.h"
#include "engine/uninstall.h"
#include "faults.h"
#include "json/document.h"
#include "place.h"
#include "platform/observed_file_system.h"
#include "power_cut.h"
#include "promises_kept.h"

namespace trueup::test {
namespace {

using platform::Call;
using platform::Operation;

const Scenario& scenario_named(const std::string& name) {
  const auto& all = all_scenarios();
  const auto found = std::ranges::find(all, name, &Scenario::name);
  if (found == all.end()) ADD_FAILURE() << "no scenario " << name;
  return *found;
}

void lay_out_two(Place& place) {
  for (const char* id : {"bystander", "clock"}) place.add_plugin(id);
  place.configure({{"bystander", R"({"enabled": true})"}, {"clock", R"({"enabled": true})"}});
  place.record({{"bystander", true}, {"clock", true}});
}

TEST(CrashFailures, F39_a_removal_that_fails_anywhere_is_whole_or_not_at_all) {
  constexpr std::size_t kEvery = 3;
  for (const char* name : {"uninstall", "uninstall that keeps the settings"}) {
    EXPECT_EQ(fail_everywhere(scenario_named(name), kEvery).broken, "");
  }
}

/// The owner saves another setting just when the directory is to go, which then fails.
class SavesMeanwhile final : public platform::Observer {
 public:
  explicit SavesMeanwhile(Place& place) : place_(place) {}
  Status before(const Call& call) override {
    const bool directory = call.path.ends_with("/plugin-repos/clock");
    if (!directory || (call.operation != Operation::rename && call.operation != Operation::exchange)) return ok();
    if (!saved_) {
      std::string config = place_.read("config/config.json");
      config.replace(config.find("90"), 2, "55");
      place_.write("config/config.json", config);
    }
    saved_ = true;
    return Error{.code = ErrorCode::read_only, .message = "no", .where = call.path, .os_error = EACCES};
  }
  void after(const Call&) override {}
  [[nodiscard]] bool saved() const { return saved_; }

 private:
  Place& place_;
  bool saved_ = false;
};

TEST(CrashFailures, F40_what_the_owner_saved_while_a_removal_failed_stays) {
  Place place;
  lay_out_two(place);
  const Tree before = place.theirs();
  SavesMeanwhile owner(place);
  platform::ObservedFileSystem watched(place.disk, owner);
  {
    auto world = place.world(watched);
    EXPECT_FALSE(engine::uninstall(world, "clock", engine::Settings::remove));
  }
  ASSERT_TRUE(owner.saved());
  const std::string config = place.read("config/config.json");
  EXPECT_NE(config.find("\"brightness\": 55"), std::string::npos) << config;
  EXPECT_NE(config.find("\"clock\": {\"enabled\": true}"), std::string::npos) << config;
  Tree now = place.theirs();
  now.erase("config/config.json");
  Tree expected = before;
  expected.erase("config/config.json");
  EXPECT_EQ(now, expected);
}

TEST(CrashFailures, F66_F67_no_file_is_ever_empty_or_torn_whenever_the_power_goes) {
  const Depth few{.every = 7, .survivors = {.random_selections = 1, .seed = 21, .most_singles = 4}, .every_again = 0};
  for (const char* name : {"disable", "config set", "config set of a secret", "install", "uninstall"}) {
    EXPECT_EQ(cut_everywhere(scenario_named(name), few).broken, "");
  }
}

TEST(CrashFailures, F67_all_records_are_there_wherever_a_switch_is_killed) {
  constexpr int kRecords = 30;
  Place start;
  lay_out_two(start);
  std::vector<std::pair<std::string, bool>> records{{"bystander", true}, {"clock", true}};
  for (int i = 2; i < kRecords; ++i) records.emplace_back(fmt::format("plugin{}", i), false);
  start.record(records);
  for (int n = 1;; ++n) {
    Place place(start.disk.image(), 1);
    engine::DeadFrom dead(n);
    platform::ObservedFileSystem watched(place.disk, dead);
    {
      auto world = place.world(watched);
      (void)engine::set_enabled(world, "clock", false);
    }
    const auto state = json::Document::parse(place.read("data/plugin_state.json"), json::Dialect::python);
    ASSERT_TRUE(state) << "killed at call " << n;
    EXPECT_EQ(state->root().find("states")->size(), static_cast<std::size_t>(kRecords)) << "killed at call " << n;
    if (!dead.was_hit()) break;
  }
}

TEST(CrashFailures, F74_what_dead_runs_left_is_cleared_away_and_nothing_that_only_looks_so) {
  Place place;
  lay_out_two(place);
  constexpr int kDead = 300;
  for (int i = 0; i < kDead; ++i) {
    place.write(fmt::format("config/.config.json.trueup-{:012x}.unfinished", i), "{\"half");
    place.write(fmt::format("config/.config_secrets.json.trueup-{:012x}.unfinished", i), "{\"half", 0600);
  }
  const std::vector<std::string> decoys{"config/.config.json.tmp.mine", "config/notes.tmp",
                                        "config/.config.json.trueup-notes", "config/config.json.unfinished"};
  for (const auto& decoy : decoys) place.write(decoy, "of the owner");
  ASSERT_TRUE(recover(place));
  for (const auto& [path, node] : place.theirs()) {
    EXPECT_EQ(path.find(".unfinished") != std::string::npos, path == decoys.back()) << path;
  }
  for (const auto& decoy : decoys) EXPECT_EQ(place.read(decoy), "of the owner") << decoy;
}

TEST(CrashFailures, F75_one_plugin_that_the_disk_cannot_read_holds_up_no_other) {
  Place place;
  lay_out_two(place);
  place.add_plugin("rotten");
  place.disk.fail_reading(std::string(engine::kRoot) + "/plugin-repos/rotten/manifest.json", EIO);
  auto world = place.world();
  const auto planned = engine::plan(world, {});
  ASSERT_TRUE(planned) << planned.error().text();
  EXPECT_TRUE(std::ranges::any_of(planned->plan.findings, [](const auto& one) { return one.plugin_id == "rotten"; }));
  const auto done = engine::set_enabled(world, "clock", false);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_NE(place.read("config/config.json").find("\"clock\": {\"enabled\": false}"), std::string::npos);
}

/// As after an SD card has failed: the kernel lets nobody write any more.
class ReadOnly final : public platform::Observer {
 public:
  Status before(const Call& call) override {
    if (!platform::is_writing(call.operation)) return ok();
    return Error{.code = ErrorCode::read_only, .message = "read-only", .where = call.path, .os_error = EROFS};
  }
  void after(const Call&) override {}
};

TEST(CrashFailures, F75_on_a_disk_that_became_read_only_looking_works_and_writing_says_why) {
  Place place;
  lay_out_two(place);
  const Tree before = place.all();
  ReadOnly card;
  platform::ObservedFileSystem watched(place.disk, card);
  auto world = place.world(watched);
  EXPECT_TRUE(engine::plan(world, {}));
  const auto refused = engine::set_enabled(world, "clock", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::read_only) << refused.error().text();
  EXPECT_EQ(place.all(), before);
}

}  // namespace
}  // namespace trueup::test
