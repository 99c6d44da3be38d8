// The real program on a small real disk that is full: what it cannot do it does not half do, and once there is room
// again the next run goes on (failure F43: nothing empty or torn ever takes the place of what was good).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

bool can_mount() {
  static const bool can = run_command({"unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"}).exit_status == 0;
  return can;
}

struct Verb {
  const char* words;
  void (*prepare)(Installation&);
};
void PrintTo(const Verb& verb, std::ostream* out) { *out << verb.words; }

constexpr const char* kSize = "1200k";

/// On a disk with room for `free` bytes; then with room for everything. What is there then lies at `result`.
CommandResult run_on_small_disk(const fs::path& home, const fs::path& result, const std::string& words, int free) {
  // Everything happens in a mount of its own, which ends with the shell.
  const std::string line = fmt::format(
      "set -e; mount -t tmpfs -o size={0} none /mnt; cp -a {1}/. /mnt/; "
      "dd if=/dev/zero of=/mnt/filler bs=1k count=100000 2>/dev/null || true; "
      "[ {4} -eq 0 ] || truncate -s -{4} /mnt/filler; "
      "first=0; {2} --root /mnt --registry /mnt/registry {3} || first=$?; "
      "cp -a /mnt/. {5}/first; rm -f {5}/first/filler /mnt/filler; "
      "second=0; [ $first -eq 0 ] || {2} --root /mnt --registry /mnt/registry {3} || second=$?; "
      "cp -a /mnt/. {5}/second; [ $first -ne 0 ] || echo had-room; exit $second",
      kSize, home.string(), TRUEUP_BINARY, words, free, result.string());
  return run_command({"unshare", "-m", "bash", "-c", line});
}

/// Every document parses and still says what it said, or what was asked for.
void expect_sound(const fs::path& tree, const std::string& when) {
  for (const char* name : {"config/config.json", "config/config_secrets.json", "data/plugin_state.json"}) {
    EXPECT_TRUE(json_at(read_file(tree / name), "")) << when << ": " << name << " does not parse";
  }
  for (const auto& entry : fs::directory_iterator(tree / "plugin-repos")) {
    if (entry.path().filename().string().find(".standalone-backup-") != std::string::npos) continue;
    for (const char* name : {"manifest.json", "manager.py", "config_schema.json", "requirements.txt"}) {
      EXPECT_TRUE(fs::exists(entry.path() / name)) << when << ": " << entry.path() << " lacks " << name;
    }
  }
}

class FullDisk : public testing::TestWithParam<Verb> {};

TEST_P(FullDisk, F43_F73_is_told_and_nothing_half_done_is_left) {
  if (!can_mount()) GTEST_SKIP() << "mounting is not allowed here: no small disk was filled";
  const bool each = std::getenv("TRUEUP_CRASH") != nullptr;
  int refused = 0;
  bool had_room = false;
  for (int free = 0; !had_room && free < 1'000'000; free += each ? 4096 : 5 * 4096) {
    const std::string when = fmt::format("{} with room for {} bytes", GetParam().words, free);
    Installation home;
    GetParam().prepare(home);
    const TempDirectory result;
    fs::create_directories(result.path() / "first");
    fs::create_directories(result.path() / "second");
    const CommandResult ran = run_on_small_disk(home.root(), result.path(), GetParam().words, free);
    EXPECT_EQ(ran.exit_status, 0) << when << ": " << ran.errors << ran.output;
    had_room = ran.output.find("had-room") != std::string::npos;
    refused += had_room ? 0 : 1;
    expect_sound(result.path() / "first", when);
    expect_sound(result.path() / "second", when + ", then with room");
    if (HasFailure()) return;
  }
  EXPECT_GT(refused, 0) << "the disk was never full";
  fmt::print("full disk: {}: refused {} times\n", GetParam().words, refused);
}

INSTANTIATE_TEST_SUITE_P(
    Real, FullDisk,
    testing::Values(Verb{"install absent", [](Installation& home) { home.add_healthy("steady").offer("absent"); }},
                    Verb{"disable steady", [](Installation& home) { home.add_healthy("steady"); }},
                    Verb{"uninstall leaving",
                         [](Installation& home) { home.add_healthy("steady").add_healthy("leaving"); }},
                    Verb{"reconcile",
                         [](Installation& home) {
                           home.add_healthy("steady").add_plugin("fresh").record("steady", false, "1.0.0");
                         }}),
    [](const auto& verb) {
      std::string name = verb.param.words;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

}  // namespace
}  // namespace trueup::test
