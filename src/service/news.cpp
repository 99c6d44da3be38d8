#include "service/news.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace trueup::service {
namespace {

LogEvent event(LogLevel level, std::string name, const std::string& finding, std::vector<LogField> more = {}) {
  LogEvent one{.level = level, .name = std::move(name), .fields = {{"finding", finding}}};
  std::ranges::move(more, std::back_inserter(one.fields));
  return one;
}

LogLevel level_of(const model::Inconsistency& finding) {
  return finding.fix_action == model::FixAction::manual_fix_required ? LogLevel::warning : LogLevel::info;
}

}  // namespace

std::vector<LogEvent> News::note(const std::vector<model::Inconsistency>& findings, Time now) {
  std::vector<LogEvent> events;
  std::set<std::string_view> standing;
  came_.clear();
  for (auto& [name, known] : known_) std::erase_if(known.changes, [now](Time at) { return now - at > kWithin; });

  /// False: it was told once that it flaps, and that is enough.
  const auto changed = [&events, now](const std::string& name, Known& known) {
    known.changes.push_back(now);
    if (known.changes.size() < kFlaps) {
      known.flaps = false;
      return true;
    }
    known.changes.erase(known.changes.begin(), known.changes.end() - static_cast<std::ptrdiff_t>(kFlaps));
    if (!known.flaps) events.push_back(event(LogLevel::warning, "finding.flapping", name));
    known.flaps = true;
    return false;
  };

  for (const auto& finding : findings) {
    if (!standing.insert(finding.finding).second) continue;
    Known& known = known_[finding.finding];
    const bool came = !known.stands;
    const bool other_reason = known.stands && known.reason != finding.reason;
    known.stands = true;
    known.reason = finding.reason;
    known.plugin_id = finding.plugin_id;
    const bool told = came ? changed(finding.finding, known) : other_reason && !known.flaps;
    if (!told) continue;
    if (came) came_.push_back(finding);
    events.push_back(event(level_of(finding), "finding.stands", finding.finding,
                           {{"reason", finding.reason}, {"says", finding.description}}));
  }
  for (auto one = known_.begin(); one != known_.end();) {
    auto& [name, known] = *one;
    if (known.stands && !standing.contains(name)) {
      known.stands = false;
      if (changed(name, known)) events.push_back(event(LogLevel::info, "finding.gone", name));
    }
    one = !known.stands && known.changes.empty() ? known_.erase(one) : std::next(one);
  }
  return events;
}

std::set<std::string> News::flapping() const {
  std::set<std::string> names;
  for (const auto& [name, known] : known_) {
    if (known.flaps && known.changes.size() >= kFlaps) names.insert(name);
  }
  return names;
}

}  // namespace trueup::service
