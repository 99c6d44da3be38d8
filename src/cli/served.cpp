#include "cli/served.h"

#include "base/limits.h"
#include "cli/root.h"
#include "engine/site.h"
#include "service/client.h"

namespace trueup::cli {
namespace {

bool changes_something(const Invocation& invocation) {
  switch (invocation.verb) {
    case Verb::reconcile:
    case Verb::enable:
    case Verb::disable:
    case Verb::install:
    case Verb::update:
    case Verb::uninstall:
    case Verb::undo:
    case Verb::restore:
    case Verb::resolve:
    case Verb::ignore: return true;
    case Verb::config: return invocation.config.action != ConfigAction::get;
    case Verb::picture: return invocation.picture != PictureAction::list;
    case Verb::store: return invocation.store != StoreAction::search && invocation.store != StoreAction::show;
    case Verb::token:  // logins are nobody's plugins, and are changed at once
    case Verb::status:
    case Verb::plan:
    case Verb::explain:
    case Verb::list:
    case Verb::freeze:
    case Verb::history:
    case Verb::doctor:
    case Verb::report:
    case Verb::serve:
    case Verb::check:
    case Verb::demo: return false;
  }
  return false;
}

bool reads_input(const Invocation& invocation) {
  if (invocation.verb != Verb::config) return false;
  const bool is_asked = invocation.config.action == ConfigAction::set && !invocation.config.value;
  switch (invocation.config.action) {
    case ConfigAction::apply:
    case ConfigAction::core:
    case ConfigAction::replace:
    case ConfigAction::secrets: return true;
    case ConfigAction::get:
    case ConfigAction::set:
    case ConfigAction::unset:
    case ConfigAction::purge:
    case ConfigAction::reset: break;
  }
  return is_asked;
}

}  // namespace

Result<Served> serve_by_daemon(const std::vector<std::string>& arguments, const Invocation& invocation,
                               const Machine& machine, Console& console) {
  Served served;
  if (machine.is_daemon || !changes_something(invocation)) return served;
  const auto root = find_root(invocation.root, machine.working_directory, machine.environment, machine.file_system);
  if (!root) return served;
  auto daemon = service::Client::connect(*root + "/" + std::string(engine::kOwnDirectory), machine.user_id);
  if (!daemon) return served;
  if (reads_input(invocation)) {
    const bool is_asked = invocation.config.action == ConfigAction::set && machine.input.is_terminal();
    ASSIGN_OR_RETURN(served.input, is_asked ? setting_from_input(invocation.config, machine.input, console)
                                            : machine.input.read_all(limits::kMaxSettingsPatchBytes));
  }
  service::CommandRequest command{.words = arguments,
                                  .working_directory = machine.working_directory,
                                  .environment = {{"TRUEUP_ROOT", *root}},
                                  .input = served.input,
                                  .interactive = console.terminal.interactive,
                                  .colours = console.terminal.colours,
                                  .columns = static_cast<std::int64_t>(console.terminal.columns),
                                  .rows = static_cast<std::int64_t>(console.terminal.rows),
                                  .tells_all = machine.environment.get("TRUEUP_LOG").has_value(),
                                  .wait = invocation.wait};
  if (const auto registry = machine.environment.get("TRUEUP_REGISTRY")) {
    command.environment["TRUEUP_REGISTRY"] = *registry;
  }
  ASSIGN_OR_RETURN(served.status,
                   service::forward(*daemon, std::string(trueup_version()), command,
                                    {.out = [&console](std::string_view text) { console.out.write(text); },
                                     .err = [&console](std::string_view text) { console.err.write(text); }}));
  return served;
}

}  // namespace trueup::cli
