#include "engine/steps_by_document.h"

#include <algorithm>
#include <optional>
#include <string>

namespace trueup::engine {

using model::DocumentName;

namespace {

std::size_t size_of(const std::optional<std::string>& text) { return text ? text->size() : 0; }

}  // namespace

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

std::size_t heap_for(const model::Plan& plan, const std::vector<std::size_t>& steps) {
  constexpr std::size_t kOfStep = 1024;
  constexpr std::size_t kCopiesOfText = 4;  // in the deed, as it was found, in the journal, in what undoes it
  std::size_t bytes = steps.size() * kOfStep;
  for (const std::size_t i : steps) {
    for (const auto& edit : plan.steps[i].edits) {
      bytes += kCopiesOfText * (size_of(edit.expected) + size_of(edit.value));
    }
  }
  return bytes;
}

}  // namespace trueup::engine
