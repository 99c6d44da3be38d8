#include "sources/host_process.h"

#include <gtest/gtest.h>

namespace trueup::sources {
namespace {

using model::Tristate;

Tristate runs(std::vector<std::string> arguments, std::optional<std::string> working_directory) {
  platform::FakeProcessTable table;
  table.processes = {{.pid = 1, .arguments = {"init"}, .working_directory = "/"},
                     {.pid = 42, .arguments = std::move(arguments), .working_directory = std::move(working_directory)}};
  return web_process_runs(table, "/home/pi/LEDMatrix", "/data/LEDMatrix");
}

TEST(WebProcess, is_known_by_its_program_below_the_root) {
  EXPECT_EQ(runs({"python3", "/home/pi/LEDMatrix/web_interface/start.py"}, std::nullopt), Tristate::yes);
  EXPECT_EQ(runs({"python3", "/data/LEDMatrix/web_interface/start.py"}, "/"), Tristate::yes);
  EXPECT_EQ(runs({"python3", "web_interface/start.py"}, "/data/LEDMatrix"), Tristate::yes);
  EXPECT_EQ(runs({"python3", "-m", "web_interface.start"}, "/data/LEDMatrix"), Tristate::yes);
  EXPECT_EQ(runs({"python3", "start.py"}, "/data/LEDMatrix/web_interface"), Tristate::yes);
  EXPECT_EQ(runs({"python3", "/other/link/web_interface/start.py"}, "/data/LEDMatrix"), Tristate::yes);
}

TEST(WebProcess, of_another_installation_is_not_ours) {
  EXPECT_EQ(runs({"python3", "web_interface/start.py"}, "/home/other"), Tristate::no);
  EXPECT_EQ(runs({"python3", "app.py"}, "/srv"), Tristate::no);
  EXPECT_EQ(runs({"python3", "app.py"}, std::nullopt), Tristate::no);
  EXPECT_EQ(runs({"python3", "my_web_interface/start.py"}, "/data/LEDMatrix"), Tristate::no);
  EXPECT_EQ(runs({"bash"}, "/data/LEDMatrix"), Tristate::no);
}

TEST(WebProcess, that_cannot_be_placed_is_unknown) {
  EXPECT_EQ(runs({"python3", "web_interface/start.py"}, std::nullopt), Tristate::unknown);
  platform::FakeProcessTable table;
  table.failure = Error{.code = ErrorCode::io, .message = "/proc is not there"};
  EXPECT_EQ(web_process_runs(table, "/r", "/r"), Tristate::unknown);
}

TEST(WebProcess, runs_when_its_service_does) {
  platform::FakeProcessTable table;
  EXPECT_EQ(web_process_runs(table, "/r", "/r"), Tristate::no);
  table.units["ledmatrix-web.service"] = platform::UnitState::active;
  EXPECT_EQ(web_process_runs(table, "/r", "/r"), Tristate::yes);
  table.units["ledmatrix-web.service"] = platform::UnitState::unknown;
  EXPECT_EQ(web_process_runs(table, "/r", "/r"), Tristate::unknown);
}

}  // namespace
}  // namespace trueup::sources
