#include "engine/transaction.h"

#include <algorithm>
#include <cerrno>
#include <functional>

#include "base/digest.h"
#include "engine/engine_test_support.h"
#include "engine/session.h"
#include "engine/temporary_name.h"
#include "engine/undertaking_builder.h"
#include "engine/undo.h"
#include "platform/crash_disk.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;

DocumentEdit set(DocumentName document, std::vector<std::string> path, std::optional<std::string> expected,
                 std::optional<std::string> value) {
  return {.document = document, .path = std::move(path), .expected = std::move(expected), .value = std::move(value)};
}

class Transaction : public EngineTest {
 protected:
  Transaction() {
    configure({{"clock", R"({"enabled":  true,"color":[255, 0, 0]})"}, {"news", R"({"enabled": false})"}});
    record_state({record("clock", true)});
  }

  /// clock goes from both files; only as a whole where that is asked for.
  static UndertakingBuilder remove_clock(bool whole) {
    UndertakingBuilder builder(1);
    builder.begin_deed({.verb = "test", .plugin_id = "clock", .result = "removed"});
    builder.add({set(DocumentName::config, {"clock"}, R"({"enabled": true, "color": [255, 0, 0]})", std::nullopt),
                 set(DocumentName::state, {"states", "clock", "enabled"}, "true", "false")});
    if (whole) builder.all_or_nothing();
    return builder;
  }

  Result<TransactionReport> run(platform::FileSystem& on, const UndertakingBuilder& builder) {
    auto here = ports.world(on);
    auto session = Session::begin(here, "test");
    EXPECT_TRUE(session) << session.error().text();
    auto report = (*session)->run(builder.undertaking(), builder.materials());
    const auto ended = (*session)->end();
    EXPECT_TRUE(ended) << ended.error().text();
    if (ended) numbers = *ended;
    return report;
  }

  /// What the ledger keeps to undo the deed that was done last, run as a transaction of its own.
  Result<TransactionReport> undo_last() {
    const auto reading = ledger::read_ledger(*disk.open_root_for_reading(kRoot).value());
    EXPECT_TRUE(reading.snapshot.has_value());
    const auto action = reading.snapshot->read().action(numbers.front());
    EXPECT_TRUE(action) << action.error().text();
    const auto inverse = inverse_from_json(action->inverse);
    EXPECT_TRUE(inverse) << inverse.error().text();
    UndertakingBuilder builder(2);
    builder.begin_deed({.verb = "undo", .plugin_id = "clock", .result = "undone"});
    for (const auto& operation : inverse->operations) builder.add(operation);
    return run(disk, builder);
  }

  std::vector<std::int64_t> numbers;
};

TEST_F(Transaction, undo_gives_the_bytes_back_exactly) {
  const auto before = theirs(disk);
  const auto report = run(disk, remove_clock(false));
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_NE(theirs(disk), before);
  const auto undone = undo_last();
  ASSERT_TRUE(undone) << undone.error().text();
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Transaction, undo_keeps_what_another_program_wrote_since) {
  const auto report = run(disk, remove_clock(false));
  ASSERT_TRUE(report);
  configure({{"news", R"({"enabled": true})"}});
  ASSERT_TRUE(undo_last());
  EXPECT_NE(read("config/config.json").find(R"("news": {"enabled": true})"), std::string::npos);
  EXPECT_NE(read("config/config.json").find(R"("clock": {"enabled":  true,"color":[255, 0, 0]})"), std::string::npos)
      << read("config/config.json");
}

TEST_F(Transaction, whole_one_takes_everything_back_when_one_part_has_moved) {
  auto state = read("data/plugin_state.json");
  state.replace(state.find("\"enabled\": true"), 15, "\"enabled\": null");
  write("data/plugin_state.json", state);
  const auto before = theirs(disk);
  const auto report = run(disk, remove_clock(true));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::conflict);
  EXPECT_EQ(theirs(disk), before);
  EXPECT_TRUE(numbers.empty());
}

TEST_F(Transaction, one_that_need_not_be_whole_does_the_other_part) {
  auto state = read("data/plugin_state.json");
  state.replace(state.find("\"enabled\": true"), 15, "\"enabled\": null");
  write("data/plugin_state.json", state);
  const auto report = run(disk, remove_clock(false));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->deeds, std::vector<Outcome>{Outcome::moved});
  EXPECT_EQ(read("config/config.json").find("clock"), std::string::npos);
  EXPECT_EQ(read("data/plugin_state.json"), state);
}

/// Every disk that a power cut behind the last operation since `start` may leave.
std::vector<platform::DiskImage> disks_after_a_power_cut(const platform::DiskImage& start,
                                                         const platform::MemoryFileSystem& disk) {
  const auto log = disk.log();
  std::vector<platform::DiskImage> images;
  for (auto& survivor : platform::surviving_disks(start, log, log.size(), {.random_selections = 4, .seed = 1})) {
    images.push_back(std::move(survivor.image));
  }
  return images;
}

TEST_F(Transaction, what_another_program_had_done_already_does_not_become_ours_by_a_power_cut) {
  configure({{"news", R"({"enabled": false})"}});
  record_state({record("clock", false)});
  const auto start = disk.image();
  disk.clear_log();
  const auto report = run(disk, remove_clock(false));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->deeds, std::vector<Outcome>{Outcome::already});
  for (const auto& image : disks_after_a_power_cut(start, disk)) {
    platform::MemoryFileSystem after(image);
    Ports others;
    auto here = others.world(after);
    auto session = Session::begin(here, "test");
    ASSERT_TRUE(session) << session.error().text();
    ASSERT_TRUE((*session)->end());
    const auto lines = history(here);
    ASSERT_TRUE(lines);
    EXPECT_TRUE(lines->empty()) << "an undo would bring back what its owner removed";
  }
}

TEST_F(Transaction, what_was_said_to_have_failed_is_not_done_after_a_power_cut) {
  const auto untouched = theirs(disk);
  const auto good_state = read("data/plugin_state.json");
  auto state = good_state;
  state.replace(state.find("\"enabled\": true"), 15, "\"enabled\": null");
  write("data/plugin_state.json", state);
  const auto start = disk.image();
  disk.clear_log();
  ASSERT_FALSE(run(disk, remove_clock(true)));
  for (const auto& image : disks_after_a_power_cut(start, disk)) {
    platform::MemoryFileSystem after(image);
    after.put_file(path("data/plugin_state.json"), good_state);  // nothing would stand in its way any more
    Ports others;
    auto here = others.world(after);
    auto session = Session::begin(here, "test");
    ASSERT_TRUE(session) << session.error().text();
    ASSERT_TRUE((*session)->end());
    EXPECT_EQ(theirs(after), untouched);
  }
}

TEST_F(Transaction, failing_at_any_call_leaves_all_or_nothing_also_after_the_next_start) {  // F39
  const auto start = disk.image();
  const auto before = theirs(disk);
  ASSERT_TRUE(run(disk, remove_clock(true)));
  const auto after = theirs(disk);
  for (const auto scope : {platform::FailNth::Scope::once, platform::FailNth::Scope::from_then_on}) {
    for (std::uint64_t n = 1;; ++n) {
      platform::MemoryFileSystem again(start);
      Ports others;
      platform::FailNth fail(n, EIO, scope);
      platform::ObservedFileSystem watched(again, fail);
      bool said_done = false;
      {
        auto here = others.world(watched);
        auto session = Session::begin(here, "test");
        if (session) {
          const auto builder = remove_clock(true);
          said_done = (*session)->run(builder.undertaking(), builder.materials()).has_value();
          said_done = (*session)->end().has_value() && said_done;
        }
      }
      if (!fail.was_hit()) break;
      auto later = others.world(again);
      const auto session = Session::begin(later, "test");
      ASSERT_TRUE(session) << "failed at call " << n << ": " << session.error().text();
      const auto now = theirs(again);
      EXPECT_TRUE(now == before || now == after) << "failed at call " << n;
      EXPECT_TRUE(!said_done || now == after) << "a reported success was lost: failed at call " << n;
    }
  }
}

TEST_F(Transaction, a_secret_is_kept_for_its_owner_only_and_told_of_to_nobody_who_cannot_read_it_anyway) {
  UndertakingBuilder builder(1);
  builder.begin_deed({.verb = "test", .plugin_id = "github", .result = "removed"});
  builder.add({set(DocumentName::secrets, {"github", "api_token"}, "\"hush\"", std::nullopt)});
  ASSERT_TRUE(run(disk, builder));
  const auto tree = platform::tree_of(disk.image());
  EXPECT_EQ(tree.at("pi/ledmatrix/config/config_secrets.json").mode, 0640U);
  for (const auto& [name, node] : tree) {
    if (node.kind != platform::FileKind::regular || node.content.find("hush") == std::string::npos) continue;
    const bool kept = name.find("/kept/") != std::string::npos || name.ends_with(".tar");
    EXPECT_EQ(node.mode & (kept ? 077U : 037U), 0U) << name;
  }
}

TEST_F(Transaction, edits_a_linked_file_where_it_really_lies) {
  disk.put_file("/boot/config.json", read("config/config.json"));
  disk.erase(path("config/config.json"));
  disk.put_link(path("config/config.json"), "/boot/config.json");
  ASSERT_TRUE(run(disk, remove_clock(false)));
  const auto tree = platform::tree_of(disk.image());
  EXPECT_EQ(tree.at("pi/ledmatrix/config/config.json").kind, platform::FileKind::link);
  EXPECT_EQ(tree.at("boot/config.json").content.find("clock"), std::string::npos);
}

TEST_F(Transaction, a_link_that_leads_nowhere_is_refused) {
  disk.erase(path("config/config.json"));
  disk.put_link(path("config/config.json"), "/boot/none.json");
  const auto report = run(disk, remove_clock(false));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::refused);
}

TEST_F(Transaction, a_replaced_document_comes_back_by_undo) {
  write("data/plugin_state.json", "{\"version\": 1, \"states\": {");
  const std::string fresh = "{\n  \"version\": 1,\n  \"states\": {}\n}";
  UndertakingBuilder builder(1);
  builder.begin_deed({.verb = "test", .plugin_id = "", .result = "made again"});
  builder.add(ReplaceDocument{.document = DocumentName::state,
                              .expected_digest = sha256_hex(read("data/plugin_state.json")),
                              .digest = sha256_hex(fresh)},
              Materials{.bytes = fresh});
  ASSERT_TRUE(run(disk, builder));
  EXPECT_EQ(read("data/plugin_state.json"), fresh);
  EXPECT_EQ(read(".trueup/kept/1-plugin_state.json"), "{\"version\": 1, \"states\": {") << "the damaged bytes are kept";
  ASSERT_TRUE(undo_last());
  EXPECT_EQ(read("data/plugin_state.json"), "{\"version\": 1, \"states\": {");
}

TEST_F(Transaction, a_write_to_a_displaced_file_is_found_by_the_next_start) {
  ASSERT_TRUE(run(disk, remove_clock(false)));
  write(".trueup/kept/1-config.json", "what an editor saved to the file it still had open");
  auto here = world();
  const auto session = Session::begin(here, "test");
  ASSERT_TRUE(session);
  ASSERT_EQ((*session)->displaced_writes().size(), 1U);
  EXPECT_EQ((*session)->displaced_writes().front().inconsistency_type, model::InconsistencyType::write_displaced);
}

TEST_F(Transaction, a_write_of_the_same_length_to_a_displaced_file_is_found_too) {
  ASSERT_TRUE(run(disk, remove_clock(false)));
  std::string kept = read(".trueup/kept/1-config.json");
  std::ranges::replace(kept, '9', '8');
  ASSERT_NE(kept, read(".trueup/kept/1-config.json"));
  write(".trueup/kept/1-config.json", kept);
  auto here = world();
  const auto session = Session::begin(here, "test");
  ASSERT_TRUE(session);
  EXPECT_EQ((*session)->displaced_writes().size(), 1U);
}

/// Another program that adds a member to what stands there, each time we are about to exchange. Where ours stands there
/// for a moment, it adds to ours, and what it had added before comes out too late to go back.
class Busy final : public platform::Observer {
 public:
  explicit Busy(std::function<void(int number)> add) : add_(std::move(add)) {}
  Status before(const platform::Call& call) override {
    if (adding_ || call.operation != platform::Operation::exchange || !call.to_path.ends_with("/config.json")) {
      return ok();
    }
    adding_ = true;
    add_(++times);
    adding_ = false;
    return ok();
  }
  void after(const platform::Call&) override {}

  int times = 0;

 private:
  std::function<void(int)> add_;
  bool adding_ = false;
};

TEST_F(Transaction, what_another_program_saved_meanwhile_is_live_or_found) {
  Busy busy([this](int number) {
    std::string text = read("config/config.json");
    text.replace(text.rfind('}'), 1, fmt::format(R"(, "saved {0}": {0}}})", number));
    disk.erase(std::string(kRoot) + "/config/config.json");
    write("config/config.json", text);
  });
  disk.set_observer(&busy);
  (void)run(disk, remove_clock(false));
  disk.set_observer(nullptr);
  ASSERT_GT(busy.times, 2);
  auto here = world();
  const auto session = Session::begin(here, "test");
  ASSERT_TRUE(session);
  const auto& found = (*session)->displaced_writes();
  std::string findable = read("config/config.json");
  for (const auto& [path, bytes] : disk.files()) {
    if (std::ranges::any_of(found, [&](const auto& one) { return path.ends_with(one.evidence.front().where); })) {
      findable += bytes;
    }
  }
  for (int number = 1; number <= busy.times; ++number) {
    EXPECT_NE(findable.find(fmt::format("\"saved {}\"", number)), std::string::npos) << number;
  }
}

TEST_F(Transaction, leftovers_of_a_killed_run_go_and_other_programs_files_stay) {  // F74
  const std::string ours = "config/" + ready_name("config.json", "0a", sha256_hex("ours"), sha256_hex("old"));
  write(ours, "ours");
  write("config/" + unfinished_name("config.json", "0b"), "torn");
  write("config/.config.json.tmp.mine", "theirs");
  write("config/notes.tmp", "theirs");
  auto here = world();
  ASSERT_TRUE(Session::begin(here, "test"));
  EXPECT_EQ(read(ours), "(not there)");
  EXPECT_EQ(read("config/" + unfinished_name("config.json", "0b")), "(not there)");
  EXPECT_EQ(read("config/.config.json.tmp.mine"), "theirs");
  EXPECT_EQ(read("config/notes.tmp"), "theirs");
}

/// A file that is mounted by itself: it cannot be exchanged or replaced.
class Mounted final : public platform::Observer {
 public:
  Status before(const platform::Call& call) override {
    if (call.operation == platform::Operation::exchange && call.to_path.ends_with("/config.json")) {
      return Error{.code = ErrorCode::refused, .message = "busy", .where = call.path, .os_error = EBUSY};
    }
    if (platform::is_writing(call.operation) && left_ > 0) {
      --left_;
      dead_ = left_ == 0;
    }
    if (platform::is_writing(call.operation) && dead_) {
      return Error{.code = ErrorCode::io, .message = "killed", .where = call.path};
    }
    return ok();
  }
  void after(const platform::Call&) override {}
  void die_at(int call) { left_ = call; }
  [[nodiscard]] bool was_hit() const { return dead_; }

 private:
  int left_ = 0;
  bool dead_ = false;
};

TEST_F(Transaction, a_mounted_file_is_edited_in_place_and_survives_a_kill_at_any_call) {
  const auto start = disk.image();
  const auto before = theirs(disk);
  int n = 0;
  std::map<std::string, std::string> after;
  for (bool hit = true; hit; ++n) {
    platform::MemoryFileSystem again(start);
    Mounted mounted;
    if (n > 0) mounted.die_at(n);
    platform::ObservedFileSystem watched(again, mounted);
    {
      auto here = ports.world(watched);
      auto session = Session::begin(here, "test");
      if (session) {
        const auto builder = remove_clock(false);
        (void)(*session)->run(builder.undertaking(), builder.materials());
        (void)(*session)->end();
      }
    }
    if (n == 0) after = theirs(again);
    hit = n == 0 || mounted.was_hit();
    Mounted still_mounted;
    platform::ObservedFileSystem later_disk(again, still_mounted);
    auto later = ports.world(later_disk);
    const auto session = Session::begin(later, "test");
    ASSERT_TRUE(session) << "stopped at call " << n << ": " << session.error().text();
    const auto now = theirs(again);
    EXPECT_TRUE(now == before || now == after) << "stopped at call " << n;
  }
  EXPECT_NE(after, before);
  EXPECT_EQ(after.at(path("config/config.json")).find("clock"), std::string::npos);
}

}  // namespace
}  // namespace trueup::engine
