// EditDocument: see steps.h for what the four functions promise.
#include <algorithm>
#include <span>
#include <utility>

#include "engine/document_edits.h"
#include "engine/document_step.h"
#include "engine/exact_copy.h"
#include "engine/steps.h"

namespace trueup::engine {
namespace {

Result<Rewrite> rewrite_of(Site& site, const EditDocument& operation, const std::optional<std::string>& text,
                           RewriteResult& result) {
  result.found.clear();
  result.was_sound = false;
  const std::size_t count = std::max<std::size_t>(operation.edits.size(), 1);
  if (auto exact = exact_rewrite(site, operation.exact, text)) {
    result.outcomes.assign(count, Outcome::done);
    return std::move(*exact);
  }
  if (is_exact_copy(operation.exact, text)) {
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
  result.was_sound = text.has_value();
  if (!edited.changed) return Rewrite{};
  return Rewrite{Rewrite::Kind::write, std::move(edited.text)};
}

Result<OpenDocument*> open(Site& site, const EditDocument& operation) {
  ASSIGN_OR_RETURN(auto* document, open_document(site, operation.document, operation.kept));
  // Lent anew by each step: thousands of edits are not copied.
  document->rewriter = [&site, &operation](const std::optional<std::string>& text, RewriteResult& result) {
    return rewrite_of(site, operation, text, result);
  };
  return document;
}

}  // namespace

Status prepare(Site& site, EditDocument& operation, const Materials&) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation));
  return document->exchange->prepare();
}

Result<Applied> apply(Site& site, const EditDocument& operation) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation));
  ASSIGN_OR_RETURN(auto exchanged, document->exchange->apply());
  if (exchanged.continued && !exchanged.written) {
    RewriteResult result;
    const bool is_ours = recognise_own_write(
        site, [&](const std::optional<std::string>& text) { return rewrite_of(site, operation, text, result); },
        exchanged);
    if (is_ours) document->result = std::move(result);
  }
  return applied_of(site, operation.document, *document, exchanged);
}

Status take_back(Site& site, const EditDocument& operation) {
  ASSIGN_OR_RETURN(auto* document, open(site, operation));
  return document->exchange->take_back();
}

std::optional<Operation> invert(const EditDocument& operation, const Applied& applied) {
  return invert_edits(operation, applied, 0, operation.edits.size());
}

std::optional<Operation> invert_edits(const EditDocument& operation, const Applied& applied, std::size_t first,
                                      std::size_t count) {
  EditDocument inverse{.document = operation.document,
                       .exact = exact_inverse(applied),
                       .edits = inverse_of(std::span(operation.edits).subspan(first, count), applied, first),
                       .lay_out = false,
                       .kept = {}};
  if (inverse.edits.empty() && !inverse.exact) return std::nullopt;
  return inverse;
}

/// Its inverse does nothing where the document is not as we left it.
Result<std::optional<Operation>> reverse(Site& /*site*/, const EditDocument& operation, const Applied& applied) {
  return invert(operation, applied);
}

}  // namespace trueup::engine
