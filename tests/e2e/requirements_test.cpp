// What a plugin needs of the Python that runs the display.
#include <gmock/gmock.h>

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
    while (read_file(cmdline).find("run.py") == std::string::npos) {
    }
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

}  // namespace
}  // namespace trueup::test
