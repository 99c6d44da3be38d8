// `trueup doctor`: is the installation sound, and are trueup's own files? Gathers what it can see; doctor.cpp judges.
// Writes nothing and takes no lock.
#include <fmt/core.h>

#include "cli/doctor.h"
#include "cli/render_json.h"
#include "cli/verbs.h"
#include "engine/kept_files.h"
#include "engine/look.h"
#include "engine/site.h"
#include "engine/temporary_name.h"
#include "ledger/journal.h"
#include "model/plugin_id.h"
#include "planner/neighbour.h"
#include "platform/lock.h"
#include "sources/neighbour.h"

namespace trueup::cli {
namespace {

using platform::Directory;
using platform::Links;

const std::string kOwn(engine::kOwnDirectory);

void gather_paths(const Directory& root, const model::Observation& observation, DoctorFacts& facts) {
  std::vector<std::string> paths{"config",
                                 std::string(relative_path(model::DocumentName::config)),
                                 std::string(relative_path(model::DocumentName::secrets)),
                                 "data",
                                 std::string(relative_path(model::DocumentName::state)),
                                 kOwn};
  if (!observation.disk.path.empty() && !observation.disk.path.starts_with("/")) paths.push_back(observation.disk.path);
  for (std::string& path : paths) {
    auto info = root.info(path, Links::follow);
    PathFacts one{.path = std::move(path)};
    if (info) one.info = *info;
    facts.paths.push_back(std::move(one));
  }
}

/// Copies of secrets are for their owner alone, wherever `.trueup` lies: reading verbs of other users need the rest.
void gather_open_copies(const Directory& root, DoctorFacts& facts) {
  std::vector<std::string> copies{fmt::format("{}/first-contact.tar", kOwn)};
  const std::string kept = fmt::format("{}/kept", kOwn);
  const std::string secrets(relative_path(model::DocumentName::secrets));
  const std::string name = secrets.substr(secrets.rfind('/') + 1);
  if (const auto opened = root.open(kept, Links::refuse)) {
    if (const auto entries = (*opened)->list()) {
      for (const auto& entry : *entries) {
        if (entry.name.find(name) != std::string::npos) copies.push_back(fmt::format("{}/{}", kept, entry.name));
      }
    }
  }
  for (std::string& path : copies) {
    const auto info = root.info(path, Links::refuse);
    if (info && (info->mode & 0077U) != 0) facts.paths.push_back({.path = std::move(path), .info = *info});
  }
}

LeaseVerdict try_lease(Call& call) {
  const auto root = call.world.file_system.open_root(call.world.root);
  if (!root) return LeaseVerdict::not_asked;
  const auto config = (*root)->open_writable("config", Links::follow);
  if (!config) return LeaseVerdict::not_asked;
  const auto lease = (*config)->lease("config.json");  // given back at once
  if (lease) return LeaseVerdict::works;
  if (lease.error().code == ErrorCode::contended) return LeaseVerdict::in_use;
  return lease.error().code == ErrorCode::unsupported ? LeaseVerdict::unsupported : LeaseVerdict::not_asked;
}

void gather_temporary_names(const Directory& root, const std::string& directory, DoctorFacts& facts) {
  const auto opened = root.open(directory, Links::follow);
  if (!opened) return;
  const auto entries = (*opened)->list();
  if (!entries) return;
  for (const auto& entry : *entries) {
    if (engine::parse_temporary_name(entry.name))
      facts.leftovers.push_back(fmt::format("{}/{}", directory, entry.name));
  }
}

void gather_own_files(Call& call, const Directory& root, const std::vector<ledger::KeptFile>& kept,
                      DoctorFacts& facts) {
  const auto own = root.open(kOwn, Links::refuse);
  if (!own) return;
  if (const auto owner = platform::lock_owner(**own, call.world.processes)) {
    facts.lock_holder = platform::describe(owner, call.world.clock.boot_time());
  }
  facts.first_contact_kept = (*own)->info("first-contact.tar", Links::refuse).has_value();
  if (const auto entries = (*own)->list()) {
    for (const auto& entry : *entries) {
      if (entry.name.find(".damaged-") != std::string::npos)
        facts.leftovers.push_back(fmt::format("{}/{}", kOwn, entry.name));
    }
  }
  for (const ledger::KeptFile& file : kept) {
    ++facts.kept_files;
    facts.kept_bytes += file.bytes;
    const auto there = (*own)->info("kept/" + file.path, Links::refuse);
    if (!there && there.error().code == ErrorCode::not_found) facts.kept_missing.push_back(file.path);
  }
}

void gather_staging(const Directory& plugins, DoctorFacts& facts) {
  const auto container = plugins.open(std::string(model::kContainerName), Links::refuse);
  if (!container) return;
  const auto staging = (*container)->open("staging", Links::refuse);
  if (!staging) return;
  const auto entries = (*staging)->list();
  if (!entries) return;
  for (const auto& entry : *entries)
    facts.leftovers.push_back(fmt::format("{}/staging/{}", model::kContainerName, entry.name));
}

DoctorFacts gather(Call& call, const engine::Look& seen, const Directory& root) {
  DoctorFacts facts{.root = call.world.root,
                    .user_id = call.machine.user_id,
                    .lease = try_lease(call),
                    .degraded = engine::degraded_documents(call.world, call.machine.user_id)};
  facts.unknown_settings = call.settings.unknown;
  facts.heavy_work = call.settings.heavy_work;
  if (facts.heavy_work != model::HeavyWork::any_time) {
    facts.display = engine::display_time(call.world.file_system, call.world.root, call.world.clock);
  }
  gather_paths(root, seen.observation, facts);
  gather_open_copies(root, facts);
  facts.kept_unread = engine::unread_note(seen.unread_copies);
  if (const auto bytes = root.free_bytes()) facts.free_bytes = *bytes;
  gather_temporary_names(root, "config", facts);
  gather_temporary_names(root, "data", facts);
  gather_own_files(call, root, seen.kept, facts);
  const auto journal = ledger::read_journal(root);
  if (journal) {
    facts.unfinished = journal->unfinished.size();
    facts.torn_bytes = journal->torn_bytes;
  } else {
    facts.journal_problem = journal.error().text();
  }
  const std::string& plugins_path = seen.observation.disk.path;
  if (!plugins_path.empty()) {
    const std::string path =
        plugins_path.starts_with("/") ? plugins_path : fmt::format("{}/{}", call.world.root, plugins_path);
    if (const auto plugins = call.world.file_system.open_root_for_reading(path)) {
      if (const auto bytes = (*plugins)->free_bytes()) facts.free_plugins_bytes = *bytes;
      gather_staging(**plugins, facts);
    }
  }
  return facts;
}

}  // namespace

Result<Outcome> run_doctor(Call& call) {
  ASSIGN_OR_RETURN(const engine::Look seen, engine::look(call.world, sources::SettingsCheck::all));
  ASSIGN_OR_RETURN(const auto root, call.world.file_system.open_root_for_reading(call.world.root));
  DoctorFacts facts = gather(call, seen, *root);
  facts.neighbour = sources::look_for_neighbour(*root);
  facts.neighbour.web_process = seen.observation.web_process;
  const auto findings = engine::plan_of(seen, {}).findings;
  const DoctorReport report{.root = call.world.root,
                            .checks = make_checks(facts, seen.observation, seen.displaced_writes),
                            .ledmatrix = facts.neighbour,
                            .next_start = planner::foretell(seen.observation, findings, facts.neighbour),
                            .findings = static_cast<std::size_t>(std::ranges::count_if(findings, [](const auto& one) {
                              return one.fix_action != model::FixAction::no_action;
                            }))};
  if (call.invocation.json) {
    write_doctor_json(report, call.console.out);
  } else {
    call.console.out.write(render_doctor(report, call.console.terminal));
  }
  // What is wrong with the installation weighs as it does for status.
  const Outcome own = outcome_of(report.checks);
  const Outcome found = outcome_of(findings);
  return Outcome{.failed = own.failed,
                 .source_unreadable = own.source_unreadable || found.source_unreadable,
                 .person_needed = own.person_needed || found.person_needed,
                 .fixable = own.fixable || found.fixable};
}

}  // namespace trueup::cli
