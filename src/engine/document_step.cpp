#include "engine/document_step.h"

#include <utility>

#include "base/limits.h"
#include "engine/document_edits.h"

namespace trueup::engine {
namespace {

constexpr std::string_view kKeptPrefix = "kept/";

}  // namespace

OpenDocument* opened_before(Site& site, model::DocumentName document) {
  const auto found = site.open_documents().find(document);
  return found == site.open_documents().end() ? nullptr : found->second.get();
}

Result<OpenDocument*> open_document(Site& site, model::DocumentName document, const std::string& kept) {
  auto& open = site.open_documents()[document];
  if (open != nullptr) return open.get();
  auto fresh = std::make_unique<OpenDocument>();
  ASSIGN_OR_RETURN(fresh->place, place_of(site, document, MissingParent::make));
  ASSIGN_OR_RETURN(auto* kept_directory, site.kept());
  const auto kept_name =
      kept.starts_with(kKeptPrefix) ? parse_kept_name(kept.substr(kKeptPrefix.size())) : std::nullopt;
  if (!kept_name) {
    return Error{.code = ErrorCode::internal, .message = "a kept file has no place", .where = kept};
  }
  platform::Clock& clock = site.world().clock;
  ExchangePlace place{.directory = *fresh->place.directory,
                      .name = fresh->place.name,
                      .kept = *kept_directory,
                      .kept_name = *kept_name,
                      .transaction = site.transaction(),
                      .if_new = fresh->place.if_new,
                      .secret = document == model::DocumentName::secrets,
                      .keeps_owner = site.world().is_root,
                      .wait = [&clock](std::chrono::milliseconds time) { clock.sleep(time); }};
  fresh->exchange = std::make_unique<FileExchange>(
      std::move(place),
      [&own = *fresh](const std::optional<std::string>& text) { return own.rewriter(text, own.result); });
  open = std::move(fresh);
  return open.get();
}

Applied applied_of(Site& site, model::DocumentName document, OpenDocument& open, const Exchanged& exchanged) {
  Applied applied{.outcomes = std::move(open.result.outcomes),
                  .found = std::move(open.result.found),
                  .kept = {},
                  .digest = exchanged.digest,
                  .written = exchanged.written,
                  .created = exchanged.created,
                  .notes = exchanged.notes};
  for (const auto& displaced : exchanged.displaced) {
    KeptDocument kept{.document = std::string(model::to_string(document)),
                      .path = std::string(kKeptPrefix) + displaced.name,
                      .digest = displaced.digest,
                      .bytes = displaced.bytes,
                      .parses = false,
                      .basis = displaced.whose == Whose::basis};
    if (kept.basis && open.result.was_sound && !exchanged.continued) {
      kept.parses = true;
    } else if (auto directory = site.kept(); directory && kept.basis) {
      auto file = (*directory)->read(displaced.name, limits::kMaxConfigBytes, platform::Links::refuse);
      kept.parses = file && is_sound(document, std::move(file->bytes));
    }
    applied.kept.push_back(std::move(kept));
  }
  return applied;
}

}  // namespace trueup::engine
