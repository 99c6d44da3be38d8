#include "engine/remove_directory.h"

#include <fmt/core.h>

#include "engine/choice.h"
#include "engine/directory_tree.h"
#include "engine/look.h"
#include "engine/plugins_path.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "model/plugin_id.h"
#include "planner/situation.h"

namespace trueup::engine {
namespace {

using model::Source;
using platform::FileKind;

Status check_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos) {
    return Error{.code = ErrorCode::invalid,
                 .message = "this is not the name of a directory in the plugins directory",
                 .where = name};
  }
  if (name == model::kContainerName) {
    return Error{.code = ErrorCode::refused,
                 .message = "this is where trueup keeps what it replaced; it is needed for undo",
                 .where = name};
  }
  return ok();
}

/// What the ledger says trueup had unpacked there: forgotten with the directory, and known again when it comes back.
std::vector<model::ReceiptIndexEntry> receipts_of(Session& session, const std::string& directory) {
  std::vector<model::ReceiptIndexEntry> found;
  const auto reading = ledger::read_ledger(session.site().root());
  if (!reading.snapshot) return found;
  const auto facts = reading.snapshot->read().facts();
  if (!facts) return found;
  for (const model::ReceiptIndexEntry& receipt : facts->receipts) {
    if (receipt.directory == directory) found.push_back(receipt);
  }
  return found;
}

/// What it rests on is known.
Status may_remove(const model::Observation& seen, const std::string& directory) {
  model::SourceSet needs{Source::disk};
  if (!planner::plugin_gone_with(seen, planner::Situations(seen), directory).empty()) needs.insert(Source::tombstones);
  return require_known(seen, needs, "uninstall");
}

/// Promise 3: what the owner takes away stays away.
void note_removal(const std::string& plugin, UndertakingBuilder& builder) {
  if (plugin.empty()) return;
  builder.deed().effects.made().tombstones_put = {plugin};
  builder.deed().effects_of_undoing.made().tombstones_removed = {plugin};
  const std::vector<model::DocumentEdit> tombstone{
      {.document = model::DocumentName::tombstones, .path = {plugin}, .expected = {}, .value = "true"}};
  builder.add(tombstone);
}

/// Looked at before the lock is taken: a name that is refused leaves no trace of trueup behind.
Status check_there(World& world, const std::string& name) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  ASSIGN_OR_RETURN(const std::string path, plugins_path_of(*root, world.clock));
  ASSIGN_OR_RETURN(const auto plugins, path.starts_with('/') ? world.file_system.open_root_for_reading(path)
                                                             : root->open(path, platform::Links::follow));
  const auto removal = removal_of(*plugins, name, name);
  return removal ? ok() : Status(removal.error());
}

}  // namespace

Result<Operation> removal_of(const platform::Directory& plugins, const std::string& name,
                             const std::string& plugin_id) {
  RETURN_IF_ERROR(check_name(name));
  ASSIGN_OR_RETURN(const auto standing, standing_at(plugins, name));
  if (!standing) {
    return Error{.code = ErrorCode::not_found, .message = "there is no such plugin directory", .where = name};
  }
  switch (standing->kind) {
    case FileKind::link: {
      ASSIGN_OR_RETURN(std::string target, plugins.link_target(name));
      return Operation(ChangeLink{.plugin_id = plugin_id, .directory = name, .from = std::move(target), .to = {}});
    }
    case FileKind::directory: return Operation(SetDirectoryAside{.plugin_id = plugin_id, .directory = name});
    case FileKind::regular:
    case FileKind::other: break;
  }
  return Error{.code = ErrorCode::refused, .message = "this is a file and no plugin directory", .where = name};
}

Result<RemovedDirectory> remove_directory(World& world, const std::string& name) {
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "uninstall"));
  if (auto there = check_there(world, name); !there) return first.refusal(std::move(there).error());
  if (auto may = may_remove(first.seen.observation, name); !may) return first.refusal(std::move(may).error());
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "uninstall"));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  RETURN_IF_ERROR(may_remove(seen.observation, name));
  ASSIGN_OR_RETURN(auto* plugins, session->site().plugins());
  ASSIGN_OR_RETURN(Operation removal, removal_of(*plugins, name, name));
  RemovedDirectory report{.directory = name, .was_link = std::holds_alternative<ChangeLink>(removal)};
  ASSIGN_OR_RETURN(const auto number, session->next_number());
  UndertakingBuilder builder(number);
  builder.begin_deed({.verb = "uninstall",
                      .plugin_id = name,
                      .reason = "directory_named_by_owner",
                      .result = report.was_link ? fmt::format("removed the link {}", name)
                                                : fmt::format("set the directory {} aside", name),
                      .effects = LedgerEffects{.receipts_removed = {name}},
                      .effects_of_undoing = LedgerEffects{.receipts_put = receipts_of(*session, name)}});
  note_removal(planner::plugin_gone_with(seen.observation, planner::Situations(seen.observation), name), builder);
  builder.add(std::move(removal));
  builder.all_or_nothing();
  ASSIGN_OR_RETURN([[maybe_unused]] const TransactionReport done, session->run(builder.take(), builder.materials()));
  report.notes = first.notes;
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
