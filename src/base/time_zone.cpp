#include "base/time_zone.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace trueup {
namespace {

constexpr std::size_t kHeader = 44;
constexpr std::size_t kLongestName = 64;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kLongestOffset = 93'600;  // RFC 8536, 3.2
constexpr std::int64_t kFarthest = 1LL << 40;    // 35,000 years: what is beyond is no time that anybody asks for

Error broken(std::string_view what) {
  return Error{.code = ErrorCode::invalid, .message = "this is no file of a time zone: " + std::string(what)};
}

std::int64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char one : bytes) value = value << 8U | static_cast<unsigned char>(one);
  if (bytes.size() == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

/// How many of each there are in the block behind a header, and how long it is.
struct Counts {
  std::size_t universal = 0, standard = 0, leaps = 0, times = 0, types = 0, letters = 0;

  static Result<Counts> read(std::string_view bytes) {
    if (bytes.size() < kHeader || !bytes.starts_with("TZif")) return broken("it does not begin like one");
    std::array<std::size_t, 6> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers.at(i) = static_cast<std::uint32_t>(big_endian(bytes.substr(20 + 4 * i, 4)));
    }
    return Counts{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
  }
  [[nodiscard]] std::size_t bytes(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard + universal;
  }
};

std::int64_t days_since_1970(std::chrono::sys_days date) { return date.time_since_epoch().count(); }

int year_of(std::int64_t at) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(at)));
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

}  // namespace

/// Reads such a rule from its text, piece by piece; nothing where the text is no such piece.
class TimeZone::RuleText {
 public:
  explicit RuleText(std::string_view text) : rest_(text) {}

  std::optional<Rule> rule() {
    Rule rule{.known = true};
    const auto standard = name() ? offset() : std::nullopt;
    if (!standard) return std::nullopt;
    rule.standard = -*standard;
    if (rest_.empty()) return rule;
    if (!name()) return std::nullopt;
    rule.has_summer = true;
    rule.summer = rule.standard + 3600;
    if (!rest_.starts_with(',')) {
      const auto summer = offset();
      if (!summer) return std::nullopt;
      rule.summer = -*summer;
    }
    const auto begins = take(',') ? day() : std::nullopt;
    const auto ends = begins && take(',') ? day() : std::nullopt;
    if (!ends || !rest_.empty()) return std::nullopt;
    rule.begins = *begins;
    rule.ends = *ends;
    return rule;
  }

 private:
  bool take(char one) {
    if (!rest_.starts_with(one)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool name() {
    if (take('<')) {
      const auto end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    const auto is_letter = [](char one) { return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z'); };
    const auto end = std::ranges::find_if_not(rest_, is_letter) - rest_.begin();
    rest_.remove_prefix(static_cast<std::size_t>(end));
    return end > 0;
  }

  std::optional<int> number(int most) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      value = value * 10 + (rest_[digits] - '0');
    }
    if (digits == 0 || value > most) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }

  std::optional<std::int64_t> offset() { return time(24); }

  /// "-3:30"; `most` hours either way.
  std::optional<std::int64_t> time(int most) {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = number(most);
    if (!hours) return std::nullopt;
    std::int64_t seconds = std::int64_t{*hours} * 3600;
    for (const std::int64_t unit : {60, 1}) {
      if (!take(':')) break;
      const auto part = number(59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return negative ? -seconds : seconds;
  }

  std::optional<Day> day() {
    Day day;
    if (take('M')) {
      day.kind = Day::Kind::weekday_of_month;
      const auto month = number(12);
      const auto week = month && take('.') ? number(5) : std::nullopt;
      const auto weekday = week && take('.') ? number(6) : std::nullopt;
      if (!weekday || *month < 1 || *week < 1) return std::nullopt;
      day.month = *month;
      day.week = *week;
      day.weekday = *weekday;
    } else {
      day.kind = take('J') ? Day::Kind::day_without_leap : Day::Kind::day;
      const auto count = number(365);
      if (!count || (day.kind == Day::Kind::day_without_leap && *count < 1)) return std::nullopt;
      day.number = *count;
    }
    if (take('/')) {
      const auto seconds = time(167);
      if (!seconds) return std::nullopt;
      day.seconds = *seconds;
    }
    return day;
  }

  std::string_view rest_;
};

std::int64_t TimeZone::Day::in_year(int year) const {
  using std::chrono::January, std::chrono::last;
  const std::chrono::year of{year};
  switch (kind) {
    case Kind::weekday_of_month: {
      const std::chrono::weekday on{static_cast<unsigned>(weekday)};
      const std::chrono::month in{static_cast<unsigned>(month)};
      const std::int64_t days =
          week == 5 ? days_since_1970(of / in / on[last]) : days_since_1970(of / in / on[static_cast<unsigned>(week)]);
      return days * kDay + seconds;
    }
    case Kind::day_without_leap: {
      constexpr int kLastOfFebruary = 59;
      const int leap = of.is_leap() && number > kLastOfFebruary ? 1 : 0;
      return (days_since_1970(of / January / 1) + number - 1 + leap) * kDay + seconds;
    }
    case Kind::day: return (days_since_1970(of / January / 1) + number) * kDay + seconds;
  }
  return 0;
}

std::int64_t TimeZone::Rule::offset_at(std::int64_t at) const {
  if (!has_summer) return standard;
  const int year = year_of(at + standard);
  const std::int64_t begin = begins.in_year(year) - standard;
  const std::int64_t end = ends.in_year(year) - summer;
  const bool is_summer = begin < end ? at >= begin && at < end : at < end || at >= begin;
  return is_summer ? summer : standard;
}

Result<TimeZone> TimeZone::parse(std::string_view bytes) {
  ASSIGN_OR_RETURN(const Counts old, Counts::read(bytes));
  const bool is_new = bytes[4] >= '2';
  const std::size_t size = is_new ? 8 : 4;
  if (bytes.size() - kHeader < old.bytes(4)) return broken("it ends too soon");
  Counts counts = old;
  if (is_new) {
    bytes.remove_prefix(kHeader + old.bytes(4));
    ASSIGN_OR_RETURN(counts, Counts::read(bytes));
    if (bytes.size() - kHeader < counts.bytes(8)) return broken("it ends too soon");
  }
  bytes.remove_prefix(kHeader);
  const std::string_view times = bytes.substr(0, counts.times * size);
  const std::string_view kinds = bytes.substr(times.size(), counts.times);
  const std::string_view types = bytes.substr(times.size() + kinds.size(), counts.types * 6);
  std::vector<std::int64_t> offsets;
  for (std::size_t i = 0; i < counts.types; ++i) offsets.push_back(big_endian(types.substr(i * 6, 4)));
  const bool sane = std::ranges::all_of(
      offsets, [](std::int64_t offset) { return offset > -kLongestOffset && offset < kLongestOffset; });
  if (offsets.empty() || !sane) return broken("it says what no clock shows");
  TimeZone zone;
  zone.before_ = offsets.front();
  for (std::size_t i = 0; i < counts.times; ++i) {
    const auto kind = static_cast<unsigned char>(kinds[i]);
    const std::int64_t at = big_endian(times.substr(i * size, size));
    if (kind >= offsets.size() || (i > 0 && at <= zone.changes_.back().at))
      return broken("its changes are in disorder");
    zone.changes_.push_back({at, offsets[kind]});
  }
  if (!is_new) return zone;
  bytes.remove_prefix(counts.bytes(8));
  if (bytes.size() < 2 || bytes.front() != '\n' || bytes.find('\n', 1) == std::string_view::npos) {
    return broken("its end is missing");
  }
  const std::string_view text = bytes.substr(1, bytes.find('\n', 1) - 1);
  if (text.empty()) return zone;
  auto rule = RuleText(text).rule();
  if (!rule) return broken("its rule for later years is none");
  zone.rule_ = *rule;
  return zone;
}

std::int64_t TimeZone::offset_at(std::int64_t at) const {
  at = std::clamp(at, -kFarthest, kFarthest);
  const auto next = std::ranges::upper_bound(changes_, at, {}, &Change::at);
  if (next == changes_.end() && rule_.known) return rule_.offset_at(at);
  return next == changes_.begin() ? before_ : std::prev(next)->offset;
}

bool is_zone_name(std::string_view name) {
  const auto allowed = [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '/' ||
           one == '_' || one == '-' || one == '+';
  };
  return !name.empty() && name.size() <= kLongestName && name.front() != '/' && std::ranges::all_of(name, allowed);
}

}  // namespace trueup
