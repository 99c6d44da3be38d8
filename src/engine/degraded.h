// Which of the documents that trueup writes cannot be replaced with everybody else's writes seen, and what may happen
// then. Looks only: no lease is taken, since that could make another program wait.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/world.h"

namespace trueup::engine {

struct DegradedDocuments {
  std::vector<std::string> mounted;  // paths below the root: edited in place
  std::vector<std::string> foreign;  // of another owner: without a lease
  bool operator==(const DegradedDocuments&) const = default;
};

/// `user_id`: by whom they would be written.
DegradedDocuments degraded_documents(const World& world, std::uint32_t user_id);

/// One sentence for each kind; none when all can be replaced.
std::vector<std::string> sentences_of(const DegradedDocuments& documents);

}  // namespace trueup::engine
