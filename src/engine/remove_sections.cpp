#include "engine/remove_sections.h"

#include "base/limits.h"
#include "json/document.h"

namespace trueup::engine {

Status remove_sections(const platform::Directory& root, model::DocumentName document,
                       const std::vector<std::string>& names, std::vector<model::DocumentEdit>& edits) {
  auto file = root.read(std::string(relative_path(document)), limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) return file.error().code == ErrorCode::not_found ? ok() : Status(std::move(file).error());
  ASSIGN_OR_RETURN(const json::Document parsed, json::Document::parse(std::move(file->bytes)));
  for (const std::string& name : names) {
    const auto section = parsed.root().find(name);
    if (!section) continue;
    edits.push_back({.document = document, .path = {name}, .expected = std::string(section->text())});
  }
  return ok();
}

}  // namespace trueup::engine
