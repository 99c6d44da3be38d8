#include "sources/python_datetime.h"

#include <array>
#include <cstdint>
#include <optional>

namespace trueup::sources {
namespace {

constexpr std::size_t kShortestDate = 7;  // YYYYWww, YYYYDDD

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A text that reads as NUL behind its end, as the C string that Python looks at does. Several of Python's answers
/// depend on that.
class Text {
 public:
  explicit Text(std::string_view text) : text_(text) {}
  [[nodiscard]] char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }

  /// Exactly `count` digits at `position`, which moves behind them.
  std::optional<int> number(std::size_t& position, std::size_t count) const {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = at(position + i);
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    position += count;
    return value;
  }

 private:
  std::string_view text_;
};

bool is_leap_year(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int year, int month) {
  constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool is_date(int year, int month, int day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/// 0 is Monday.
int first_weekday(int year) {
  const int before = year - 1;
  return (before * 365 + before / 4 - before / 100 + before / 400) % 7;
}

bool is_week_date(int year, int week, int day) {
  if (year < 1 || year > 9999 || day < 1 || day > 7 || week < 1 || week > 53) return false;
  const int first = first_weekday(year);
  const bool has_week_53 = first == 3 || (first == 2 && is_leap_year(year));
  if (week == 53 && !has_week_53) return false;
  // The only week that leaves the years datetime knows is the last of 9999, which ends on a Saturday that is not in it.
  const int days_before_week_1 = first <= 3 ? -first : 7 - first;
  const int day_of_year = days_before_week_1 + (week - 1) * 7 + day;
  return year < 9999 || day_of_year <= 365;
}

/// Where the date ends and one character of any kind separates it from the time.
std::size_t separator_position(const Text& text) {
  const std::size_t size = text.size();
  if (size == kShortestDate) return kShortestDate;
  if (text.at(4) == '-') {
    if (text.at(5) != 'W') return 10;                  // YYYY-MM-DD
    if (size <= 8 || text.at(8) != '-') return 8;      // YYYY-Www
    if (size > 10 && is_digit(text.at(10))) return 8;  // YYYY-Www-hh: read as a hyphen that separates
    return 10;                                         // YYYY-Www-D
  }
  if (text.at(4) != 'W') return 8;  // YYYYMMDD
  std::size_t end = kShortestDate;
  while (end < size && is_digit(text.at(end))) ++end;
  if (end < 9) return end;      // YYYYWww or YYYYWwwD, then something else
  return end % 2 == 0 ? 7 : 8;  // times come in pairs of digits, so an odd one is the weekday or the separator
}

bool reads_date(const Text& text, std::size_t end) {
  std::size_t at = 0;
  const auto year = text.number(at, 4);
  if (!year) return false;
  const bool hyphens = text.at(at) == '-';
  if (hyphens) ++at;
  if (text.at(at) == 'W') {
    ++at;
    const auto week = text.number(at, 2);
    if (!week) return false;
    if (at >= end) return is_week_date(*year, *week, 1);
    if (hyphens && text.at(at++) != '-') return false;
    const auto day = text.number(at, 1);
    return day && is_week_date(*year, *week, *day);
  }
  const auto month = text.number(at, 2);
  if (!month || (hyphens && text.at(at++) != '-')) return false;
  const auto day = text.number(at, 2);
  return day && at == end && is_date(*year, *month, *day);
}

struct Clock {
  std::array<int, 3> parts{};  // hours, minutes, seconds
  int microseconds = 0;
  bool to_the_end = false;  // nothing stands behind it in the whole text
};

/// hh[[:]mm[[:]ss[.fraction]]] between `at` and `end`.
std::optional<Clock> read_clock(const Text& text, std::size_t at, std::size_t end) {
  Clock clock;
  bool colons = true;
  for (std::size_t part = 0; part < clock.parts.size(); ++part) {
    const auto value = text.number(at, 2);
    if (!value) return std::nullopt;
    clock.parts[part] = *value;
    const char next = text.at(at++);
    if (part == 0) colons = next == ':';
    if (at >= end) {
      clock.to_the_end = next == '\0';
      return clock;
    }
    if (colons && next == ':') continue;
    if (next == '.' || next == ',') break;
    if (colons) return std::nullopt;
    --at;
  }
  const std::size_t digits = end - at < 6 ? end - at : 6;
  const auto fraction = text.number(at, digits);
  if (!fraction) return std::nullopt;
  clock.microseconds = *fraction;
  for (std::size_t i = digits; i < 6; ++i) clock.microseconds *= 10;
  while (is_digit(text.at(at))) ++at;  // finer than a microsecond
  clock.to_the_end = text.at(at) == '\0';
  return clock;
}

bool is_offset(const Clock& offset) {
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t seconds =
      std::int64_t{offset.parts[0]} * 3600 + std::int64_t{offset.parts[1]} * 60 + offset.parts[2];
  return seconds < kDay;  // microseconds alone cannot reach the day that seconds did not
}

bool reads_time(const Text& text, std::size_t start) {
  std::size_t zone = start;
  while (zone < text.size() && text.at(zone) != '+' && text.at(zone) != '-' && text.at(zone) != 'Z') ++zone;
  const auto clock = read_clock(text, start, zone);
  if (!clock || clock->parts[0] > 23 || clock->parts[1] > 59 || clock->parts[2] > 59) return false;
  if (zone == text.size()) return clock->to_the_end;
  if (text.at(zone) == 'Z') return text.at(zone + 1) == '\0';
  const auto offset = read_clock(text, zone + 1, text.size());
  return offset && offset->to_the_end && is_offset(*offset);
}

bool is_surrogate(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && text[at] == '\xed' && static_cast<unsigned char>(text[at + 1]) >= 0xA0;
}

std::size_t bytes_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

}  // namespace

bool python_reads_timestamp(std::string_view given) {
  const Text text(given);
  if (given.size() < kShortestDate) return false;
  const std::size_t separator = separator_position(text);
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (at != separator && is_surrogate(given, at)) return false;  // Python cannot even encode it
  }
  if (!reads_date(text, separator)) return false;
  if (given.size() <= separator) return true;
  return reads_time(text, separator + bytes_of_character(given[separator]));
}

}  // namespace trueup::sources
