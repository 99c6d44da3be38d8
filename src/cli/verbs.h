// The verbs: one function each, one file each (cli/verbs). A verb does its one thing through the engine, shows what
// came of it, and says what that weighs; an error it returns is shown by run().
#pragma once

#include <functional>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/exit_status.h"
#include "cli/own_settings.h"
#include "cli/render.h"
#include "engine/world.h"
#include "platform/child_program.h"
#include "platform/environment.h"
#include "platform/input.h"
#include "service/operation.h"

namespace trueup::cli {

/// The real objects, or those of a test. main() makes them; nothing below reaches for others.
struct Machine {
  platform::FileSystem& file_system;
  platform::Clock& clock;
  platform::Random& random;
  const platform::ProcessTable& processes;
  platform::ServiceManager& services;
  const platform::Environment& environment;
  Logger& logger;
  platform::Input& input;
  std::string working_directory;  // absolute
  std::uint32_t user_id = 0;      // by whom files are touched
  ZoneOffset zone;
  bool is_daemon = false;                             // what is asked for is done here, and nowhere else
  std::function<bool()> stop_wanted = {};             // asked between two steps; may be empty
  platform::RunChild run_child = {};                  // for pip; empty: no program is run
  std::function<void(service::Doing)> progress = {};  // told what is done just now; may be empty
};

/// The installation at `root` for this machine's user, without a store.
engine::World world_of(const Machine& machine, const std::string& root);

/// What a verb on an installation gets.
struct Call {
  const Invocation& invocation;
  const OwnSettings& settings;
  engine::World& world;
  const Machine& machine;
  Console& console;
};

Result<Outcome> run_status(Call& call);
Result<Outcome> run_plan(Call& call);
Result<Outcome> run_reconcile(Call& call);
Result<Outcome> run_explain(Call& call);
Result<Outcome> run_list(Call& call);
Result<Outcome> run_enable(Call& call);  // disable as well
Result<Outcome> run_config(Call& call);
Result<Outcome> run_install(Call& call);
Result<Outcome> run_update(Call& call);
Result<Outcome> run_freeze(Call& call);
Result<Outcome> run_uninstall(Call& call);
Result<Outcome> run_picture(Call& call);
Result<Outcome> run_store(Call& call);
Result<Outcome> run_token(Call& call);
Result<Outcome> run_history(Call& call);
Result<Outcome> run_undo(Call& call);
Result<Outcome> run_restore(Call& call);
Result<Outcome> run_resolve(Call& call);
Result<Outcome> run_ignore(Call& call);
Result<Outcome> run_doctor(Call& call);
Result<Outcome> run_report(Call& call);
/// Those without an installation.
Result<Outcome> run_plan_from(const Invocation& invocation, const Machine& machine, Console& console);
Result<Outcome> run_check(const Invocation& invocation, const Machine& machine, Console& console);
Result<Outcome> run_serve(const Invocation& invocation, const Machine& machine, Console& console);
Result<Outcome> run_demo(const Invocation& invocation, const Machine& machine, Console& console);

/// The value of `config set` that is not on the command line: a secret must not have to be there (promise 9).
Result<std::string> setting_from_input(const ConfigWords& words, platform::Input& input, Console& console);

/// The whole command: arguments in, exit status out.
int run(const std::vector<std::string>& arguments, const Machine& machine, Console& console);

}  // namespace trueup::cli
