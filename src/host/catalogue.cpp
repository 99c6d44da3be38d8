#include "host/catalogue.h"

#include <algorithm>
#include <utility>

namespace trueup::host {
namespace {

/// Only what a catalogue is made of: the rest of an Observation may be large.
model::Observation facts_of(const model::Observation& observation) {
  model::Observation facts;
  facts.sources = observation.sources;
  facts.disk = observation.disk;
  facts.tombstones = observation.tombstones;
  facts.ledger.tombstones = observation.ledger.tombstones;
  facts.registry = observation.registry;
  return facts;
}

auto place_of(std::vector<model::PluginDirectory>& directories, std::string_view name) {
  return std::lower_bound(directories.begin(), directories.end(), name,
                          [](const model::PluginDirectory& one, std::string_view wanted) { return one.name < wanted; });
}

}  // namespace

CataloguePublisher::CataloguePublisher() : snapshot_(std::make_shared<const model::Catalogue>()) {}

Snapshot CataloguePublisher::current() const {
  const std::lock_guard lock(pointer_);
  return snapshot_;
}

void CataloguePublisher::swap_in(model::Observation facts) {
  auto next = std::make_shared<const model::Catalogue>(model::make_catalogue(facts));
  facts_ = std::move(facts);
  {
    const std::lock_guard lock(pointer_);
    snapshot_.swap(next);
    version_.fetch_add(1, std::memory_order_release);
  }
  // The old one ends here, outside the lock, unless somebody still reads it.
}

Status CataloguePublisher::publish(const model::Observation& observation) {
  const model::SourceReading& disk = observation.reading(model::Source::disk);
  if (!disk.known()) {
    return Error{.code = ErrorCode::unreadable,
                 .message = "the plugins directory was not read to its end, so the known plugins stay",
                 .where = disk.path,
                 .context = {disk.detail}};
  }
  const std::lock_guard lock(writing_);
  model::Observation facts = facts_of(observation);
  std::sort(facts.disk.directories.begin(), facts.disk.directories.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  swap_in(std::move(facts));
  return ok();
}

Result<model::Observation> CataloguePublisher::facts_to_change() const {
  if (version() > 0) return facts_;
  return Error{.code = ErrorCode::refused, .message = "no plugin can be looked at again before the first whole scan"};
}

Status CataloguePublisher::replace(model::PluginDirectory directory) {
  const std::lock_guard lock(writing_);
  ASSIGN_OR_RETURN(model::Observation facts, facts_to_change());
  const auto at = place_of(facts.disk.directories, directory.name);
  if (at != facts.disk.directories.end() && at->name == directory.name) {
    *at = std::move(directory);
  } else {
    facts.disk.directories.insert(at, std::move(directory));
  }
  swap_in(std::move(facts));
  return ok();
}

Status CataloguePublisher::remove(std::string_view directory_name) {
  const std::lock_guard lock(writing_);
  ASSIGN_OR_RETURN(model::Observation facts, facts_to_change());
  const auto at = place_of(facts.disk.directories, directory_name);
  if (at == facts.disk.directories.end() || at->name != directory_name) return ok();
  facts.disk.directories.erase(at);
  swap_in(std::move(facts));
  return ok();
}

const model::Catalogue& CatalogueReader::now() {
  // The version is read first: a snapshot may be newer than it says, never older.
  const std::uint64_t version = publisher_.version();
  if (!snapshot_ || version != version_) {
    snapshot_ = publisher_.current();
    version_ = version;
  }
  return *snapshot_;
}

}  // namespace trueup::host
