// A report from anybody is refused or read; what is read can be planned from and comes back as it was.
// links: planner
#include <cstdint>
#include <cstdlib>
#include <string>

#include "json/document.h"
#include "model/report.h"
#include "planner/plan.h"
#include "planner/roster.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup;  // NOLINT(google-build-using-namespace): a fuzz target
  const auto report = model::decode_report(std::string(reinterpret_cast<const char*>(data), size));
  if (!report) return 0;
  const std::string text = model::encode_report(*report, [](std::string one) { return one; });
  const auto again = model::decode_report(text);
  require(again.has_value() && *again == *report);
  for (const auto rules : {model::RuleSet::safe, model::RuleSet::ledmatrix}) {
    const auto plan = planner::make_plan(report->observation, {.rules = rules});
    for (const auto& finding : plan.findings) {
      require(!finding.reason.empty());
      for (const auto& [name, value] : finding.current_state) require(json::Document::parse(value).has_value());
    }
    planner::make_roster(report->observation, plan);
  }
  return 0;
}
