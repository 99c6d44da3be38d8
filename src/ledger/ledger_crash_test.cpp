// Whatever fails and wherever the power goes: afterwards the ledger opens, and has all of a pass or nothing of it.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "ledger/ledger_test_support.h"
#include "platform/crash_disk.h"

namespace trueup::ledger {

namespace {

enum class Knows { first, both };

/// What the ledger below `.trueup` holds: the first pass, or both, each of them whole.
Knows settled(platform::FileSystem& disk) {
  const auto root = must(disk.open_root("/pi/display"));
  const auto own = must(root->open_writable(".trueup", platform::Links::refuse));
  const Ledger ledger = must(Ledger::open(*own, kTestId));
  EXPECT_FALSE(ledger.damage());
  const model::LedgerFacts facts = must(ledger.read().facts());
  const std::size_t passes = must(ledger.read().history()).size() / 2;
  EXPECT_EQ(must(ledger.read().history()).size(), passes * 2);
  EXPECT_EQ(facts.installation_id, kTestId);
  for (const std::size_t rows :
       {facts.receipts.size(), facts.tombstones.size(), facts.holds.size(), facts.attempts.size()}) {
    EXPECT_EQ(rows, passes);
  }
  return passes == 2 ? Knows::both : Knows::first;
}

void check_every_failing_call(const std::string& kind, platform::FailNth::Scope scope) {
  TestRoot template_disk("memory");
  must(must(Ledger::open(template_disk.own(), kTestId)).record(full_pass("clock")));
  for (std::uint64_t n = 1;; ++n) {
    TestRoot disk(kind);
    disk.write("ledger.db", template_disk.read("ledger.db"));
    disk.write("ledger.db-journal", "");
    platform::FailNth fail(n, ENOSPC, scope);
    platform::ObservedFileSystem failing(disk.file_system(), fail);
    bool recorded = false;
    if (const auto root = failing.open_root(disk.path())) {
      if (const auto own = (*root)->open_writable(".trueup", platform::Links::refuse)) {
        auto ledger = Ledger::open(**own, kTestId);
        recorded = ledger && ledger->record(full_pass("news"));
      }
    }
    Ledger after = must(Ledger::open(disk.own(), kTestId));
    EXPECT_FALSE(after.damage());
    const std::size_t actions = must(after.read().history()).size();
    EXPECT_TRUE(actions == 4 || (actions == 2 && !recorded)) << n << ": " << actions;
    EXPECT_EQ(must(after.read().facts()).receipts.size() * 2, actions) << n;
    must(after.record(full_pass("news")));
    EXPECT_EQ(must(after.read().history()).size(), 4U);
    if (!fail.was_hit()) {
      EXPECT_TRUE(recorded);
      EXPECT_GT(n, 20U);
      break;
    }
  }
}

}  // namespace

class LedgerCrashOn : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Disks, LedgerCrashOn, ::testing::Values("memory", "real"));

TEST_P(LedgerCrashOn, one_failing_call_leaves_all_of_a_pass_or_nothing) {
  check_every_failing_call(GetParam(), platform::FailNth::Scope::once);
}

TEST_P(LedgerCrashOn, a_disk_that_fails_from_some_call_on_leaves_all_of_a_pass_or_nothing) {
  check_every_failing_call(GetParam(), platform::FailNth::Scope::from_then_on);
}

TEST(LedgerCrash, a_power_cut_anywhere_leaves_all_of_a_pass_or_nothing_and_what_was_recorded_stays) {
  TestRoot disk("memory");
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  const platform::DiskImage start = disk.memory().image();
  disk.memory().clear_log();
  {
    Ledger ledger = must(Ledger::open(disk.own(), kTestId));
    must(ledger.record(full_pass("news")));
  }
  const auto log = disk.memory().log();
  std::size_t rolled_back = 0;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& survived : surviving_disks(start, log, cut)) {
      SCOPED_TRACE(fmt::format("cut {} of {}: {}", cut, log.size(), survived.variant));
      platform::MemoryFileSystem after(survived.image);
      const Knows knows = settled(after);
      if (knows == Knows::first) ++rolled_back;
      EXPECT_TRUE(cut < log.size() || knows == Knows::both);
    }
  }
  EXPECT_GT(rolled_back, 20U);
}

TEST(LedgerCrash, a_power_cut_while_the_first_ledger_is_made_leaves_one_that_opens) {
  TestRoot disk("memory");
  const platform::DiskImage start = disk.memory().image();
  disk.memory().clear_log();
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  const auto log = disk.memory().log();
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& survived : surviving_disks(start, log, cut)) {
      SCOPED_TRACE(fmt::format("cut {} of {}: {}", cut, log.size(), survived.variant));
      platform::MemoryFileSystem after(survived.image);
      const auto own = must(must(after.open_root("/pi/display"))->open_writable(".trueup", platform::Links::refuse));
      Ledger ledger = must(Ledger::open(*own, kTestId));
      EXPECT_FALSE(ledger.damage()) << ledger.damage()->reason;
      EXPECT_EQ(must(ledger.read().facts()).installation_id, kTestId);
      EXPECT_TRUE(must(ledger.read().history()).size() == 2 || cut < log.size());
      must(ledger.record(full_pass("clock")));
      EXPECT_EQ(must(ledger.read().history()).size(), 2U);
    }
  }
}

TEST(LedgerCrash, a_power_cut_while_a_crash_is_settled_is_settled_the_next_time) {
  TestRoot disk("memory");
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  disk.memory().clear_log();
  const platform::DiskImage start = disk.memory().image();
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("news")));
  const auto log = disk.memory().log();
  for (std::size_t cut = 0; cut < log.size(); ++cut) {
    platform::DiskImage crashed = start;
    for (std::size_t i = 0; i < cut; ++i) apply(crashed, log[i]);
    platform::MemoryFileSystem settling(crashed);
    settled(settling);
    const auto second = settling.log();
    for (std::size_t again = 0; again <= second.size(); ++again) {
      for (const auto& survived : surviving_disks(crashed, second, again)) {
        SCOPED_TRACE(fmt::format("cut {}, then {} of {}: {}", cut, again, second.size(), survived.variant));
        platform::MemoryFileSystem after(survived.image);
        settled(after);
      }
    }
  }
}

}  // namespace trueup::ledger
