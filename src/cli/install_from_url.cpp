#include "cli/install_from_url.h"

#include <fmt/core.h>

#include "cli/change.h"
#include "engine/directory_stage.h"
#include "engine/install.h"
#include "engine/look.h"
#include "engine/refresh.h"
#include "engine/saved_repositories.h"
#include "store/registry.h"

namespace trueup::cli {
namespace {

/// The one that is meant, of those that the address offers.
Result<const model::RegistryEntry*> chosen(const model::RegistryFacts& offer, const std::string& url,
                                           const std::string& id) {
  std::string offered;
  for (const model::RegistryEntry& entry : offer.entries) {
    if (id.empty() ? offer.entries.size() == 1 : entry.id == id) return &entry;
    offered += (offered.empty() ? "" : ", ") + entry.id;
  }
  return Error{.code = id.empty() ? ErrorCode::invalid : ErrorCode::not_found,
               .message = id.empty() ? fmt::format("it offers {} plugins; say which with --id", offer.entries.size())
                                     : fmt::format("it does not offer `{}`", id),
               .where = url,
               .hint = fmt::format("it offers: {}", offered)};
}

}  // namespace

Result<Outcome> install_from_url(Call& call) {
  const std::string& url = call.invocation.word;
  (void)engine::refresh_registry(call.world, store::Ask::when_due);  // what it lists comes first, so it has to be known
  ASSIGN_OR_RETURN(const model::RegistryFacts offer, engine::offered_by(call.world, url));
  ASSIGN_OR_RETURN(const model::RegistryEntry* entry, chosen(offer, url, call.invocation.offered_id));
  const std::string& id = entry->id;
  ASSIGN_OR_RETURN(const engine::Look seen, engine::look(call.world));
  const model::SourceReading& registry = seen.observation.reading(model::Source::registry);
  if (registry.verdict != model::Verdict::complete) {
    return Error{
        .code = ErrorCode::unreadable,
        .message = fmt::format("whether the registry lists `{}` as well is not known: {}", id, registry.detail),
        .where = registry.path,
        .hint = "`trueup store refresh` asks the registry; nothing was changed"};
  }
  if (!store::entries_for(seen.observation.registry, id).empty()) {
    return Error{.code = ErrorCode::conflict,
                 .message = fmt::format("the registry lists `{}` as well, and what it lists comes first", id),
                 .where = url,
                 .hint = fmt::format("`trueup install {}` takes that one; nothing was changed", id)};
  }
  RETURN_IF_ERROR(engine::check_entry_core(*entry, seen.observation.core_version));
  ASSIGN_OR_RETURN(const auto saved, engine::add_repository(call.world, url));
  const auto done = engine::install(call.world, id);
  if (!done) {
    Error error = done.error();
    if (saved.changed) {
      error.context.push_back(fmt::format("{0} is saved now: `trueup store remove {0}` forgets it", saved.url));
    }
    return error;
  }
  ChangeReport report = change_of(call, *done);
  if (!done->unchanged) report.says += fmt::format(", from {}", saved.url);
  if (saved.changed) {
    report.details.push_back(fmt::format("{} is saved: newer versions come from there; nobody verified it", saved.url));
  }
  return show_change(call, report);
}

}  // namespace trueup::cli
