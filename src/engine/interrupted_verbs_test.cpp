// A verb that follows an interrupted one finishes or takes back what that one left before it decides anything.
#include <cerrno>
#include <functional>
#include <ostream>

#include "engine/configure.h"
#include "engine/engine_test_support.h"
#include "engine/kept_files.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/restore.h"
#include "engine/set_enabled.h"
#include "engine/undo.h"
#include "engine/uninstall.h"
#include "ledger/journal.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

struct Verb {
  std::string name;
  std::function<Status(World&)> run;
};
void PrintTo(const Verb& verb, std::ostream* out) { *out << verb.name; }

template <typename T>
Status status_of(const Result<T>& result) {
  return result ? ok() : Status(result.error());
}

class Interrupted : public EngineTest, public testing::WithParamInterface<Verb> {
 protected:
  Interrupted() {
    add_plugin("clock");
    add_plugin("news");
    configure({{"clock", R"({"enabled": true})"}, {"news", R"({"enabled": false})"}});
    record_state({record("clock", true), record("news", false)});
  }
};

TEST_P(Interrupted, an_uninstall_that_was_killed_anywhere_is_whole_after_the_next_verb_whatever_it_answers) {
  const auto start = disk.image();
  for (int n = 1;; ++n) {
    disk = platform::MemoryFileSystem(start);
    if (!killed_at(n, [](World& here) { (void)uninstall(here, "clock", Settings::remove); })) break;
    auto later = world();
    const Status answer = GetParam().run(later);
    const std::string when = fmt::format("killed at call {}; {}", n, answer ? "done" : answer.error().text());
    const auto journal = ledger::read_journal(*disk.open_root_for_reading(kRoot).value());
    ASSERT_TRUE(journal) << when;
    EXPECT_TRUE(journal->unfinished.empty()) << when;
    const bool directory = read("plugin-repos/clock/manifest.json") != "(not there)";
    EXPECT_EQ(directory, read("config/config.json").find("\"clock\"") != std::string::npos) << when;
    EXPECT_EQ(directory, read("data/plugin_state.json").find("\"clock\"") != std::string::npos) << when;
  }
}

INSTANTIATE_TEST_SUITE_P(
    EachVerb, Interrupted,
    testing::Values(
        Verb{"uninstall", [](World& world) { return status_of(uninstall(world, "clock", Settings::remove)); }},
        Verb{"disable", [](World& world) { return status_of(set_enabled(world, "clock", false)); }},
        Verb{"enable_what_is_on", [](World& world) { return status_of(set_enabled(world, "clock", true)); }},
        Verb{"config_set", [](World& world) { return status_of(set_setting(world, "clock", {"color"}, "1")); }},
        Verb{"undo", [](World& world) { return status_of(undo(world, 7, UndoReach::this_one)); }},
        Verb{"restore",
             [](World& world) { return status_of(restore(world, model::DocumentName::tombstones, std::nullopt)); }},
        Verb{"a_name_that_is_not_there",
             [](World& world) { return status_of(uninstall(world, "nobody", Settings::remove)); }}),
    [](const auto& verb) { return verb.param.name; });

TEST_F(EngineTest, undo_gives_every_byte_back_also_when_two_runs_in_a_row_were_killed) {
  for (const char* name : {"clock", "news", "weather"}) add_plugin(name);  // "weather" has no settings yet
  configure({{"clock", R"({"enabled": true})"}, {"news", R"({"enabled": false})"}});
  record_state({record("clock", true), record("news", false)});
  const auto start = disk.image();
  const std::string config = read("config/config.json");
  const std::string state = read("data/plugin_state.json");
  for (int first = 1;; first += 3) {
    disk = platform::MemoryFileSystem(start);
    if (!killed_at(first, [](World& here) { (void)uninstall(here, "clock", Settings::remove); })) break;
    const auto after_first = disk.image();
    for (int second = 1;; second += 5) {
      disk = platform::MemoryFileSystem(after_first);
      const bool killed = killed_at(second, [](World& here) { (void)reconcile(here, {}); });
      auto later = world();
      const auto enabled = set_enabled(later, "news", true);
      ASSERT_TRUE(enabled) << enabled.error().text();
      const auto undone = undo(later, 1, UndoReach::and_all_later);
      ASSERT_TRUE(undone) << undone.error().text();
      const std::string when = fmt::format("killed at call {}, then at call {}", first, second);
      ASSERT_EQ(read("config/config.json"), config) << when;
      ASSERT_EQ(read("data/plugin_state.json"), state) << when;
      if (!killed) break;
    }
  }
}

TEST_F(EngineTest, a_document_that_was_damaged_while_an_action_was_interrupted_can_still_be_restored) {
  for (const char* name : {"clock", "news"}) add_plugin(name);
  configure({{"clock", R"({"enabled": true})"}, {"news", R"({"enabled": false})"}});
  record_state({record("clock", true), record("news", false)});
  auto first = world();
  ASSERT_TRUE(set_enabled(first, "news", true));
  const auto start = disk.image();
  const auto path_of = [](model::DocumentName name) { return std::string(model::relative_path(name)); };
  for (const auto document :
       {model::DocumentName::config, model::DocumentName::state, model::DocumentName::tombstones}) {
    for (int n = 1;; ++n) {
      disk = platform::MemoryFileSystem(start);
      if (!killed_at(n, [](World& here) { (void)uninstall(here, "clock", Settings::remove); })) break;
      const std::string torn = "{\"torn\": [";
      write(path_of(document), torn);
      auto later = world();
      const auto restored = restore(later, document, std::nullopt);
      const std::string when = fmt::format("{}, killed at call {}", path_of(document), n);
      const auto journal = ledger::read_journal(*disk.open_root_for_reading(kRoot).value());
      ASSERT_TRUE(journal && journal->unfinished.empty()) << when;
      const auto files = disk.files();
      EXPECT_TRUE(std::ranges::any_of(files, [&](const auto& file) { return file.second == torn; })) << when;
      if (document == model::DocumentName::tombstones) continue;  // there was none before, so there may be no copy
      ASSERT_TRUE(restored) << when << ": " << restored.error().text();
      EXPECT_NE(read(path_of(document)).find("\"news\""), std::string::npos) << when;
    }
  }
}

/// A disk with room for everything but the history.
class NoHistory final : public platform::Observer {
 public:
  Status before(const platform::Call& call) override {
    const bool ledger = call.path.find("/ledger.db") != std::string::npos;
    if (!ledger || !platform::is_writing(call.operation)) return ok();
    return Error{.code = ErrorCode::full, .message = "no space", .where = call.path, .os_error = ENOSPC};
  }
  void after(const platform::Call&) override {}
};

TEST_F(EngineTest, what_is_in_effect_is_no_failure_when_only_the_history_cannot_be_written) {
  add_plugin("clock");
  configure({{"clock", R"({"enabled": true})"}});
  record_state({record("clock", true)});
  const std::string before = read("config/config.json");
  NoHistory full;
  platform::ObservedFileSystem watched(disk, full);
  auto here = ports.world(watched);
  const auto done = set_enabled(here, "clock", false);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(done->changed);
  EXPECT_TRUE(done->history.empty());
  ASSERT_FALSE(done->notes.empty());
  EXPECT_NE(done->notes.back().find("in effect"), std::string::npos) << done->notes.back();
  EXPECT_NE(read("config/config.json").find(R"("enabled": false)"), std::string::npos);

  auto later = world();
  const auto again = set_enabled(later, "clock", false);
  ASSERT_TRUE(again) << again.error().text();
  const auto lines = history(later);
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->size(), 1U) << "written down by the next command";
  ASSERT_TRUE(undo(later, 1, UndoReach::this_one));
  EXPECT_EQ(read("config/config.json"), before);
}

TEST_F(EngineTest, a_history_that_a_power_cut_emptied_is_told_once_and_one_that_never_held_anything_is_not) {
  add_plugin("clock");
  configure({{"clock", R"({"enabled": true})"}});
  auto here = world();
  write(".trueup/ledger.db", "");
  const auto first = set_enabled(here, "clock", false);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_TRUE(first->notes.empty()) << first->notes.front();
  write(".trueup/ledger.db", "");
  const auto lines = history(here);
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().code, ErrorCode::unreadable);
  const auto told = set_enabled(here, "clock", false);
  ASSERT_TRUE(told) << told.error().text();
  ASSERT_FALSE(told->notes.empty());
  EXPECT_NE(told->notes.front().find("history is lost"), std::string::npos) << told->notes.front();
  const auto later = set_enabled(here, "clock", true);
  ASSERT_TRUE(later);
  for (const auto& note : later->notes) EXPECT_EQ(note.find("history"), std::string::npos) << note;
  EXPECT_TRUE(history(here));
}

/// A user who may read everything but the kept copies.
class NoCopies final : public platform::Observer {
 public:
  Status before(const platform::Call& call) override {
    const bool copy = call.path.find("/kept/") != std::string::npos;
    if (!copy || (call.operation != platform::Operation::read && call.operation != platform::Operation::open)) {
      return ok();
    }
    return Error{.code = ErrorCode::unreadable, .message = "no", .where = call.path, .os_error = EACCES};
  }
  void after(const platform::Call&) override {}
};

TEST_F(EngineTest, a_kept_copy_that_may_not_be_read_is_said_to_be_unknown_and_is_no_finding) {
  add_plugin("clock");
  configure({{"clock", R"({"enabled": true})"}});
  auto owner = world();
  ASSERT_TRUE(set_enabled(owner, "clock", false));
  NoCopies rights;
  platform::ObservedFileSystem watched(disk, rights);
  auto other = ports.world(watched);
  const auto seen = look(other);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_TRUE(seen->displaced_writes.empty());
  EXPECT_EQ(seen->unread_copies, std::vector<std::string>{"1-config.json"});
  EXPECT_NE(unread_note(seen->unread_copies).find("1-config.json"), std::string::npos);
}

TEST_F(EngineTest, undo_and_restore_that_have_nothing_to_do_leave_no_trace) {
  const auto before = disk.files();
  auto here = world();
  EXPECT_FALSE(undo(here, 1, UndoReach::this_one));
  EXPECT_FALSE(restore(here, model::DocumentName::config, std::nullopt));
  EXPECT_FALSE(restore(here, model::DocumentName::config, "config/none.json"));
  EXPECT_EQ(disk.files(), before);
  EXPECT_FALSE(platform::tree_of(disk.image()).contains("pi/ledmatrix/.trueup"));
}

}  // namespace
}  // namespace trueup::engine
