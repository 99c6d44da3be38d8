// `trueup update ID…` and `trueup update --all`: newer versions in the place of those that are here.
#include "engine/update.h"

#include "cli/packages.h"
#include "cli/update_view.h"
#include "cli/verbs.h"
#include "engine/refresh.h"

namespace trueup::cli {

Result<Outcome> run_update(Call& call) {
  const Invocation& invocation = call.invocation;
  const store::Ask ask = invocation.retry ? store::Ask::now : store::Ask::when_due;
  const store::RefreshReport asked = engine::refresh_registry(call.world, ask);
  const std::vector<std::string> others = engine::refresh_sources(call.world, invocation.from, ask);
  engine::UpdateOrder order{.all = invocation.all, .from = invocation.from, .retry = invocation.retry};
  for (const model::PluginId& id : invocation.ids) order.names.push_back(id.value());
  ASSIGN_OR_RETURN(engine::UpdateReport report, engine::update(call.world, order));
  if (const std::string note = engine::note_of(asked); !note.empty()) report.notes.push_back(note);
  report.notes.insert(report.notes.end(), others.begin(), others.end());
  see_to_packages(call, "update", report);
  if (invocation.json) {
    write_results_json(report, "update", "updated", call.console.out);
  } else {
    call.console.out.write(render_results(report, "updated", call.console.terminal));
  }
  return Outcome{.failed = report.failed()};
}

}  // namespace trueup::cli
