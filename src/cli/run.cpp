// From arguments to exit status: parse, find the installation and the registry, run the verb, show what went wrong.
#include <algorithm>

#include "cli/own_settings.h"
#include "cli/progress.h"
#include "cli/registry.h"
#include "cli/render_json.h"
#include "cli/root.h"
#include "cli/served.h"
#include "cli/text.h"
#include "cli/verbs.h"

namespace trueup::cli {

engine::World world_of(const Machine& machine, const std::string& root) {
  return {.file_system = machine.file_system,
          .clock = machine.clock,
          .random = machine.random,
          .processes = machine.processes,
          .services = machine.services,
          .logger = machine.logger,
          .root = root,
          .is_root = machine.user_id == 0,
          .run_child = machine.run_child};
}

namespace {

Result<Outcome> run_verb(Call& call) {
  switch (call.invocation.verb) {
    case Verb::status: return run_status(call);
    case Verb::plan: return run_plan(call);
    case Verb::reconcile: return run_reconcile(call);
    case Verb::explain: return run_explain(call);
    case Verb::list: return run_list(call);
    case Verb::enable:
    case Verb::disable: return run_enable(call);
    case Verb::config: return run_config(call);
    case Verb::install: return run_install(call);
    case Verb::update: return run_update(call);
    case Verb::freeze: return run_freeze(call);
    case Verb::uninstall: return run_uninstall(call);
    case Verb::picture: return run_picture(call);
    case Verb::store: return run_store(call);
    case Verb::token: return run_token(call);
    case Verb::history: return run_history(call);
    case Verb::undo: return run_undo(call);
    case Verb::restore: return run_restore(call);
    case Verb::resolve: return run_resolve(call);
    case Verb::ignore: return run_ignore(call);
    case Verb::doctor: return run_doctor(call);
    case Verb::report: return run_report(call);
    case Verb::serve:
    case Verb::check:
    case Verb::demo: break;
  }
  return Error{.message = "a verb without a function"};
}

Result<Outcome> run_on_installation(const Invocation& invocation, const Machine& machine, Console& console) {
  ASSIGN_OR_RETURN(const std::string root,
                   find_root(invocation.root, machine.working_directory, machine.environment, machine.file_system));
  ASSIGN_OR_RETURN(const OwnSettings settings, read_own_settings(root, machine.file_system));
  Progress progress(console, machine.clock, machine.progress);
  const auto registry = find_registry(invocation.registry, root, settings, machine,
                                      [&progress](const store::Transfer& transfer) { progress.show(transfer); });
  engine::World world = world_of(machine, root);
  world.store = registry.get();
  world.display_cache = settings.display_cache;
  world.lock_wait = invocation.wait;
  world.tell_of_wait = [&console](std::string_view says) {
    console.err.write(hanging(console.terminal, "trueup: ", 8, as_sentence(shown(says))));
  };
  world.stop_wanted = machine.stop_wanted;
  Call call{invocation, settings, world, machine, console};
  return run_verb(call);
}

Result<Outcome> run_invocation(const Invocation& invocation, const Machine& machine, Console& console) {
  if (invocation.verb == Verb::demo) return run_demo(invocation, machine, console);
  if (invocation.verb == Verb::check) return run_check(invocation, machine, console);
  if (invocation.verb == Verb::serve) return run_serve(invocation, machine, console);
  const bool from_report = invocation.verb == Verb::plan && !invocation.from.empty();
  if (from_report) return run_plan_from(invocation, machine, console);
  return run_on_installation(invocation, machine, console);
}

/// The daemon that was to have the input did not take the command.
Result<Outcome> run_with_input(const Invocation& invocation, const Machine& machine, const std::string& text,
                               Console& console) {
  platform::GivenInput input(text);
  const Machine with_input{.file_system = machine.file_system,
                           .clock = machine.clock,
                           .random = machine.random,
                           .processes = machine.processes,
                           .services = machine.services,
                           .environment = machine.environment,
                           .logger = machine.logger,
                           .input = input,
                           .working_directory = machine.working_directory,
                           .user_id = machine.user_id,
                           .zone = machine.zone,
                           .run_child = machine.run_child};
  return run_invocation(invocation, with_input, console);
}

int show_error(const Error& error, const Outcome& outcome, bool as_json, Console& console) {
  console.err.write(render_error(error, console.terminal));
  if (as_json) write_error_json(error, console.out);
  return exit_status(outcome);
}

/// Of a command line that could not be understood.
bool asks_for_json(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Machine& machine, Console& console) {
  auto parsed = parse_arguments(arguments);
  if (!parsed) return show_error(parsed.error(), {.wrong_usage = true}, asks_for_json(arguments), console);
  if (const auto* answer = std::get_if<Answer>(&*parsed)) {
    console.out.write(answer->text);
    return kExitAgreement;
  }
  const auto& invocation = std::get<Invocation>(*parsed);
  const auto served = serve_by_daemon(arguments, invocation, machine, console);
  if (!served) return show_error(served.error(), outcome_of(served.error()), invocation.json, console);
  if (served->status) return *served->status;
  const auto outcome = served->input ? run_with_input(invocation, machine, *served->input, console)
                                     : run_invocation(invocation, machine, console);
  if (!outcome) return show_error(outcome.error(), outcome_of(outcome.error()), invocation.json, console);
  return exit_status(*outcome);
}

}  // namespace trueup::cli
