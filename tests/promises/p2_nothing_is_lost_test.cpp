// Promise 2: what a verb replaces or removes is kept, and undo brings it back.
#include <filesystem>
#include <map>

#include "promises/promises.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

/// Path and bytes of every file that is not trueup's own.
std::map<std::string, std::string> bytes_of(Installation& home) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(home.root())) {
    const std::string path = fs::relative(entry.path(), home.root());
    if (!entry.is_regular_file() || path.starts_with(".trueup") || path.find("/.trueup.") != std::string::npos)
      continue;
    files[path] = read_file(entry.path());
  }
  return files;
}

/// The paths whose bytes are nowhere any more.
std::vector<std::string> lost(const std::map<std::string, std::string>& before, Installation& home) {
  const auto after = bytes_of(home);
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : before) {
    const auto now = after.find(path);
    if (now != after.end() && now->second == bytes) continue;
    if (!some_file_is(home.root(), bytes)) paths.push_back(path);
  }
  return paths;
}

struct Replacing {
  std::string name;
  std::vector<std::string> words;
  void (*prepare)(Installation&);
  int exit_status = 0;
};

const std::vector<Replacing> kReplacing{
    {"reconcile", {"reconcile"}, Promises::drift},
    {"reconcile, damaged state", {"reconcile"}, Promises::drift_with_damaged_state, 2},
    {"reconcile --rules ledmatrix", {"--rules", "ledmatrix", "reconcile"}, Promises::drift, 3},
    {"enable", {"enable", "fresh"}, Promises::drift},
    {"disable", {"disable", "steady"}, Promises::drift},
    {"install", {"install", "absent"}, Promises::drift},
    {"install a newer one",
     {"install", "mine"},
     [](Installation& home) {
       home.add_plugin("mine", "1.0.0").set_enabled("mine", true).record("mine", true, "1.0.0").offer("mine", "2.0.0");
       home.write("plugin-repos/mine/notes.txt", "of the owner");
       home.write("plugin-repos/mine/manager.py", "# changed by the owner\n");
     }},
    {"update",
     {"update", "--all"},
     [](Installation& home) {
       home.add_plugin("mine", "1.0.0").set_enabled("mine", true).record("mine", true, "1.0.0").offer("mine", "2.0.0");
       home.write("plugin-repos/mine/notes.txt", "of the owner");
     }},
    {"uninstall",
     {"uninstall", "steady"},
     [](Installation& home) {
       Promises::drift(home);
       home.write("plugin-repos/steady/cache/data.bin", std::string("\0\1\2", 3));
     }},
    {"uninstall --keep-config", {"uninstall", "--keep-config", "steady"}, Promises::drift},
    {"uninstall --dir",
     {"uninstall", "--dir", "rubbish"},
     [](Installation& home) {
       Promises::drift(home);
       home.write("plugin-repos/rubbish/half.py", "# not a plugin\n");
     }},
    {"restore", {"restore", "config", "--from", "config/config.template.json"}, Promises::drift},
};

TEST_F(Promises, p2_nothing_is_lost_that_a_verb_replaced_and_undo_brings_back_every_byte) {
  for (const Replacing& verb : kReplacing) {
    SCOPED_TRACE(verb.name);
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    verb.prepare(place);
    place.root();
    const auto bytes = bytes_of(place);
    const Snapshot before = owners_files(place);
    const CommandResult ran = on_place.run(verb.words);
    ASSERT_EQ(ran.exit_status, verb.exit_status) << ran.output << ran.errors;
    EXPECT_NE(difference(before, owners_files(place), Compare::contents), "") << "it replaced nothing";
    EXPECT_THAT(lost(bytes, place), testing::IsEmpty());
    const CommandResult undone = on_place.run({"undo", "--to", "1"});
    EXPECT_EQ(undone.exit_status, 0) << undone.output << undone.errors;
    EXPECT_EQ(difference(before, owners_files(place), Compare::contents), "");
  }
}

TEST_F(Promises, p2_nothing_is_lost_when_the_disk_takes_no_more) {
  for (const std::string rules : kRuleSets) {
    for (const int kilobytes : {0, 1, 2, 4, 8, 16, 32}) {  // the longest file that can be written
      SCOPED_TRACE(rules + ", " + std::to_string(kilobytes) + " KiB");
      Installation full;
      Trueup on_full{TRUEUP_BINARY, full};
      drift(full);
      full.set_section("padding", "\"" + std::string(3000, 'x') + "\"");
      full.root();
      const auto bytes = bytes_of(full);
      std::string line = "trap '' XFSZ; ulimit -f " + std::to_string(kilobytes) + "; exec";
      for (const std::string& word : on_full.command(under(rules, {"reconcile"}))) line += " '" + word + "'";
      run_command({"bash", "-c", line});
      EXPECT_THAT(lost(bytes, full), testing::IsEmpty());
      EXPECT_TRUE(json_at(read_file(full.config()), "/padding")) << "config.json does not read";
      // With room again it goes on by itself.
      on_full.shown(under(rules, {"reconcile"}));
      EXPECT_THAT(lost(bytes, full), testing::IsEmpty());
      EXPECT_TRUE(rules != "safe" || on_full.plan().steps_to_do() == 0U);
      EXPECT_TRUE(seen_by_a_loader(full).contains("absent"));
    }
  }
}

TEST_F(Promises, p2_nothing_is_lost_by_undoing_what_someone_has_changed_since) {
  home.add_healthy("clock").add_healthy("news");
  EXPECT_EQ(trueup.run({"uninstall", "clock"}).exit_status, 0);
  home.write("plugin-repos/clock/manager.py", "# a new one, put there by hand\n");
  const auto bytes = bytes_of(home);
  trueup.run({"undo", "1"});
  EXPECT_THAT(lost(bytes, home), testing::IsEmpty());
}

}  // namespace
}  // namespace trueup::test
