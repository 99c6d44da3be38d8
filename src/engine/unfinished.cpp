#include "engine/unfinished.h"

#include <utility>

#include "engine/session.h"
#include "engine/site.h"
#include "engine/temporary_name.h"

namespace trueup::engine {

Result<std::set<std::string>> leftovers_beside(const DocumentPlace& place) {
  ASSIGN_OR_RETURN(const auto entries, place.directory->list());
  std::set<std::string> transactions;
  for (const auto& entry : entries) {
    const auto parsed = parse_temporary_name(entry.name);
    if (parsed && parsed->file == place.name) transactions.insert(parsed->transaction);
  }
  return transactions;
}

bool something_is_unfinished(World& world, const Look& seen) {
  if (!seen.observation.reading(model::Source::ledger).known()) return true;
  if (!seen.observation.ledger.interrupted.empty()) return true;
  const auto site = Site::open(world);
  if (!site) return true;
  for (const auto document : model::kAllDocuments) {
    const auto place = place_of(**site, document, MissingParent::error);
    if (!place) continue;  // no such directory: nothing of ours in it
    const auto left = leftovers_beside(*place);
    if (!left || !left->empty()) return true;
  }
  return false;
}

Error SettledLook::refusal(Error error) const {
  for (const std::string& note : notes) error = std::move(error).within(note);
  return error;
}

Result<SettledLook> look_when_settled(World& world, const std::string& verb, sources::SettingsCheck settings) {
  SettledLook look_at;
  ASSIGN_OR_RETURN(look_at.seen, look(world, settings));
  if (!something_is_unfinished(world, look_at.seen)) return look_at;
  {
    ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
    ASSIGN_OR_RETURN([[maybe_unused]] const auto history, session->end());
    look_at.notes = session->notes();
  }
  ASSIGN_OR_RETURN(look_at.seen, look(world, settings));
  return look_at;
}

}  // namespace trueup::engine
