// The same values for people: what is wrong, why, and what happens next, in the words of a tired owner at 80 columns.
//
// Pure: values in, text out. On a terminal lines are wrapped and aligned; in a pipe every problem is one plain line.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/views.h"

namespace trueup::cli {

/// One screen: never more lines than the terminal has rows; what does not fit is folded, and said.
std::string render_status(const PassView& pass, const Terminal& terminal);
/// Every step, what changes in which file, and what is held and why.
std::string render_plan(const PassView& pass, const Terminal& terminal);
/// What was mended, what needs a person, what failed.
std::string render_reconcile(const PassView& pass, const Terminal& terminal);

std::string render_list(const std::vector<PluginRow>& plugins, const Terminal& terminal);
std::string render_explanation(const Explanation& explanation, const Terminal& terminal);
/// `zone_offset_seconds`: local time minus UTC, a fact of the machine that the caller knows.
std::string render_history(const std::vector<HistoryRow>& rows, std::int64_t zone_offset_seconds,
                           const Terminal& terminal);
std::string render_doctor(const DoctorReport& report, const Terminal& terminal);
std::string render_change(const ChangeReport& report, const Terminal& terminal);
/// "trueup: where: message", context and hint.
std::string render_error(const Error& error, const Terminal& terminal);

}  // namespace trueup::cli
