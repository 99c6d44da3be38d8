// Promise 1: what could not be read counts as unknown, and nothing is done because something seemed to be missing.
#include <filesystem>
#include <functional>

#include "promises/promises.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::IsSupersetOf;

struct Blindness {
  std::string source;
  std::function<void(Installation&)> make;
  std::set<std::string> must_not;           // effects that rest on something not being in this source
  std::set<std::string> original_must_not;  // the same under `--rules ledmatrix`, which asks fewer sources
};

const std::set<std::string> kAllEffects{"fresh has a section",   "absent is installed", "gone is forgotten",
                                        "switched is corrected", "newer is corrected",  "odd is made again"};
constexpr const char* kNoDatabase = "this is no database, and longer than the header of one would have to be, by far";

void make_a_ledger(Installation& home) {
  Trueup trueup{TRUEUP_BINARY, home};
  ASSERT_EQ(trueup.run({"disable", "steady"}).exit_status, 0);
  ASSERT_EQ(trueup.run({"enable", "steady"}).exit_status, 0);
}

const std::vector<Blindness> kBlindnesses{
    {"config",
     [](Installation& home) { home.write("config/config.json", "{\"steady\": {\"enab"); },
     {"fresh has a section", "absent is installed", "gone is forgotten", "switched is corrected", "odd is made again"},
     {"fresh has a section", "absent is installed", "switched is turned off"}},
    {"secrets",
     [](Installation& home) { home.write("config/config_secrets.json", "{\"steady\": "); },
     {},
     {"fresh has a section", "switched is turned off"}},
    {"state",
     [](Installation& home) {
       fs::remove(home.state());
       fs::create_directories(home.state() / "x");
     },
     kAllEffects,
     {"switched is turned off"}},
    {"disk",
     [](Installation& home) {
       fs::rename(home.plugins(), home.root() / "unplugged");
       home.write("plugin-repos", "not a directory\n");
     },
     {"fresh has a section", "absent is installed", "gone is forgotten", "newer is corrected", "odd is made again"},
     {"fresh has a section", "absent is installed"}},
    {"tombstones",
     [](Installation& home) { home.write("config/uninstalled_plugins.json", "[\"absent\""); },
     kAllEffects,
     {}},
    {"registry",
     [](Installation& home) { home.write("registry/plugins.json", "{\"plugins\": ["); },
     {"absent is installed"},
     {"absent is installed"}},
    {"ledger",
     [](Installation& home) {
       make_a_ledger(home);
       home.write(".trueup/ledger.db", kNoDatabase);
     },
     kAllEffects,
     {}},
};

/// What a pass has done to the files of `Promises::drift`, told from the files alone.
std::set<std::string> effects(Installation& home) {
  std::set<std::string> seen;
  const std::string config = read_file(home.config());
  if (config.find("\"fresh\"") != std::string::npos) seen.insert("fresh has a section");
  if (json_at(config, "/switched/enabled") == "false") seen.insert("switched is turned off");
  if (fs::exists(home.plugin("absent"))) seen.insert("absent is installed");
  if (!fs::is_regular_file(home.state())) return seen;
  const std::string state = read_file(home.state());
  const auto recorded = [&state](const std::string& pointer) { return json_at(state, "/states/" + pointer); };
  if (!recorded("gone")) seen.insert("gone is forgotten");
  if (recorded("switched/enabled") == "true") seen.insert("switched is corrected");
  if (recorded("newer/version") == "\"2.0.0\"") seen.insert("newer is corrected");
  if (recorded("odd/plugin_id")) seen.insert("odd is made again");
  return seen;
}

TEST_F(Promises, p1_unknown_is_not_absent_in_a_pass_whichever_source_cannot_be_read) {
  for (const std::string rules : kRuleSets) {
    for (const Blindness& blindness : kBlindnesses) {
      const auto& must_not = rules == "safe" ? blindness.must_not : blindness.original_must_not;
      SCOPED_TRACE(rules + ", " + blindness.source);
      Installation blind;
      Trueup on_blind{TRUEUP_BINARY, blind};
      drift(blind);
      blind.root();
      blindness.make(blind);
      const Shown done = on_blind.shown(under(rules, {"reconcile"}));
      EXPECT_EQ(done.ran.exit_status, 5) << done.ran.output;
      EXPECT_EQ(done.sources.at(blindness.source), "unreadable");
      EXPECT_NE(done.finding("source_unreadable:" + blindness.source), nullptr);
      for (const std::string& effect : effects(blind)) {
        EXPECT_FALSE(must_not.contains(effect)) << effect << ", which rests on the unreadable source";
      }
    }
  }
}

TEST_F(Promises, p1_unknown_is_not_absent_and_once_everything_reads_the_same_pass_does_it_all) {
  drift(home);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_THAT(effects(home), IsSupersetOf(kAllEffects));
  Installation other;
  drift(other);
  Trueup(TRUEUP_BINARY, other).run(under("ledmatrix", {"reconcile"}));
  EXPECT_THAT(effects(other), IsSupersetOf({"fresh has a section", "absent is installed", "switched is turned off"}));
}

TEST_F(Promises, p1_unknown_is_not_absent_for_what_the_owner_asks_for_by_name) {
  const std::vector<std::pair<Words, std::set<std::string>>> verbs{
      {{"enable", "fresh"}, {"config", "tombstones"}},
      {{"disable", "steady"}, {"config", "tombstones"}},
      {{"install", "absent"}, {"config", "secrets", "disk", "tombstones", "registry"}},
      {{"update", "steady"}, {"disk", "tombstones", "registry"}},
      {{"freeze"}, {"disk", "tombstones", "registry"}},
      {{"uninstall", "steady"}, {"config", "secrets", "disk", "tombstones"}},
      {{"reconcile", "absent"}, {"config", "disk", "state", "tombstones", "registry"}}};
  for (const Blindness& blindness : kBlindnesses) {
    if (blindness.source == "ledger") continue;  // the next test
    Installation blind;
    Trueup on_blind{TRUEUP_BINARY, blind};
    drift(blind);
    blind.root();
    blindness.make(blind);
    const Snapshot before = owners_files(blind);
    for (const auto& [words, needs] : verbs) {
      if (!needs.contains(blindness.source)) continue;
      SCOPED_TRACE(words[0] + " without " + blindness.source);
      EXPECT_NE(on_blind.run(words).exit_status, 0);
      EXPECT_EQ(difference(before, owners_files(blind), Compare::contents), "");
    }
  }
}

TEST_F(Promises, p1_unknown_is_not_absent_when_trueups_own_history_is_damaged_and_a_new_one_is_begun) {
  drift(home);
  make_a_ledger(home);
  home.write(".trueup/ledger.db", kNoDatabase);
  EXPECT_EQ(trueup.plan().ran.exit_status, 5);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 5);
  EXPECT_THAT(effects(home), IsEmpty());
  // It can be got over: the next pass goes on with a new history, and the damaged one is kept.
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0);
  EXPECT_TRUE(some_file_is(home.root() / ".trueup", kNoDatabase));
  EXPECT_THAT(effects(home), IsSupersetOf(kAllEffects));
}

TEST_F(Promises, p1_unknown_is_not_absent_even_in_a_catalogue_that_shrank_to_nothing) {
  drift(home);
  home.write("registry/plugins.json", R"({"version":"1.0.0","plugins":[]})");
  trueup.reconcile();
  EXPECT_FALSE(fs::exists(home.plugin("absent")));
  EXPECT_TRUE(json_at(read_file(home.config()), "/absent")) << "its settings are the owner's";
  EXPECT_TRUE(json_at(read_file(home.state()), "/states/absent"));
}

}  // namespace
}  // namespace trueup::test
