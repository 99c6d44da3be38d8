// `trueup uninstall ID… [--keep-config]` and `trueup uninstall --dir NAME`.
#include "engine/uninstall.h"

#include <fmt/core.h>

#include "cli/change.h"
#include "engine/remove_directory.h"

namespace trueup::cli {
namespace {

Result<Outcome> remove_one_directory(Call& call) {
  ASSIGN_OR_RETURN(const auto done, engine::remove_directory(call.world, call.invocation.directory));
  return show_change(
      call,
      {.verb = "uninstall",
       .plugin_id = done.directory,
       .changed = true,
       .says = done.was_link ? fmt::format("the link {} is removed; what it points to was not touched", done.directory)
                             : fmt::format("{} is out of the plugins directory, and kept", done.directory),
       .details = done.notes,
       .n = last_number(done.history)});
}

}  // namespace

Result<Outcome> run_uninstall(Call& call) {
  if (!call.invocation.directory.empty()) return remove_one_directory(call);
  const auto settings = call.invocation.keep_config ? engine::Settings::keep : engine::Settings::remove;
  Outcome outcome;
  for (const model::PluginId& id : call.invocation.ids) {
    ASSIGN_OR_RETURN(const auto done, engine::uninstall(call.world, id.value(), settings));
    ChangeReport report{.verb = "uninstall",
                        .plugin_id = done.plugin_id,
                        .changed = true,
                        .says = done.kept_config ? fmt::format("{} is removed; its settings stay", done.plugin_id)
                                                 : fmt::format("{} is removed, with its settings", done.plugin_id),
                        .details = done.notes,
                        .n = last_number(done.history)};
    report.details.emplace_back("nothing brings it back by itself: that it was removed is remembered");
    outcome = show_change(call, report);
  }
  return outcome;
}

}  // namespace trueup::cli
