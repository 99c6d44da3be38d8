// Promise 9: names, manifests and the store are hostile until checked, and no secret reaches an output, an argument
// list, or a file that more people can read than its own.
#include <sys/stat.h>

#include <filesystem>

#include "promises/promises.h"
#include "support/system_calls.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
  struct stat info{};
  EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777U;
}

const std::vector<Promises::Words> kEveryVerb{{"status"},
                                              {"plan"},
                                              {"list"},
                                              {"history"},
                                              {"doctor"},
                                              {"explain", "steady"},
                                              {"reconcile"},
                                              {"disable", "steady"},
                                              {"enable", "steady"},
                                              {"uninstall", "steady"},
                                              {"undo", "1"},
                                              {"undo", "--to", "1"},
                                              {"install", "absent"},
                                              {"update", "--all"},
                                              {"freeze"},
                                              {"restore", "secrets"}};

TEST_F(Promises, p9_lets_nobody_in_to_read_a_secret) {
  for (const std::string rules : kRuleSets) {
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    drift(place);
    place.set_secret("switched", R"({"enabled":true,"token":"CANARY-switched"})");
    place.set_section("fresh-notes", R"({"password":"CANARY-in-config"})");
    place.root();
    fs::permissions(place.secrets(), fs::perms(0600));
    fs::permissions(place.config(), fs::perms(0640));
    std::string said;
    for (const Words& words : kEveryVerb) {
      for (const bool as_json : {false, true}) {
        Words all = under(rules, words);
        if (as_json) all.insert(all.begin(), "--json");
        const CommandResult ran = on_place.run(all);
        said += ran.output + ran.errors;
      }
    }
    EXPECT_EQ(said.find("CANARY"), std::string::npos) << said.substr(said.find("CANARY") - 200, 400);
    std::size_t kept = 0;
    for (const std::string& path : files_containing(place.root(), "CANARY-s")) {
      EXPECT_EQ(mode_of(place.root() / path) & 077U, 0U) << path << " can be read by more than the secrets file";
      kept += path.starts_with(".trueup/kept/") ? 1 : 0;
    }
    for (const std::string& path : files_containing(place.root(), "CANARY-in-config")) {
      EXPECT_EQ(mode_of(place.root() / path) & 007U, 0U) << path << " can be read by more than config.json";
    }
    EXPECT_GT(kept, 0U) << "nothing was kept, so nothing was shown";
  }
}

TEST_F(Promises, p9_lets_nobody_in_through_an_argument_list_or_another_program) {
  if (!can_trace_system_calls()) GTEST_SKIP() << "strace is not here or may not trace";
  drift(home);
  const TempDirectory place;
  const std::string trace = place.path() / "trace";
  for (const Words& words : {Words{"reconcile"}, {"uninstall", "steady"}, {"undo", "--to", "1"}}) {
    const Words all = traced({"-v", "-s", "4096", "-e", "trace=execve,execveat,sendto,sendmsg,connect", "-o", trace},
                             trueup.command(words));
    EXPECT_EQ(run_command(all).exit_status, 0) << words[0];
    const std::string calls = read_file(trace);
    EXPECT_NE(calls.find("execve("), std::string::npos);
    EXPECT_EQ(calls.find("CANARY"), std::string::npos) << calls;
    EXPECT_EQ(calls.find("execve(", calls.find("execve(") + 1), std::string::npos) << "another program: " << calls;
  }
}

TEST_F(Promises, p9_lets_nobody_in_by_a_name_that_drives_the_terminal) {
  const std::string evil = "\x1b[2J\x07\xe2\x80\xae\xc2\x9b";  // clears the screen, rings, turns the text around
  for (const std::string rules : kRuleSets) {
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    drift(place);
    place.set_section("k\\u001b[2J\\u202e", R"({"enabled": true})");
    place.write("plugin-repos/dir" + evil + "/manifest.json", R"({"id": "x\u001b[1m", "name": "\u009b31m"})");
    place.write("plugin-repos/named/manifest.json",
                R"({"id": "named", "name": "\u001b]0;owned\u0007", "version": "1\u202e"})");
    place.record_entry("rec\\u0007ord", R"("\u001b")");
    place.add_tombstone("tomb\x1b[1m");
    for (Words words : kEveryVerb) {
      for (const bool as_json : {false, true}) {
        Words all = under(rules, words);
        if (as_json) all.insert(all.begin(), "--json");
        const CommandResult ran = on_place.run(all);
        const std::string said = ran.output + ran.errors;
        for (const char* bad : {"\x1b", "\x07", "\xe2\x80\xae", "\xc2\x9b", "\r"}) {
          EXPECT_EQ(said.find(bad), std::string::npos) << words[0] << " says it unescaped";
        }
      }
    }
  }
}

TEST_F(Promises, p9_lets_nobody_in_through_links_out_of_the_store_or_out_of_a_plugin) {
  for (const std::string rules : kRuleSets) {
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    place.add_healthy("clock");
    const fs::path outside = place.root().parent_path() / "outside";
    write_file(outside / "secret.txt", "CANARY-outside");
    for (const char* id : {"linked-file", "linked-directory", "climbing", "absolute"}) {
      place.offer(id).set_enabled(id, true).record(id, true);
    }
    place.root();
    fs::create_symlink(outside / "secret.txt", place.registry() / "plugins/linked-file/stolen.txt");
    fs::create_directory_symlink(outside, place.registry() / "plugins/linked-directory/stolen");
    std::string registry = read_file(place.registry() / "plugins.json");
    const auto redirect = [&registry](const std::string& from, const std::string& to) {
      registry.replace(registry.find(from), from.size(), to);
    };
    redirect("plugins/climbing", "plugins/../../../outside");
    redirect("plugins/absolute", outside.string());
    place.write("registry/plugins.json", registry);
    const Snapshot before = take_snapshot(outside);
    const CommandResult ran = on_place.run(under(rules, {"reconcile"}));
    EXPECT_NE(ran.exit_status, 0) << ran.output;
    EXPECT_THAT(files_containing(place.plugins(), "CANARY-outside"), testing::IsEmpty());
    for (const auto& entry : fs::recursive_directory_iterator(place.plugins())) {
      EXPECT_FALSE(entry.is_symlink()) << entry.path();
    }
    EXPECT_FALSE(fs::exists(place.plugin("climbing")));
    EXPECT_FALSE(fs::exists(place.plugin("absolute")));
    EXPECT_EQ(difference(before, take_snapshot(outside)), "");
  }
}

TEST_F(Promises, p9_lets_nobody_in_by_ids_that_are_paths_wherever_they_stand) {
  const std::vector<std::string> hostile{"../evil", "..",  "/etc/evil", "a/b",
                                         ".hidden", "-rf", "con\\\\..", "evil\\u0000"};
  for (const std::string rules : kRuleSets) {
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    place.add_healthy("clock").add_plugin("fresh");
    std::string registry;
    for (const std::string& id : hostile) {
      place.set_section(id == hostile.back() ? "evil\\u0000" : id, R"({"enabled":true})");
      place.record_entry(id, R"({"plugin_id":"x","enabled":true,"status":"enabled"})");
      registry += (registry.empty() ? "" : ",") + std::string(R"({"id":")") + id + R"(","plugin_path":"plugins/)" + id +
                  R"(","latest_version":"1.0.0"})";
    }
    place.write("registry/plugins.json", R"({"version":"1.0.0","plugins":[)" + registry + "]}");
    place.write(
        "plugin-repos/claims/manifest.json",
        R"({"id":"../../config","name":"x","version":"1","entry_point":"../../../outside.py","class_name":"X"})");
    write_file(place.root().parent_path() / "outside.py", "class X: pass\n");
    const Snapshot before = take_snapshot(place.root().parent_path());
    on_place.run(under(rules, {"reconcile"}));
    const Snapshot after = take_snapshot(place.root().parent_path());
    for (const auto& [path, facts] : after) {
      if (before.contains(path)) continue;
      EXPECT_TRUE(path.starts_with("ledmatrix/.trueup") ||
                  path.starts_with("ledmatrix/plugin-repos/.trueup.standalone-backup-work"))
          << path << " was made";
    }
  }
}

}  // namespace
}  // namespace trueup::test
