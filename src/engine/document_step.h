// A document between prepare and apply. Shared by the two steps that write documents, and by nobody else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/document_place.h"
#include "engine/file_exchange.h"
#include "engine/operation.h"

namespace trueup::engine {

/// What the rewrite that was made last came to.
struct RewriteResult {
  std::vector<Outcome> outcomes;
  std::vector<std::optional<std::string>> found;  // what each edit found, verbatim
  bool was_sound = false;                         // the text could be edited, so it is such a document
};

/// Fills `result` anew for every text that it is asked about.
using DocumentRewriter = std::function<Result<Rewrite>(const std::optional<std::string>& text, RewriteResult& result)>;

struct OpenDocument {
  DocumentPlace place;
  RewriteResult result;
  DocumentRewriter rewriter;
  std::unique_ptr<FileExchange> exchange;
};

/// The document as prepare left it in this process; nullptr: it was not opened.
OpenDocument* opened_before(Site& site, model::DocumentName document);

/// The same, or opened now, and then without a rewriter. `kept`: where what is displaced goes.
Result<OpenDocument*> open_document(Site& site, model::DocumentName document, const std::string& kept);

/// What an exchange came to, in the words of a transaction. Takes the result out of `open`.
Applied applied_of(Site& site, model::DocumentName document, OpenDocument& open, const Exchanged& exchanged);

}  // namespace trueup::engine
