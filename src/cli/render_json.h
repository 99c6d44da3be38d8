// The objects of `--json` (design section 6): schema 1, keys sorted, no clock but history's `at`, equal bytes for equal
// input. Secret values are never among them.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/views.h"
#include "ledger/ledger.h"
#include "planner/roster.h"

namespace trueup::cli {

inline constexpr int kJsonSchema = 1;

void write_plan_json(const PassView& view, Sink& out);    // plan, reconcile
void write_status_json(const PassView& view, Sink& out);  // plan's object and `running`
void write_list_json(const std::vector<planner::RosterEntry>& plugins, Sink& out);
void write_explain_json(const planner::Explanation& explanation, Sink& out);
void write_history_json(const std::vector<ledger::Action>& rows, Sink& out);
void write_doctor_json(const DoctorReport& report, Sink& out);
void write_change_json(const ChangeReport& report, Sink& out);
void write_error_json(const Error& error, Sink& out);

}  // namespace trueup::cli
