// Another program at each call of an exchange, on every kind of disk: whatever it does to the file in between, and
// whenever, its last word is not lost.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "engine/file_exchange.h"
#include "engine/temporary_name.h"
#include "platform/memory_file_system.h"

namespace trueup::engine {
namespace {

using platform::Call;
using platform::MemoryFileSystem;
using platform::Observer;
using platform::Operation;

constexpr const char* kPath = "/pi/config/config.json";

/// What can be done to a file, and what the disk can do.
enum class Way { exchange, no_exchange, mounted, remove };

std::string name_of(Way way) {
  constexpr std::array kNames = {"exchange", "no_exchange", "mounted", "remove"};
  return kNames.at(static_cast<std::size_t>(way));
}
void PrintTo(Way way, std::ostream* out) { *out << name_of(way); }

struct Neighbour {
  const char* name;
  std::function<void(MemoryFileSystem&)> acts;
  std::string leaves;  // its word, or nothing where it removes the file
};

const std::vector<Neighbour>& neighbours() {
  static const std::vector<Neighbour> all = {
      {"saves_by_rename",
       [](MemoryFileSystem& disk) {
         disk.erase(kPath);
         disk.put_file(kPath, "editor\n");
       },
       "editor\n"},
      {"writes_in_place", [](MemoryFileSystem& disk) { disk.put_file(kPath, "editor\n"); }, "editor\n"},
      {"removes", [](MemoryFileSystem& disk) { disk.erase(kPath); }, ""},
  };
  return all;
}

/// Lets the others act before chosen calls, and makes the disk one of `way`.
class Busy final : public Observer {
 public:
  Busy(MemoryFileSystem& disk, Way way) : disk_(disk), way_(way) { disk_.set_observer(this); }
  ~Busy() override { disk_.set_observer(nullptr); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

  Status before(const Call& call) override {
    ++calls;
    if (const auto found = acts.find(calls); found != acts.end()) {
      hit = call;
      const auto files = disk_.files();
      gone = files.contains(kPath) ? files.at(kPath) : "";
      found->second(disk_);
    }
    if (dead_from > 0 && calls >= dead_from) return Error{.code = ErrorCode::io, .message = "no longer running"};
    if (call.operation == Operation::rename && !disk_.files().contains(call.to_path)) {
      if (const auto found = at_rename.find(++renames); found != at_rename.end()) {
        hit = call;
        found->second(disk_, call.to_path);
      }
    }
    if (call.operation != Operation::exchange) return ok();
    if (way_ == Way::no_exchange) return Error{.code = ErrorCode::unsupported, .message = "no exchange here"};
    if (way_ == Way::mounted) return Error{.code = ErrorCode::unreadable, .message = "mounted", .os_error = EBUSY};
    return ok();
  }
  void after(const Call& /*call*/) override {}

  std::map<int, std::function<void(MemoryFileSystem&)>> acts;
  std::map<int, std::function<void(MemoryFileSystem&, const std::string& to)>> at_rename;  // to a name that is free
  int calls = 0;
  int renames = 0;
  int dead_from = 0;
  Call hit;
  std::string gone;  // what the last one found under the document's name

 private:
  MemoryFileSystem& disk_;
  Way way_;
};

class Trial {
 public:
  explicit Trial(Way way) : Trial(way, start()) {}
  Trial(Way way, platform::DiskImage image) : disk(std::move(image)), way_(way) {
    config_ = std::move(disk.open_root("/pi/config").value());
    kept_ = std::move(disk.open_root("/pi/kept").value());
  }

  Result<Exchanged> run() { return begin()->apply(); }
  std::unique_ptr<FileExchange> begin() {
    const auto rewrite = [this](const std::optional<std::string>& text) -> Result<Rewrite> {
      if (way_ == Way::remove) return text == "old\n" ? Rewrite{Rewrite::Kind::remove, {}} : Rewrite{};
      const std::string now = text.value_or("");
      if (now.find("new\n") != std::string::npos) return Rewrite{};
      return Rewrite{Rewrite::Kind::write, now + "new\n"};
    };
    return std::make_unique<FileExchange>(ExchangePlace{.directory = *config_,
                                                        .name = "config.json",
                                                        .kept = *kept_,
                                                        .kept_name = {.number = 1, .file = "config.json"},
                                                        .transaction = "1",
                                                        .if_new = {.mode = 0644, .uid = {}, .gid = {}},
                                                        .wait = [this](std::chrono::milliseconds) { wait(); }},
                                          rewrite);
  }
  [[nodiscard]] std::string live() const {
    const auto files = disk.files();
    const auto found = files.find(kPath);
    return found == files.end() ? "(none)" : found->second;
  }
  /// `text` is in some file, alone or with our line behind it.
  [[nodiscard]] bool has(const std::string& text) const {
    return std::ranges::any_of(disk.files(),
                               [&](const auto& file) { return file.second == text || file.second == text + "new\n"; });
  }
  [[nodiscard]] std::vector<std::string> leftovers() const {
    std::vector<std::string> names;
    const auto entries = config_->list().value();
    for (const auto& entry : entries) {
      if (parse_temporary_name(entry.name)) names.push_back(entry.name);
    }
    return names;
  }

  MemoryFileSystem disk;
  std::function<void()> wait = [] {};

 private:
  static platform::DiskImage start() {
    MemoryFileSystem laid_out;
    laid_out.put_file(kPath, "old\n", 0640);
    laid_out.put_directory("/pi/kept");
    return laid_out.image();
  }

  Way way_;
  std::unique_ptr<platform::WritableDirectory> config_;
  std::unique_ptr<platform::WritableDirectory> kept_;
};

/// The one moment that such a disk leaves, between the last look and the change itself; a note says so.
bool is_the_known_moment(Way way, const Busy& busy) {
  if (way == Way::no_exchange) return busy.hit.operation == Operation::rename && busy.hit.to_path == kPath;
  const bool writes = busy.hit.operation == Operation::write || busy.hit.operation == Operation::truncate ||
                      busy.hit.operation == Operation::sync_file || busy.hit.operation == Operation::open_for_writing;
  return way == Way::mounted && writes && busy.hit.path == kPath;
}

void expect_nothing_lost(Trial& trial, const Result<Exchanged>& done, const std::string& left) {
  EXPECT_TRUE(done || done.error().code == ErrorCode::contended) << done.error().text();
  EXPECT_TRUE(left.empty() || trial.has(left)) << "live: " << trial.live();
  EXPECT_FALSE(left.empty() && done && trial.live() == "old\n") << "what was removed came back as it was";
  EXPECT_EQ(trial.leftovers(), std::vector<std::string>{});
}

class AnotherProgram : public testing::TestWithParam<std::tuple<Way, std::size_t>> {};

TEST_P(AnotherProgram, at_any_call_loses_nothing) {
  const auto [way, which] = GetParam();
  const Neighbour& neighbour = neighbours()[which];
  int moments = 0;
  for (int n = 1;; ++n) {
    Trial trial(way);
    Busy busy(trial.disk, way);
    busy.acts[n] = neighbour.acts;
    const auto done = trial.run();
    if (busy.calls < n) break;
    SCOPED_TRACE(fmt::format("before call {}: {}", n, busy.hit.text()));
    if (is_the_known_moment(way, busy)) {
      ++moments;
      EXPECT_TRUE(!done || !done->notes.empty());
      continue;
    }
    expect_nothing_lost(trial, done, neighbour.leaves);
    if (HasFailure()) return;
  }
  EXPECT_LE(moments, way == Way::exchange || way == Way::remove ? 0 : 4);
}

INSTANTIATE_TEST_SUITE_P(Every, AnotherProgram,
                         testing::Combine(testing::Values(Way::exchange, Way::no_exchange, Way::mounted, Way::remove),
                                          testing::Range<std::size_t>(0, 3)),
                         [](const auto& one) {
                           return fmt::format("{}_while_{}", neighbours()[std::get<1>(one.param)].name,
                                              name_of(std::get<0>(one.param)));
                         });

class TwoOthers : public testing::TestWithParam<Way> {};

/// The first saves, the second removes what is there or saves as well, and the first saves once more right after it.
TEST_P(TwoOthers, one_after_the_other_at_any_two_calls_lose_nothing) {
  const auto save = [](const char* text) {
    return [text](MemoryFileSystem& disk) {
      disk.erase(kPath);
      disk.put_file(kPath, text);
    };
  };
  for (int n = 1;; ++n) {
    for (int m = n + 1;; ++m) {
      Trial trial(GetParam());
      Busy busy(trial.disk, GetParam());
      busy.acts[n] = save("first\n");
      busy.acts[m] = [](MemoryFileSystem& disk) { disk.erase(kPath); };
      busy.acts[m + 1] = save("second\n");
      const auto done = trial.run();
      if (busy.calls < n) return;
      if (busy.calls < m + 1) break;
      SCOPED_TRACE(fmt::format("before calls {}, {} and the next: {}", n, m, busy.hit.text()));
      if (is_the_known_moment(GetParam(), busy)) continue;
      expect_nothing_lost(trial, done, "second\n");
      if (HasFailure()) return;
    }
  }
}

/// The second finds the name free, or replaces what stands there.
TEST_P(TwoOthers, that_save_at_any_two_calls_do_not_lose_the_second_word) {
  for (int n = 1;; ++n) {
    for (int m = n + 1;; ++m) {
      Trial trial(GetParam());
      Busy busy(trial.disk, GetParam());
      for (const auto& [call, text] : {std::pair{n, "first\n"}, std::pair{m, "second\n"}}) {
        busy.acts[call] = [word = std::string(text)](MemoryFileSystem& disk) {
          disk.erase(kPath);
          disk.put_file(kPath, word);
        };
      }
      const auto done = trial.run();
      if (busy.calls < n) return;
      if (busy.calls < m) break;
      SCOPED_TRACE(fmt::format("before calls {} and {}: {}", n, m, busy.hit.text()));
      expect_nothing_lost(trial, done, "second\n");
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, TwoOthers, testing::Values(Way::exchange, Way::remove),
                         [](const auto& one) { return name_of(one.param); });

/// A run was killed when another program's file had come out of its exchange: it lies where ours lay ready.
void kill_behind_the_exchange(Trial& trial, const std::string& live) {
  const auto first = trial.begin();
  EXPECT_TRUE(first->prepare());
  const auto ready = trial.leftovers();
  EXPECT_EQ(ready.size(), 1U);
  trial.disk.erase("/pi/config/" + ready.front());
  trial.disk.put_file("/pi/config/" + ready.front(), "came out\n");
  trial.disk.erase(kPath);
  if (!live.empty()) trial.disk.put_file(kPath, live);
}

TEST(AfterAKill, what_came_out_of_the_exchange_and_what_is_saved_meanwhile_are_both_there) {
  for (const std::string live : {"old\nnew\n", "", "other\n"}) {
    for (const Neighbour& neighbour : neighbours()) {
      for (int n = 1;; ++n) {
        Trial trial(Way::exchange);
        kill_behind_the_exchange(trial, live);
        Busy busy(trial.disk, Way::exchange);
        busy.acts[n] = neighbour.acts;
        const auto done = trial.run();
        if (busy.calls < n) break;
        SCOPED_TRACE(fmt::format("live: {}, {} before call {}: {}", live, neighbour.name, n, busy.hit.text()));
        expect_nothing_lost(trial, done, neighbour.leaves);
        // Unless it lay under the document's name again, where the neighbour wrote over it or removed it.
        EXPECT_TRUE(trial.has("came out\n") || busy.gone.starts_with("came out\n")) << trial.live();
        if (::testing::Test::HasFailure()) return;
      }
    }
  }
}

/// Whoever puts a file among the kept ones: it is not ours to write over.
TEST(AFileAmongTheKept, stays_and_the_old_bytes_find_another_name) {
  for (const Way way : {Way::exchange, Way::no_exchange, Way::mounted, Way::remove}) {
    for (int n = 1;; ++n) {
      Trial trial(way);
      Busy busy(trial.disk, way);
      bool came = false;
      busy.acts[n] = [&came](MemoryFileSystem& disk) {
        came = !disk.files().contains("/pi/kept/1-config.json");
        if (came) disk.put_file("/pi/kept/1-config.json", "stranger\n");
      };
      (void)trial.run();
      if (busy.calls < n) break;
      busy.acts.clear();
      const auto again = trial.run();  // what failed is tried once more
      SCOPED_TRACE(fmt::format("before call {}: {}", n, busy.hit.text()));
      EXPECT_TRUE(again) << again.error().text();
      EXPECT_TRUE(!came || trial.has("stranger\n"));
      EXPECT_TRUE(trial.has("old\n"));
      if (::testing::Test::HasFailure()) return;
    }
  }
}

/// Under the very name that a rename is about to take, also when a run that was killed at any call is finished.
TEST(AFileWhereARenameGoes, stays) {
  int came = 0;
  for (const Way way : {Way::exchange, Way::no_exchange, Way::mounted, Way::remove}) {
    for (int killed = 1;; ++killed) {
      Trial start(way);
      Busy dying(start.disk, way);
      dying.dead_from = killed;
      (void)start.run();
      for (int n = 1;; ++n) {
        Trial trial(way, start.disk.image());
        Busy busy(trial.disk, way);
        bool here = false;
        busy.at_rename[n] = [&here](MemoryFileSystem& disk, const std::string& to) {
          here = !parse_temporary_name(to.substr(to.rfind('/') + 1));  // names that only trueup gives
          if (here) disk.put_file(to, "stranger\n");
        };
        (void)trial.run();
        if (busy.renames < n) break;
        if (!here || is_the_known_moment(way, busy)) continue;
        ++came;
        SCOPED_TRACE(fmt::format("killed at call {}, then before {}", killed, busy.hit.text()));
        EXPECT_TRUE(trial.has("stranger\n"));
        EXPECT_TRUE(trial.has("old\n"));
        if (::testing::Test::HasFailure()) return;
      }
      if (dying.calls < killed) break;
    }
  }
  EXPECT_GT(came, 20);
}

/// He asked to open the file while we held the lease on it: he gets in under its name, whatever we were about to do.
TEST(WaitingWriter, gets_into_the_file_that_he_asked_for) {
  for (const Way way : {Way::exchange, Way::remove}) {
    for (int n = 1;; ++n) {
      Trial trial(way);
      Busy busy(trial.disk, way);
      bool waits = false;
      bool inside = false;
      const auto get_in = [&] {
        if (!waits || inside || trial.live() != "old\n") return;
        inside = trial.disk.begin_foreign_write(kPath);
        if (inside) {
          trial.disk.put_file(kPath, "patient\n");
          trial.disk.end_foreign_write(kPath);
        }
      };
      busy.acts[n] = [&](MemoryFileSystem& disk) {
        if (trial.live() != "old\n") return;
        waits = !disk.begin_foreign_write(kPath);
        if (!waits) disk.end_foreign_write(kPath);  // he looked, and went again
      };
      for (int later = n + 1; later < n + 200; ++later) busy.acts[later] = [&](MemoryFileSystem&) { get_in(); };
      trial.wait = get_in;
      const auto done = trial.run();
      if (busy.calls < n) break;
      get_in();
      SCOPED_TRACE(fmt::format("before call {}", n));
      if (!waits) continue;
      EXPECT_TRUE(inside) << "live: " << trial.live();
      EXPECT_TRUE(trial.has("patient\n"));
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace trueup::engine
