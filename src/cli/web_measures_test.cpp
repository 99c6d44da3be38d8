// What the display tells of its plugins' health and use, through the API.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebMeasures : public WebTest {
 protected:
  WebMeasures() {
    add_plugin("clock");
    add_plugin("lamp");
  }
  void tell(const std::string& record, const std::string& data) {
    disk.put_file("/var/cache/ledmatrix/" + record + ".json", R"({"data": )" + data + R"(, "timestamp": 1.5})");
  }
};

TEST_F(WebMeasures, what_the_display_measured_is_told_with_ledmatrixs_fields) {
  tell("plugin_metrics:clock",
       R"({"memory_mb": 12.5, "cpu_percent": 3, "execution_time": 0.25, "call_count": 4, "total_execution_time": 2.0,
           "max_execution_time": 1.0, "min_execution_time": 0.125, "last_update_time": 1795899721.5, "own": "words"})");
  tell("plugin_limits:clock", R"({"max_memory_mb": 50, "max_cpu_percent": null, "warning_threshold": 0.5})");
  const Response one = get("/api/v3/plugins/metrics/clock");
  EXPECT_EQ(json_at(one, {"data", "memory_mb"}), "12.5");
  EXPECT_EQ(json_at(one, {"data", "call_count"}), "4");
  EXPECT_EQ(json_at(one, {"data", "avg_execution_time"}), "0.5");
  EXPECT_EQ(json_at(one, {"data", "memory_usage_percent"}), "25");
  EXPECT_EQ(json_at(one, {"data", "limits", "warning_threshold"}), "0.5");
  EXPECT_EQ(json_at(one, {"data", "cpu_usage_percent"}), "(not there)");
  EXPECT_THAT(one.body, Not(HasSubstr("words")));
  EXPECT_EQ(json_at(get("/api/v3/plugins/metrics"), {"data", "clock", "cpu_percent"}), "3");
  EXPECT_EQ(json_at(get("/api/v3/plugins/limits/clock"), {"data", "max_memory_mb"}), "50");
}

TEST_F(WebMeasures, what_is_not_told_is_left_out_and_is_not_zero) {
  EXPECT_EQ(json_at(get("/api/v3/plugins/metrics"), {"data"}), "{}");
  const Response silent = get("/api/v3/plugins/metrics/lamp");
  EXPECT_EQ(json_at(silent, {"data"}), R"({"plugin_id": "lamp"})");
  EXPECT_THAT(json_at(silent, {"message"}), HasSubstr("does not tell"));
  EXPECT_EQ(json_at(get("/api/v3/plugins/limits/lamp"), {"data"}), "null");
  for (const char* kind : {"metrics", "limits", "health"}) {
    EXPECT_EQ(get(std::string("/api/v3/plugins/") + kind + "/nobody").status, 404) << kind;
    EXPECT_EQ(get(std::string("/api/v3/plugins/") + kind + "/display").status, 400) << kind << ": a name of the core";
  }
}

TEST_F(WebMeasures, F139_a_record_that_is_none_spoils_nothing) {
  for (const char* bytes :
       {"", "{", "[]", R"({"data": 7})", R"({"data": {"memory_mb": "much", "call_count": 1e999}})"}) {
    disk.put_file("/var/cache/ledmatrix/plugin_metrics:clock.json", bytes);
    const Response answer = get("/api/v3/plugins/metrics/clock");
    EXPECT_EQ(answer.status, 200) << bytes;
    EXPECT_EQ(json_at(answer, {"data"}), R"({"plugin_id": "clock"})") << bytes;
  }
}

TEST_F(WebMeasures, health_counts_what_the_record_counts) {
  tell("plugin_health:clock", R"({"circuit_state": "half_open", "consecutive_failures": 3, "total_failures": 3,
                                  "total_successes": 1, "last_failure_time": 1795899721.5, "last_error": "canary"})");
  const Response one = get("/api/v3/plugins/health/clock");
  EXPECT_EQ(json_at(one, {"data", "circuit_state"}), "\"half_open\"");
  EXPECT_EQ(json_at(one, {"data", "is_healthy"}), "false");
  EXPECT_EQ(json_at(one, {"data", "consecutive_failures"}), "3");
  EXPECT_EQ(json_at(one, {"data", "success_rate"}), "25");
  EXPECT_EQ(json_at(get("/api/v3/plugins/health/lamp"), {"data", "is_healthy"}), "true");
}

TEST_F(WebMeasures, setting_them_anew_is_ledmatrixs_own) {
  for (const char* address : {"limits/clock", "metrics/clock/reset", "health/clock/reset"}) {
    EXPECT_EQ(post(std::string("/api/v3/plugins/") + address, "{}").status, 501) << address;
  }
}

}  // namespace
}  // namespace trueup::cli
