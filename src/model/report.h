// The bundle of `trueup report`: what a plan follows from, as one JSON text that another machine can plan from.
//
// It is made to be posted in public. Nothing enters it but what an Observation holds, every string passes through
// `scrub`, and engine/report.cpp takes out beforehand what no plan needs. Reading one back is reading a stranger's
// text: types and JSON fragments are checked, sizes are limited, and an error names its place.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/inconsistency.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::model {

inline constexpr int kReportSchema = 1;

struct Report {
  std::string trueup_version;
  RuleSet rules = RuleSet::safe;
  Observation observation;
  std::vector<Inconsistency> engine_findings;  // that no rule makes: displaced writes
  bool operator==(const Report&) const = default;
};

/// What to write in the place of a text.
using Scrub = std::function<std::string(std::string text)>;

/// Indented, in ASCII, without a clock; equal reports give equal bytes. What is empty, false or zero is left out.
std::string encode_report(Report report, const Scrub& scrub);

/// Error: unreadable, with line and column. Unknown members are passed over.
Result<Report> decode_report(std::string bytes);

}  // namespace trueup::model
