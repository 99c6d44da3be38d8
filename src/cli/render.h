// The same values for people: what is wrong, why, and what happens next, in the words of a tired owner at 80 columns.
//
// Pure: values in, text out. On a terminal lines are wrapped and aligned; in a pipe every problem is one plain line.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/views.h"
#include "ledger/ledger.h"
#include "planner/roster.h"

namespace trueup::cli {

/// One screen: never more lines than the terminal has rows; what does not fit is folded, and said.
std::string render_status(const PassView& pass, const Terminal& terminal);
/// Every step, what changes in which file, and what is held and why.
/// Written piece by piece: of thousands of steps it is some megabytes.
void render_plan(const PassView& pass, const Terminal& terminal, Sink& out);
/// What was mended, what needs a person, what failed. Piece by piece, as above.
void render_reconcile(const PassView& pass, const Terminal& terminal, Sink& out);

std::string render_list(const std::vector<planner::RosterEntry>& plugins, const Terminal& terminal);
std::string render_explanation(const planner::Explanation& explanation, std::string_view asked_for,
                               const Terminal& terminal);
/// Local time minus UTC, in seconds, at a moment: a fact of the machine that the caller knows.
using ZoneOffset = std::function<std::int64_t(std::int64_t at)>;
std::string render_history(const std::vector<ledger::Action>& rows, const ZoneOffset& zone, const Terminal& terminal);
std::string render_doctor(const DoctorReport& report, const Terminal& terminal);
std::string render_change(const ChangeReport& report, const Terminal& terminal);
/// "trueup: where: message", context and hint.
std::string render_error(const Error& error, const Terminal& terminal);

}  // namespace trueup::cli
