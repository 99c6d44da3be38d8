// Which documents the steps of a plan edit. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "model/document.h"
#include "model/step.h"

namespace trueup::engine {

using StepsByDocuments = std::map<std::set<model::DocumentName>, std::vector<std::size_t>>;

/// Those that belong together because they edit the same documents. `steps`: their places in the plan.
StepsByDocuments by_documents(const model::Plan& plan, const std::vector<std::size_t>& steps);

/// How many edits there are of each document, in the order in which they are first edited.
std::vector<std::pair<model::DocumentName, std::size_t>> count_edits(const model::Plan& plan,
                                                                     const std::vector<std::size_t>& steps);

/// About how many bytes they come to, from the deeds to the lines of history with what undoes them.
std::size_t heap_for(const model::Plan& plan, const std::vector<std::size_t>& steps);

}  // namespace trueup::engine
