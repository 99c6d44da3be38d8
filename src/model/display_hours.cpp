#include "model/display_hours.h"

#include <fmt/core.h>

#include <algorithm>

namespace trueup::model {
namespace {

constexpr std::array<std::string_view, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};
constexpr int kDay = 24 * 60;
constexpr Span kAllDay{0, kDay};

/// "7:05", as Python's %H:%M reads it.
std::optional<int> minute_of_day(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view digits, int most) -> std::optional<int> {
    if (digits.empty() || digits.size() > 2) return std::nullopt;
    int value = 0;
    for (const char one : digits) {
      if (one < '0' || one > '9') return std::nullopt;
      value = value * 10 + (one - '0');
    }
    return value > most ? std::nullopt : std::optional(value);
  };
  const auto hour = number(text.substr(0, colon), 23);
  const auto minute = number(text.substr(colon + 1), 59);
  if (!hour || !minute) return std::nullopt;
  return *hour * 60 + *minute;
}

/// One of the two sections while it is read.
struct Section {
  std::string_view name;
  Span usual;                       // what a missing time is
  std::optional<Span> when_broken;  // a day that cannot be understood
  std::vector<std::string>& problems;

  void complain(std::string_view where, std::string_view what) const {
    problems.push_back(fmt::format("\"{}\" in config.json{}{}: {}", name, where.empty() ? "" : ", ", where, what));
  }

  std::optional<int> time(json::Value of, std::string_view key, int usual_time) const {
    const auto value = of.find(key);
    if (!value) return usual_time;
    const auto text = value->string();
    return text ? minute_of_day(*text) : std::nullopt;
  }

  /// Nothing: not that day.
  std::optional<Span> span(json::Value of, std::string_view where) const {
    const auto from = time(of, "start_time", usual.from);
    const auto to = time(of, "end_time", usual.to);
    if (from && to) return Span{*from, *to};
    complain(where, "its start_time or end_time is no time such as 07:30");
    return when_broken;
  }

  /// A day of its own; nothing: that day is switched off.
  std::optional<Span> own_day(json::Value day, std::string_view where) const {
    if (!day.is_object()) {
      complain(where, "it is no object");
      return when_broken;
    }
    if (const auto enabled = day.find("enabled")) {
      const auto on = enabled->boolean();
      if (on && !*on) return std::nullopt;
      if (!on) complain(where, "enabled is neither true nor false");
    }
    return span(day, where);
  }
};

bool is_per_day(json::Value section, bool inferred, const Section& told) {
  const auto mode = section.find("mode");
  if (!mode || mode->kind() == json::Kind::null) return inferred;
  std::string text = mode->string().value_or("");
  std::ranges::replace(text, '_', '-');
  if (text == "per-day") return true;
  if (text != "global") told.complain("", "mode is neither \"global\" nor \"per-day\"");
  return text != "global" && inferred;
}

/// Nothing: the section switches nothing.
std::optional<DisplayHours::Week> week_in(json::Value config, bool on_unless_said, bool days_count_unless_said,
                                          const Section& told) {
  const auto section = config.find(told.name);
  if (!section || section->kind() == json::Kind::null) return std::nullopt;
  if (!section->is_object()) {
    told.complain("", "it is no object");
    return std::nullopt;
  }
  if (section->members().begin() == section->members().end()) return std::nullopt;
  const auto enabled = section->find("enabled");
  const auto on = enabled ? enabled->boolean() : std::nullopt;
  if (enabled && !on) told.complain("", "enabled is neither true nor false");
  if (enabled ? !on || !*on : !on_unless_said) return std::nullopt;
  const auto days = section->find("days");
  const bool own_days = is_per_day(*section, days_count_unless_said, told) && days;
  DisplayHours::Week week;
  std::optional<std::optional<Span>> whole;  // read once, so that it is complained of once
  for (std::size_t day = 0; day < kDays.size(); ++day) {
    const auto own = own_days ? days->find(kDays.at(day)) : std::nullopt;
    if (own) {
      week.at(day) = told.own_day(*own, kDays.at(day));
      continue;
    }
    if (!whole) whole = told.span(*section, "");
    week.at(day) = *whole;
  }
  return week;
}

}  // namespace

std::string_view to_string(HeavyWork when) {
  switch (when) {
    case HeavyWork::any_time: return "any-time";
    case HeavyWork::display_dimmed: return "display-dimmed";
    case HeavyWork::display_off: return "display-off";
  }
  return "any-time";
}

Panel DisplayHours::at(const WallTime& time) const {
  const auto day = static_cast<std::size_t>(time.weekday);
  if (has_schedule && !(lit.at(day) && lit.at(day)->contains(time.minute))) return Panel::off;
  return dimmed.at(day) && dimmed.at(day)->contains(time.minute) ? Panel::dimmed : Panel::on;
}

DisplayHours display_hours_of(json::Value config) {
  DisplayHours hours;
  if (const auto zone = config.find("timezone")) {
    if (auto name = zone->string()) {
      hours.timezone = std::move(*name);
    } else {
      hours.problems.emplace_back("\"timezone\" in config.json is no text: UTC counts");
    }
  }
  const Section lit{"schedule", {7 * 60, 23 * 60}, kAllDay, hours.problems};
  const Section dimmed{"dim_schedule", {20 * 60, 7 * 60}, std::nullopt, hours.problems};
  if (const auto week = week_in(config, true, true, lit)) {
    hours.has_schedule = true;
    hours.lit = *week;
  }
  hours.dimmed = week_in(config, false, false, dimmed).value_or(DisplayHours::Week{});
  return hours;
}

bool allows(HeavyWork when, Panel panel) {
  switch (when) {
    case HeavyWork::any_time: return true;
    case HeavyWork::display_dimmed: return panel != Panel::on;
    case HeavyWork::display_off: return panel == Panel::off;
  }
  return true;
}

std::optional<int> minutes_until_allowed(HeavyWork when, const DisplayHours& hours, WallTime from) {
  for (int wait = 0; wait < 7 * kDay; ++wait) {
    const int minute = from.minute + wait;
    if (allows(when, hours.at({(from.weekday + minute / kDay) % 7, minute % kDay}))) return wait;
  }
  return std::nullopt;
}

}  // namespace trueup::model
