#include "base/time_zone.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "support/command.h"
#include "support/files.h"

namespace trueup {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZones = "/usr/share/zoneinfo";
constexpr std::int64_t kHour = 3600;

std::string number(std::uint32_t value) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(value >> shift & 0xffU);
  return bytes;
}

/// A file without a single change listed: all that it says is the rule at its end.
std::string file_with(const std::string& rule) {
  const std::string head =
      "TZif2" + std::string(15, '\0') + number(0) + number(0) + number(0) + number(0) + number(1) + number(4);
  const std::string type = number(0) + std::string(2, '\0') + std::string("UTC\0", 4);
  return head + type + head + type + "\n" + rule + "\n";
}

/// What Python makes of the same files, a line for each moment: path, moment, offset.
std::string pythons(const std::string& moments, const std::vector<std::string>& paths) {
  std::vector<std::string> words{"python3", "-c", R"(
import datetime, sys, zoneinfo
for path in sys.argv[2:]:
    with open(path, 'rb') as file:
        zone = zoneinfo.ZoneInfo.from_file(file)
    for at in eval(sys.argv[1]):
        there = datetime.datetime.fromtimestamp(at, zone)
        print(path, at, int(there.utcoffset().total_seconds()))
)",
                                 moments};
  words.insert(words.end(), paths.begin(), paths.end());
  return test::run_command(words).output;
}

/// How many moments both agree on; a test fails at the first file on which they do not.
std::size_t agreed(const std::string& judged) {
  std::istringstream lines(judged);
  std::string path;
  std::string read;
  std::int64_t at = 0;
  std::int64_t offset = 0;
  std::size_t count = 0;
  Result<TimeZone> zone = Error{};
  while (lines >> path >> at >> offset) {
    if (path != read) zone = TimeZone::parse(test::read_file(path));
    read = path;
    if (!zone || zone->offset_at(at) != offset) {
      ADD_FAILURE() << path << " at " << at << ": " << (zone ? zone->offset_at(at) : -1) << ", not " << offset;
      return count;
    }
    ++count;
  }
  return count;
}

TEST(TimeZone, every_zone_of_the_world_is_at_every_season_as_python_says) {
  std::vector<std::string> paths;
  for (const char* region : {"Europe", "America", "Australia", "Asia", "Africa", "Pacific", "Etc"}) {
    if (!fs::is_directory(fs::path(kZones) / region)) GTEST_SKIP() << "this machine has no " << kZones;
    for (const auto& one : fs::directory_iterator(fs::path(kZones) / region)) {
      if (one.is_regular_file()) paths.push_back(one.path().string());
    }
  }
  // Every 40 days and some from 1905 to 2090: beyond what such files list.
  const std::string judged = pythons("range(-2050000000, 3790000000, 3456789)", paths);
  EXPECT_GT(agreed(judged), 300'000U);
}

TEST(TimeZone, rules_of_every_form_are_followed_as_python_follows_them) {
  const test::TempDirectory directory;
  std::vector<std::string> paths;
  for (const char* rule : {"EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3",
                           "<+0330>-3:30", "LHST-10:30LHDT-11,M10.1.0,M4.1.0", "IST-2IDT,M3.4.4/26,M10.5.0",
                           "AAA3BBB,J60/0,J300/24", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "ZZZ-0:00:30"}) {
    paths.push_back((directory.path() / std::to_string(paths.size())).string());
    test::write_file(paths.back(), file_with(rule));
  }
  const std::string judged = pythons("range(0, 4000000000, 1799999)", paths);
  EXPECT_GT(agreed(judged), 19'000U);
}

TEST(TimeZone, the_hour_of_a_change_is_met_to_the_second) {
  const TimeZone zone = TimeZone::parse(file_with("CET-1CEST,M3.5.0,M10.5.0/3")).value();
  constexpr std::int64_t kSpring2026 = 1774746000;  // 29 March, 01:00 UTC
  EXPECT_EQ(zone.offset_at(kSpring2026 - 1), kHour);
  EXPECT_EQ(zone.offset_at(kSpring2026), 2 * kHour);
}

TEST(TimeZone, a_day_is_counted_from_zero_as_posix_says_where_python_is_a_day_early) {
  const TimeZone zone = TimeZone::parse(file_with("AAA3BBB,59,364/1:30")).value();
  constexpr std::int64_t kLeapDay1976 = 194400000 + 5 * kHour;  // 29 February, 02:00 there
  EXPECT_EQ(zone.offset_at(kLeapDay1976 - 1), -3 * kHour);
  EXPECT_EQ(zone.offset_at(kLeapDay1976), -2 * kHour);
}

TEST(TimeZone, what_is_no_such_file_is_refused) {
  const std::string good = file_with("EST5EDT,M3.2.0,M11.1.0");
  ASSERT_TRUE(TimeZone::parse(good));
  for (std::size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(TimeZone::parse(good.substr(0, length)));
  for (const char* rule : {"5", "EST", "EST5EDT,", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.2.0,J0",
                           "EST5EDT,M3.2.7,M11.1.0", "EST99", "<EST5", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT"}) {
    EXPECT_EQ(TimeZone::parse(file_with(rule)).has_value(), false) << rule;
  }
}

TEST(TimeZone, a_name_leads_nowhere_else) {
  for (const char* good : {"UTC", "Europe/Stockholm", "America/Argentina/Buenos_Aires", "Etc/GMT+5"}) {
    EXPECT_TRUE(is_zone_name(good)) << good;
  }
  for (const char* bad : {"", "/etc/passwd", "../etc/passwd", "Europe/..", "a b", "Europe/\n", "."}) {
    EXPECT_FALSE(is_zone_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace trueup
