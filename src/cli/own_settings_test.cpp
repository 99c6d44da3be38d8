#include "cli/own_settings.h"

#include <gmock/gmock.h>

#include "platform/memory_file_system.h"

namespace trueup::cli {
namespace {

using model::RestartDisplay;
using testing::HasSubstr;

Result<OwnSettings> settings(const std::string& text) {
  platform::MemoryFileSystem disk;
  disk.put_directory("/pi");
  if (!text.empty()) disk.put_file("/pi/config/trueup/settings.json", text);
  return read_own_settings("/pi", disk);
}

TEST(OwnSettings, every_one_is_optional) {
  EXPECT_EQ(settings("").value(), OwnSettings());
  EXPECT_EQ(settings("{}").value(), OwnSettings());
  EXPECT_EQ(settings(R"({"registry": "store", "later": 1})").value().registry, "store");
}

TEST(OwnSettings, what_is_none_of_them_is_kept_for_the_doctor) {
  std::string all;
  for (const std::string& name : own_setting_names()) {
    const bool is_list = name == "private_hosts" || name == "hosts";
    const std::string value = is_list                  ? "[]"
                              : name == "on_finding"   ? R"(["/bin/tell"])"
                              : name == "quiet_hours"  ? R"("01:00-02:00")"
                              : name.ends_with("play") ? R"("never")"
                              : name.starts_with("py") ? R"("tell")"
                              : name == "heavy_work"   ? R"("any-time")"
                                                       : R"("there")";
    all += "\"" + name + "\": " + value + ", ";
  }
  const auto own = settings("{" + all + R"("later": 1})");
  ASSERT_TRUE(own) << own.error().text();
  EXPECT_EQ(own->unknown, std::vector<std::string>{"later"});
}

TEST(OwnSettings, say_whom_the_store_may_ask_and_trust_in_the_own_network) {
  const auto own = settings(R"({"ca_file": "config/own-ca.pem", "private_hosts": ["nas:443"]})").value();
  EXPECT_EQ(own.ca_file, "config/own-ca.pem");
  EXPECT_EQ(own.private_hosts, std::vector<std::string>{"nas:443"});
}

TEST(OwnSettings, say_when_the_display_may_be_restarted) {
  const auto night = settings(R"({"restart_display": "quiet-hours", "quiet_hours": "23:30-06:00"})").value();
  EXPECT_EQ(night.restart_display, RestartDisplay::quiet_hours);
  const auto at = [&night](int hour, int minute) { return night.quiet_hours->contain(hour * 60 + minute); };
  EXPECT_TRUE(at(23, 30));
  EXPECT_TRUE(at(0, 0));
  EXPECT_TRUE(at(5, 59));
  EXPECT_FALSE(at(6, 0));
  EXPECT_FALSE(at(23, 29));
  const auto day = settings(R"({"quiet_hours": "09:00-10:00"})").value();
  EXPECT_TRUE(day.quiet_hours->contain(9 * 60));
  EXPECT_FALSE(day.quiet_hours->contain(10 * 60));
  EXPECT_FALSE(day.quiet_hours->contain(0));
}

TEST(OwnSettings, say_whether_pip_may_be_run) {
  EXPECT_EQ(settings("{}").value().python_requirements, model::PythonRequirements::tell) << "not unless it is allowed";
  EXPECT_EQ(settings(R"({"python_requirements": "tell"})").value().python_requirements,
            model::PythonRequirements::tell);
  EXPECT_EQ(settings(R"({"python_requirements": "install"})").value().python_requirements,
            model::PythonRequirements::install);
}

TEST(OwnSettings, a_value_that_nobody_can_mean_is_refused_and_not_taken_for_the_default) {
  for (const char* text :
       {R"({"heavy_work": "at night"})", R"({"heavy_work": true})", R"({"restart_display": "sometimes"})",
        R"({"restart_display": true})", R"({"quiet_hours": "24:00-06:00"})", R"({"quiet_hours": "1-6"})",
        R"({"quiet_hours": "01:00-01:00"})", R"({"quiet_hours": "01:00-06:00x"})", R"({"quiet_hours": "-1:00-06:00"})",
        R"({"restart_display": "quiet-hours"})", R"({"registry": 7})", "[", "[1]", R"({"python_requirements": "yes"})",
        R"({"python_requirements": true})", R"({"private_hosts": "nas:443"})", R"({"private_hosts": [1]})",
        R"({"ca_file": []})"}) {
    const auto read = settings(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().where, HasSubstr("config/trueup/settings.json")) << text;
  }
}

TEST(OwnSettings, a_program_to_be_told_is_a_list_of_words_the_first_a_whole_path) {
  EXPECT_EQ(settings(R"({"on_finding": ["/usr/bin/logger", "-t", "trueup"]})").value().on_finding,
            (std::vector<std::string>{"/usr/bin/logger", "-t", "trueup"}));
  for (const char* text : {R"({"on_finding": "/usr/bin/logger"})", R"({"on_finding": ["logger"]})",
                           R"({"on_finding": []})", R"({"on_finding": ["/usr/bin/logger", 1]})"}) {
    EXPECT_FALSE(settings(text)) << text;
  }
}

}  // namespace
}  // namespace trueup::cli
