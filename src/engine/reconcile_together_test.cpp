// Several missing plugins brought back by one pass: they share the waiting for the disk, and nothing else.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/engine_test_support.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/session.h"
#include "engine/undo.h"
#include "ledger/journal.h"
#include "platform/crash_disk.h"
#include "store/local_source.h"

namespace trueup::engine {
namespace {

constexpr const char* kContainer = ".trueup.standalone-backup-work";

/// The disk cannot be waited for as a whole, and the program is killed at the n-th change after that.
class CannotWait final : public platform::Observer {
 public:
  explicit CannotWait(int killed_at) : left_(killed_at) {}
  Status before(const platform::Call& call) override {
    failed_ = failed_ || call.operation == platform::Operation::sync_everything;
    if (call.operation == platform::Operation::sync_everything || is_dead(call)) {
      return Error{.code = ErrorCode::io, .message = "the disk reported an error", .where = call.path};
    }
    return ok();
  }
  void after(const platform::Call&) override {}
  [[nodiscard]] bool was_killed() const { return left_ <= 0; }

 private:
  bool is_dead(const platform::Call& call) {
    if (!failed_ || !platform::is_writing(call.operation)) return false;
    return --left_ <= 0;
  }

  bool failed_ = false;
  int left_;
};

class ReconcileTogether : public EngineTest {
 protected:
  ReconcileTogether() {
    add_plugin("other");
    for (const std::string& id : kIds) offer(id, id);
    std::vector<std::pair<std::string, std::string>> sections{{"other", R"({"enabled": false})"}};
    std::string entries;
    for (const std::string& id : kIds) {
      sections.emplace_back(id, R"({"enabled": true})");
      entries += fmt::format(R"({0}{{"id": "{1}", "plugin_path": "plugins/{1}", "latest_version": "1.0.0"}})",
                             entries.empty() ? "" : ", ", id);
    }
    configure(sections);
    disk.put_file("/registry/plugins.json", fmt::format(R"({{"plugins": [{}]}})", entries));
  }

  void offer(const std::string& directory, const std::string& manifest_id) {
    const std::string base = "/registry/plugins/" + directory + "/";
    disk.put_file(base + "manifest.json",
                  fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "1.0.0", "class_name": "P", )"
                              R"("entry_point": "manager.py", "display_modes": []}})",
                              manifest_id));
    disk.put_file(base + "manager.py", "class P:\n    pass\n");
  }

  static Result<PassReport> pass(platform::MemoryFileSystem& on, Ports& ports) {
    store::LocalSource store(on, "/registry");
    World here = ports.world(on);
    here.store = &store;
    return reconcile(here, {});
  }
  PassReport pass() {
    auto report = pass(disk, ports);
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : PassReport{};
  }

  static std::size_t files_in(const platform::MemoryFileSystem& on, const std::string& directory) {
    const std::string prefix = path("plugin-repos/" + directory + "/");
    const auto files = on.files();
    return static_cast<std::size_t>(
        std::ranges::count_if(files, [&prefix](const auto& file) { return file.first.starts_with(prefix); }));
  }
  bool is_there(const std::string& id) const { return files_in(disk, id) == kFiles; }

  std::vector<std::string> told(const std::string& event) const {
    std::vector<std::string> plugins;
    for (const auto& one : ports.logger.events) {
      if (one.name == event) plugins.push_back(one.fields.front().value);
    }
    std::ranges::sort(plugins);
    return plugins;
  }

  static constexpr std::size_t kFiles = 3;  // with the receipt
  const std::vector<std::string> kIds{"clock", "news", "weather"};
};

TEST_F(ReconcileTogether, each_has_its_own_line_of_history_and_is_undone_alone) {
  const auto report = pass();
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 3U);
  ASSERT_EQ(report.history.size(), 3U);
  World here = world();
  const auto lines = history(here);
  ASSERT_TRUE(lines);
  const auto news = std::ranges::find(*lines, std::string("news"), &ledger::Action::plugin_id);
  ASSERT_NE(news, lines->end());
  ASSERT_TRUE(undo(here, news->number, UndoReach::this_one));
  EXPECT_TRUE(is_there("clock"));
  EXPECT_FALSE(is_there("news"));
  EXPECT_TRUE(is_there("weather"));
}

TEST_F(ReconcileTogether, one_that_is_refused_leaves_the_others_alone_and_is_told_of) {
  offer("news", "impostor");
  const auto report = pass();
  EXPECT_FALSE(report.error);
  EXPECT_TRUE(is_there("clock"));
  EXPECT_EQ(files_in(disk, "news"), 0U);
  EXPECT_EQ(files_in(disk, "impostor"), 0U);
  EXPECT_TRUE(is_there("weather"));
  EXPECT_EQ(report.history.size(), 2U);
  EXPECT_EQ(told("repair.attempt"), kIds);
  EXPECT_EQ(told("repair.done"), (std::vector<std::string>{"clock", "weather"}));
  EXPECT_EQ(told("repair.failed"), std::vector<std::string>{"news"});
  World here = world();
  const auto seen = look(here);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->observation.ledger.attempts.size(), 1U);
  EXPECT_EQ(seen->observation.ledger.attempts[0].plugin_id, "news");
  EXPECT_EQ(seen->observation.ledger.attempts[0].reason, "identity_mismatch");
}

TEST_F(ReconcileTogether, where_all_are_refused_nothing_is_left_and_the_next_pass_works) {
  for (const std::string& id : kIds) offer(id, "impostor");
  const auto before = theirs(disk);
  const auto report = pass();
  EXPECT_FALSE(report.error) << report.error->text();
  EXPECT_TRUE(report.history.empty());
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(files_in(disk, std::string(kContainer) + "/staging"), 0U);
  EXPECT_TRUE(pass(disk, ports));
}

TEST_F(ReconcileTogether, one_that_cannot_be_put_in_its_place_leaves_the_others_alone) {
  CannotMove broken("/plugin-repos/news");
  disk.set_observer(&broken);
  const auto report = pass();
  disk.set_observer(nullptr);
  EXPECT_FALSE(report.error) << report.error->text();
  EXPECT_TRUE(is_there("clock"));
  EXPECT_EQ(files_in(disk, "news"), 0U);
  EXPECT_TRUE(is_there("weather"));
  EXPECT_EQ(told("repair.failed"), std::vector<std::string>{"news"});
  EXPECT_EQ(files_in(disk, std::string(kContainer) + "/staging"), 0U);
  EXPECT_EQ(report.history.size(), 2U);
}

TEST_F(ReconcileTogether, where_the_disk_cannot_be_waited_for_nothing_is_left_over_however_the_run_ends) {
  const auto start = disk.image();
  for (int n = 1;; ++n) {
    disk = platform::MemoryFileSystem(start);
    CannotWait waiting(n);
    disk.set_observer(&waiting);
    (void)pass(disk, ports);
    disk.set_observer(nullptr);
    World later = ports.world(disk);
    const auto session = Session::begin(later, "start");
    ASSERT_TRUE(session) << session.error().text();
    ASSERT_TRUE((*session)->end());
    EXPECT_EQ(files_in(disk, std::string(kContainer) + "/staging"), 0U) << "killed at change " << n;
    const auto journal = ledger::read_journal(*disk.open_root_for_reading(kRoot).value());
    EXPECT_TRUE(journal && journal->unfinished.empty()) << "killed at change " << n;
    if (!waiting.was_killed() || HasFailure()) break;
  }
}

TEST_F(ReconcileTogether, however_many_there_are_the_disk_is_waited_for_as_often) {
  const auto syncs = [](const std::vector<platform::LoggedOperation>& log) {
    return std::ranges::count_if(log, [](const platform::LoggedOperation& one) {
      return one.operation == platform::Operation::sync_file || one.operation == platform::Operation::sync_directory ||
             one.operation == platform::Operation::sync_everything;
    });
  };
  const auto start = disk.image();
  disk.clear_log();
  (void)pass();
  const auto of_three = syncs(disk.log());
  platform::MemoryFileSystem two(start);
  two.put_file(path("config/config.json"),
               R"({"other": {"enabled": false}, "clock": {"enabled": true}, "news": {"enabled": true}})");
  Ports others;
  two.clear_log();
  ASSERT_TRUE(pass(two, others));
  EXPECT_EQ(syncs(two.log()), of_three);
}

TEST_F(ReconcileTogether, after_a_power_cut_each_is_whole_or_absent_and_the_next_pass_finishes) {  // F71
  const auto start = disk.image();
  disk.clear_log();
  (void)pass();
  const auto wanted = theirs(disk);
  const auto log = disk.log();
  std::set<std::string> seen;
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    const platform::CrashOptions options{.random_selections = 2, .seed = cut + 1, .most_singles = 3};
    for (const auto& survivor : platform::surviving_disks(start, log, cut, options)) {
      const bool finished = cut == log.size();
      if (!seen.insert(platform::fingerprint(survivor.image) + (finished ? "+" : "-")).second) continue;
      SCOPED_TRACE(fmt::format("cut behind {} of {} operations, {}", cut, log.size(), survivor.variant));
      platform::MemoryFileSystem after(survivor.image);
      for (const std::string& id : kIds) {
        const std::size_t files = files_in(after, id);
        EXPECT_TRUE(files == kFiles || (files == 0 && !finished)) << id << " has " << files << " files";
      }
      Ports others;
      (void)others.random.hex(1);  // another run has other names
      const auto report = pass(after, others);
      ASSERT_TRUE(report) << report.error().text();
      EXPECT_FALSE(report->error) << report->error->text();
      EXPECT_EQ(theirs(after), wanted);
      EXPECT_EQ(files_in(after, std::string(kContainer) + "/staging"), 0U);
      World here = others.world(after);
      const auto lines = history(here);
      ASSERT_TRUE(lines) << lines.error().text();
      EXPECT_EQ(lines->size(), kIds.size());
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace trueup::engine
