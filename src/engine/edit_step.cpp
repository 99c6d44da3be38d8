// EditDocument: see steps.h for what the four functions promise.
#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/document_edits.h"
#include "engine/document_step.h"
#include "engine/steps.h"

namespace trueup::engine {
namespace {

/// The bytes of the exact copy, if they are still kept under its name or another.
std::optional<std::string> copy_of(Site& site, const ExactCopy& exact) {
  const auto own = site.own();
  const auto kept = site.kept();
  if (!own || !kept) return std::nullopt;
  const auto bytes_at = [&exact](const platform::Directory& directory,
                                 const std::string& path) -> std::optional<std::string> {
    auto file = directory.read(path, limits::kMaxConfigBytes, platform::Links::refuse);
    if (!file || sha256_hex(file->bytes) != exact.digest) return std::nullopt;
    return std::move(file->bytes);
  };
  if (auto bytes = bytes_at(**own, exact.copy)) return bytes;
  const auto entries = (*kept)->list();  // of equal copies only the newest is kept
  if (!entries) return std::nullopt;
  for (const auto& entry : *entries) {
    if (auto bytes = bytes_at(**kept, entry.name)) return bytes;
  }
  return std::nullopt;
}

/// Nothing: the copy cannot stand in here.
std::optional<Rewrite> exact_rewrite(Site& site, const EditDocument& operation,
                                     const std::optional<std::string>& text) {
  if (!operation.exact || operation.exact->shared_by != 1) return std::nullopt;
  const std::string digest = text ? sha256_hex(*text) : std::string{};
  if (digest != operation.exact->while_digest) return std::nullopt;
  if (operation.exact->copy.empty()) return Rewrite{Rewrite::Kind::remove, {}};
  auto copy = copy_of(site, *operation.exact);
  if (!copy) return std::nullopt;
  return Rewrite{Rewrite::Kind::write, std::move(*copy)};
}

/// After a crash: what stands there is the exact copy already.
bool is_exact_copy(const EditDocument& operation, const std::optional<std::string>& text) {
  if (!operation.exact || operation.exact->shared_by != 1) return false;
  if (operation.exact->copy.empty()) return !text;
  return text && sha256_hex(*text) == operation.exact->digest;
}

Result<Rewrite> rewrite_of(Site& site, const EditDocument& operation, const std::optional<std::string>& text,
                           RewriteResult& result) {
  result.found.clear();
  const std::size_t count = std::max<std::size_t>(operation.edits.size(), 1);
  if (auto exact = exact_rewrite(site, operation, text)) {
    result.outcomes.assign(count, Outcome::done);
    return std::move(*exact);
  }
  if (is_exact_copy(operation, text)) {
    result.outcomes.assign(count, Outcome::already);
    return Rewrite{};
  }
  if (operation.edits.empty()) {
    result.outcomes.assign(1, Outcome::moved);
    return Rewrite{};
  }
  const EditOrder order{operation.document, operation.edits, operation.lay_out};
  ASSIGN_OR_RETURN(auto edited, apply_edits(order, text));
  result.outcomes = std::move(edited.outcomes);
  result.found = std::move(edited.found);
  if (!edited.changed) return Rewrite{};
  return Rewrite{Rewrite::Kind::write, std::move(edited.text)};
}

Result<OpenDocument*> open(Site& site, const EditDocument& operation) {
  if (OpenDocument* before = opened_before(site, operation.document)) return before;
  return open_document(site, operation.document, operation.kept,
                       [&site, operation](const std::optional<std::string>& text, RewriteResult& result) {
                         return rewrite_of(site, operation, text, result);
                       });
}

/// After a crash the edits, made once more on what was displaced, tell whether what stands there is our write and
/// nothing but it. Then undo can give the bytes back, as if there had been no crash.
void recognise_own_write(Site& site, const EditDocument& operation, OpenDocument& open, Exchanged& exchanged) {
  const auto is_basis = [](const Displaced& displaced) { return displaced.whose == Whose::basis; };
  if (std::ranges::count_if(exchanged.displaced, is_basis) > 1) return;
  std::optional<std::string> basis;
  const auto displaced = std::ranges::find_if(exchanged.displaced, is_basis);
  if (displaced != exchanged.displaced.end()) {
    const auto kept = site.kept();
    if (!kept) return;
    auto file = (*kept)->read(displaced->name, limits::kMaxConfigBytes, platform::Links::refuse);
    if (!file) return;
    basis = std::move(file->bytes);
  }
  RewriteResult result;
  const auto rewrite = rewrite_of(site, operation, basis, result);
  if (!rewrite || rewrite->kind != Rewrite::Kind::write || sha256_hex(rewrite->bytes) != exchanged.digest) return;
  open.result = std::move(result);
  exchanged.written = true;
  exchanged.created = !basis;
}

}  // namespace

Status prepare(Site& site, EditDocument& operation, const Materials&) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation));
  return document->exchange->prepare();
}

Result<Applied> apply(Site& site, const EditDocument& operation) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation));
  ASSIGN_OR_RETURN(auto exchanged, document->exchange->apply());
  if (exchanged.continued && !exchanged.written) recognise_own_write(site, operation, *document, exchanged);
  return applied_of(site, operation.document, *document, std::move(exchanged));
}

Status take_back(Site& site, const EditDocument& operation) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation));
  return document->exchange->take_back();
}

std::optional<Operation> invert(const EditDocument& operation, const Applied& applied) {
  EditDocument inverse{.document = operation.document,
                       .exact = {},
                       .edits = inverse_of(operation.edits, applied),
                       .lay_out = false,
                       .kept = {}};
  // Only of a write that is known to be wholly ours: others may have written since a crash.
  const auto replaced = std::ranges::find_if(applied.kept, &KeptDocument::basis);
  if (applied.written && (applied.created || std::ranges::count_if(applied.kept, &KeptDocument::basis) == 1)) {
    inverse.exact = ExactCopy{.while_digest = applied.digest, .copy = {}, .digest = {}, .shared_by = 1};
    if (!applied.created) {
      inverse.exact->copy = replaced->path;
      inverse.exact->digest = replaced->digest;
    }
  }
  if (inverse.edits.empty() && !inverse.exact) return std::nullopt;
  return inverse;
}

/// Its inverse does nothing where the document is not as we left it.
Result<std::optional<Operation>> reverse(Site& /*site*/, const EditDocument& operation, const Applied& applied) {
  return invert(operation, applied);
}

}  // namespace trueup::engine
