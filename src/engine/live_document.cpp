#include "engine/live_document.h"

#include <utility>

#include "base/limits.h"
#include "json/edit.h"
#include "model/observation.h"
#include "sources/documents.h"
#include "sources/read_file.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using model::Source;

Source source_of(DocumentName name) {
  switch (name) {
    case DocumentName::config: return Source::config;
    case DocumentName::secrets: return Source::secrets;
    case DocumentName::state: return Source::state;
    case DocumentName::tombstones: return Source::tombstones;
    case DocumentName::saved_repositories: return Source::registry;
  }
  return Source::config;
}

}  // namespace

Result<std::optional<json::Document>> read_live_document(const platform::Directory& root, DocumentName name,
                                                         platform::Clock& clock) {
  std::optional<json::Document> document;
  auto file = sources::read_file(
      root,
      {.source = source_of(name), .path = std::string(model::relative_path(name)), .limit = limits::kMaxConfigBytes},
      clock, [&document](std::string& bytes) -> Status {
        ASSIGN_OR_RETURN(document, sources::take_object(bytes));
        return ok();
      });
  switch (file.reading.verdict) {
    case model::Verdict::complete: return document;
    case model::Verdict::absent: return std::optional<json::Document>();
    case model::Verdict::unreadable: break;
  }
  return Error{
      .code = ErrorCode::unreadable, .message = std::move(file.reading.detail), .where = std::move(file.reading.path)};
}

Status expect_what_is_hidden(const platform::Directory& root, platform::Clock& clock,
                             std::vector<model::DocumentEdit>& edits) {
  for (model::DocumentEdit& edit : edits) {
    if (edit.document != DocumentName::secrets || edit.expected != model::kNotShown) continue;
    ASSIGN_OR_RETURN(const auto document, read_live_document(root, edit.document, clock));
    const auto there = document ? json::find(*document, edit.path) : std::nullopt;
    if (!there) {
      return Error{.code = ErrorCode::conflict,
                   .message = "something changed in the meantime, so nothing was done",
                   .where = std::string(model::relative_path(edit.document)),
                   .hint = "run the same command again"};
    }
    edit.expected = std::string(there->text());
  }
  return ok();
}

}  // namespace trueup::engine
