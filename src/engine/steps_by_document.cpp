#include "engine/steps_by_document.h"

#include <algorithm>

namespace trueup::engine {

using model::DocumentName;

StepsByDocuments by_documents(const model::Plan& plan, const std::vector<std::size_t>& steps) {
  StepsByDocuments apart;
  for (const std::size_t i : steps) {
    std::set<DocumentName> documents;
    for (const auto& edit : plan.steps[i].edits) documents.insert(edit.document);
    if (plan.steps[i].rebuild) documents.insert(DocumentName::state);
    apart[documents].push_back(i);
  }
  return apart;
}

std::vector<std::pair<DocumentName, std::size_t>> count_edits(const model::Plan& plan,
                                                              const std::vector<std::size_t>& steps) {
  std::vector<std::pair<DocumentName, std::size_t>> counts;
  for (const std::size_t i : steps) {
    for (const auto& edit : plan.steps[i].edits) {
      auto count = std::ranges::find(counts, edit.document, &std::pair<DocumentName, std::size_t>::first);
      if (count == counts.end()) count = counts.insert(counts.end(), {edit.document, 0});
      ++count->second;
    }
  }
  return counts;
}

}  // namespace trueup::engine
