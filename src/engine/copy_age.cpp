#include "engine/copy_age.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/site.h"
#include "engine/undertaking.h"
#include "ledger/ledger.h"

namespace trueup::engine {
namespace {

constexpr std::int64_t kFirstPossible = 1'577'836'800;   // 2020-01-01: a clock that says less was never set
constexpr std::int64_t kLastPossible = 7'258'118'400;    // 2200-01-01
constexpr std::int64_t kNoTrueupBefore = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::size_t kMostActionsNamed = 3;

std::string counted(std::int64_t count, std::string_view thing) {
  return fmt::format("{} {}{} ago", count, thing, count == 1 ? "" : "s");
}

std::string ago(std::int64_t seconds) {
  if (seconds < kHour) return "less than an hour ago";
  return seconds < 2 * kDay ? counted(seconds / kHour, "hour") : counted(seconds / kDay, "day");
}

/// The record of the copy at `path`, below the root.
const ledger::KeptFile* record_of(const std::vector<ledger::KeptFile>& kept, std::string_view path) {
  const std::string prefix = fmt::format("{}/kept/", kOwnDirectory);
  if (!path.starts_with(prefix)) return nullptr;
  const auto found = std::ranges::find(kept, path.substr(prefix.size()), &ledger::KeptFile::path);
  return found == kept.end() ? nullptr : &*found;
}

/// Whether the action changed `document`: the others of its transaction changed something else. What nobody can tell
/// counts.
bool changed(const ledger::Reader& ledger, const ledger::Action& action, const std::string& document) {
  const auto detail = ledger.action(action.number);
  if (!detail || detail->inverse.empty()) return true;
  const auto inverse = inverse_from_json(detail->inverse);
  if (!inverse) return true;
  return std::ranges::any_of(inverse->operations, [&document](const Operation& operation) {
    const auto* edit = std::get_if<EditDocument>(&operation);
    const auto* replace = std::get_if<ReplaceDocument>(&operation);
    return (edit != nullptr && to_string(edit->document) == document) ||
           (replace != nullptr && to_string(replace->document) == document);
  });
}

/// What changed the document when this copy was taken and afterwards, oldest first.
std::vector<ledger::Action> actions_since(const ledger::Reader& ledger, const std::vector<ledger::KeptFile>& kept,
                                          const ledger::KeptFile& copy) {
  std::vector<ledger::Action> actions;
  for (const ledger::KeptFile& file : kept) {
    if (file.document != copy.document || file.number < copy.number || file.transaction_id.empty()) continue;
    const auto of_this = ledger.actions_of(file.transaction_id);
    if (of_this) actions.insert(actions.end(), of_this->begin(), of_this->end());
  }
  std::ranges::sort(actions, {}, &ledger::Action::number);
  std::erase_if(actions, [&](const ledger::Action& action) { return !changed(ledger, action, copy.document); });
  const auto twice = std::ranges::unique(actions, {}, &ledger::Action::number);
  actions.erase(twice.begin(), twice.end());
  return actions;
}

std::string named(const std::vector<ledger::Action>& actions) {
  std::string names;
  const std::size_t shown = std::min(actions.size(), kMostActionsNamed);
  for (std::size_t i = 0; i < shown; ++i) {
    const ledger::Action& action = actions[actions.size() - shown + i];
    names += fmt::format("{}action {} ({}{}{})", i == 0 ? "" : ", ", action.number, action.verb,
                         action.plugin_id.empty() ? "" : " ", action.plugin_id);
  }
  if (actions.size() > shown) names += fmt::format(" and {} before", actions.size() - shown);
  return names;
}

void describe(const platform::Directory& root, std::chrono::system_clock::time_point now, const ledger::Reader* ledger,
              const std::vector<ledger::KeptFile>& kept, model::LastGoodCopy& copy) {
  const ledger::KeptFile* record = record_of(kept, copy.path);
  const auto actions =
      ledger != nullptr && record != nullptr ? actions_since(*ledger, kept, *record) : std::vector<ledger::Action>{};
  if (!actions.empty()) {
    copy.age = age_text(actions.front().at, now);
    copy.lacks += fmt::format("{}what trueup changed since is missing from it: {}", copy.lacks.empty() ? "" : "; ",
                              named(actions));
    return;
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  if (const auto file = root.info(copy.path, platform::Links::follow)) {
    copy.age = age_text(file->modified_ns / kNanoseconds, now);
  }
}

}  // namespace

std::string age_text(std::int64_t at, std::chrono::system_clock::time_point now) {
  if (at < kFirstPossible || at >= kLastPossible) return {};
  const std::string date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(at)));
  const std::int64_t today = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (today < at || today < kNoTrueupBefore) return date;
  return fmt::format("{} ({})", date, ago(today - at));
}

void describe_copies(const platform::Directory& root, const platform::Clock& clock,
                     const std::vector<ledger::KeptFile>& kept, std::vector<model::LastGoodCopy>& copies) {
  if (copies.empty()) return;
  const ledger::LedgerReading reading = ledger::read_ledger(root);
  std::optional<ledger::Reader> ledger;
  if (reading.snapshot) ledger = reading.snapshot->read();
  for (model::LastGoodCopy& copy : copies) describe(root, clock.wall_now(), ledger ? &*ledger : nullptr, kept, copy);
}

}  // namespace trueup::engine
