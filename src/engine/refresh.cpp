#include "engine/refresh.h"

#include <fmt/core.h>

#include <set>

#include "engine/look.h"
#include "engine/site.h"

namespace trueup::engine {

namespace {

/// What a source on the network keeps lies in `.trueup`.
Status make_own_directory(World& world) {
  ASSIGN_OR_RETURN(const auto site, Site::open(world));
  ASSIGN_OR_RETURN([[maybe_unused]] const auto* own, site->own());
  return ok();
}

}  // namespace

store::RefreshReport refresh_registry(World& world, store::Ask ask, bool anyway) {
  if (world.store == nullptr || !world.store->asks_network()) return {.has_copy = true};
  const Status made = make_own_directory(world);
  auto report = made ? world.store->refresh(ask, anyway) : Result<store::RefreshReport>(made.error());
  if (report) return std::move(*report);
  return {.outcome = store::RefreshReport::Outcome::failed,
          .why = report.error().text(),
          .has_copy = world.store->registry().has_value()};
}

Result<std::vector<store::SavedRefresh>> refresh_saved(World& world, const std::string& only, store::Ask ask) {
  if (world.store == nullptr || !world.store->asks_network()) return std::vector<store::SavedRefresh>();
  RETURN_IF_ERROR(make_own_directory(world));
  return world.store->refresh_saved(only, ask);
}

std::vector<std::string> refresh_sources(World& world, const std::string& from, store::Ask ask) {
  std::vector<std::string> notes;
  if (world.store == nullptr || !world.store->asks_network()) return notes;
  std::set<std::string> sources;
  if (!from.empty()) sources.insert(from);
  if (const auto seen = look(world); seen && from.empty()) {
    for (const model::ReceiptIndexEntry& receipt : seen->observation.ledger.receipts) sources.insert(receipt.origin);
    sources.erase(seen->observation.registry.origin);
  }
  for (const std::string& source : sources) {
    const auto asked = refresh_saved(world, source, ask);
    if (!asked) {
      notes.push_back(asked.error().text());
      continue;
    }
    for (const store::SavedRefresh& one : *asked) {
      const auto outcome = one.report.outcome;
      const bool well =
          outcome != store::RefreshReport::Outcome::kept && outcome != store::RefreshReport::Outcome::failed;
      if (!well) notes.push_back(fmt::format("{} could not be asked: {}", one.url, one.report.why));
    }
  }
  return notes;
}

Result<model::RegistryFacts> offered_by(World& world, const std::string& url) {
  if (world.store == nullptr) {
    return Error{.code = ErrorCode::unsupported, .message = "there is no store here that could ask it", .where = url};
  }
  if (world.store->asks_network()) RETURN_IF_ERROR(make_own_directory(world));
  return world.store->offered_by(url);
}

std::string note_of(const store::RefreshReport& report) {
  using Outcome = store::RefreshReport::Outcome;
  const std::string_view then = report.has_copy ? "the last good copy of it is used" : "missing plugins wait for it";
  switch (report.outcome) {
    case Outcome::kept: return fmt::format("what the registry sent was not believed ({}); {}", report.why, then);
    case Outcome::failed: return fmt::format("the registry could not be asked ({}); {}", report.why, then);
    case Outcome::not_due:
    case Outcome::unchanged:
    case Outcome::replaced: break;
  }
  return {};
}

}  // namespace trueup::engine
