#include "sources/runtime_source.h"

#include <gtest/gtest.h>

#include "platform/memory_file_system.h"
#include "sources/secret_texts.h"

namespace trueup::sources {
namespace {

using model::Verdict;

/// As the display writes it; `now` is when.
std::string snapshot(std::int64_t now, const std::string& plugins, const std::string& more = "") {
  return R"({"data": {"schema": 1, "running": true, "published_at": )" + std::to_string(now) +
         R"(.5, "stale_after": 180, "pid": 77, "plugins": {)" + plugins + "}" + more + R"(}, "timestamp": 1.0})";
}

std::string health_record(const std::string& data, std::int64_t written_at) {
  return "{\"data\": {" + data + "}, \"timestamp\": " + std::to_string(written_at) + ".5}";
}

const SecretTexts kNothingSecret = std::vector<std::string>{};

TEST(RuntimeSnapshot, repeats_no_secret_not_even_one_that_is_cut_and_nothing_where_secrets_are_unknown) {
  const std::string secret = "CANARY-" + std::string(40, 'k');
  const std::string bytes = snapshot(1, R"("a": {"loaded": false, "state": "enabled", "version": ")" + secret +
                                            R"(", "error": {"message": ")" + std::string(280, 'x') + secret + R"("}})");
  const auto known = decode_runtime_snapshot(bytes, std::vector<std::string>{secret, "enabled"});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->plugins[0].problem.find("CANARY"), std::string::npos) << known->plugins[0].problem;
  EXPECT_EQ(known->plugins[0].version, "[not shown]");
  EXPECT_EQ(known->plugins[0].state, "enabled") << "a word of LEDMatrix's own";
  const auto unknown = decode_runtime_snapshot(bytes, std::nullopt);
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->plugins[0].problem, "[not shown]");
}

TEST(RuntimeSnapshot, tells_of_each_plugin_what_the_display_says) {
  const auto decoded = decode_runtime_snapshot(
      snapshot(1,
               R"("weather": {"loaded": false, "state": "error", "error": {"type": "KeyError", "message": "no city"}},
            "clock": {"loaded": true, "state": "enabled", "error": null, "version": "1.2.0", "modes": null})"),
      kNothingSecret);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->pid, 77);
  const std::vector<model::RunningPlugin> expected{
      {.id = "clock", .loaded = true, .state = "enabled", .version = "1.2.0"},
      {.id = "weather", .state = "error", .problem = "no city"}};
  EXPECT_EQ(decoded->plugins, expected);
  EXPECT_TRUE(decoded->plugins[0].runs());
  EXPECT_FALSE(decoded->plugins[1].runs());
}

// What has another type than LEDMatrix writes says nothing: that plugin may run or not (promise 1).
TEST(RuntimeSnapshot, a_bad_plugin_is_unclear_and_spoils_only_itself_and_no_text_is_endless) {
  const auto decoded = decode_runtime_snapshot(
      snapshot(
          1,
          R"("../x": {"loaded": true}, "a": 7, "b": {"loaded": 1, "state": "running"}, "c": {}, "d": {"loaded": true, "state": []},
                      "e": {"loaded": false, "state": "error", "error": {"message": ")" +
              std::string(5000, 'x') + R"("}})"),
      kNothingSecret);
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->plugins.size(), 5U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(decoded->plugins[i].unclear) << decoded->plugins[i].id;
    EXPECT_FALSE(decoded->plugins[i].runs()) << decoded->plugins[i].id;
  }
  EXPECT_FALSE(decoded->plugins[4].unclear);
  EXPECT_LE(decoded->plugins[4].problem.size(), 300U);
}

TEST(RuntimeSnapshot, what_is_no_record_is_refused) {
  for (const char* text :
       {"", "[]", "{}", R"({"data": 1})", R"({"data": {"schema": 1}})", R"({"data": {"schema": 1, "plugins": []}})"}) {
    EXPECT_FALSE(decode_runtime_snapshot(text, kNothingSecret)) << text;
  }
}

TEST(Health, says_in_our_words_what_ails_a_plugin_and_why_in_its_own) {
  const auto held = decode_health(R"({"data": {"circuit_state": "open", "consecutive_failures": 3,
                                               "last_error": "GET http://x/?key=SECRET"}})");
  ASSERT_TRUE(held);
  EXPECT_EQ(held->says, "LEDMatrix holds it back after 3 failures in a row");
  EXPECT_EQ(held->words, "GET http://x/?key=SECRET");
  const Health degraded{"LEDMatrix calls it degraded", "S"};
  EXPECT_EQ(*decode_health(R"({"data": {"circuit_state": "closed", "degraded": true, "degraded_reason": "S"}})"),
            degraded);
  EXPECT_EQ(decode_health(R"({"data": {"circuit_state": "closed"}})")->says, "");
  EXPECT_FALSE(decode_health("{}"));
}

TEST(Health, what_the_secrets_file_holds_is_never_repeated) {
  const std::vector<std::string> secrets{"SECRET-2", "SECRET", "ab", ""};
  EXPECT_EQ(without_secrets("GET http://x/?key=SECRET&other=SECRET-2", secrets),
            "GET http://x/?key=[not shown]&other=[not shown]");
  EXPECT_EQ(without_secrets("ab", secrets), "[not shown]");
  EXPECT_EQ(without_secrets("about", secrets), "about");
}

TEST(Health, a_secret_is_not_repeated_as_an_address_spells_it_either) {
  const std::vector<std::string> secrets{"Zq+/9= xyKEY"};
  for (const char* spelled : {"Zq%2B%2F9%3D%20xyKEY", "Zq%2b/9%3d+xyKEY", "%5Aq%2B/9=%20xyKEY"}) {
    EXPECT_EQ(without_secrets(std::string("401 for https://api/?id=") + spelled + "&u=100%25&v=a+b", secrets),
              "401 for https://api/?id=[not shown]&u=100%25&v=a+b");
  }
  EXPECT_EQ(without_secrets("Zq+/9= xyKEY, Zq%2B/9= xyKEY and Zq%2B/9=+xyKEY", secrets),
            "[not shown], [not shown] and [not shown]");
  EXPECT_EQ(without_secrets("?id=Zq%2B%2F9%3D%20xyKEY", secrets), "?id=[not shown]") << "and no plus anywhere";
  EXPECT_EQ(without_secrets("?id=Zq+%2F9%3D%20xyKEY", secrets), "?id=[not shown]") << "a plus that is one";
  EXPECT_EQ(without_secrets("at 100%, 5%2", secrets), "at 100%, 5%2");
}

TEST(Health, the_beginning_of_a_secret_where_a_message_was_cut_off_is_not_repeated) {
  const std::vector<std::string> secrets{"LONGKEY0123456789"};
  for (const char* end : {"", "...", "\u2026"}) {
    EXPECT_EQ(without_secrets(std::string("401 for ?key=LONGKEY01") + end, secrets),
              std::string("401 for ?key=[not shown]") + end);
  }
  EXPECT_EQ(without_secrets("a LONGKEY in between", secrets), "a LONGKEY in between");
}

class Runtime : public ::testing::Test {
 protected:
  void SetUp() override {
    processes_.processes = {{.pid = 77, .arguments = {"python3", "/pi/run.py"}, .working_directory = "/pi"}};
    publish(kNow);
  }
  void publish(std::int64_t now, const std::string& more = "") {
    disk_.put_file("/var/cache/ledmatrix/plugin_runtime_snapshot.json",
                   snapshot(now, R"("clock": {"loaded": true, "state": "enabled"})", more));
  }
  RuntimeReading look(const std::string& cache = "") {
    return read_runtime({.file_system = &disk_,
                         .clock = &clock_,
                         .processes = &processes_,
                         .root = "/pi",
                         .real_root = "/pi",
                         .cache = cache});
  }
  std::string reason() { return look().reading.reason; }

  static constexpr std::int64_t kNow = 1'700'000'000;  // where a FakeClock starts
  platform::MemoryFileSystem disk_;
  platform::FakeClock clock_;
  platform::FakeProcessTable processes_;
};

TEST_F(Runtime, is_known_while_the_display_lives_and_tells) {
  const auto seen = look();
  EXPECT_EQ(seen.reading.verdict, Verdict::complete) << seen.reading.detail;
  ASSERT_NE(seen.facts.find("clock"), nullptr);
  EXPECT_EQ(seen.facts.find("weather"), nullptr);
}

TEST_F(Runtime, is_unknown_when_nothing_was_published) {
  const auto seen = look("/elsewhere");
  EXPECT_EQ(seen.reading.verdict, Verdict::absent);
  EXPECT_EQ(seen.reading.reason, "not_published");
}

TEST_F(Runtime, is_unknown_when_the_display_has_ended_however_new_the_snapshot_is) {
  processes_.processes.clear();
  const auto seen = look();
  EXPECT_EQ(seen.reading.verdict, Verdict::absent);
  EXPECT_EQ(seen.reading.reason, "stale");
  EXPECT_TRUE(seen.facts.plugins.empty());
}

TEST_F(Runtime, is_unknown_when_the_snapshot_is_old_or_from_the_future_although_the_process_lives) {
  publish(kNow - 200);
  EXPECT_EQ(reason(), "stale");
  publish(kNow + 200);
  EXPECT_EQ(reason(), "from_the_future");
  publish(kNow - 100);
  EXPECT_EQ(reason(), "");
}

TEST_F(Runtime, of_another_installation_on_this_machine_is_none_of_ours) {
  processes_.processes[0] = {.pid = 77, .arguments = {"python3", "/other/run.py"}};
  EXPECT_EQ(reason(), "other_installation");
  EXPECT_EQ(look("/var/cache/ledmatrix").reading.verdict, Verdict::complete);  // the owner says that it is
}

TEST_F(Runtime, is_unknown_when_processes_cannot_be_seen) {
  processes_.failure = Error{.message = "hidden"};
  EXPECT_EQ(reason(), "cannot_tell");
}

TEST_F(Runtime, a_damaged_snapshot_is_unreadable_and_a_damaged_health_record_spoils_nothing) {
  disk_.put_file("/var/cache/ledmatrix/plugin_health:clock.json", "{");
  EXPECT_EQ(look().reading.verdict, Verdict::complete);
  disk_.put_file("/var/cache/ledmatrix/plugin_runtime_snapshot.json", "{");
  EXPECT_EQ(look().reading.verdict, Verdict::unreadable);
}

TEST_F(Runtime, a_health_record_says_why_a_plugin_is_held_back) {
  disk_.put_file("/var/cache/ledmatrix/plugin_health:clock.json",
                 health_record(R"("circuit_state": "open", "consecutive_failures": 3)", kNow));
  EXPECT_EQ(look().facts.find("clock")->health, "LEDMatrix holds it back after 3 failures in a row");
}

TEST_F(Runtime, a_health_record_of_a_time_that_has_passed_is_no_reason_of_now) {
  const std::string held = R"("circuit_state": "open", "consecutive_failures": 3)";
  const std::string degraded = R"("degraded": true)";
  const auto told = [this](const std::string& data, std::int64_t written_at) {
    disk_.put_file("/var/cache/ledmatrix/plugin_health:clock.json", health_record(data, written_at));
    return !look().facts.find("clock")->health.empty();
  };
  constexpr std::int64_t kDay = 86400;
  EXPECT_FALSE(told(held, kNow - kDay));
  EXPECT_FALSE(told(degraded, kNow - kDay)) << "nobody knows since when the display runs";
  EXPECT_FALSE(told(held, kNow + kDay));
  publish(kNow, ", \"started_at\": " + std::to_string(kNow - 2 * kDay));
  EXPECT_TRUE(told(degraded, kNow - kDay)) << "it is told once, when the plugin is loaded";
  EXPECT_FALSE(told(held, kNow - kDay)) << "it would have been tried again since";
  publish(kNow, ", \"started_at\": " + std::to_string(kNow - 100));
  EXPECT_FALSE(told(degraded, kNow - 200)) << "by an earlier run of the display";
  disk_.put_file("/var/cache/ledmatrix/plugin_health:clock.json", "{\"data\": {" + held + "}}");
  EXPECT_EQ(look().facts.find("clock")->health, "") << "of no known age";
}

}  // namespace
}  // namespace trueup::sources
