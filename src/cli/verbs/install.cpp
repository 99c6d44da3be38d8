// `trueup install ID…`: fetched, checked and put in place by one rename each; never switched on by itself.
#include "engine/install.h"

#include <fmt/core.h>

#include "base/limits.h"
#include "base/shell_word.h"
#include "cli/change.h"
#include "cli/install_from_url.h"
#include "cli/install_given.h"
#include "cli/named_file.h"
#include "cli/packages.h"
#include "cli/update_view.h"
#include "engine/freeze.h"
#include "engine/refresh.h"

namespace trueup::cli {
namespace {

Result<Outcome> install_from_lock_file(Call& call, const std::string& note) {
  ASSIGN_OR_RETURN(std::string text,
                   read_named_file(call.invocation.from, limits::kMaxConfigBytes, "a lock file", call.machine));
  ASSIGN_OR_RETURN(const store::LockFile lock, store::decode_lock_file(std::move(text)));
  ASSIGN_OR_RETURN(engine::UpdateReport report, engine::install_frozen(call.world, lock));
  if (!note.empty()) report.notes.push_back(note);
  see_to_packages(call, "install", report);
  if (call.invocation.json) {
    write_results_json(report, "install", "installed", call.console.out);
  } else {
    call.console.out.write(render_results(report, "installed", call.console.terminal));
  }
  return Outcome{.failed = report.failed()};
}

/// A name that no registry lists, and that a file here has: that one was meant, perhaps.
Error with_path_meant(Error error, const std::string& name, const Machine& machine) {
  const auto here = machine.file_system.open_root_for_reading(machine.working_directory);
  const bool is_here = here && (*here)->info(name, platform::Links::follow);
  if (error.code == ErrorCode::not_found && is_here) {
    error.hint = fmt::format("`trueup install {}` takes what has that name here", shell_word("./" + name));
  }
  return error;
}

}  // namespace

Result<Outcome> run_install(Call& call) {
  if (!call.invocation.word.empty()) {
    const bool address = call.invocation.word.find("://") != std::string::npos;
    return address ? install_from_url(call) : install_given(call);
  }
  Outcome outcome;
  const store::RefreshReport asked = engine::refresh_registry(call.world, store::Ask::when_due);
  const std::string note = engine::note_of(asked);
  if (!call.invocation.from.empty()) return install_from_lock_file(call, note);
  for (const model::PluginId& id : call.invocation.ids) {
    auto installed = engine::install(call.world, id.value());
    if (!installed) return with_path_meant(std::move(installed).error(), id.value(), call.machine);
    ChangeReport report = change_of(call, *installed);
    if (!note.empty()) report.details.push_back(note);
    outcome = show_change(call, report);
  }
  return outcome;
}

}  // namespace trueup::cli
