#include "engine/update_decision.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "engine/choice.h"
#include "engine/directory_stage.h"
#include "model/installed.h"
#include "model/version.h"
#include "planner/file_names.h"
#include "planner/rename.h"
#include "planner/situation.h"
#include "store/web_address.h"

namespace trueup::engine {
namespace {

using model::EntryKind;
using model::Observation;
using model::RegistryEntry;
using model::Source;
using planner::EntryMatch;
using planner::Situation;
using store::is_same_source;
using Kind = UpdateDecision::Kind;

/// Whose place a free name is, and what was removed, rest on what is NOT in these (promise 1).
constexpr model::SourceSet kNeeds{Source::disk, Source::tombstones, Source::registry};

/// Two repositories of one owner at one host: a plugin's old one and the monorepo that it moved to.
bool same_owner(const std::string& a, const std::string& b) {
  const auto left = store::parse_repository(a);
  const auto right = store::parse_repository(b);
  if (!left || !right || left->place() != right->place() || left->scheme != right->scheme) return false;
  const auto owner = [](const std::string& path) { return path.substr(0, path.find('/', 1)); };
  return owner(left->path) == owner(right->path);
}

bool stands_for(const RegistryEntry& entry, std::string_view id) {
  return entry.id == id || entry.directory == id ||
         std::find(entry.aliases.begin(), entry.aliases.end(), id) != entry.aliases.end();
}

std::string shown_version(const std::string& version) { return version.empty() ? "(no version)" : version; }

/// Decides for one plugin. Each check returns true when it has decided.
class Decider {
 public:
  Decider(const Observation& observation, const planner::Situations& situations, const UpdateOrder& order,
          const Natures& natures, const Situation& plugin)
      : observation_(observation), situations_(situations), order_(order), plugin_(plugin) {
    decision_.plugin_id = std::string(plugin.id);
    if (plugin.directory() == nullptr) return;
    decision_.directory = plugin.directory()->name;
    decision_.installed_version = plugin.directory()->version;
    if (const auto found = natures.find(decision_.directory); found != natures.end()) nature_ = found->second;
  }

  UpdateDecision run() && {
    const bool decided = is_not_the_stores() || cannot_be_replaced() ||
                         (nature_.git ? is_no_checkout_to_update()
                                      : has_no_source() || is_there_already() || is_refused() || is_edited());
    if (!decided) {
      decision_.kind = Kind::update;
      for (const model::Aside* aside : plugin_.asides) {
        if (aside->known_suffix) decision_.asides.push_back(aside->name);
      }
    }
    return std::move(decision_);
  }

 private:
  bool end(Kind kind, std::string_view reason, std::string says) {
    decision_.kind = kind;
    decision_.reason = reason;
    decision_.says = std::move(says);
    return true;
  }
  bool skip(std::string_view reason, std::string says) { return end(Kind::skipped, reason, std::move(says)); }
  bool fail(std::string_view reason, std::string says) { return end(Kind::failed, reason, std::move(says)); }

  bool is_not_the_stores() {
    if (plugin_.directories.empty()) {
      return fail("not_installed", fmt::format("it is not installed; `trueup install {}` fetches it", plugin_.id));
    }
    if (plugin_.tombstoned) {
      return skip("removed_by_owner", fmt::format("you removed it; `trueup install {}` takes it back", plugin_.id));
    }
    const EntryKind kind = plugin_.directory()->kind;
    if (kind == EntryKind::link || kind == EntryKind::dangling_link) {
      return skip("linked", "it is a link to a directory elsewhere, which is never touched");
    }
    if (nature_.local_only) return skip("local_only", "its manifest says that it is this device's alone");
    return false;
  }

  bool cannot_be_replaced() {
    const model::PluginDirectory& directory = *plugin_.directory();
    if (plugin_.directories.size() > 1) {
      return fail("two_directories", fmt::format("'{}' and '{}' are both this plugin: remove one of them first",
                                                 directory.name, plugin_.directories[1]->name));
    }
    if (plugin_.installed()) return false;
    if (!plugin_.entry_is_evidence() && !directory.receipt) {
      return skip("no_source", fmt::format("{}, and no store lists it", directory.manifest_problem));
    }
    return fail("damaged", fmt::format("it is damaged ({}); `trueup install {}` puts a new copy in its place",
                                       directory.manifest_problem, plugin_.id));
  }

  bool has_no_source() {
    const model::ReceiptFacts* receipt = plugin_.matching_receipt();
    const std::string& main = observation_.registry.origin;
    if (!order_.from.empty()) return take_from(order_.from, "named_source_lacks_it");
    if (receipt != nullptr && model::is_given(receipt->origin)) return is_given(receipt->origin);
    if (receipt != nullptr && !is_same_source(receipt->origin, main)) return take_from(receipt->origin, "source_gone");
    return take_from_main(receipt != nullptr);
  }

  /// No store has newer versions of what the owner installed from this device.
  bool is_given(const std::string& origin) {
    decision_.origin = origin;
    std::string says = fmt::format("it was installed from {}, where nobody looks for newer versions",
                                   origin.substr(model::kGivenSource.size()));
    if (plugin_.entry_is_evidence()) {
      says += fmt::format("; `trueup update {} --from {}` takes it from there from now on", plugin_.id,
                          observation_.registry.origin);
    }
    return skip("local_copy", std::move(says));
  }

  /// From the source of this address, which is the main registry or a saved repository.
  bool take_from(const std::string& origin, std::string_view reason) {
    if (is_same_source(origin, observation_.registry.origin)) return take_from_main(true);
    for (const RegistryEntry& entry : observation_.registry.saved) {
      if (!is_same_source(entry.source, origin) || !stands_for(entry, plugin_.id)) continue;
      return take_as(entry, entry.source);
    }
    decision_.origin = origin;
    if (!order_.from.empty()) {
      return fail(reason,
                  fmt::format("{} does not offer it, or is not saved here: `trueup store add` saves it", origin));
    }
    std::string says =
        fmt::format("it was installed from {}, which does not offer it any more or is not asked here", origin);
    if (plugin_.entry_is_evidence()) {
      says += fmt::format("; `trueup update {} --from {}` takes it from there from now on", plugin_.id,
                          observation_.registry.origin);
    }
    return fail(reason, std::move(says));
  }

  /// `was_there`: it is known to come from there, so that it is missed when it is not listed.
  bool take_from_main(bool was_there) {
    decision_.origin = observation_.registry.origin;
    const std::string entry_id = plugin_.entry == nullptr ? "" : plugin_.entry->id;
    switch (plugin_.match) {
      case EntryMatch::by_id:
      case EntryMatch::by_directory: take(*plugin_.entry, observation_.registry.origin); return false;
      case EntryMatch::by_alias: return take_as(*plugin_.entry, observation_.registry.origin);
      case EntryMatch::other_id:
        return fail("registry_installs_other_id",
                    fmt::format("the registry's '{}' installs the plugin '{}': `trueup install {}` takes it", entry_id,
                                plugin_.entry->directory, plugin_.entry->directory));
      case EntryMatch::several:
        return fail("claimed_by_several",
                    fmt::format("the registry declares it another name of {}, and nothing tells which is meant",
                                model::names_of(plugin_.claimed_by)));
      case EntryMatch::prefix_unconfirmed:
        return fail(
            "candidate_unconfirmed",
            fmt::format("the registry's '{}' may be it, but nothing confirms that: `trueup install {}` takes it",
                        entry_id, entry_id));
      case EntryMatch::none: break;
    }
    if (was_there) return fail("not_in_registry", "its source does not list it any more, so it stays as it is");
    const auto& saved = observation_.registry.saved;
    const auto offered = std::find_if(saved.begin(), saved.end(),
                                      [&](const RegistryEntry& entry) { return stands_for(entry, plugin_.id); });
    std::string says = "no store lists it";
    if (offered != saved.end()) {
      says = fmt::format("the registry does not list it; `trueup update {} --from {}` takes what is offered there",
                         plugin_.id, offered->source);
    }
    return skip("no_source", std::move(says));
  }

  /// A checkout follows its own repository, unless the registry has that plugin in a monorepo now: then it moves over.
  bool is_no_checkout_to_update() {
    const GitCheckout& git = *nature_.git;
    if (!git.problem.empty()) return fail("git_unreadable", git.problem);
    const bool unlisted = !takes_the_id_that_the_registry_resolves_to(git) && has_no_source();
    if (unlisted && !order_.from.empty()) return true;
    const RegistryEntry* entry = unlisted ? nullptr : decision_.entry;
    const bool is_its_own =
        entry != nullptr && entry->plugin_path.empty() && is_same_source(git.remote, entry->repository);
    const bool moves_over =
        entry != nullptr && !is_its_own && (!order_.from.empty() || same_owner(git.remote, entry->repository));
    if (entry != nullptr && (is_its_own || moves_over) && (is_there_already() || is_refused())) return true;
    if (has_work_in(git, moves_over)) return true;
    if (moves_over) return false;
    if (git.remote.empty() || git.branch.empty()) {
      return skip("no_source", git.remote.empty() ? "it is a git checkout without a remote, and stays as it is"
                                                  : "its git checkout is on no branch, and stays as it is");
    }
    decision_.git = git;
    decision_.origin = git.remote;
    if (!is_its_own && changes_name_only_) decision_.new_id.clear();
    if (!is_its_own) decision_.offered_version.clear();
    decision_.entry = nullptr;
    decision_.reason.clear();
    decision_.says.clear();
    return false;
  }

  /// The registry's entry of this id is the same plugin under another one by now, in a monorepo of the same owner, and
  /// nothing here has that id yet.
  bool takes_the_id_that_the_registry_resolves_to(const GitCheckout& git) {
    const RegistryEntry* entry = plugin_.entry;
    if (plugin_.match != EntryMatch::other_id || !order_.from.empty()) return false;
    if (!same_owner(git.remote, entry->repository)) return false;
    if (observation_.unknown_among({Source::config, Source::secrets})) return false;
    if (!observation_.uploads.problem.empty()) return false;  // they could not go along
    const Situation* other = situations_.find(entry->directory);
    const bool free = other == nullptr || (other->directories.empty() && other->section == nullptr &&
                                           other->record == nullptr && !other->tombstoned);
    if (!free) return false;
    take(*entry, observation_.registry.origin);
    decision_.new_id = entry->directory;
    return true;
  }

  /// The entry's offer. Where the plugin is only another name of it, the offer takes its place under the entry's own
  /// id, and everything that is set goes along; unless something of that id is here already.
  bool take_as(const RegistryEntry& entry, const std::string& origin) {
    decision_.origin = origin;
    const std::string& id = entry.directory.empty() ? entry.id : entry.directory;
    if (plugin_.id == entry.id || plugin_.id == entry.directory) {
      take(entry, origin);
      return false;
    }
    if (const auto unknown = observation_.unknown_among({Source::config, Source::secrets, Source::state})) {
      return fail("source_unreadable", fmt::format("it is called '{}' now, and its settings cannot go along: {}", id,
                                                   observation_.reading(*unknown).detail));
    }
    if (!observation_.uploads.problem.empty()) {
      return fail("source_unreadable",
                  fmt::format("it is called '{}' now, and what was uploaded for it cannot go along: "
                              "{}",
                              id, observation_.uploads.problem));
    }
    const Situation* other = situations_.find(id);
    std::string taken;
    if (planner::has_uploads(observation_, plugin_.id) && planner::has_uploads(observation_, id)) {
      taken = "assets/plugins has uploads of both names";
    }
    if (other != nullptr && other->reserved) taken = "that is one of LEDMatrix's own names";
    if (other != nullptr && other->tombstoned) taken = "you removed a plugin of that name";
    if (other != nullptr && other->record != nullptr) taken = "a plugin of that name is recorded already";
    if (other != nullptr && other->section != nullptr) taken = "config.json has settings of that name already";
    if (other != nullptr && !other->directories.empty()) taken = "a plugin of that name is installed already";
    if (!taken.empty()) {
      return fail(
          "renamed",
          fmt::format("it is called '{0}' now, and {1}: nothing is merged. `trueup uninstall {2} --keep-config` "
                      "keeps what is set; then `trueup install {0}` takes the new one",
                      id, taken, plugin_.id));
    }
    take(entry, origin);
    decision_.new_id = id;
    changes_name_only_ = true;
    return false;
  }

  /// What somebody did in a checkout and no remote has.
  bool has_work_in(const GitCheckout& git, bool moves_over) {
    if (!git.changed.empty()) {
      return fail("edited_by_owner", fmt::format("you changed {} in its git checkout: commit or take that back first",
                                                 planner::some_names(git.changed)));
    }
    if (!git.commits.empty()) {
      return fail("local_commits", fmt::format("its git checkout has commits that its repository has not: {}",
                                               planner::some_names(git.commits)));
    }
    return moves_over && git.has_stash &&
           fail("edited_by_owner", "its git checkout has changes that were stashed: take or drop them first");
  }

  void take(const RegistryEntry& entry, const std::string& origin) {
    decision_.entry = &entry;
    decision_.offered_version = entry.latest_version;
    decision_.origin = origin;
  }

  bool is_there_already() {
    const std::string& here = decision_.installed_version;
    const std::string& there = decision_.offered_version;
    switch (model::compare_versions(there, here)) {
      case model::VersionOrder::newer: return false;
      case model::VersionOrder::same:
        if (changes_name_only_) return false;
        return end(Kind::up_to_date, "up_to_date", fmt::format("{} is the latest", here));
      case model::VersionOrder::older:
        return fail("installed_is_newer",
                    fmt::format("{} is installed, which is newer than {} of {}", here, there, decision_.origin));
      case model::VersionOrder::incomparable: break;
    }
    return fail("not_comparable",
                fmt::format("version {} is installed and {} is offered: which one is newer cannot be told",
                            shown_version(here), shown_version(there)));
  }

  /// By what its entry says, or by what came the last time.
  bool is_refused() { return does_not_fit() || was_fetched_before(); }

  bool does_not_fit() {
    const model::RegistryEntry& entry = *decision_.entry;
    const Status fits = check_entry_core(entry, observation_.core_version);
    return !fits &&
           fail(model::reason_of(model::core_fit(entry.minimum_core, entry.core_ranges, observation_.core_version)),
                fits.error().message);
  }

  bool was_fetched_before() {
    if (order_.retry) return false;
    for (const model::Attempt& attempt : observation_.ledger.attempts) {
      if (attempt.plugin_id != plugin_.id || attempt.entry_digest != decision_.entry->digest) continue;
      if (!is_same_source(attempt.source, decision_.origin)) continue;
      if (!attempt.refuses(observation_.core_version) && attempt.reason != kFetchedBefore) continue;
      return fail(
          attempt.reason,
          fmt::format("{}; it is tried again when the store offers another one, or by `trueup update {} --retry`",
                      attempt.detail, plugin_.id));
    }
    return false;
  }

  bool is_edited() {
    const auto& files = plugin_.directory()->modified_files;
    if (plugin_.matching_receipt() == nullptr || files.empty()) return false;
    return fail("edited_by_owner",
                fmt::format("you changed {}: an update would mix that with the new version. `trueup explain {}` says "
                            "what can be done",
                            planner::some_names(files), plugin_.id));
  }

  const Observation& observation_;
  const planner::Situations& situations_;
  const UpdateOrder& order_;
  const Situation& plugin_;
  DirectoryNature nature_;
  UpdateDecision decision_;
  bool changes_name_only_ = false;  // the same plugin under another id: an equal version is news
};

/// The plugin's own id for each that is asked for, each once; what is no plugin is told by the error beside it.
struct Asked {
  std::string name;
  const Situation* plugin = nullptr;
  std::optional<Error> error;
};

std::vector<Asked> asked_for(const Observation& observation, const planner::Situations& situations,
                             const UpdateOrder& order) {
  std::vector<Asked> asked;
  const auto add = [&](Asked one) {
    const bool again = one.plugin != nullptr && std::any_of(asked.begin(), asked.end(), [&](const Asked& before) {
                         return before.plugin == one.plugin;
                       });
    if (!again) asked.push_back(std::move(one));
  };
  for (const std::string& name : order.names) {
    auto plugin = chosen_plugin(observation, situations, name);
    add({.name = name,
         .plugin = plugin ? *plugin : nullptr,
         .error = plugin ? std::nullopt : std::optional(std::move(plugin).error())});
  }
  if (!order.all) return asked;
  for (const model::PluginDirectory& directory : observation.disk.directories) {
    const Situation* plugin = model::is_plain_file(directory) ? nullptr : situations.find(model::id_of(directory));
    if (plugin != nullptr && !plugin->reserved) add({.name = directory.name, .plugin = plugin, .error = {}});
  }
  return asked;
}

}  // namespace

std::vector<std::string> directories_of(const Observation& observation, const UpdateOrder& order) {
  const planner::Situations situations(observation);
  std::vector<std::string> directories;
  for (const Asked& one : asked_for(observation, situations, order)) {
    if (one.plugin != nullptr && one.plugin->directory() != nullptr) {
      directories.push_back(one.plugin->directory()->name);
    }
  }
  return directories;
}

Status check_update_sources(const Observation& observation) {
  if (!observation.registry.present && observation.reading(Source::registry).known()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no registry to update from",
                 .hint = "name one with --registry"};
  }
  return require_known(observation, kNeeds, "update");
}

Result<std::vector<UpdateDecision>> decide_update(const Observation& observation, const Natures& natures,
                                                  const UpdateOrder& order) {
  RETURN_IF_ERROR(check_update_sources(observation));
  const planner::Situations situations(observation);
  std::vector<UpdateDecision> decisions;
  for (const Asked& one : asked_for(observation, situations, order)) {
    if (one.plugin == nullptr) {
      decisions.push_back({.plugin_id = one.name,
                           .reason = std::string(to_string(one.error->code)),
                           .says = fmt::format("{}; {}", one.error->message, one.error->hint)});
      continue;
    }
    decisions.push_back(Decider(observation, situations, order, natures, *one.plugin).run());
  }
  return decisions;
}

}  // namespace trueup::engine
