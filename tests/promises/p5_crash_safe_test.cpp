// Promise 5: killed at any instant, the next writing start finishes or undoes what was interrupted by itself, without
// network and without a person, and no loader ever sees half a plugin.
//
// The real program is killed at its n-th call that changes the disk. Lost power, where also what was not synced goes,
// is tried on the disk in memory (src/engine/power_cut_test.cpp): a killed process loses nothing of what it wrote.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "promises/promises.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

struct Interrupted {
  std::vector<std::string> words;
  void (*prepare)(Installation&);
  bool whole;  // one transaction: afterwards everything is as before, or as if nothing had happened to it
};

/// Every plugin that a loader would see has all its files.
void expect_whole_plugins(Installation& home) {
  for (const std::string& id : Promises::seen_by_a_loader(home)) {
    for (const char* file : {"manifest.json", "manager.py", "config_schema.json", "requirements.txt"}) {
      EXPECT_TRUE(fs::exists(home.plugin(id) / file)) << id << " lacks " << file;
    }
    EXPECT_TRUE(json_at(read_file(home.plugin(id) / "manifest.json"), "/id")) << id;
  }
}

/// Nothing that only lies there for the moment of a change.
void expect_nothing_left_over(Installation& home) {
  for (const char* directory : {"config", "data"}) {
    for (const auto& entry : fs::directory_iterator(home.root() / directory)) {
      EXPECT_EQ(entry.path().filename().string().find("trueup"), std::string::npos) << entry.path();
    }
  }
  const fs::path staging = home.plugins() / ".trueup.standalone-backup-work/staging";
  EXPECT_TRUE(!fs::exists(staging) || fs::is_empty(staging));
  const fs::path journal = home.root() / ".trueup/journal";
  if (!fs::exists(journal) || fs::is_empty(journal)) return;
  // Killed at the very last call: all is done, and the next action empties it.
  const std::string records = read_file(journal);
  const std::string last = records.substr(records.rfind('\n', records.size() - 2) + 1);
  EXPECT_NE(last.find(R"("record":"done")"), std::string::npos) << last;
}

/// Without what a receipt says: it names the registry's path, which is another one in each of these installations.
Snapshot state_of(Installation& home) {
  Snapshot snapshot = Promises::owners_files(home);
  for (auto& [path, facts] : snapshot) {
    if (path.ends_with(".trueup-receipt.json")) facts.sha256 = "a receipt";
  }
  return snapshot;
}

/// As `words` leave it when nothing goes wrong.
Snapshot undisturbed(const Interrupted& what) {
  Installation place;
  what.prepare(place);
  Trueup(TRUEUP_BINARY, place).run(what.words);
  return state_of(place);
}

/// Any verb that may write, though it has nothing of its own to do, and without the registry.
std::vector<std::string> next_start(Installation& place) {
  return {TRUEUP_BINARY, "--root", place.root().string(), "--registry", "none", "enable", "bystander"};
}

/// Where a run is killed, and perhaps the start after it as well.
struct Kills {
  const std::vector<std::string>& calls;
  std::size_t index = 0;
  const std::vector<std::string>* calls_of_next = nullptr;
  std::size_t index_of_next = 0;
};

/// False when the program ended before it could be killed.
bool kill_and_recover(const Interrupted& what, const Kills& kills, const Snapshot& after) {
  SCOPED_TRACE("killed at " + kills.calls[kills.index]);
  Installation place;
  Trueup on_place{TRUEUP_BINARY, place};
  what.prepare(place);
  place.root();
  const Snapshot before = state_of(place);
  if (run_and_kill_at_call(on_place.command(what.words), kills.calls, kills.index).signal != SIGKILL) return false;
  expect_whole_plugins(place);
  if (kills.calls_of_next != nullptr) {
    const auto again = run_and_kill_at_call(next_start(place), *kills.calls_of_next, kills.index_of_next);
    if (again.signal != SIGKILL) return false;
    expect_whole_plugins(place);
  }
  const CommandResult next = run_command(next_start(place));
  EXPECT_EQ(next.exit_status, 0) << next.errors;
  expect_whole_plugins(place);
  expect_nothing_left_over(place);
  const Snapshot now = state_of(place);
  if (what.whole) {
    EXPECT_TRUE(difference(before, now, Compare::contents).empty() || difference(after, now, Compare::contents).empty())
        << "neither as before:\n"
        << difference(before, now, Compare::contents) << "nor as intended:\n"
        << difference(after, now, Compare::contents);
  } else {
    on_place.run(what.words);  // goes on where it was stopped
    EXPECT_EQ(difference(after, state_of(place), Compare::contents), "");
  }
  return true;
}

/// What the start after a kill writes: traced in an installation of its own that was killed at the same call.
std::vector<std::string> calls_of_recovery(const Interrupted& what, const std::vector<std::string>& calls,
                                           std::size_t index) {
  Installation place;
  what.prepare(place);
  run_and_kill_at_call(Trueup(TRUEUP_BINARY, place).command(what.words), calls, index);
  auto found = writing_calls(next_start(place));
  std::erase_if(found, [](const std::string& call) { return call.starts_with("open") || call.starts_with("flock"); });
  return found;
}

/// The start after the kill is killed as well: at `most` of its calls, spread over all of it.
std::size_t kill_recovery_too(const Interrupted& what, const std::vector<std::string>& calls, std::size_t index,
                              const Snapshot& after, std::size_t most) {
  const auto next = calls_of_recovery(what, calls, index);
  const std::size_t step = std::max<std::size_t>(1, next.size() / most);
  std::size_t killed = 0;
  for (std::size_t at = 0; at < next.size() && !testing::Test::HasFailure(); at += step) {
    SCOPED_TRACE("and the next start at " + next[at]);
    if (kill_and_recover(what, {calls, index, &next, at}, after)) ++killed;
  }
  return killed;
}

/// What the journal said last before each call: "before", or the kind of its last record.
std::vector<std::string> phases_of(const std::vector<std::string>& calls) {
  std::vector<std::string> phases;
  std::string phase = "before";
  for (const std::string& call : calls) {
    phases.push_back(phase);
    if (call.find("/.trueup/journal>") == std::string::npos) continue;
    for (const std::string kind : {"intent", "committed_intent", "commit", "done"}) {
      if (call.find(R"(\"record\":\")" + kind + R"(\")") != std::string::npos) phase = kind;
    }
  }
  return phases;
}

/// About `most` points in the run, spread over all of it, and at least one in each phase of the journal;
/// with `./dev crash` every call.
void kill_at_many_calls(const Interrupted& what, std::size_t most) {
  const Snapshot after = undisturbed(what);
  Installation counted;
  what.prepare(counted);
  auto calls = writing_calls(Trueup(TRUEUP_BINARY, counted).command(what.words));
  std::erase_if(calls, [](const std::string& call) { return call.starts_with("open") || call.starts_with("flock"); });
  ASSERT_GT(calls.size(), 20U);
  const bool each = std::getenv("TRUEUP_CRASH") != nullptr;
  const std::size_t step = each ? 1 : std::max<std::size_t>(1, calls.size() / most);
  const auto phases = phases_of(calls);
  const std::set<std::string> all_phases(phases.begin(), phases.end());
  EXPECT_GE(all_phases.size(), 3U) << "the journal was not seen at work";
  std::set<std::string> killed_in;
  std::size_t killed = 0;
  std::size_t killed_twice = 0;
  for (std::size_t index = 0; index < calls.size() && !testing::Test::HasFailure(); ++index) {
    if (index % step != 0 && killed_in.contains(phases[index])) continue;
    if (!kill_and_recover(what, {calls, index}, after)) continue;
    ++killed;
    const bool first_in_phase = killed_in.insert(phases[index]).second;
    if (each || first_in_phase) killed_twice += kill_recovery_too(what, calls, index, after, each ? 8 : 2);
  }
  EXPECT_GT(killed_twice, 0U) << "no recovery was killed";
  EXPECT_GT(killed, most / 2);
  EXPECT_EQ(killed_in, all_phases) << "a phase of the journal in which nothing was killed";
  fmt::print("killed: {}: {} times at {} calls, {} phases of the journal, {} more with the next start killed too\n",
             fmt::join(what.words, " "), killed, calls.size(), killed_in.size(), killed_twice);
}

void with_bystander(Installation& home) { home.add_healthy("bystander"); }

constexpr const char* kNeedsStrace = "strace is not here or may not trace: nothing was killed";

TEST_F(Promises, p5_crash_safe_in_the_middle_of_a_pass) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"reconcile"},
                      [](Installation& place) {
                        with_bystander(place);
                        drift(place);
                      },
                      false},
                     16);
}

TEST_F(Promises, p5_crash_safe_in_the_middle_of_a_pass_under_the_rules_of_ledmatrix) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"--rules", "ledmatrix", "reconcile"},
                      [](Installation& place) {
                        with_bystander(place);
                        place.add_plugin("fresh").offer("absent").set_enabled("absent", true);
                      },
                      false},
                     6);
}

TEST_F(Promises, p5_crash_safe_in_the_middle_of_an_installation) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"install", "absent"},
                      [](Installation& place) {
                        with_bystander(place);
                        place.offer("absent");
                      },
                      true},
                     12);
}

TEST_F(Promises, p5_crash_safe_in_the_middle_of_putting_a_newer_version_in_the_place_of_one) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"install", "mine"},
                      [](Installation& place) {
                        with_bystander(place);
                        place.add_plugin("mine", "1.0.0").set_enabled("mine", true).record("mine", true, "1.0.0");
                        place.offer("mine", "2.0.0").write("plugin-repos/mine/notes.txt", "of the owner");
                      },
                      true},
                     16);
}

TEST_F(Promises, p5_crash_safe_in_the_middle_of_an_update) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"update", "mine"},
                      [](Installation& place) {
                        with_bystander(place);
                        place.add_plugin("mine", "1.0.0").set_enabled("mine", false).record("mine", false, "1.0.0");
                        place.offer("mine", "2.0.0").write("plugin-repos/mine/notes.txt", "of the owner");
                      },
                      true},
                     16);
}

TEST_F(Promises, p5_crash_safe_in_the_middle_of_a_removal) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"uninstall", "leaving"},
                      [](Installation& place) {
                        with_bystander(place);
                        place.add_healthy("leaving").set_secret("leaving", R"({"api_key":"k"})");
                      },
                      true},
                     14);
}

TEST_F(Promises, p5_crash_safe_in_the_middle_of_switching_off) {
  if (!can_trace_system_calls()) GTEST_SKIP() << kNeedsStrace;
  kill_at_many_calls({{"disable", "leaving"},
                      [](Installation& place) {
                        with_bystander(place);
                        place.add_healthy("leaving");
                      },
                      true},
                     8);
}

}  // namespace
}  // namespace trueup::test
