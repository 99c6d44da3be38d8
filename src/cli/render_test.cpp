#include "cli/render.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "cli/pass_sample.h"
#include "cli/text.h"

namespace trueup::cli {
namespace {

using sample::Pass;

constexpr Terminal kPipe{};
constexpr Terminal kScreen{.interactive = true, .columns = 80, .rows = 50};

std::string plan_text(const PassView& pass, const Terminal& terminal) {
  StringSink out;
  render_plan(pass, terminal, out);
  return out.text();
}

std::string reconcile_text(const PassView& pass, const Terminal& terminal) {
  StringSink out;
  render_reconcile(pass, terminal, out);
  return out.text();
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    widest = std::max(widest, end - begin);
  }
  return widest;
}

Pass drifted() {
  Pass pass;
  pass.finds(sample::unread("secrets", "config/config_secrets.json"));
  pass.finds(sample::damaged("stocks")).finds(sample::fixable("weather")).does(sample::install("weather"));
  pass.finds(sample::note("my_notes")).finds(sample::held("music"));
  pass.has("clock").has("flights").has("of-the-day", false).has("stocks", true, {"manifest_unusable"});
  return pass;
}

TEST(RenderStatus, says_what_why_and_what_happens_next_and_ends_with_the_command_to_run) {
  const Pass pass = drifted();
  EXPECT_EQ(render_status(pass.view(), kScreen), R"(/home/pi/LEDMatrix
1 source could not be read, 1 problem needs you, 1 can be mended

Could not be read, so nothing was decided on it:
  ! config/config_secrets.json could not be read: it ends in the middle of a
    value (line 7)
    -> nothing was changed. `trueup restore config/config_secrets.json` puts
       back .trueup/kept/3-config.json

Needs you:
  ! Plugin stocks is damaged: its manifest.json ends in the middle (line 3)
    -> nothing was changed; `trueup install stocks` puts a new copy in its place
       and keeps this one

Will be mended by `trueup reconcile`:
  ~ Plugin weather in config but not on disk (plugin-repos has nothing of that
    name; config/config.json has a section for it, which is on)
    -> reconcile will install weather 2.0.0 from /mnt/registry

3 of 4 plugins in agreement; on: clock, flights; 1 off.
What runs is unknown: this LEDMatrix does not tell.
Held because you said so: music (`trueup plan` says what).
1 note needs nothing (`trueup plan` lists it).

Next: trueup restore config/config_secrets.json
)");
}

TEST(RenderStatus, in_a_pipe_is_one_plain_line_a_problem) {
  const Pass pass = drifted();
  const std::string text = render_status(pass.view(), kPipe);
  EXPECT_NE(text.find("~ Plugin weather in config but not on disk (plugin-repos has nothing of that name; "
                      "config/config.json has a section for it, which is on) -> reconcile will install weather 2.0.0 "
                      "from /mnt/registry\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(RenderStatus, of_a_sound_installation_is_good_news_and_no_command) {
  Pass pass;
  pass.has("clock").has("flights");
  EXPECT_EQ(render_status(pass.view(), kScreen), R"(/home/pi/LEDMatrix: everything is in agreement

2 of 2 plugins in agreement; on: clock, flights.
What runs is unknown: this LEDMatrix does not tell.
)");
}

TEST(RenderStatus, fits_the_screen_however_much_is_wrong_and_still_names_how_much) {
  for (const std::size_t rows : {24U, 30U, 60U}) {
    for (const std::size_t problems : {1U, 5U, 12U, 40U, 1000U}) {
      Pass pass;
      for (std::size_t i = 0; i < problems; ++i) {
        const std::string id = "plugin-" + std::to_string(i);
        pass.finds(sample::fixable(id)).does(sample::install(id));
        pass.finds(sample::damaged("broken-" + std::to_string(i)));
      }
      for (const Terminal& terminal :
           {Terminal{.interactive = true, .columns = 80, .rows = rows}, Terminal{.rows = rows}}) {
        const std::string text = render_status(pass.view(), terminal);
        EXPECT_LT(lines_in(text), rows) << text;
        EXPECT_NE(text.find(std::to_string(problems)), std::string::npos);
        EXPECT_NE(text.find("Next: trueup reconcile\n"), std::string::npos);
        if (terminal.interactive) {
          EXPECT_LE(widest_line(text), 80U) << text;
        }
      }
    }
  }
}

// NOLINTBEGIN(misc-misleading-bidirectional): misleading text is what this is about.
TEST(RenderStatus, shows_nothing_that_could_drive_the_terminal_F149) {
  Pass pass;
  model::Inconsistency hostile = sample::damaged("evil");
  hostile.description = "Plugin \x1b[2Jevil\n\xe2\x80\xae is damaged";
  hostile.advice = "`trueup install \x1b]0;x\x07`";
  hostile.evidence = {{"plugin-repos/\x1b[31m", "\x9b\x07"}};
  pass.finds(hostile).has("\x1b[5mname");
  for (const Terminal& terminal : {kScreen, kPipe}) {
    const std::string all = render_status(pass.view(), terminal) + plan_text(pass.view(), terminal) +
                            reconcile_text(pass.view(), terminal) + render_list(pass.plugins, terminal);
    for (const char bad : {'\x1b', '\x07', '\x9b'}) EXPECT_EQ(all.find(bad), std::string::npos);
    EXPECT_EQ(all.find("\xe2\x80\xae"), std::string::npos);
  }
}
// NOLINTEND(misc-misleading-bidirectional)

TEST(RenderPlan, numbers_the_steps_and_says_which_value_changes_in_which_file) {
  Pass pass;
  pass.finds(sample::fixable("weather")).does(sample::install("weather")).does(sample::record_off("clock"));
  pass.finds(sample::held("music")).finds(sample::note("my_notes"));
  EXPECT_EQ(plan_text(pass.view(), kScreen), R"(/home/pi/LEDMatrix: `trueup reconcile` would take 2 steps
  1. install weather 2.0.0 from /mnt/registry
  2. record clock as off in data/plugin_state.json
     data/plugin_state.json: states.clock.enabled: true -> false

Held because you said so:
  - Plugin music in config but not on disk (plugin-repos has nothing of that
    name; config/config.json has a section for it, which is on)
    -> held: `trueup reconcile music` mends it all the same

Notes, nothing to be done:
  - config.json has a section my_notes that no plugin is known for
    (config/config.json has a section `my_notes`)
    -> it is left exactly as it is

Nothing was written. To do it: trueup reconcile
)");
}

TEST(RenderPlan, lists_held_steps_apart_with_the_command_that_does_them) {
  Pass pass;
  model::Step step = sample::install("weather");
  step.held = "over_budget";
  pass.does(step);
  const std::string text = plan_text(pass.view(), kScreen);
  EXPECT_NE(text.find("nothing to do.\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Held: 1 step until you say so\n  1. install weather 2.0.0"), std::string::npos) << text;
  EXPECT_NE(text.find("trueup reconcile --confirm 5f1d0000"), std::string::npos) << text;
}

TEST(RenderPlan, never_shows_a_secret_nor_a_text_of_config) {
  Pass pass;
  model::Step step{.action = model::StepAction::set_enabled, .plugin_id = "weather", .summary = "settle both files"};
  step.edits = {{.document = model::DocumentName::secrets,
                 .path = {"weather", "enabled"},
                 .expected = "\"CANARY\"",
                 .value = "true"},
                {.document = model::DocumentName::config, .path = {"weather"}, .expected = R"({"api_key": "CANARY"})"},
                {.document = model::DocumentName::config,
                 .path = {"weather", "enabled"},
                 .expected = "\"CANARY\"",
                 .value = "true"}};
  pass.does(step);
  EXPECT_EQ(plan_text(pass.view(), kScreen).find("CANARY"), std::string::npos);
  EXPECT_EQ(plan_text(pass.view(), kPipe).find("CANARY"), std::string::npos);
  EXPECT_NE(plan_text(pass.view(), kPipe).find("weather.enabled: (not shown) -> true"), std::string::npos);
}

TEST(RenderReconcile, tells_what_was_mended_what_still_stands_and_what_needs_you) {
  Pass pass;
  pass.finds(sample::fixable("weather")).does(sample::install("weather"));
  pass.finds(sample::fixable("music")).does(sample::install("music")).finds(sample::damaged("stocks"));
  PassView view = pass.view();
  view.reconciled = true;
  view.history = {1};
  view.steps = {{.kind = engine::StepResult::Kind::done},
                {.kind = engine::StepResult::Kind::failed, .why = "/mnt/registry/plugins/music holds a link"}};
  view.result = {};
  view.result.inconsistencies_found.add_all(pass.plan.findings);
  view.result.inconsistencies_fixed.add(pass.plan.findings[0]);
  view.result.inconsistencies_manual.add(pass.plan.findings[2]);
  view.result.message =
      "Reconciliation complete: 3 inconsistencies found, 1 fixed automatically, 1 require manual attention";
  EXPECT_EQ(reconcile_text(view, kScreen), R"(Mended:
  + Plugin weather in config but not on disk -> install weather 2.0.0 from
    /mnt/registry

Still wrong:
  ~ Plugin music in config but not on disk
    -> /mnt/registry/plugins/music holds a link

Needs you:
  ! Plugin stocks is damaged: its manifest.json ends in the middle (line 3)
    -> nothing was changed; `trueup install stocks` puts a new copy in its place
       and keeps this one

Reconciliation complete: 3 inconsistencies found, 1 fixed automatically, 1
require manual attention
What was replaced is kept: `trueup undo` takes it back.
)");
}

TEST(RenderList, is_an_aligned_table_on_a_terminal_and_tab_separated_in_a_pipe) {
  const std::vector<planner::RosterEntry> rows{{.id = "clock",
                                                .directory = "clock",
                                                .version = "1.0.0",
                                                .enabled = true,
                                                .enabled_from = "config",
                                                .state = planner::PluginState::healthy},
                                               {.id = "ledmatrix-weather",
                                                .directory = "weather",
                                                .version = "",
                                                .enabled_from = "unstated",
                                                .state = planner::PluginState::damaged,
                                                .reasons = {"Plugin ledmatrix-weather is damaged: no manifest"}}};
  EXPECT_EQ(render_list(rows, kScreen), R"(PLUGIN             VERSION  ENABLED         STATE    WHY
clock              1.0.0    on              healthy
ledmatrix-weather  -        off (unstated)  damaged  is damaged: no manifest;
                                                     directory weather
)");
  EXPECT_EQ(render_list(rows, kPipe),
            "clock\t1.0.0\ton\thealthy\t\n"
            "ledmatrix-weather\t-\toff (unstated)\tdamaged\tis damaged: no manifest; directory weather\n");
}

TEST(RenderReconcile, counts_what_needs_a_person_now_and_says_what_was_not_verified) {
  Pass pass;
  pass.finds(sample::fixable("weather")).does(sample::install("weather"));
  Pass later;
  later.finds(sample::damaged("stocks"));
  PassView view = pass.view();
  view.reconciled = true;
  view.result.inconsistencies_fixed.add(pass.plan.findings[0]);
  view.result.inconsistencies_manual = {};
  view.unverified = {"plugin_missing_on_disk:weather"};
  view.after = &later.plan;
  const std::string text = reconcile_text(view, kPipe);
  EXPECT_NE(text.find("(not verified: a second look still finds it)"), std::string::npos) << text;
  EXPECT_NE(text.find("! Plugin stocks is damaged"), std::string::npos) << text;
  EXPECT_NE(text.find("Now 1 problem needs you."), std::string::npos) << text;
}

TEST(RenderReconcile, what_failed_and_is_a_persons_from_now_on_is_told_once) {
  Pass pass;
  pass.finds(sample::fixable("weather")).does(sample::install("weather"));
  Pass later;
  model::Inconsistency refused = sample::fixable("weather");
  refused.fix_action = model::FixAction::manual_fix_required;
  later.finds(refused);
  PassView view = pass.view();
  view.reconciled = true;
  view.result.inconsistencies_manual.add(pass.plan.findings[0]);
  view.after = &later.plan;
  const std::string text = reconcile_text(view, kPipe);
  EXPECT_EQ(text.find("Plugin weather"), text.rfind("Plugin weather")) << text;
}

TEST(RenderPlan, a_step_that_waits_for_a_second_look_needs_no_word_of_the_owners) {
  Pass pass;
  model::Step step = sample::install("weather");
  step.held = "second_look";
  pass.finds(sample::fixable("weather")).does(step);
  const std::string text = plan_text(pass.view(), kPipe);
  EXPECT_NE(text.find("1. install weather 2.0.0 from /mnt/registry (waits for a second look)"), std::string::npos);
  EXPECT_EQ(text.find("--confirm"), std::string::npos) << text;
}

TEST(RenderList, says_it_in_the_words_of_status) {
  Pass pass;
  pass.has("bird", false, {"Plugin bird enabled state mismatch: config=False, state_manager=True"});
  const std::string text = render_list(pass.plugins, kPipe);
  EXPECT_NE(text.find("\tis off in config and recorded as on\n"), std::string::npos) << text;
}

TEST(RenderStatus, many_of_one_kind_are_one_group_whatever_the_reason) {
  Pass pass;
  for (int i = 0; i < 40; ++i) {
    model::Inconsistency one = sample::damaged(fmt::format("p{}", i));
    if (i % 2 == 0) one.reason = "manifest_missing";
    pass.finds(one);
  }
  const std::string text = render_status(pass.view(), kScreen);
  EXPECT_NE(text.find("40 plugins are damaged"), std::string::npos) << text;
}

TEST(RenderStatus, plugins_that_lack_python_packages_are_not_counted_with_those_for_another_LEDMatrix) {
  Pass pass;
  for (int i = 0; i < 40; ++i) {
    model::Inconsistency one = sample::damaged(fmt::format("p{}", i));
    one.inconsistency_type = model::InconsistencyType::plugin_incompatible;
    if (i % 4 == 0) {
      one.finding = model::finding_id(one.inconsistency_type, one.plugin_id, "requirements");
      one.reason = i == 0 ? "settling" : "requirements_missing";
    }
    pass.finds(one);
  }
  const std::string text = render_status(pass.view(), kScreen);
  EXPECT_NE(text.find("10 plugins need Python packages that are not installed"), std::string::npos) << text;
  EXPECT_NE(text.find("30 plugins do not fit this LEDMatrix"), std::string::npos) << text;
}

TEST(RenderStatus, a_digest_that_many_wait_for_is_said_once) {
  Pass pass;
  for (const char* id : {"a", "b", "c", "d"}) {
    model::Inconsistency one = sample::damaged(id);
    one.reason = "over_budget";
    one.advice = "nothing was done: look at `trueup plan`, then `trueup reconcile --confirm 5f1d`";
    pass.finds(one);
  }
  const std::string text = plan_text(pass.view(), kPipe);
  EXPECT_EQ(text.find("--confirm 5f1d`"), std::string::npos) << text;
  EXPECT_NE(text.find("held: it is much at once"), std::string::npos) << text;
}

TEST(RenderExplain, of_what_runs_although_it_is_off_does_not_say_that_it_is_not_on_the_display) {
  planner::Explanation explanation{.id = "bus",
                                   .chain = {{.link = "wanted", .sentence = "config.json switches it off"}}};
  model::Inconsistency runs = sample::note("bus");
  runs.inconsistency_type = model::InconsistencyType::plugin_running_unexpectedly;
  explanation.findings.push_back(runs);
  const std::string text = render_explanation(explanation, "bus", kPipe);
  EXPECT_EQ(text.find("bus is on the display, although it is not wanted"), 0U) << text;
}

TEST(RenderExplain, stops_at_the_first_broken_link_and_names_what_mends_it) {
  const planner::Explanation explanation{.id = "weather",
                                         .chain = {{.link = "wanted",
                                                    .ok = true,
                                                    .sentence = "config.json switches it on",
                                                    .evidence = {{"config/config.json", "`weather.enabled` is true"}}},
                                                   {.link = "installed",
                                                    .sentence = "nothing of that name is installed",
                                                    .evidence = {{"plugin-repos", "has nothing of that name"}},
                                                    .mend = "trueup reconcile weather"}}};
  EXPECT_EQ(render_explanation(explanation, "weather", kScreen),
            R"(weather is not on the display, because it is not installed
  ok  wanted      config.json switches it on (config/config.json:
                  `weather.enabled` is true)
  NO  installed   nothing of that name is installed (plugin-repos has nothing of
                  that name)

Next: trueup reconcile weather
)");
}

TEST(RenderExplain, says_that_what_runs_is_unknown_instead_of_guessing) {
  const planner::Explanation explanation{
      .id = "weather", .chain = {{.link = "running", .known = false, .sentence = "this LEDMatrix does not tell"}}};
  EXPECT_EQ(render_explanation(explanation, "wx", kPipe),
            "weather (asked for as wx) should be on the display; nothing known here keeps it off\n"
            "? running: this LEDMatrix does not tell\n");
}

TEST(RenderHistory, shows_local_time_and_what_was_undone) {
  const std::vector<ledger::Action> rows{{.number = 1,
                                          .at = 1774516502,
                                          .verb = "reconcile",
                                          .plugin_id = "weather",
                                          .reason = "missing",
                                          .result = "installed 2.0.0",
                                          .undone_by = 2},
                                         {.number = 2,
                                          .at = 1774516562,
                                          .verb = "undo",
                                          .plugin_id = "weather",
                                          .reason = "asked_by_owner",
                                          .result = "undone"}};
  EXPECT_EQ(render_history(
                rows, [](std::int64_t) { return 3600; }, kScreen),
            R"(N  WHEN              VERB       PLUGIN   WHY             RESULT
1  2026-03-26 10:15  reconcile  weather  missing         installed 2.0.0, undone
                                                         by 2
2  2026-03-26 10:16  undo       weather  asked_by_owner  undone
)");
}

TEST(RenderDoctor, puts_advice_under_what_is_wrong) {
  const DoctorReport report{.root = "/r",
                            .checks = {{.name = "config", .says = "reads"},
                                       {.name = "free space",
                                        .verdict = Check::Verdict::warning,
                                        .says = "12 MB are free",
                                        .advice = "make room: installs are refused below 50 MB"}}};
  EXPECT_EQ(render_doctor(report, kScreen), R"(/r
  ok    config      reads
  warn  free space  12 MB are free
                    -> make room: installs are refused below 50 MB

1 thing to look at.
)");
}

TEST(RenderDoctor, all_is_not_well_while_plugins_have_findings) {
  const DoctorReport report{.root = "/r", .findings = 2};
  EXPECT_EQ(render_doctor(report, kPipe), "/r\n2 findings about plugins: `trueup status` tells what.\n");
}

TEST(RenderDoctor, says_for_each_finding_what_LEDMatrix_will_do_and_escapes_its_name) {
  const DoctorReport report{
      .root = "/r",
      .next_start = {{.finding = "a:\x1b", .plugin_id = "\x1b", .outcome = "nothing", .says = "leaves it as it is"}}};
  EXPECT_EQ(render_doctor(report, kScreen), R"(/r

When LEDMatrix's web process starts next, it
  a:\x1b: leaves it as it is

All is well.
)");
  EXPECT_NE(render_doctor(report, kPipe).find("next start: a:\\x1b: leaves it as it is (nothing)\n"),
            std::string::npos);
}

TEST(RenderError, names_what_where_and_what_to_do) {
  const Error error{.code = ErrorCode::not_found,
                    .message = "there is no such plugin",
                    .where = "wheather",
                    .hint = "Did you mean `weather`?"};
  EXPECT_EQ(render_error(error, kPipe), "trueup: wheather: there is no such plugin\ntrueup: Did you mean `weather`?\n");
}

TEST(Terminal, colours_only_where_a_person_wants_them) {
  const auto terminal = [](bool interactive, std::size_t columns, std::map<std::string, std::string> variables) {
    platform::FakeEnvironment environment;
    environment.variables = std::move(variables);
    return terminal_from(interactive, columns, 0, environment);
  };
  EXPECT_TRUE(terminal(true, 100, {}).colours);
  EXPECT_FALSE(terminal(true, 100, {{"NO_COLOR", "1"}}).colours);
  EXPECT_FALSE(terminal(true, 100, {{"TERM", "dumb"}}).colours);
  EXPECT_FALSE(terminal(false, 100, {}).colours);
  EXPECT_EQ(terminal(true, 0, {{"COLUMNS", "90"}}).columns, 90U);
  EXPECT_EQ(painted({.interactive = true, .colours = true}, Colour::bad, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(painted({.interactive = true}, Colour::bad, "x"), "x");
}

TEST(Text, suggests_what_a_person_may_have_meant_also_across_prefix_and_case) {
  const std::vector<std::string> known{"Clock", "ledmatrix-clock", "weather", "stocks"};
  EXPECT_EQ(did_you_mean("clock", known), "Did you mean `Clock` or `ledmatrix-clock`?");
  EXPECT_EQ(did_you_mean("wheather", known), "Did you mean `weather`?");
  EXPECT_EQ(did_you_mean("x", known), "");
}

TEST(Text, wraps_by_what_is_seen_and_never_cuts_a_word) {
  EXPECT_EQ(wrapped("aa bb cc", 5), (std::vector<std::string>{"aa bb", "cc"}));
  EXPECT_EQ(wrapped("a-very-long-word b", 5), (std::vector<std::string>{"a-very-long-word", "b"}));
  EXPECT_EQ(display_width("Malm\xc3\xb6"), 5U);
  EXPECT_EQ(display_width("\xe5\xa4\xa9\xe6\xb0\x97"), 4U);
}

}  // namespace
}  // namespace trueup::cli
