#include "ledger/journal.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "base/digest.h"
#include "ledger/ledger_test_support.h"
#include "platform/crash_disk.h"

namespace trueup::ledger {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A journal as some passes leave it: one transaction done, one taken back, one committed, one only begun.
std::string sample() {
  TestRoot disk("memory");
  Journal journal = must(Journal::open(disk.own()));
  must(journal.intent("t-1", R"({"what":"edit config"})"));
  must(journal.commit("t-1", R"({"digest":"ab"})"));
  must(journal.done("t-1"));
  must(journal.intent("t-2", "{}"));
  must(journal.done("t-2"));
  must(journal.committed_intent("t-3", R"(["no preparation"])"));
  must(journal.intent("t-4", R"({"text":"}\n\" {"})"));
  return disk.read("journal");
}

std::vector<std::size_t> line_ends(const std::string& text) {
  std::vector<std::size_t> ends{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ends.push_back(i + 1);
  }
  return ends;
}

std::string record(const std::string& json) { return fmt::format("{:08x} {}\n", crc32(json), json); }

class JournalOn : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Disks, JournalOn, ::testing::Values("memory", "real"));

}  // namespace

TEST_P(JournalOn, tells_the_next_start_what_was_begun_and_what_was_committed) {
  TestRoot disk(GetParam());
  {
    Journal journal = must(Journal::open(disk.own()));
    EXPECT_THAT(journal.found(), IsEmpty());
    must(journal.intent("a", R"({"n":1})"));
    must(journal.intent("b", R"({"n":2})"));
    must(journal.commit("a", R"({"staged":"x"})"));
    must(journal.committed_intent("c", R"({"n":3})"));
    must(journal.done("c"));
  }
  Journal journal = must(Journal::open(disk.own()));
  EXPECT_THAT(journal.found(), ElementsAre(UnfinishedTransaction{"a", R"({"n":1})", true, R"({"staged":"x"})"},
                                           UnfinishedTransaction{"b", R"({"n":2})", false, ""}));
  EXPECT_EQ(must(read_journal(disk.root())).unfinished, journal.found());
  must(journal.done("a"));
  must(journal.done("b"));
  must(journal.reset());
  EXPECT_EQ(disk.read("journal"), "");
  must(journal.intent("a", "{}"));  // after the reset the id is free again
}

TEST_P(JournalOn, cuts_a_torn_tail_only_when_it_is_opened_for_writing) {
  TestRoot disk(GetParam());
  const std::string whole = record(R"({"record":"intent","transaction":"a","payload":{}})");
  disk.write("journal", whole + "1234abcd {\"record\":\"com");
  EXPECT_EQ(must(read_journal(disk.root())).torn_bytes, 23U);
  EXPECT_EQ(disk.read("journal").size(), whole.size() + 23U);
  Journal journal = must(Journal::open(disk.own()));
  EXPECT_EQ(disk.read("journal"), whole);
  must(journal.commit("a"));
  EXPECT_TRUE(must(read_journal(disk.root())).unfinished.at(0).committed);
}

TEST_P(JournalOn, reading_where_nothing_is_creates_nothing) {
  TestRoot disk(GetParam());
  EXPECT_EQ(must(read_journal(disk.root())), JournalContent{});
  EXPECT_THAT(disk.names(), IsEmpty());
}

TEST(Journal, cut_off_at_any_byte_gives_the_whole_records_before_it) {
  const std::string text = sample();
  const auto ends = line_ends(text);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::size_t sound = *std::prev(std::upper_bound(ends.begin(), ends.end(), size));
    const JournalContent content = must(parse_journal(text.substr(0, size)));
    EXPECT_EQ(content.sound_bytes, sound);
    EXPECT_EQ(content.torn_bytes, size - sound);
    EXPECT_EQ(content.unfinished, must(parse_journal(text.substr(0, sound))).unfinished);
  }
}

TEST(Journal, a_flipped_bit_anywhere_gives_a_prefix_or_a_refusal_and_invents_nothing) {
  const std::string text = sample();
  const auto ends = line_ends(text);
  std::vector<JournalContent> prefixes;
  for (const std::size_t end : ends) prefixes.push_back(must(parse_journal(text.substr(0, end))));
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto content = parse_journal(damaged);
    if (!content) {
      ++refused;
      EXPECT_EQ(content.error().code, ErrorCode::unreadable);
      EXPECT_NE(content.error().hint, "");
      continue;
    }
    const std::size_t line =
        static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), bit / 8) - ends.begin()) - 1;
    EXPECT_EQ(content->sound_bytes, ends[line]) << "bit " << bit;
    EXPECT_EQ(content->unfinished, prefixes[line].unfinished) << "bit " << bit;
  }
  EXPECT_GT(refused, text.size() * 4);  // all but the end of the file was durable once
}

TEST(Journal, garbage_in_place_of_a_record_that_others_follow_is_damage_and_not_a_power_cut) {
  const std::string intent = record(R"({"record":"intent","transaction":"a","payload":1})");
  const std::string commit = record(R"({"record":"commit","transaction":"a","payload":null})");
  const std::string done = record(R"({"record":"done","transaction":"a","payload":null})");
  const std::string next = record(R"({"record":"intent","transaction":"b","payload":2})");
  EXPECT_EQ(parse_journal("garbage\n" + commit).error().code, ErrorCode::unreadable);
  EXPECT_EQ(parse_journal(intent + "garbage\n" + next + done).error().code, ErrorCode::unreadable);
  // `done` is never waited for: it may be lost while the intent behind it, on its way, is there.
  EXPECT_EQ(must(parse_journal(intent + commit + "garbage\n" + next)).sound_bytes, intent.size() + commit.size());
}

TEST(Journal, a_record_of_a_newer_trueup_is_refused_with_a_hint_and_the_file_stays) {
  TestRoot disk("memory");
  const std::string text = record(R"({"record":"checkpoint","transaction":"a","payload":{}})");
  disk.write("journal", text);
  const auto opened = Journal::open(disk.own());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
  EXPECT_THAT(opened.error().hint, HasSubstr("newer trueup"));
  EXPECT_EQ(disk.read("journal"), text);
}

TEST(Journal, records_that_do_not_fit_together_are_refused) {
  const std::string intent = record(R"({"record":"intent","transaction":"a","payload":1})");
  const std::string commit = record(R"({"record":"commit","transaction":"a","payload":null})");
  const std::string done = record(R"({"record":"done","transaction":"a","payload":null})");
  for (const std::string& text : {commit, done, intent + intent, intent + commit + commit, intent + done + done,
                                  intent + done + commit, intent + done + intent}) {
    EXPECT_FALSE(parse_journal(text)) << text;
  }
}

TEST(Journal, waits_for_the_disk_at_intent_and_commit_and_not_at_done) {
  platform::CallCounter calls;
  TestRoot disk("memory", &calls);
  Journal journal = must(Journal::open(disk.own()));
  EXPECT_EQ(calls.syncs(), 1U);  // the directory, for the new name
  must(journal.intent("a", "{}"));
  EXPECT_EQ(calls.syncs(), 2U);
  must(journal.commit("a"));
  EXPECT_EQ(calls.syncs(), 3U);
  must(journal.done("a"));
  must(journal.reset());
  EXPECT_EQ(calls.syncs(), 3U);
  EXPECT_EQ(calls.count(platform::Operation::write).calls, 3U);  // one write a record
}

TEST(Journal, a_commit_that_was_said_to_have_failed_is_none_for_the_next_start) {
  for (std::uint64_t n = 1;; ++n) {
    TestRoot disk("memory");
    must(must(Journal::open(disk.own())).intent("a", "{}"));
    platform::FailNth fail(n, ENOSPC, platform::FailNth::Scope::once);
    disk.memory().set_observer(&fail);
    bool committed = false;
    {
      Journal journal = must(Journal::open(disk.own()));
      committed = journal.commit("a").has_value();
      EXPECT_NE(committed, fail.was_hit());
    }
    disk.memory().set_observer(nullptr);
    {
      Journal next = must(Journal::open(disk.own()));
      ASSERT_EQ(next.found().size(), 1U);
      EXPECT_EQ(next.found().front().committed, committed) << "failed at call " << n;
      must(next.done("a"));
    }
    EXPECT_EQ(must(Journal::open(disk.own())).found().size(), 0U);
    if (!fail.was_hit()) break;
  }
}

TEST(Journal, takes_no_more_when_a_failed_write_cannot_be_taken_back_either) {
  TestRoot disk("memory");
  must(must(Journal::open(disk.own())).intent("a", "{}"));
  platform::FailNth fail(2, ENOSPC, platform::FailNth::Scope::from_then_on);  // the wait behind the write
  Journal journal = must(Journal::open(disk.own()));
  disk.memory().set_observer(&fail);
  const Status committed = journal.commit("a");
  disk.memory().set_observer(nullptr);
  ASSERT_FALSE(committed);
  EXPECT_THAT(committed.error().text(), HasSubstr("the next start finds out"));
  EXPECT_FALSE(journal.done("a"));
  EXPECT_FALSE(journal.reset());
  must(Journal::open(disk.own()));
}

TEST(Journal, refuses_what_is_no_record_and_what_is_not_open) {
  TestRoot disk("memory");
  Journal journal = must(Journal::open(disk.own()));
  EXPECT_FALSE(journal.intent("a b", "{}"));
  EXPECT_FALSE(journal.intent("a", "{\n}"));
  EXPECT_FALSE(journal.commit("a"));
  EXPECT_FALSE(journal.done("a"));
  must(journal.intent("a", "{}"));
  EXPECT_FALSE(journal.intent("a", "{}"));
  EXPECT_FALSE(journal.reset());
  EXPECT_EQ(must(read_journal(disk.root())).unfinished.size(), 1U);
}

TEST(Journal, after_a_power_cut_anywhere_what_was_waited_for_is_there) {
  TestRoot disk("memory");
  const platform::DiskImage start = disk.memory().image();
  disk.memory().clear_log();
  struct Promise {
    std::size_t from;  // cuts from here on must know it
    bool committed;
  };
  std::map<std::string, Promise> begun;
  std::map<std::string, Promise> committed;
  std::map<std::string, std::size_t> done;
  Journal journal = must(Journal::open(disk.own()));
  for (const std::string id : {"a", "b", "c"}) {
    must(journal.intent(id, "{}"));
    begun[id] = {disk.memory().log().size(), false};
    must(journal.commit(id));
    committed[id] = {disk.memory().log().size(), true};
    done[id] = disk.memory().log().size();
    must(journal.done(id));
    if (id == "b") must(journal.reset());
  }
  const auto log = disk.memory().log();
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& survived : surviving_disks(start, log, cut)) {
      platform::MemoryFileSystem after(survived.image);
      const auto own = must(must(after.open_root("/pi/display"))->open_writable(".trueup", platform::Links::refuse));
      const auto opened = Journal::open(*own);
      ASSERT_TRUE(opened) << cut << " " << survived.variant << ": " << opened.error().text();
      for (const auto& [id, promise] : begun) {
        if (cut < promise.from || cut > done[id]) continue;
        const auto found = std::find_if(opened->found().begin(), opened->found().end(),
                                        [wanted = id](const auto& transaction) { return transaction.id == wanted; });
        ASSERT_NE(found, opened->found().end()) << id << " at " << cut << " " << survived.variant;
        EXPECT_TRUE(found->committed || cut < committed[id].from) << id << " at " << cut;
      }
    }
  }
}

}  // namespace trueup::ledger
