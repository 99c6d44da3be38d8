#include "cli/render_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/pass_sample.h"

namespace trueup::cli {
namespace {

using nlohmann::ordered_json;
using sample::Pass;

template <typename Write>
std::string written(Write write) {
  StringSink sink;
  write(sink);
  return sink.text();
}

/// Every object in it has its keys in sorted order.
void expect_sorted(const ordered_json& value, const std::string& where) {
  std::string last;
  for (auto it = value.begin(); value.is_structured() && it != value.end(); ++it) {
    if (value.is_object()) {
      EXPECT_LT(last, it.key()) << where;
      last = it.key();
    }
    expect_sorted(*it, where + "/" + (value.is_object() ? it.key() : "[]"));
  }
}

Pass everything() {
  Pass pass;
  pass.finds(sample::fixable("weather")).does(sample::install("weather")).does(sample::record_off("clock"));
  pass.finds(sample::damaged("stocks")).finds(sample::note("my_notes")).finds(sample::held("music"));
  model::Step held = sample::install("flights");
  held.held = "over_budget";
  pass.does(held).does({.action = model::StepAction::rebuild_state,
                        .rebuild = model::StateRebuild{.entries = {{.key = "clock", .record = "{}"}}}});
  pass.observation.reading(model::Source::registry) = {
      .source = model::Source::registry, .verdict = model::Verdict::unreadable, .reason = "not_fetched"};
  return pass;
}

TEST(Json, plan_has_the_fields_of_the_contract_and_nothing_of_status) {
  const Pass pass = everything();
  const auto json = ordered_json::parse(written([&](Sink& out) { write_plan_json(pass.view(), out); }));
  expect_sorted(json, "");
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["root"], "/home/pi/LEDMatrix");
  EXPECT_EQ(json["rules"], "safe");
  EXPECT_EQ(json["plan_digest"], pass.plan.digest);
  EXPECT_EQ(json["reconciliation_successful"], false);
  EXPECT_EQ(json["inconsistencies_found"].size(), 4U);
  EXPECT_EQ(json["inconsistencies_manual"].size(), 1U);
  EXPECT_EQ(json["inconsistencies_fixed"].size(), 0U);
  EXPECT_FALSE(json.contains("running"));
  EXPECT_EQ(json["sources"].size(), model::kAllSources.size());
  EXPECT_EQ(json["sources"][7],
            ordered_json::parse(R"({"name":"registry","reason":"not_fetched","verdict":"unreadable"})"));
  const auto status = ordered_json::parse(written([&](Sink& out) { write_status_json(pass.view(), out); }));
  EXPECT_TRUE(status.contains("running"));
  expect_sorted(status, "");
}

TEST(Json, an_inconsistency_has_the_seven_original_fields_and_ours) {
  const Pass pass = everything();
  const auto json = ordered_json::parse(written([&](Sink& out) { write_plan_json(pass.view(), out); }));
  EXPECT_EQ(json["inconsistencies_found"][0], ordered_json::parse(R"({
    "advice": "", "can_auto_fix": true, "current_state": {"exists_on_disk": false},
    "description": "Plugin weather in config but not on disk",
    "evidence": [{"fact": "has nothing of that name", "where": "plugin-repos"},
                 {"fact": "has a section for it, which is on", "where": "config/config.json"}],
    "expected_state": {"exists_on_disk": true}, "finding": "plugin_missing_on_disk:weather",
    "fix_action": "auto_fix", "inconsistency_type": "plugin_missing_on_disk", "plugin_id": "weather",
    "reason": "missing"})"));
}

TEST(Json, steps_say_what_they_edit_and_whether_they_are_held) {
  const Pass pass = everything();
  const auto json = ordered_json::parse(written([&](Sink& out) { write_plan_json(pass.view(), out); }));
  EXPECT_EQ(json["steps"][0]["install"], ordered_json::parse(R"({"candidates":["weather"],"wanted_id":"weather"})"));
  EXPECT_EQ(json["steps"][0]["held"], "");
  EXPECT_EQ(
      json["steps"][1]["edits"][0],
      ordered_json::parse(R"({"document":"state","expected":true,"path":["states","clock","enabled"],"value":false})"));
  EXPECT_EQ(json["steps"][2]["held"], "over_budget");
  EXPECT_EQ(json["steps"][3]["rebuild"], ordered_json::parse(R"(["clock"])"));
}

TEST(Json, never_holds_a_secret_nor_a_text_of_config) {
  Pass pass;
  model::Step step{.action = model::StepAction::set_enabled, .plugin_id = "weather"};
  step.edits = {
      {.document = model::DocumentName::secrets, .path = {"weather", "k"}, .expected = "\"CANARY\"", .value = "1"},
      {.document = model::DocumentName::config, .path = {"weather"}, .expected = R"({"api_key": "CANARY"})"}};
  pass.does(step);
  const std::string text = written([&](Sink& out) { write_plan_json(pass.view(), out); });
  EXPECT_EQ(text.find("CANARY"), std::string::npos);
  EXPECT_NE(text.find(R"("expected":null,"path":["weather","k"],"shown":false)"), std::string::npos) << text;
}

TEST(Json, every_other_object_is_sorted_and_says_its_schema) {
  const std::vector<planner::RosterEntry> rows{{.id = "clock", .running = model::Tristate::yes},
                                               {.id = "w", .reasons = {"missing"}}};
  const std::vector<std::string> texts{
      written([&](Sink& out) { write_list_json(rows, out); }),
      written([&](Sink& out) {
        write_explain_json(
            {.id = "w", .chain = {{.link = "wanted", .evidence = {{"a", "b"}}}}, .findings = {sample::note("w")}}, out);
      }),
      written([&](Sink& out) { write_history_json({{.number = 1, .at = 5}, {.number = 2, .undone_by = 1}}, out); }),
      written([&](Sink& out) {
        write_doctor_json({.root = "/r", .checks = {{.name = "config"}}, .next_start = {{.finding = "f"}}}, out);
      }),
      written(
          [&](Sink& out) { write_change_json({.verb = "enable", .changed = true, .details = {"x"}, .n = 4}, out); }),
      written([&](Sink& out) { write_error_json({.code = ErrorCode::busy, .message = "m"}, out); })};
  for (const std::string& text : texts) {
    const auto json = ordered_json::parse(text);
    expect_sorted(json, "");
    EXPECT_EQ(json["schema"], 1) << text;
    EXPECT_EQ(text.back(), '\n');
  }
}

TEST(Json, is_ascii_and_keeps_every_text_whatever_it_holds) {
  const std::string hostile = "a\x1b[2J\xe2\x80\xae\"\\\n\t\x7f caf\xc3\xa9 \xf0\x9f\x98\x80";
  const std::string text = written([&](Sink& out) { write_error_json({.message = hostile, .where = "\xff"}, out); });
  for (const char c : text) EXPECT_TRUE((c >= ' ' && c < '\x7f') || c == '\n');
  EXPECT_EQ(
      ordered_json::parse(text.substr(0, text.find("\"where\"")) + "\"where\":1},\"schema\":1}")["error"]["message"],
      hostile);
  EXPECT_NE(text.find(R"("where":"\udcff")"), std::string::npos);
}

}  // namespace
}  // namespace trueup::cli
