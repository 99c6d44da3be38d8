// `trueup report`: all that a plan follows from, in one text that may be posted. Writes nothing but the file that was
// asked for, and never over another.
#include "engine/report.h"

#include <fmt/core.h>

#include "cli/root.h"
#include "cli/text.h"
#include "cli/verbs.h"

namespace trueup::cli {
namespace {

constexpr std::uint32_t kOwnersOnly = 0600;

Status write_report(const std::string& path, std::string_view text, const Machine& machine) {
  const std::string absolute = absolute_path(path, machine.working_directory);
  const auto slash = absolute.find_last_of('/');
  const std::string name = absolute.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") {
    return Error{.code = ErrorCode::invalid, .message = "this is no name for a file", .where = path};
  }
  ASSIGN_OR_RETURN(const auto directory, machine.file_system.open_root(slash == 0 ? "/" : absolute.substr(0, slash)));
  const auto written = directory->write_new(name, text, {.mode = kOwnersOnly}, platform::Sync::yes);
  if (written) return ok();
  Error error = written.error();
  error.where = path;
  if (error.code == ErrorCode::conflict) {
    error.message = "this file exists already, so nothing was written";
    error.hint = "name a new file";
  }
  return error;
}

}  // namespace

Result<Outcome> run_report(Call& call) {
  const Invocation& invocation = call.invocation;
  ASSIGN_OR_RETURN(const engine::ReportText report,
                   engine::make_report(call.world, {.rules = invocation.rules,
                                                    .trueup_version = std::string(trueup_version()),
                                                    .hide_root = invocation.hide_root}));
  if (invocation.output.empty()) {
    call.console.out.write(report.text);
  } else {
    RETURN_IF_ERROR(write_report(invocation.output, report.text, call.machine));
    call.console.out.write(
        fmt::format("{} is written: look through it before you post it.\n", shown(invocation.output)));
  }
  for (const std::string& name : report.names_shown) {
    call.console.err.write(fmt::format(
        "trueup: a text that counts as secret is a part of the name `{}`, so it stays in the report.\n", shown(name)));
  }
  if (!report.replays) {
    call.console.err.write(
        "trueup: the report hides something that the plan itself shows, so the plan made from it differs there.\n");
  }
  return Outcome{};
}

}  // namespace trueup::cli
