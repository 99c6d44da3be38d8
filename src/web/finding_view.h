// What the page says of one finding and offers to do about it, and a line of history with its undo. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/knowledge.h"
#include "web/template.h"

namespace trueup::web {

/// A JSON object, from names and JSON text.
std::string object_of(const std::vector<std::pair<std::string_view, std::string>>& members);

/// A sentence as a page shows it: begun large, ended, what stands between backticks as code.
std::vector<View> sentence_parts(std::string sentence);

std::vector<View> evidence_views(const std::vector<model::Evidence>& evidence);

View finding_view(const Knowledge& knowledge, const model::Inconsistency& finding);

View history_row(const ledger::Action& action);

}  // namespace trueup::web
