// Taking back: whatever kind of operation fails or is cut off, the display is as before or as after it, and nothing
// that comes later is held up by it.
#include <functional>
#include <ostream>

#include "base/digest.h"
#include "engine/engine_test_support.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/undo.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;

constexpr const char* kKept = "plugin-repos/.trueup.standalone-backup-work/kept/";

/// Everything that is not trueup's own.
using Shown = std::map<std::string, platform::ShownNode>;
Shown shown(const platform::MemoryFileSystem& on) {
  Shown tree = platform::tree_of(on.image());
  std::erase_if(tree, [](const auto& node) { return node.first.find("/.trueup") != std::string::npos; });
  return tree;
}

/// Says no to every change below the plugins and the uploads, from the first that takes effect there on.
class NoRights final : public platform::Observer {
 public:
  Status before(const platform::Call& call) override {
    const bool there =
        call.path.find("/plugin-repos") != std::string::npos || call.path.find("/assets") != std::string::npos;
    if (!there || !platform::is_writing(call.operation)) return ok();
    using enum platform::Operation;
    const bool takes_effect =
        call.operation == rename || call.operation == exchange || call.operation == unlink || call.operation == link;
    armed_ = armed_ || takes_effect;
    if (!armed_) return ok();
    return Error{.code = ErrorCode::read_only, .message = "no", .where = call.path, .os_error = EACCES};
  }
  void after(const platform::Call&) override {}
  [[nodiscard]] bool was_hit() const { return armed_; }

 private:
  bool armed_ = false;
};

/// Says no to every change below the plugins and the uploads, from the n-th on.
class NoRightsFrom final : public platform::Observer {
 public:
  explicit NoRightsFrom(int first) : left_(first) {}
  Status before(const platform::Call& call) override {
    const bool there =
        call.path.find("/plugin-repos") != std::string::npos || call.path.find("/assets") != std::string::npos;
    if (!there || !platform::is_writing(call.operation) || --left_ > 0) return ok();
    return Error{.code = ErrorCode::read_only, .message = "no", .where = call.path, .os_error = EACCES};
  }
  void after(const platform::Call&) override {}
  [[nodiscard]] bool was_hit() const { return left_ <= 0; }

 private:
  int left_;
};

struct Kind {
  std::string name;
  Operation operation;
  bool acts_at_once = true;  // its first change there is the effect, and nothing is laid ready beside it
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class Rollback : public EngineTest, public testing::WithParamInterface<Kind> {
 protected:
  Rollback() {
    configure({{"clock", R"({"enabled": true})"}});
    add_plugin("clock");
    add_copy("plugin-repos/clock.standalone-backup-preinstall/", "0.9.0");
    add_copy("plugin-repos/radar.standalone-backup-preinstall/", "0.9.0");
    add_copy(std::string(kKept) + "9-news/", "1.0.0");
    add_copy(std::string(kKept) + "9-clock/", "2.0.0");
    disk.put_link(path("plugin-repos/mine"), "/home/pi/mine");
    write("assets/plugins/old/logo.png", "png");
    write("assets/plugins/clock/uploads/a.png", "png");
    write("assets/plugins/clock/uploads/.metadata.json", R"({"a": {"filename": "a.png"}, "b":  1e0})");
    write(".trueup/pictures/9-b.png", "png");
  }

  void add_copy(const std::string& directory, const std::string& version) {
    write(directory + "manifest.json", fmt::format(R"({{"version": "{}"}})", version));
  }

  /// The operation, and a change of config.json that is possible only while `clock` is on.
  static UndertakingBuilder undertaking() {
    UndertakingBuilder builder(1);
    builder.begin_deed({.verb = "test", .plugin_id = "clock", .result = "did it"});
    builder.add(Operation(GetParam().operation));
    builder.add({DocumentEdit{
        .document = DocumentName::config, .path = {"clock", "enabled"}, .expected = "true", .value = "false"}});
    builder.all_or_nothing();
    return builder;
  }

  Result<TransactionReport> run(platform::FileSystem& on) {
    auto here = ports.world(on);
    ASSIGN_OR_RETURN(const auto session, Session::begin(here, "test"));
    auto report = session->run(undertaking().undertaking(), undertaking().materials());
    if (auto ended = session->end(); report && !ended) return std::move(ended).error();
    return report;
  }

  void expect_nothing_open(const std::string& when) {
    const auto journal = ledger::read_journal(*disk.open_root_for_reading(kRoot).value());
    ASSERT_TRUE(journal);
    EXPECT_TRUE(journal->unfinished.empty()) << when;
  }
};

TEST_P(Rollback, where_another_part_cannot_be_done_all_is_as_before) {
  configure({{"clock", R"({"enabled": null})"}});
  const Shown before = shown(disk);
  const auto report = run(disk);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::conflict) << report.error().text();
  EXPECT_EQ(shown(disk), before);
  expect_nothing_open("taken back");
}

TEST_P(Rollback, without_rights_it_fails_alone_and_the_next_one_is_not_held_up) {
  if (!GetParam().acts_at_once) return;  // a right that ends between two changes also holds up what takes back
  const Shown before = shown(disk);
  NoRights rights;
  platform::ObservedFileSystem watched(disk, rights);
  const auto report = run(watched);
  ASSERT_FALSE(report);
  ASSERT_TRUE(rights.was_hit());
  EXPECT_EQ(report.error().code, ErrorCode::read_only) << report.error().text();
  EXPECT_EQ(shown(disk), before);
  expect_nothing_open(report.error().text());
}

TEST_P(Rollback, what_could_not_even_be_taken_back_leaves_the_rest_of_the_run_alone_and_the_next_one_settles_it) {
  configure({{"clock", R"({"enabled": null})"}});
  const auto start = disk.image();
  const Shown before = shown(disk);
  for (int n = 1;; ++n) {
    disk = platform::MemoryFileSystem(start);
    NoRightsFrom rights(n);
    platform::ObservedFileSystem watched(disk, rights);
    const std::string when = fmt::format("no rights from change {} on", n);
    {
      auto here = ports.world(watched);
      const auto session = Session::begin(here, "test");
      ASSERT_TRUE(session) << when << ": " << session.error().text();
      ASSERT_FALSE((*session)->run(undertaking().undertaking(), undertaking().materials())) << when;
      const auto ended = (*session)->end();
      ASSERT_TRUE(ended) << when << ": " << ended.error().text();
    }
    {
      auto later = world();
      const auto session = Session::begin(later, "test");
      ASSERT_TRUE(session) << when << ": " << session.error().text();
      ASSERT_TRUE((*session)->end()) << when;
    }
    EXPECT_EQ(shown(disk), before) << when;
    expect_nothing_open(when);
    if (!rights.was_hit()) break;
  }
}

TEST_P(Rollback, killed_anywhere_while_it_is_taken_back_the_next_start_takes_back_the_rest) {
  configure({{"clock", R"({"enabled": null})"}});
  const auto start = disk.image();
  const Shown before = shown(disk);
  for (int first = 1;; ++first) {
    disk = platform::MemoryFileSystem(start);
    DeadFrom dead(first);
    platform::ObservedFileSystem watched(disk, dead);
    (void)run(watched);
    if (!dead.was_hit()) break;
    const auto left = disk.image();
    for (int again = 1;; ++again) {  // and killed once more while that is cleared up
      disk = platform::MemoryFileSystem(left);
      DeadFrom dead_again(again);
      platform::ObservedFileSystem watched_again(disk, dead_again);
      {
        auto here = ports.world(watched_again);
        if (const auto session = Session::begin(here, "test")) (void)(*session)->end();
      }
      const std::string when = fmt::format("killed at call {}, then at {}", first, again);
      auto later = world();
      const auto session = Session::begin(later, "test");
      ASSERT_TRUE(session && (*session)->end()) << when;
      EXPECT_EQ(shown(disk), before) << when;
      expect_nothing_open(when);
      if (!dead_again.was_hit()) break;
    }
  }
}

TEST_P(Rollback, where_the_plugins_directory_cannot_be_told_nothing_is_begun) {
  write("config/config.json", R"({"clock": {)");
  const Shown before = shown(disk);
  {
    auto here = world();
    const auto session = Session::begin(here, "test");
    ASSERT_TRUE(session) << session.error().text();
    const auto report = (*session)->run(undertaking().undertaking(), undertaking().materials());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::unreadable) << report.error().text();
    ASSERT_TRUE((*session)->end());
  }
  EXPECT_EQ(shown(disk), before);
  expect_nothing_open("config.json is cut off");
}

TEST_P(Rollback, failing_at_any_call_it_is_done_whole_or_not_at_all_once_the_disk_is_well_again) {
  const auto start = disk.image();
  const Shown before = shown(disk);
  ASSERT_TRUE(run(disk));
  const Shown after = shown(disk);
  ASSERT_NE(after, before);
  for (const auto scope : {platform::FailNth::Scope::once, platform::FailNth::Scope::from_then_on}) {
    for (std::uint64_t n = 1;; ++n) {
      disk = platform::MemoryFileSystem(start);
      platform::FailNth fail(n, EIO, scope);
      platform::ObservedFileSystem watched(disk, fail);
      const auto report = run(watched);
      if (!fail.was_hit()) break;
      const std::string when = fmt::format("failed at call {}", n);
      {
        auto later = world();
        const auto session = Session::begin(later, "test");
        ASSERT_TRUE(session) << when << ": " << session.error().text();
        ASSERT_TRUE((*session)->end()) << when;
      }
      const Shown now = shown(disk);
      EXPECT_TRUE(now == before || now == after) << when;
      EXPECT_TRUE(!report || now == after) << when;
      expect_nothing_open(when);
    }
  }
}

TEST_P(Rollback, cut_off_anywhere_and_not_possible_any_more_it_is_taken_back_whole) {
  const auto start = disk.image();
  for (int n = 1;; ++n) {
    disk = platform::MemoryFileSystem(start);
    DeadFrom dead(n);
    platform::ObservedFileSystem watched(disk, dead);
    (void)run(watched);
    if (!dead.was_hit()) break;
    if (read("config/config.json").find("true") == std::string::npos) continue;  // all of it was done
    const std::string when = fmt::format("killed at call {}", n);
    configure({{"clock", R"({"enabled": null})"}});
    disk.erase(path("config/config.json"));
    configure({{"clock", R"({"enabled": null})"}});
    {
      auto later = world();
      const auto session = Session::begin(later, "test");
      ASSERT_TRUE(session) << when << ": " << session.error().text();
      ASSERT_TRUE((*session)->end()) << when;
    }
    const Shown now = shown(disk);
    disk = platform::MemoryFileSystem(start);
    configure({{"clock", R"({"enabled": null})"}});
    EXPECT_EQ(now, shown(disk)) << when;
  }
}

TEST_P(Rollback, what_was_finished_after_a_crash_can_be_undone) {
  const auto start = disk.image();
  const Shown before = shown(disk);
  for (int n = 1;; ++n) {
    disk = platform::MemoryFileSystem(start);
    DeadFrom dead(n);
    platform::ObservedFileSystem watched(disk, dead);
    (void)run(watched);
    if (!dead.was_hit()) break;
    const std::string when = fmt::format("killed at call {}", n);
    auto later = world();
    {
      const auto session = Session::begin(later, "test");
      ASSERT_TRUE(session && (*session)->end()) << when;
    }
    if (shown(disk) == before) continue;
    const auto undone = undo(later, 1, UndoReach::this_one);
    ASSERT_TRUE(undone) << when << ": " << undone.error().text();
    EXPECT_EQ(shown(disk), before) << when;
  }
}

INSTANTIATE_TEST_SUITE_P(
    EachKind, Rollback,
    testing::Values(
        Kind{"new_directory", PublishDirectory{.plugin_id = "news", .directory = "news", .staged = "kept/9-news"}},
        Kind{"replaced_directory",
             PublishDirectory{
                 .plugin_id = "clock", .directory = "clock", .staged = "kept/9-clock", .kept = "kept/1-clock"}},
        Kind{"exchanged_with_its_place",
             PublishDirectory{
                 .plugin_id = "clock", .directory = "clock", .staged = "kept/9-clock", .kept = "kept/9-clock"}},
        Kind{"set_aside", SetDirectoryAside{.plugin_id = "clock", .directory = "clock"}},
        Kind{"copy_comes_back",
             ExchangeDirectory{
                 .plugin_id = "radar", .directory = "radar", .from = "radar.standalone-backup-preinstall"}},
        Kind{"copy_takes_the_place", ExchangeDirectory{.plugin_id = "clock",
                                                       .directory = "clock",
                                                       .from = "clock.standalone-backup-preinstall",
                                                       .to = "kept/1-clock"}},
        Kind{"link_goes", ChangeLink{.plugin_id = "mine", .directory = "mine", .from = "/home/pi/mine"}},
        Kind{"link_changes",
             ChangeLink{.plugin_id = "mine", .directory = "mine", .from = "/home/pi/mine", .to = "/home/pi/other"}},
        Kind{"uploads", RenameUploads{.from = "old", .to = "new"}},
        Kind{"picture_comes",
             MovePicture{.plugin_id = "clock",
                         .filename = "b.png",
                         .aside = "9-b.png",
                         .comes = true,
                         .digest = sha256_hex("png")},
             false},
        Kind{"picture_goes", MovePicture{.plugin_id = "clock",
                                         .filename = "a.png",
                                         .aside = "1-a.png",
                                         .comes = false,
                                         .digest = sha256_hex("png")}},
        Kind{"picture_noted",
             NotePictures{.plugin_id = "clock", .notes = {{.id = "c", .expected = {}, .value = R"({"size": 3})"}}},
             false}),
    [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace trueup::engine
