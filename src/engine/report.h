// `trueup report` and `trueup plan --from`: a bundle that may be posted in public, and the plan that follows from one.
//
// Writes nothing: it looks as every reading verb does. What no plan needs is taken out, and no text of the secrets file
// stays in it, wherever it came from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/look.h"
#include "engine/world.h"
#include "model/report.h"

namespace trueup::engine {

struct ReportText {
  std::string text;
  /// Planning from the text gives the very plan of now. False only where a plan itself would show a secret.
  bool replays = true;
  /// Names of plugins and sections that a text of the secrets file is a part of: they stay, so that text is not hidden.
  std::vector<std::string> names_shown = {};
};

struct ReportOrder {
  model::RuleSet rules = model::RuleSet::safe;
  std::string trueup_version = {};
  bool hide_root = false;  // the path of the installation may hold its owner's name
};

Result<ReportText> make_report(World& world, const ReportOrder& order);

/// The plan of what the bundle holds, as it was planned there.
PlanReport plan_of(model::Report report, const model::Policy& policy);

}  // namespace trueup::engine
