// ReplaceDocument: see steps.h for what the four functions promise. The new bytes are not in the journal: they lie
// ready beside the document, named by their digest.
#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/document_step.h"
#include "engine/steps.h"

namespace trueup::engine {
namespace {

/// `bytes`: nothing when only an earlier process had them.
Result<OpenDocument*> open(Site& site, const ReplaceDocument& operation, std::optional<std::string> bytes) {
  if (OpenDocument* before = opened_before(site, operation.document)) return before;
  ASSIGN_OR_RETURN(auto* document, open_document(site, operation.document, operation.kept));
  document->rewriter = [operation, bytes = std::move(bytes)](const std::optional<std::string>& text,
                                                             RewriteResult& result) -> Result<Rewrite> {
    const std::optional<std::string> digest = text ? std::optional(sha256_hex(*text)) : std::nullopt;
    result.outcomes.assign(1, Outcome::already);
    if (digest == operation.digest) return Rewrite{};
    result.outcomes.assign(1, Outcome::moved);
    if (digest != operation.expected_digest || !bytes) return Rewrite{};
    result.outcomes.assign(1, Outcome::done);
    return Rewrite{Rewrite::Kind::write, *bytes};
  };
  return document;
}

/// The bytes that an earlier process had laid ready, if they are there and whole.
std::optional<std::string> ready_bytes(Site& site, const ReplaceDocument& operation) {
  auto place = place_of(site, operation.document, MissingParent::error);
  if (!place) return std::nullopt;
  const std::string name =
      ready_name(place->name, site.transaction(), operation.digest, operation.expected_digest.value_or(std::string{}));
  auto file = place->directory->read(name, limits::kMaxConfigBytes, platform::Links::refuse);
  if (!file || sha256_hex(file->bytes) != operation.digest) return std::nullopt;
  return std::move(file->bytes);
}

}  // namespace

Status prepare(Site& site, ReplaceDocument& operation, const Materials& materials) {
  if (sha256_hex(materials.bytes) != operation.digest) {
    return Error{.code = ErrorCode::internal, .message = "the bytes to write are not those that were decided on"};
  }
  ASSIGN_OR_RETURN(auto* document, open(site, operation, materials.bytes));
  return document->exchange->prepare();
}

Result<Applied> apply(Site& site, const ReplaceDocument& operation) {
  std::optional<std::string> bytes;
  if (!site.open_documents().contains(operation.document)) bytes = ready_bytes(site, operation);
  ASSIGN_OR_RETURN(auto* document, open(site, operation, std::move(bytes)));
  ASSIGN_OR_RETURN(auto exchanged, document->exchange->apply());
  return applied_of(site, operation.document, *document, exchanged);
}

Status take_back(Site& site, const ReplaceDocument& operation) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation, std::nullopt));
  return document->exchange->take_back();
}

std::optional<Operation> invert(const ReplaceDocument& operation, const Applied& applied) {
  if (applied.outcomes.front() == Outcome::moved) return std::nullopt;
  EditDocument inverse{.document = operation.document, .exact = {}, .edits = {}, .lay_out = false, .kept = {}};
  inverse.exact = ExactCopy{.while_digest = operation.digest, .copy = {}, .digest = {}, .shared_by = 1};
  if (operation.expected_digest) {
    const auto replaced = std::ranges::find_if(applied.kept, &KeptDocument::basis);
    inverse.exact->copy = replaced == applied.kept.end() ? operation.kept : replaced->path;
    inverse.exact->digest = *operation.expected_digest;
  }
  return inverse;
}

/// Its inverse does nothing where the document is not as we left it.
Result<std::optional<Operation>> reverse(Site& /*site*/, const ReplaceDocument& operation, const Applied& applied) {
  return invert(operation, applied);
}

}  // namespace trueup::engine
