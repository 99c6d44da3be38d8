// `trueup install ID…`: fetched, checked and put in place by one rename each; never switched on by itself.
#include "engine/install.h"

#include <fmt/core.h>

#include "base/limits.h"
#include "cli/change.h"
#include "cli/install_from_url.h"
#include "cli/install_given.h"
#include "cli/named_file.h"
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
    error.hint = fmt::format("`trueup install ./{}` takes what has that name here", name);
  }
  return error;
}

}  // namespace

std::string installed_sentence(const engine::InstallReport& done) {
  if (done.unchanged) {
    return fmt::format("{} {} is installed already, so nothing was fetched", done.plugin_id, done.version);
  }
  if (!done.previous_version.empty()) {
    return fmt::format("{} {} is installed in the place of {}", done.plugin_id, done.version, done.previous_version);
  }
  if (done.replaced_damaged) {
    return fmt::format("{} {} is installed in the place of a damaged copy, which is kept", done.plugin_id,
                       done.version);
  }
  return fmt::format("{} {} is installed", done.plugin_id, done.version);
}

void add_what_follows(const engine::InstallReport& done, std::vector<std::string>& details) {
  if (done.was_removed_before) details.emplace_back("you had removed it before; that note is gone");
  if (done.unchanged) return;
  details.push_back(done.is_on ? "it was on already, and is"
                               : fmt::format("nothing was switched on: `trueup enable {}` does that", done.plugin_id));
}

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
    const engine::InstallReport& done = *installed;
    ChangeReport report{.verb = "install",
                        .plugin_id = done.plugin_id,
                        .changed = !done.unchanged || done.was_removed_before,
                        .says = installed_sentence(done),
                        .details = done.notes,
                        .n = last_number(done.history)};
    if (!note.empty()) report.details.push_back(note);
    add_what_follows(done, report.details);
    outcome = show_change(call, report);
  }
  return outcome;
}

}  // namespace trueup::cli
