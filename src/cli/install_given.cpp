#include "cli/install_given.h"

#include <fmt/core.h>

#include "cli/change.h"
#include "cli/root.h"
#include "engine/install.h"
#include "store/child_fetcher.h"
#include "store/given_source.h"

namespace trueup::cli {

Result<Outcome> install_given(Call& call) {
  const std::string path = absolute_path(call.invocation.word, call.machine.working_directory);
  store::ChildFetcher fetcher("", call.machine.stop_wanted);
  ASSIGN_OR_RETURN(const store::GivenPlugin given, store::look_at_given(call.machine.file_system, fetcher, path));
  const store::GivenSource source(call.machine.file_system, fetcher, call.world.store, given);
  engine::World here = call.world;
  here.store = &source;
  ASSIGN_OR_RETURN(const engine::InstallReport done, engine::install(here, given.id));
  ChangeReport report = change_of(call, done);
  if (!done.unchanged) {
    report.details.push_back(fmt::format("it comes from {}: `trueup update` leaves it alone", given.path));
  }
  return show_change(call, report);
}

}  // namespace trueup::cli
