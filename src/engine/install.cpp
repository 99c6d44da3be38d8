#include "engine/install.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/shell_word.h"
#include "engine/alias_owner.h"
#include "engine/directory_stage.h"
#include "engine/look.h"
#include "engine/second_look.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "engine/update.h"
#include "engine/uploads_move.h"
#include "json/edit.h"
#include "json/write.h"
#include "model/installed.h"
#include "model/plugin_id.h"
#include "planner/attempts.h"
#include "planner/rename.h"
#include "planner/situation.h"
#include "store/registry.h"

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using model::Observation;
using model::Source;

/// Adding a section, forgetting a removal and using a free name all rest on what is NOT in these (promise 1).
constexpr model::SourceSet kNeeds{Source::config, Source::secrets, Source::disk, Source::tombstones, Source::registry};

Status check_sources(const Observation& observation) {
  if (!observation.registry.present && observation.reading(Source::registry).known()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no registry to install from",
                 .hint = "name one with --registry"};
  }
  const auto unknown = observation.unknown_among(kNeeds);
  if (!unknown) return ok();
  const model::SourceReading& reading = observation.reading(*unknown);
  return Error{.code = ErrorCode::unreadable,
               .message = fmt::format("nothing was installed, because this could not be read: {}", reading.detail),
               .where = reading.path,
               .hint = "`trueup status` says what is wrong with it"};
}

void add_name(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Error not_listed(const Observation& observation, const std::string& name) {
  Error error{.code = ErrorCode::not_found, .message = "the registry lists no such plugin", .where = name};
  if (auto refusal = planner::refusal_of_entry(observation.registry, name)) {
    error.message = std::move(*refusal);
    return error;
  }
  if (const auto shorter = model::without_legacy_prefix(name)) {
    if (const auto* entry = store::find_entry(observation.registry, *shorter)) {
      error.hint = fmt::format("it lists '{}', and nothing says that this is the same plugin", entry->id);
    }
  }
  return error;
}

/// An id that the entry's manifest may state now; an alias is one that it had.
bool is_own_id(const model::RegistryEntry& entry, std::string_view id) {
  return id == entry.id || id == entry.directory;
}

Error not_replaced(const model::PluginDirectory& directory, std::string_view why, std::string hint) {
  return Error{.code = ErrorCode::conflict,
               .message = fmt::format("'{}' {}, so nothing was touched", directory.name, why),
               .where = directory.name,
               .hint = std::move(hint)};
}

/// The one directory that the plugin is in now, if there is one, and whether it may be replaced.
Status look_at_directory(const Observation& observation, InstallDecision& decision) {
  std::vector<const model::PluginDirectory*> claims;
  for (const model::PluginDirectory& directory : observation.disk.directories) {
    const bool reads = directory.manifest == model::ManifestVerdict::good;
    const std::string& id = reads ? directory.id : directory.name;
    const auto& ids = reads ? decision.ids : decision.names;
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) claims.push_back(&directory);
  }
  if (claims.empty()) return ok();
  const model::PluginDirectory& first = *claims.front();
  if (claims.size() > 1) {
    return not_replaced(
        first, fmt::format("and '{}' are both this plugin", claims[1]->name),
        fmt::format("remove one of them, such as with `trueup uninstall --dir {}`", shell_word(claims[1]->name)));
  }
  if (first.kind == model::EntryKind::link || first.kind == model::EntryKind::dangling_link) {
    return not_replaced(
        first, "is a link to a directory elsewhere, which is never replaced",
        fmt::format("remove the link with `trueup uninstall --dir {}` if the registry's version is wanted",
                    shell_word(first.name)));
  }
  if (first.manifest != model::ManifestVerdict::good) {
    // It stands for the id equal to its name, so only a plugin with that id may take its place.
    const bool is_the_plugin = std::find(decision.ids.begin(), decision.ids.end(), first.name) != decision.ids.end();
    if (first.kind != model::EntryKind::directory || !is_the_plugin) {
      return not_replaced(first, "is there and damaged",
                          fmt::format("`trueup explain {0}` says how; `trueup uninstall --dir {0}` sets it aside",
                                      shell_word(first.name)));
    }
    decision.directory = first.name;
    // Under another name of the entry it takes the entry's own id, whichever its manifest states.
    if (is_own_id(*decision.entry, first.name)) decision.installed_id = first.name;
    decision.replaces_damaged = true;
    decision.repairs = !model::version_of(first).empty() && model::version_of(first) == decision.entry->latest_version;
    return ok();
  }
  decision.directory = first.name;
  decision.installed_id = first.id;
  decision.installed_version = first.version;
  decision.changes_name = !is_own_id(*decision.entry, first.id);
  decision.same_version =
      !decision.changes_name && !first.version.empty() && first.version == decision.entry->latest_version;
  return ok();
}

/// What an interrupted install of this plugin left behind.
bool is_of(const model::Aside& aside, const InstallDecision& decision) {
  if (!decision.directory.empty()) return aside.owner == decision.directory;
  return std::find(decision.names.begin(), decision.names.end(), aside.owner) != decision.names.end();
}

/// LEDMatrix may be at work on the very plugin: its safety copy is not taken from it.
Status check_at_rest(World& world, const Observation& first, const InstallDecision& decision) {
  if (decision.asides.empty() || first.web_process == model::Tristate::no) return ok();
  wait_for_second_look(world);
  ASSIGN_OR_RETURN(Look second, look(world));
  mark_settling(first, second.observation);
  if (second.observation.disk.settling.empty()) return ok();
  return Error{.code = ErrorCode::conflict,
               .message = "LEDMatrix seems to be installing it right now, so nothing was touched",
               .where = second.observation.disk.settling.front(),
               .hint = "try again when it is done"};
}

/// Everything about one installation of one plugin id.
class Installation {
 public:
  Installation(Session& session, const Observation& observation, const InstallDecision& decision, std::string id)
      : session_(session),
        observation_(observation),
        decision_(decision),
        id_(std::move(id)),
        directory_(decision.directory.empty() ? id_ : decision.directory) {}

  /// `refusal`: why the registry's offer was refused, if it was.
  Result<InstallReport> run(std::string& refusal) {
    InstallReport report{.plugin_id = id_,
                         .directory = directory_,
                         .version = decision_.entry->latest_version,
                         .previous_version = decision_.installed_version,
                         .replaced_damaged = decision_.replaces_damaged,
                         .unchanged = decision_.same_version};
    const planner::Situations before(observation_);
    const planner::Situation* plugin = before.find(id_);
    report.is_on = plugin != nullptr && planner::enabled_of(*plugin).enabled;
    const planner::Situation* former = plugin == nullptr || plugin->section == nullptr ? former_of(before) : nullptr;
    if (former != nullptr) {
      RETURN_IF_ERROR(check_what_goes_along());
      say_where_settings_go(*former, report);
    }
    ASSIGN_OR_RETURN(const auto number, session_.next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed(deed());
    if (!decision_.same_version) {
      for (const std::string& aside : decision_.asides) {
        builder.add(SetDirectoryAside{.plugin_id = id_, .directory = aside, .kept = {}, .digest = {}});
      }
      add_directory(builder, number, refusal);
    }
    std::vector<DocumentEdit> edits = edits_of_documents(former, report.was_removed_before);
    if (former != nullptr && moves(*former)) {
      const planner::RenameWork work = planner::rename_to_new_id(
          observation_, *former, {.name = directory_, .id = id_, .version = decision_.entry->latest_version});
      RETURN_IF_ERROR(add_uploads_move(session_.site(), work.uploads, builder));
      edits.insert(edits.end(), work.edits.begin(), work.edits.end());
    }
    builder.add(edits);
    builder.all_or_nothing();
    if (builder.empty()) return report;
    ASSIGN_OR_RETURN(const TransactionReport done, session_.run(builder.take(), builder.materials()));
    for (const Applied& applied : done.applied) {
      if (!applied.version.empty()) report.version = applied.version;
      report.notes.insert(report.notes.end(), applied.notes.begin(), applied.notes.end());
    }
    report.unchanged = report.unchanged || done.deeds.front() == Outcome::already;
    forget_attempts();
    return report;
  }

 private:
  /// Another name of the plugin that has settings, while the plugin itself has none.
  [[nodiscard]] const planner::Situation* former_of(const planner::Situations& situations) const {
    for (const std::string& name : decision_.names) {
      const planner::Situation* other = name == id_ ? nullptr : situations.find(name);
      if (other == nullptr || other->section == nullptr || other->reserved) continue;
      if (other->match == planner::EntryMatch::by_alias && other->entry->id != decision_.entry->id)
        continue;  // another's
      const bool elsewhere = std::ranges::any_of(other->directories, [this](const model::PluginDirectory* directory) {
        return directory->name != decision_.directory;
      });
      if (!elsewhere) return other;
    }
    return nullptr;
  }

  /// The registry declares the rename, and nothing stands under the new name: as `reconcile` would, in one transaction.
  [[nodiscard]] bool moves(const planner::Situation& former) const {
    const auto named = std::ranges::count_if(decision_.names, [this](const std::string& name) {
      return std::ranges::find(observation_.config.sections, name, &model::Section::key) !=
             observation_.config.sections.end();
    });
    const bool has_secrets =
        std::ranges::find(observation_.config.secrets, id_, &model::Section::key) != observation_.config.secrets.end();
    return is_alias_of(*decision_.entry, observation_, former.id) && former.section->is_object() && named == 1 &&
           !(has_secrets && former.secrets != nullptr) &&
           !(planner::has_uploads(observation_, former.id) && planner::has_uploads(observation_, id_));
  }

  /// What is set elsewhere goes along as a whole, or nothing is installed.
  [[nodiscard]] Status check_what_goes_along() const {
    const model::SourceReading& state = observation_.reading(Source::state);
    if (state.known() && observation_.uploads.problem.empty()) return ok();
    return Error{.code = ErrorCode::unreadable,
                 .message = fmt::format("nothing was installed, because what belongs to its other name could not be "
                                        "read: {}",
                                        state.known() ? observation_.uploads.problem : state.detail),
                 .where = state.known() ? "assets/plugins" : state.path,
                 .hint = state.known() ? "`trueup reconcile` fetches it where it is on, and asks what is to go along"
                                       : "`trueup status` says what is wrong with it"};
  }

  void say_where_settings_go(const planner::Situation& former, InstallReport& report) const {
    if (moves(former)) {
      report.is_on = planner::enabled_of(former).enabled;
      report.former_id = former.id;
      report.notes.push_back(fmt::format("what was set for {} went along", former.id));
    } else {
      report.notes.push_back(
          fmt::format("settings stand under its other name `{}`, and none were made beside them: "
                      "`trueup explain {}` says what moves them",
                      former.id, shell_word(former.id)));
    }
  }

  [[nodiscard]] Deed deed() const {
    Deed deed{.verb = "install",
              .plugin_id = id_,
              .reason = "asked_by_owner",
              .result = history_line(decision_.entry->latest_version)};
    if (!decision_.same_version) {
      deed.effects.made().receipts_put.push_back(
          {.plugin_id = id_, .directory = directory_, .version = decision_.entry->latest_version, .origin = origin()});
      deed.effects_of_undoing.made().receipts_put = observation_.ledger.receipts;  // those of that directory stay
    }
    for (const std::string& name : observation_.ledger.tombstones) {
      if (!is_a_name(name)) continue;
      deed.effects.made().tombstones_removed.push_back(name);
      deed.effects_of_undoing.made().tombstones_put.push_back(name);
    }
    return deed;
  }

  void add_directory(UndertakingBuilder& builder, std::int64_t number, std::string& refusal) {
    PublishDirectory publish{.plugin_id = id_,
                             .directory = directory_,
                             .staged = fmt::format("staging/{}-{}", number, id_),
                             .entry = decision_.entry->id};
    if (!decision_.directory.empty()) publish.kept = builder.kept_path(directory_);
    Materials materials{.entry = decision_.entry, .refusal = &refusal, .core_version = observation_.core_version};
    materials.on_version = [this](Undertaking& undertaking, const std::string& version) {
      undertaking.deeds.front().result = history_line(version);
      put_into_record(undertaking, version);
    };
    builder.add(std::move(publish), std::move(materials));
  }

  [[nodiscard]] std::string history_line(const std::string& version) const {
    return fmt::format("installed {} {} from {}", id_, version, origin());
  }

  /// What the manifest says, and not what was promised.
  void put_into_record(Undertaking& undertaking, const std::string& version) const {
    for (Operation& operation : undertaking.operations) {
      auto* edit = std::get_if<EditDocument>(&operation);
      if (edit == nullptr || edit->document != DocumentName::state) continue;
      for (DocumentEdit& one : edit->edits) {
        const bool is_record = one.path == json::Path{"states", id_} && one.value && !one.new_key;
        if (is_record) one.value = record_text(version);
        const bool is_version = one.path == json::Path{"states", id_, "version"} && one.value;
        if (is_version) one.value = json::quote(version);
      }
    }
  }

  std::vector<DocumentEdit> edits_of_documents(const planner::Situation* former, bool& was_removed_before) const {
    std::vector<DocumentEdit> edits;
    for (const std::string& name : observation_.tombstones) {
      if (!is_a_name(name)) continue;
      edits.push_back({.document = DocumentName::tombstones, .path = {name}, .expected = "true", .value = {}});
      was_removed_before = true;
    }
    const planner::Situations situations(observation_);
    const planner::Situation* known = situations.find(id_);
    if ((known == nullptr || known->section == nullptr) && former == nullptr) {
      edits.push_back(
          {.document = DocumentName::config, .path = {id_}, .expected = {}, .value = R"({"enabled": false})"});
    }
    // The web process rewrites that file from memory; it will notice the plugin by itself.
    const bool ours = observation_.web_process == model::Tristate::no && observation_.reading(Source::state).known();
    const bool record_moves = former != nullptr && former->record != nullptr && moves(*former);
    if (ours && (known == nullptr || known->record == nullptr) && !record_moves) {
      edits.push_back({.document = DocumentName::state,
                       .path = {"states", id_},
                       .expected = {},
                       .value = record_text(decision_.entry->latest_version)});
    }
    return edits;
  }

  [[nodiscard]] std::string record_text(const std::string& version) const {
    const planner::Situations situations(observation_);
    const planner::Situation* known = situations.find(id_);
    const bool enabled = known != nullptr && planner::enabled_of(*known).enabled;
    json::Writer record;
    record.begin_object();
    record.key("plugin_id").string(id_);
    record.key("status").string(enabled ? "enabled" : "disabled");
    record.key("enabled").boolean(enabled);
    if (version.empty()) {
      record.key("version").null();
    } else {
      record.key("version").string(version);
    }
    record.key("installed_at").null();
    record.key("last_updated").null();
    record.key("config_version").integer(1);
    record.key("metadata").begin_object().end_object();
    record.end_object();
    return std::move(record).text();
  }

  [[nodiscard]] const std::string& origin() const {
    return decision_.entry->source.empty() ? observation_.registry.origin : decision_.entry->source;
  }

  [[nodiscard]] bool is_a_name(const std::string& name) const {
    return name == id_ || std::find(decision_.names.begin(), decision_.names.end(), name) != decision_.names.end();
  }

  void forget_attempts() {
    for (const model::Attempt& attempt : observation_.ledger.attempts) {
      if (!is_a_name(attempt.plugin_id)) continue;
      session_.record().attempts_removed.push_back({attempt.plugin_id, attempt.source, attempt.entry_digest});
    }
  }

  Session& session_;
  const Observation& observation_;
  const InstallDecision& decision_;
  std::string id_;
  std::string directory_;
};

/// Tries the ids that the entry may stand for; only a manifest that states another id leads to the next. `other_id`:
/// all of them failed for that.
Result<InstallReport> install_one(Session& session, const Observation& observation, const InstallDecision& decision,
                                  bool& other_id) {
  std::optional<Error> first;
  for (const std::string& id : decision.ids) {
    if (!decision.installed_id.empty() && id != decision.installed_id) continue;
    std::string refusal;
    auto report = Installation(session, observation, decision, id).run(refusal);
    if (report || refusal != refusal::kIdentityMismatch) return report;
    if (!first) first = std::move(report).error();
  }
  other_id = first.has_value();
  return first.value_or(Error{.code = ErrorCode::internal, .message = "no id to install"});
}

}  // namespace

Result<InstallDecision> decide_install(const Observation& observation, const std::string& name) {
  ASSIGN_OR_RETURN([[maybe_unused]] const model::PluginId checked, model::PluginId::parse(name));
  RETURN_IF_ERROR(check_sources(observation));
  const auto entries = store::entries_for(observation.registry, name);
  const model::RegistryEntry* entry = entries.empty() ? store::find_saved(observation.registry, name) : entries.front();
  if (entry == nullptr) return not_listed(observation, name);
  if (!is_own_id(*entry, name) && !entries.empty()) {
    ASSIGN_OR_RETURN(entry, claimant_of(observation, name));
  }
  InstallDecision decision{.entry = entry};
  // In the official registry a plugin's id is its directory's name, also where the entry has a shorter one.
  add_name(decision.ids, decision.entry->directory);
  add_name(decision.ids, decision.entry->id);
  for (const std::string& alias : decision.entry->aliases) add_name(decision.ids, alias);
  std::erase_if(decision.ids, [](const std::string& id) { return model::is_reserved(id); });
  decision.names = decision.ids;
  add_name(decision.names, name);
  RETURN_IF_ERROR(look_at_directory(observation, decision));
  if (!decision.same_version && !decision.repairs) {
    RETURN_IF_ERROR(check_entry_core(*entry, observation.core_version));
  }
  for (const model::Aside& aside : observation.disk.asides) {
    if (aside.known_suffix && is_of(aside, decision)) decision.asides.push_back(aside.name);
  }
  return decision;
}

namespace {

/// What is installed goes by a former id, and the entry's manifest states another one: an update, in which everything
/// that is set goes along.
Result<InstallReport> install_under_new_id(World& world, const std::string& former, const std::string& origin) {
  ASSIGN_OR_RETURN(const UpdateReport updated, update(world, {.names = {former}, .from = origin, .retry = true}));
  const UpdateResult& done = updated.results.front();
  if (done.kind != UpdateResult::Kind::updated) {
    return Error{
        .code = ErrorCode::conflict,
        .message = fmt::format("{} is installed under its former name, and was not exchanged: {}", former, done.says),
        .where = former};
  }
  InstallReport report{.plugin_id = done.plugin_id,
                       .directory = done.directory,
                       .version = done.version,
                       .previous_version = done.installed_version,
                       .former_id = former,
                       .notes = done.notes};
  report.notes.insert(report.notes.end(), updated.notes.begin(), updated.notes.end());
  if (done.n) report.history.push_back(*done.n);
  ASSIGN_OR_RETURN(const Look after, look(world));
  const planner::Situations situations(after.observation);
  const planner::Situation* plugin = situations.find(done.plugin_id);
  report.is_on = plugin != nullptr && planner::enabled_of(*plugin).enabled;
  return report;
}

/// `former`: nothing was installed, because the plugin has another id than the one of that name which is there.
Result<InstallReport> install_as_it_is_called(World& world, const std::string& name, std::string& former,
                                              std::string& origin) {
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "install"));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  auto report = [&]() -> Result<InstallReport> {
    ASSIGN_OR_RETURN(const InstallDecision decision, decide_install(seen.observation, name));
    bool other_id = false;
    auto installed = install_one(*session, seen.observation, decision, other_id);
    if (!installed && other_id && decision.changes_name) {
      former = decision.installed_id;
      origin = decision.entry->source.empty() ? seen.observation.registry.origin : decision.entry->source;
    }
    return installed;
  }();
  ASSIGN_OR_RETURN(auto history, session->end());
  if (!report) return report;
  report->history = std::move(history);
  report->notes.insert(report->notes.begin(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace

Result<InstallReport> install(World& world, const std::string& name) {
  // Looked at before the lock is taken, too: a name that is refused leaves no trace of trueup behind.
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "install"));
  const auto possible = decide_install(first.seen.observation, name);
  if (!possible) return first.refusal(possible.error());
  RETURN_IF_ERROR(check_at_rest(world, first.seen.observation, *possible));
  std::string former;
  std::string origin;
  auto report = install_as_it_is_called(world, name, former, origin);
  if (!report && !former.empty()) report = install_under_new_id(world, former, origin);
  if (report) report->notes.insert(report->notes.begin(), first.notes.begin(), first.notes.end());
  return report;
}

}  // namespace trueup::engine
