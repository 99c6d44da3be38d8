#include "engine/file_exchange.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

using platform::Call;
using platform::MemoryFileSystem;
using platform::Observer;
using platform::Operation;

/// Lets another program act at a chosen point of our run.
class Intruder final : public Observer {
 public:
  Status before(const Call& call) override {
    if (busy_ || !when || !when(call)) return ok();
    busy_ = true;
    act();
    busy_ = false;
    return ok();
  }
  void after(const Call&) override {}

  std::function<bool(const Call&)> when;
  std::function<void()> act;

 private:
  bool busy_ = false;
};

class FileExchangeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    disk.put_file("/pi/config/config.json", "old\n", 0640);
    disk.set_owner("/pi/config/config.json", 7, 8);
    disk.put_directory("/pi/kept");
    open(disk);
  }

  void open(MemoryFileSystem& on) {
    config = std::move(on.open_root("/pi/config").value());
    kept = std::move(on.open_root("/pi/kept").value());
  }

  /// Adds a line "new" to whatever is there, unless there is one.
  FileExchange exchange(std::string transaction = "1") {
    return FileExchange(place(std::move(transaction)), [](const std::optional<std::string>& text) -> Result<Rewrite> {
      const std::string now = text.value_or("");
      if (now.find("new\n") != std::string::npos) return Rewrite{};
      return Rewrite{Rewrite::Kind::write, now + "new\n"};
    });
  }
  ExchangePlace place(std::string transaction = "1") {
    return ExchangePlace{.directory = *config,
                         .name = "config.json",
                         .kept = *kept,
                         .kept_name = {.number = 1, .file = "config.json"},
                         .transaction = std::move(transaction),
                         .if_new = {.mode = 0644, .uid = {}, .gid = {}},
                         .secret = false,
                         .keeps_owner = true,
                         .wait = [this](std::chrono::milliseconds) {
                           ++waits;
                           if (on_wait) on_wait();
                         }};
  }
  std::string live() { return disk.files().at("/pi/config/config.json"); }
  std::map<std::string, std::string> files() { return disk.files(); }

  MemoryFileSystem disk;
  std::unique_ptr<platform::WritableDirectory> config;
  std::unique_ptr<platform::WritableDirectory> kept;
  int waits = 0;
  std::function<void()> on_wait;
};

TEST_F(FileExchangeTest, replaces_the_file_and_keeps_the_old_one) {
  auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_TRUE(exchanged->written);
  EXPECT_EQ(exchanged->digest, sha256_hex("old\nnew\n"));
  EXPECT_EQ(files(), (std::map<std::string, std::string>{{"/pi/config/config.json", "old\nnew\n"},
                                                         {"/pi/kept/1-config.json", "old\n"}}));
  ASSERT_EQ(exchanged->displaced.size(), 1U);
  EXPECT_EQ(exchanged->displaced[0], (Displaced{"1-config.json", sha256_hex("old\n"), 4}));
  EXPECT_TRUE(exchanged->notes.empty());
}

TEST_F(FileExchangeTest, gives_the_new_file_owner_and_mode_of_the_old_one) {
  ASSERT_TRUE(exchange().apply());
  const auto info = config->info("config.json", platform::Links::refuse);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->mode, 0640U);
  EXPECT_EQ(info->uid, 7U);
  EXPECT_EQ(info->gid, 8U);
}

TEST_F(FileExchangeTest, writes_nothing_when_the_text_is_right_already) {
  disk.put_file("/pi/config/config.json", "new\n");
  disk.clear_log();
  auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged);
  EXPECT_FALSE(exchanged->written);
  EXPECT_TRUE(disk.log().empty());
}

TEST_F(FileExchangeTest, keeps_a_file_that_was_swapped_in_at_the_last_moment) {
  Intruder intruder;
  bool once = false;
  intruder.when = [&](const Call& call) { return !once && call.operation == Operation::exchange; };
  intruder.act = [&] {
    once = true;
    disk.erase("/pi/config/config.json");
    disk.put_file("/pi/config/config.json", "editor\n");
  };
  disk.set_observer(&intruder);
  auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_EQ(live(), "editor\nnew\n");
  EXPECT_EQ(files().at("/pi/kept/1-config.json"), "editor\n");
  EXPECT_EQ(files().at("/pi/kept/1-config.json.ours"), "old\nnew\n") << "who just opened it may write to it yet";
}

TEST_F(FileExchangeTest, keeps_both_of_two_files_swapped_in_one_after_the_other) {
  Intruder intruder;
  int times = 0;
  intruder.when = [&](const Call& call) { return times < 2 && call.operation == Operation::exchange; };
  intruder.act = [&] {
    ++times;
    disk.erase("/pi/config/config.json");
    disk.put_file("/pi/config/config.json", "editor" + std::to_string(times) + "\n");
  };
  disk.set_observer(&intruder);
  const auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged);
  EXPECT_EQ(live(), "editor2\nnew\n");
  // The second was written on top of ours, so it may lack what the first one says: nobody decided on that one.
  EXPECT_EQ(files().at("/pi/kept/1-config.json.theirs"), "editor1\n");
  const auto theirs = std::ranges::find(exchanged->displaced, Whose::theirs, &Displaced::whose);
  ASSERT_NE(theirs, exchanged->displaced.end());
  EXPECT_EQ(theirs->digest, "") << "equal to nothing: it is found as a write that was displaced";
}

TEST_F(FileExchangeTest, lets_a_writer_in_who_came_while_the_lease_was_held) {
  Intruder intruder;
  bool came = false;
  bool inside = false;
  intruder.when = [&](const Call& call) {
    came = came || call.operation == Operation::exchange;
    return came && !inside && live() == "old\n";  // he opened the old file, not what stands there for a moment
  };
  intruder.act = [&] { inside = disk.begin_foreign_write("/pi/config/config.json"); };
  disk.set_observer(&intruder);
  on_wait = [&] {
    disk.put_file("/pi/config/config.json", "patient\n");
    disk.end_foreign_write("/pi/config/config.json");
  };
  auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_TRUE(inside);
  EXPECT_EQ(live(), "patient\nnew\n");
}

TEST_F(FileExchangeTest, knows_later_that_the_displaced_file_was_still_written_to_while_it_was_moved_away) {
  Intruder intruder;
  std::string displaced;
  intruder.when = [&](const Call& call) {
    displaced = call.path;
    return call.operation == Operation::rename && call.to_path.starts_with("/pi/kept/");
  };
  intruder.act = [&] { disk.put_file(displaced, "late\n"); };
  disk.set_observer(&intruder);
  auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_EQ(live(), "old\nnew\n");
  ASSERT_EQ(exchanged->displaced.size(), 1U);
  EXPECT_EQ(files().at("/pi/kept/" + exchanged->displaced[0].name), "late\n");
  EXPECT_EQ(exchanged->displaced[0].digest, sha256_hex("old\n"))
      << "so the next look finds that it says something else";
}

TEST_F(FileExchangeTest, reads_a_file_that_nobody_touched_twice) {
  struct Reads final : Observer {
    Status before(const Call& call) override {
      if (call.operation == Operation::read) read.push_back(call.path);
      return ok();
    }
    void after(const Call&) override {}
    std::vector<std::string> read;
  } reads;
  platform::ObservedFileSystem observed(disk, reads);
  config = std::move(observed.open_root("/pi/config").value());
  kept = std::move(observed.open_root("/pi/kept").value());
  FileExchange both = exchange();
  ASSERT_TRUE(both.prepare());
  ASSERT_TRUE(both.apply());
  EXPECT_EQ(reads.read.size(), 2U) << "to rewrite it, and what came out";
  EXPECT_EQ(live(), "old\nnew\n");
}

TEST_F(FileExchangeTest, gives_up_unchanged_when_another_keeps_the_file_open) {
  ASSERT_TRUE(disk.begin_foreign_write("/pi/config/config.json"));
  const auto before = files();
  auto exchanged = exchange().apply();
  ASSERT_FALSE(exchanged);
  EXPECT_EQ(exchanged.error().code, ErrorCode::contended);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(waits, 100) << "two seconds in steps of 20 ms";
}

TEST_F(FileExchangeTest, gives_up_after_eight_rounds_with_the_other_programs_text_in_place) {
  Intruder intruder;
  int times = 0;
  intruder.when = [&](const Call& call) {
    return call.operation == Operation::exchange && call.path.find(".trueup-") != std::string::npos;
  };
  intruder.act = [&] {
    ++times;
    disk.put_file("/pi/config/config.json", "busy" + std::to_string(times) + "\n");
  };
  disk.set_observer(&intruder);
  auto exchanged = exchange().apply();
  ASSERT_FALSE(exchanged);
  EXPECT_EQ(exchanged.error().code, ErrorCode::contended);
  EXPECT_EQ(live().substr(0, 4), "busy");
  EXPECT_EQ(live().find("new"), std::string::npos);
}

TEST_F(FileExchangeTest, makes_a_file_that_is_not_there) {
  disk.erase("/pi/config/config.json");
  auto exchanged = exchange().apply();
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_EQ(files(), (std::map<std::string, std::string>{{"/pi/config/config.json", "new\n"}}));
  EXPECT_EQ(config->info("config.json", platform::Links::refuse)->mode, 0644U);
}

TEST_F(FileExchangeTest, does_not_replace_a_file_that_appears_while_ours_is_made) {
  disk.erase("/pi/config/config.json");
  Intruder intruder;
  bool once = false;
  intruder.when = [&](const Call& call) {
    return !once && call.operation == Operation::rename && call.to_path.ends_with("/config.json");
  };
  intruder.act = [&] {
    once = true;
    disk.put_file("/pi/config/config.json", "first\n");
  };
  disk.set_observer(&intruder);
  ASSERT_TRUE(exchange().apply());
  EXPECT_EQ(live(), "first\nnew\n");
}

TEST_F(FileExchangeTest, takes_a_file_away_into_the_kept_ones) {
  FileExchange removal(
      place(), [](const std::optional<std::string>&) -> Result<Rewrite> { return Rewrite{Rewrite::Kind::remove, {}}; });
  auto exchanged = removal.apply();
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_EQ(files(), (std::map<std::string, std::string>{{"/pi/kept/1-config.json", "old\n"}}));
  EXPECT_EQ(exchanged->digest, "");
}

TEST_F(FileExchangeTest, leaves_nothing_behind_when_it_is_taken_back) {
  const auto before = files();
  auto prepared = exchange();
  ASSERT_TRUE(prepared.prepare());
  EXPECT_NE(files(), before);
  ASSERT_TRUE(exchange().take_back()) << "by another process";
  EXPECT_EQ(files(), before);
}

TEST_F(FileExchangeTest, changes_nothing_on_a_full_disk) {
  const auto before = files();
  disk.set_free_bytes(3);
  auto exchanged = exchange().apply();
  ASSERT_FALSE(exchanged);
  EXPECT_EQ(exchanged.error().code, ErrorCode::full);
  EXPECT_EQ(files(), before);
}

TEST_F(FileExchangeTest, syncs_the_file_and_its_directory_three_times_at_most) {
  disk.clear_log();
  ASSERT_TRUE(exchange().apply());
  int syncs = 0;
  for (const auto& operation : disk.log()) {
    if (operation.operation == Operation::sync_file || operation.operation == Operation::sync_directory) ++syncs;
  }
  EXPECT_LE(syncs, 3);
}

/// Stops the program at the n-th changing call.
struct Stopped {};
class StopAt final : public Observer {
 public:
  explicit StopAt(int n) : left_(n) {}
  Status before(const Call& call) override {
    if (is_writing(call.operation) && --left_ == 0) throw Stopped{};
    return ok();
  }
  void after(const Call&) override {}
  [[nodiscard]] bool was_hit() const { return left_ <= 0; }

 private:
  int left_;
};

TEST_F(FileExchangeTest, killed_at_any_call_it_leaves_the_old_or_the_new_file_and_the_next_run_finishes) {
  const platform::DiskImage start = disk.image();
  bool hit = true;
  int n = 1;
  for (; hit; ++n) {
    MemoryFileSystem again(start);
    open(again);
    StopAt stop(n);
    again.set_observer(&stop);
    try {
      (void)exchange().apply();
    } catch (const Stopped&) {
    }
    hit = stop.was_hit();
    again.set_observer(nullptr);
    const std::string between = again.files().at("/pi/config/config.json");
    EXPECT_TRUE(between == "old\n" || between == "old\nnew\n") << "stopped at call " << n << ": " << between;
    open(again);
    auto finished = exchange().apply();
    ASSERT_TRUE(finished) << "stopped at call " << n << ": " << finished.error().text();
    EXPECT_EQ(again.files(), (std::map<std::string, std::string>{{"/pi/config/config.json", "old\nnew\n"},
                                                                 {"/pi/kept/1-config.json", "old\n"}}))
        << "stopped at call " << n;
    EXPECT_EQ(finished->displaced.size(), 1U) << "stopped at call " << n;
  }
  EXPECT_GT(n, 5) << "the loop reached the end of the exchange";
}

TEST_F(FileExchangeTest, a_write_at_the_moment_of_the_crash_goes_live_again) {
  // Another program's file came out of the exchange, and we were killed before we could look.
  auto prepared = exchange();
  ASSERT_TRUE(prepared.prepare());
  disk.erase("/pi/config/config.json");
  disk.put_file("/pi/config/config.json", "editor\n");
  std::string ready;
  const auto entries = config->list().value();
  for (const auto& entry : entries) {
    if (parse_temporary_name(entry.name)) ready = entry.name;
  }
  ASSERT_FALSE(ready.empty());
  ASSERT_TRUE(config->rename(ready, *config, "config.json", platform::RenameMode::exchange));
  ASSERT_TRUE(exchange().apply());
  EXPECT_EQ(live(), "editor\nnew\n");
}

}  // namespace
}  // namespace trueup::engine
