#include "engine/remove_sections.h"

#include "engine/live_document.h"

namespace trueup::engine {

Status remove_sections(const platform::Directory& root, platform::Clock& clock, model::DocumentName document,
                       const std::vector<std::string>& names, std::vector<model::DocumentEdit>& edits) {
  ASSIGN_OR_RETURN(const auto live, read_live_document(root, document, clock));
  if (!live) return ok();
  for (const std::string& name : names) {
    const auto section = live->root().find(name);
    if (!section) continue;
    edits.push_back({.document = document, .path = {name}, .expected = std::string(section->text())});
  }
  return ok();
}

}  // namespace trueup::engine
