#include "ledger/ledger.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "base/limits.h"
#include "ledger/ledger_test_support.h"
#include "ledger/schema.h"
#include "ledger/sqlite.h"
#include "ledger/vfs.h"

namespace trueup::ledger {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::int64_t> numbers(const std::vector<Action>& actions) {
  std::vector<std::int64_t> numbers;
  for (const auto& action : actions) numbers.push_back(action.number);
  return numbers;
}

NewAction action(const std::string& transaction_id, std::optional<std::int64_t> undoes = {}) {
  return {.transaction_id = transaction_id, .verb = "v", .result = "done", .inverse = "{}", .undoes = undoes};
}

class LedgerOn : public ::testing::TestWithParam<std::string> {
 protected:
  TestRoot disk_{GetParam()};
  Ledger open() { return must(Ledger::open(disk_.own(), kTestId)); }
  LedgerReading read() { return read_ledger(disk_.root()); }
};
INSTANTIATE_TEST_SUITE_P(Disks, LedgerOn, ::testing::Values("memory", "real"));

}  // namespace

TEST_P(LedgerOn, gives_back_what_a_pass_recorded) {
  const Pass pass = full_pass("clock");
  EXPECT_EQ(must(open().record(pass)), (Recorded{{1, 2}, 0}));

  const LedgerReading reading = read();
  ASSERT_EQ(reading.reading.verdict, model::Verdict::complete) << reading.reading.detail;
  const Reader reader = reading.snapshot->read();
  const model::LedgerFacts expected{.installation_id = kTestId,
                                    .receipts = pass.receipts_put,
                                    .tombstones = pass.tombstones_put,
                                    .holds = pass.holds_put,
                                    .attempts = pass.attempts_put};
  EXPECT_EQ(must(reader.facts()), expected);
  EXPECT_THAT(must(reader.history()),
              ElementsAre(Action{2, pass.at, "reconcile", "clock-2", "cache", "done", {}},
                          Action{1, pass.at, "reconcile", "clock", "missing_section", "done", {}}));
  EXPECT_EQ(must(reader.action(1)).inverse, R"({"edits":[]})");
  EXPECT_EQ(must(reader.action(1)).transaction_id, "t-clock");
  EXPECT_EQ(reader.action(3).error().code, ErrorCode::not_found);
  EXPECT_EQ(must(reader.kept_files()), pass.kept_put);
  EXPECT_EQ(must(reader.note("consent:clock")), "yes");
  EXPECT_EQ(must(reader.note("consent:other")), std::nullopt);
  EXPECT_THAT(must(reader.undoable_transactions()), ElementsAre("t-clock"));
}

TEST_P(LedgerOn, an_open_ledger_answers_as_a_snapshot_does) {
  Ledger ledger = open();
  EXPECT_EQ(must(ledger.read().facts()).installation_id, kTestId);
  EXPECT_THAT(must(ledger.read().history()), IsEmpty());
  must(ledger.record(full_pass("clock")));
  must(ledger.record(full_pass("news")));
  EXPECT_THAT(numbers(must(ledger.read().history())), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(numbers(must(ledger.read().history(2))), ElementsAre(4, 3));
  EXPECT_EQ(must(ledger.read().facts()), must(read().snapshot->read().facts()));
}

TEST_P(LedgerOn, what_is_removed_is_gone_and_what_is_put_again_is_replaced) {
  Ledger ledger = open();
  const Pass first = full_pass("clock");
  must(ledger.record(first));
  Pass second;
  second.receipts_put = {first.receipts_put[0]};
  second.receipts_put[0].version = "2.0.0";
  second.tombstones_removed = first.tombstones_put;
  second.holds_removed = {first.holds_put[0].finding};
  second.attempts_removed = {{"clock", "official", "d"}, {"never", "was", "there"}};
  second.kept_removed = first.kept_put;
  second.notes_removed = {"consent:clock"};
  must(ledger.record(second));

  const Reader reader = ledger.read();
  EXPECT_EQ(must(reader.facts()), (model::LedgerFacts{.installation_id = kTestId, .receipts = second.receipts_put}));
  EXPECT_THAT(must(reader.kept_files()), IsEmpty());
  EXPECT_EQ(must(reader.note("consent:clock")), std::nullopt);
  EXPECT_EQ(must(reader.last_kept_number()), 1);  // never used again
  must(ledger.record({.receipts_removed = {"clock"}}));
  EXPECT_THAT(must(reader.facts()).receipts, IsEmpty());
}

TEST_P(LedgerOn, the_first_installation_id_stays) {
  must(open().record(full_pass("clock")));
  Ledger again = must(Ledger::open(disk_.own(), "another"));
  must(again.record(full_pass("news")));
  EXPECT_EQ(must(again.read().facts()).installation_id, kTestId);
}

TEST_P(LedgerOn, a_reading_verb_where_trueup_never_wrote_creates_nothing) {
  EXPECT_EQ(read().reading.verdict, model::Verdict::absent);
  EXPECT_THAT(disk_.names(), IsEmpty());
  must(disk_.root().remove_directory(".trueup"));
  EXPECT_EQ(read().reading.verdict, model::Verdict::absent);
  EXPECT_THAT(*disk_.root().list(), IsEmpty());
}

TEST_P(LedgerOn, a_damaged_ledger_is_moved_aside_and_made_anew_and_said_aloud) {
  const std::string damaged = "This was a database once, and now it is a letter.";
  for (const std::string aside : {"ledger.db.damaged-1", "ledger.db.damaged-2"}) {
    disk_.write("ledger.db", damaged);
    EXPECT_EQ(read().reading.reason, "damaged");
    Ledger ledger = open();
    ASSERT_TRUE(ledger.damage());
    EXPECT_EQ(ledger.damage()->moved_to, aside);
    EXPECT_NE(ledger.damage()->reason, "");
    EXPECT_EQ(disk_.read(aside), damaged);
    must(ledger.record(full_pass("clock")));
    EXPECT_EQ(must(read().snapshot->read().history()).size(), 2U);
  }
}

TEST_P(LedgerOn, a_ledger_that_lost_its_end_is_damaged_however_little_is_gone) {
  must(open().record(full_pass("clock")));
  const std::string whole = disk_.read("ledger.db");
  for (const std::size_t gone : {1U, 20U, 4095U, 4096U, 9000U}) {
    const std::string cut = whole.substr(0, whole.size() - gone);
    disk_.write("ledger.db", cut);
    EXPECT_EQ(read().reading.reason, "damaged") << gone;
    Ledger ledger = open();
    ASSERT_TRUE(ledger.damage()) << gone;
    EXPECT_EQ(disk_.read(ledger.damage()->moved_to), cut) << gone;
    must(ledger.record(full_pass("clock")));
    EXPECT_EQ(read().reading.verdict, model::Verdict::complete) << gone;
  }
}

TEST_P(LedgerOn, a_database_with_other_tables_is_no_ledger) {
  must(open().record(full_pass("clock")));
  {
    auto database = must(sqlite::Database::in_memory(disk_.read("ledger.db")));
    must(database->let_grow());
    must(database->run("CREATE TABLE more(a)"));
    EXPECT_EQ(verify(*database).error().code, ErrorCode::unreadable);
  }
  EXPECT_FALSE(open().damage());
}

TEST_P(LedgerOn, sound_pages_with_a_lost_index_row_are_damage) {
  must(open().record(full_pass("clock")));
  std::string bytes = disk_.read("ledger.db");
  const std::size_t in_index = bytes.find("t-clock");
  ASSERT_NE(in_index, std::string::npos);
  bytes[in_index] = 'u';
  disk_.write("ledger.db", bytes);
  EXPECT_EQ(read().reading.reason, "damaged");
  EXPECT_TRUE(open().damage());
}

TEST_P(LedgerOn, a_header_of_a_file_format_that_nobody_knows_is_damage) {
  must(open().record(full_pass("clock")));
  std::string bytes = disk_.read("ledger.db");
  bytes[47] = 9;  // schema format, of which there are four
  disk_.write("ledger.db", bytes);
  EXPECT_EQ(read().reading.reason, "damaged");
  EXPECT_TRUE(open().damage());
}

TEST_P(LedgerOn, a_header_that_asks_for_another_mode_is_damage) {
  for (const int mode : {2, 3}) {
    must(open().record(full_pass("clock")));
    std::string bytes = disk_.read("ledger.db");
    bytes[18] = bytes[19] = static_cast<char>(mode);
    disk_.write("ledger.db", bytes);
    EXPECT_EQ(read().reading.reason, "damaged") << mode;
    EXPECT_TRUE(open().damage()) << mode;
  }
}

TEST_P(LedgerOn, a_ledger_of_a_newer_trueup_is_refused_in_plain_words_and_stays) {
  must(open().record(full_pass("clock")));
  std::string bytes = disk_.read("ledger.db");
  bytes[63] = 9;  // user_version
  disk_.write("ledger.db", bytes);
  EXPECT_EQ(read().reading.reason, "newer");
  EXPECT_THAT(read().reading.detail, HasSubstr("written by a newer trueup (format 9, this one knows 2)"));
  const auto opened = Ledger::open(disk_.own(), kTestId);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
  EXPECT_NE(opened.error().hint, "");
  EXPECT_EQ(disk_.read("ledger.db"), bytes);
}

TEST_P(LedgerOn, a_ledger_of_an_older_trueup_is_read_as_it_is_and_gets_the_new_table_with_the_next_pass) {
  must(open().record(full_pass("clock")));
  {
    sqlite::Vfs vfs(disk_.own());
    const auto database = must(sqlite::Database::open(vfs, "ledger.db"));
    must(database->run("DROP TABLE fetched; ALTER TABLE attempt DROP COLUMN core_version; PRAGMA user_version=1"));
  }
  const std::string bytes = disk_.read("ledger.db");
  ASSERT_EQ(bytes[63], 1) << "as format 1 was written";
  const LedgerReading older = read();
  ASSERT_TRUE(older.snapshot) << older.reading.detail;
  EXPECT_EQ(must(older.snapshot->read().facts()).receipts, full_pass("clock").receipts_put);
  EXPECT_THAT(must(older.snapshot->read().fetched()), IsEmpty());
  EXPECT_EQ(disk_.read("ledger.db"), bytes) << "reading changes nothing";

  const model::ReceiptIndexEntry receipt{"news", "news", "1.0.0", "official", "d1"};
  Ledger ledger = open();
  EXPECT_FALSE(ledger.damage());
  EXPECT_EQ(must(ledger.record({.receipts_put = {receipt}})), Recorded{});
  EXPECT_THAT(must(read().snapshot->read().facts()).receipts, ElementsAre(full_pass("clock").receipts_put[0], receipt));
  EXPECT_THAT(numbers(must(read().snapshot->read().history())), ElementsAre(2, 1));
}

TEST_P(LedgerOn, what_came_as_a_version_is_remembered_when_the_plugin_is_gone) {
  const model::ReceiptIndexEntry first{"clock", "clock", "1.0.0", "official", "d1"};
  model::ReceiptIndexEntry without_digest = first;
  without_digest.digest.clear();
  const model::ReceiptIndexEntry elsewhere{"clock", "clock-2", "1.0.0", "another", "d2"};
  must(open().record({.receipts_put = {first, elsewhere}}));
  EXPECT_THAT(must(read().snapshot->read().facts()).receipts, ElementsAre(first, elsewhere));
  must(open().record({.receipts_removed = {"clock", "clock-2"}}));
  EXPECT_THAT(must(read().snapshot->read().facts()).receipts, IsEmpty());
  EXPECT_THAT(must(read().snapshot->read().fetched()),
              ElementsAre(model::ReceiptIndexEntry{"clock", "", "1.0.0", "official", "d1"},
                          model::ReceiptIndexEntry{"clock", "", "1.0.0", "another", "d2"}));
  must(open().record({.receipts_put = {without_digest}}));
  EXPECT_THAT(must(read().snapshot->read().facts()).receipts, ElementsAre(first)) << "it is the same version";
  model::ReceiptIndexEntry other_files = first;
  other_files.digest = "d3";
  must(open().record({.receipts_put = {other_files}}));
  EXPECT_THAT(must(read().snapshot->read().facts()).receipts, ElementsAre(other_files)) << "what came last counts";
}

TEST_P(LedgerOn, a_link_in_place_of_the_ledger_is_not_followed) {
  disk_.write("elsewhere", "not ours");
  must(disk_.own().make_link("elsewhere", "ledger.db"));
  EXPECT_EQ(read().reading.verdict, model::Verdict::unreadable);
  EXPECT_FALSE(Ledger::open(disk_.own(), kTestId));
  EXPECT_EQ(disk_.read("elsewhere"), "not ours");
}

TEST_P(LedgerOn, the_ledger_is_for_its_owner_only) {
  must(open().record(full_pass("clock")));
  for (const auto& name : disk_.names()) {
    EXPECT_EQ(must(disk_.own().info(name, platform::Links::refuse)).mode, 0600U) << name;
  }
}

TEST(Ledger, an_unfinished_transaction_is_in_progress_for_a_reader_until_a_writer_opens) {
  TestRoot disk("memory");
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  const std::string before = disk.read("ledger.db");
  // Stop at the last write to the database: its journal is hot then.
  for (std::uint64_t n = 1; read_ledger(disk.root()).reading.verdict == model::Verdict::complete; ++n) {
    ASSERT_LT(n, 100U);
    disk.write("ledger.db", before);
    platform::FailNth fail(n, EIO, platform::FailNth::Scope::from_then_on);
    disk.memory().set_observer(&fail);
    EXPECT_FALSE(must(Ledger::open(disk.own(), kTestId)).record(full_pass("news")));
    disk.memory().set_observer(nullptr);
  }
  EXPECT_EQ(read_ledger(disk.root()).reading.reason, "in_progress");
  EXPECT_EQ(must(must(Ledger::open(disk.own(), kTestId)).read().history()).size(), 2U);
  EXPECT_EQ(must(read_ledger(disk.root()).snapshot->read().history()).size(), 2U);
}

TEST(Ledger, a_transaction_that_is_recorded_again_after_a_crash_keeps_its_numbers) {
  TestRoot disk("memory");
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  must(ledger.record(full_pass("clock")));
  Pass again = full_pass("clock");
  again.actions.push_back(action("t-other"));
  EXPECT_THAT(must(ledger.record(again)).numbers, ElementsAre(1, 2, 3));
  EXPECT_THAT(numbers(must(ledger.read().history())), ElementsAre(3, 2, 1));
  EXPECT_TRUE(must(ledger.read().is_recorded("t-other")));
  EXPECT_FALSE(must(ledger.read().is_recorded("t-never")));
}

TEST(Ledger, an_action_is_undone_once_and_counts_again_when_the_undo_is_undone) {
  TestRoot disk("memory");
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  must(ledger.record({.actions = {action("a")}}));
  must(ledger.record({.actions = {action("undo-a", 1)}}));
  EXPECT_EQ(must(ledger.read().action(1)).action.undone_by, 2);
  EXPECT_EQ(must(ledger.read().action(2)).undoes, 1);
  EXPECT_THAT(must(ledger.read().undoable_transactions()), ElementsAre("undo-a"));

  const std::string before = disk.read("ledger.db");
  EXPECT_EQ(ledger.record({.actions = {action("new"), action("twice", 1)}}).error().code, ErrorCode::conflict);
  EXPECT_EQ(ledger.record({.actions = {action("never", 77)}}).error().code, ErrorCode::conflict);
  EXPECT_EQ(disk.read("ledger.db"), before);

  must(ledger.record({.actions = {action("redo-a", 2)}}));
  EXPECT_EQ(must(ledger.read().action(1)).action.undone_by, std::nullopt);
  EXPECT_EQ(must(ledger.read().action(2)).action.undone_by, 3);
  must(ledger.record({.actions = {action("undo-a-again", 1)}}));
  EXPECT_EQ(must(ledger.read().action(1)).action.undone_by, 4);
}

TEST(Ledger, writes_nothing_for_a_pass_that_says_nothing_new) {
  platform::CallCounter calls;
  TestRoot disk("memory", &calls);
  {
    Ledger ledger = must(Ledger::open(disk.own(), kTestId));
    must(ledger.record({.at = 5}));
    EXPECT_EQ(disk.read("ledger.db"), "");
    must(ledger.record(full_pass("clock")));
  }
  const std::string before = disk.read("ledger.db");
  calls.clear();
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  must(ledger.record({.at = 6}));
  must(ledger.record(full_pass("clock")));
  EXPECT_EQ(calls.syncs(), 0U);
  EXPECT_EQ(calls.count(platform::Operation::write).calls, 0U);
  EXPECT_EQ(disk.read("ledger.db"), before);
}

TEST(Ledger, recording_a_pass_waits_for_the_disk_four_times_and_once_more_the_first_time) {
  platform::CallCounter calls;
  TestRoot disk("memory", &calls);
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  EXPECT_EQ(calls.syncs(), 0U);
  must(ledger.record(full_pass("clock")));
  EXPECT_EQ(calls.syncs(), 5U) << ::testing::PrintToString(calls.trace());
  calls.clear();
  must(ledger.record({.at = 7, .actions = {action("next")}}));
  EXPECT_EQ(calls.syncs(), 4U) << ::testing::PrintToString(calls.trace());
  EXPECT_LE(calls.count(platform::Operation::write).bytes, 32U << 10U);
}

TEST(Ledger, never_even_tries_to_write_when_only_read) {
  TestRoot disk("memory");
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  platform::DenyWrites deny;
  platform::ObservedFileSystem watched(disk.file_system(), deny);
  const auto root = must(watched.open_root_for_reading(disk.path()));
  const LedgerReading reading = read_ledger(*root);
  ASSERT_TRUE(reading.snapshot);
  must(reading.snapshot->read().facts());
  EXPECT_THAT(deny.attempts(), IsEmpty());
}

TEST(Ledger, a_ledger_that_may_not_be_read_is_unknown_and_says_why) {
  TestRoot disk("memory");
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  disk.memory().fail_reading(disk.path() + "/.trueup/ledger.db", EACCES);
  EXPECT_EQ(read_ledger(disk.root()).reading.reason, "permission");
  disk.memory().fail_reading(disk.path() + "/.trueup/ledger.db", EIO);
  EXPECT_EQ(read_ledger(disk.root()).reading.reason, "io");
  EXPECT_FALSE(Ledger::open(disk.own(), kTestId));  // a failing disk is not a damaged ledger
  EXPECT_THAT(disk.names(), ElementsAre("ledger.db", "ledger.db-journal"));
}

TEST(Ledger, keeps_below_its_size_and_forgets_first_what_cannot_be_undone) {
  TestRoot disk("memory");
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  std::size_t forgotten = 0;
  const std::string bulk(100'000, 'x');
  for (int i = 0; i < 80; ++i) {
    Pass pass{.actions = {action(fmt::format("t-{}", i))}};
    pass.actions[0].inverse = i % 2 == 0 ? bulk : "";
    pass.actions[0].reason = bulk;
    forgotten += must(ledger.record(pass)).forgotten;
    ASSERT_LE(must(disk.own().info("ledger.db", platform::Links::refuse)).size, limits::kMaxLedgerBytes);
    disk.memory().clear_log();
  }
  EXPECT_GT(forgotten, 40U);
  const auto left = numbers(must(ledger.read().history()));
  EXPECT_EQ(left.size(), 80 - forgotten);
  EXPECT_EQ(left.front(), 80);
  EXPECT_THAT(must(ledger.read().history()), ::testing::Each(::testing::Field(&Action::reason, bulk)));
}

TEST(Ledger, remembers_what_came_as_the_last_thousand_versions) {
  TestRoot disk("memory");
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  for (int pass = 0; pass < 3; ++pass) {
    Pass many;
    for (int i = 0; i < 600; ++i) {
      many.receipts_put.push_back({"clock", "clock", fmt::format("{}.{}", pass, i), "official", "d"});
    }
    must(ledger.record(many));
  }
  const auto left = must(ledger.read().fetched());
  ASSERT_EQ(left.size(), static_cast<std::size_t>(limits::kMaxFetchedRemembered));
  EXPECT_EQ(left.front().version, "1.200");
  EXPECT_EQ(left.back().version, "2.599");
  Pass same{.receipts_put = {{"clock", "clock", "1.200", "official", "d"}, {"clock", "clock", "2.0", "official", "e"}}};
  must(ledger.record(same));
  EXPECT_EQ(must(ledger.read().fetched()).size(), left.size()) << "what is known already takes nobody's place";
}

TEST(Ledger, one_enormous_pass_is_recorded_whole_and_the_file_shrinks_with_the_next) {
  TestRoot disk("memory");
  Ledger ledger = must(Ledger::open(disk.own(), kTestId));
  Pass enormous{.actions = {action("t-1")}};
  enormous.actions[0].inverse = std::string(6U << 20U, 'x');
  must(ledger.record(enormous));
  EXPECT_EQ(must(ledger.read().action(1)).inverse, enormous.actions[0].inverse);
  EXPECT_EQ(must(ledger.record({.actions = {action("t-2")}})).forgotten, 1U);
  EXPECT_LE(disk.read("ledger.db").size(), limits::kMaxLedgerBytes);
  EXPECT_THAT(numbers(must(ledger.read().history())), ElementsAre(2));
}

TEST(Ledger, an_exception_inside_the_disk_comes_out_and_nothing_is_written_after_it) {
  struct Stop {};
  class ThrowAt final : public platform::Observer {
   public:
    explicit ThrowAt(int n) : left_(n) {}
    Status before(const platform::Call&) override {
      if (--left_ == 0) throw Stop();
      EXPECT_GT(left_, 0) << "a call after the program was stopped";
      return ok();
    }
    void after(const platform::Call&) override {}

   private:
    int left_;
  };
  TestRoot disk("memory");
  must(must(Ledger::open(disk.own(), kTestId)).record(full_pass("clock")));
  bool stopped = true;
  for (int n = 1; stopped; ++n) {
    ThrowAt stop(n);
    platform::ObservedFileSystem watched(disk.file_system(), stop);
    stopped = false;
    try {
      const auto root = must(watched.open_root(disk.path()));
      const auto own = must(root->open_writable(".trueup", platform::Links::refuse));
      (void)must(Ledger::open(*own, kTestId)).record(full_pass("news"));
    } catch (const Stop&) {
      stopped = true;
    }
    const Ledger after = must(Ledger::open(disk.own(), kTestId));
    EXPECT_FALSE(after.damage());
    EXPECT_THAT(must(after.read().history()).size(), ::testing::AnyOf(2U, 4U));
    EXPECT_TRUE(stopped || n > 20) << n;
  }
}

}  // namespace trueup::ledger
