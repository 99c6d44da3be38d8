#include "engine/pictures.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/escape.h"
#include "base/iso_time.h"
#include "base/limits.h"
#include "engine/choice.h"
#include "engine/look.h"
#include "engine/pictures_aside.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "engine/uploads_place.h"
#include "json/document.h"
#include "json/write.h"
#include "sources/disk_source.h"
#include "sources/schema_file.h"

namespace trueup::engine {
namespace {

constexpr const char* kVerb = "picture";

Result<const planner::Situation*> installed(const planner::Situations& situations,
                                            const model::Observation& observation, const std::string& name) {
  RETURN_IF_ERROR(check_plugin_name(name));
  RETURN_IF_ERROR(require_known(observation, {model::Source::disk}, kVerb));
  ASSIGN_OR_RETURN(const auto* plugin, chosen_plugin(observation, situations, name));
  if (plugin->directory() != nullptr) return plugin;
  return Error{.code = ErrorCode::not_found,
               .message = "the plugin is not installed, so it has no use for pictures",
               .where = std::string(plugin->id)};
}

Result<model::PictureRules> rules_of(World& world, const model::Observation& observation,
                                     const planner::Situation& plugin) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  ASSIGN_OR_RETURN(
      const auto plugins,
      sources::open_plugins(*root, world.file_system,
                            {.root_path = world.root, .configured = observation.disk.path, .installation_id = {}}));
  const auto file = sources::read_schema_file(*plugins, *plugin.directory());
  if (!file || !*file) return model::PictureRules{};
  const auto document = json::Document::parse((*file)->bytes);
  return document ? model::picture_rules(document->root()) : model::PictureRules{};
}

std::string now_text(const platform::Clock& clock) {
  return iso_time(std::chrono::floor<std::chrono::seconds>(clock.wall_now()).time_since_epoch().count());
}

std::string note_of(const Upload& picture) {
  json::Writer out;
  out.begin_object().key("id").string(picture.id).key("filename").string(picture.filename);
  out.key("path").string(picture.path).key("size").integer(static_cast<std::int64_t>(picture.size));
  out.key("uploaded_at").string(picture.uploaded_at).key("original_filename").string(picture.original).end_object();
  return std::move(out).text();
}

/// Called by what it is, so that whatever is begun anew comes to the same end; a name that is taken already is never
/// given again.
std::string free_id(const NewPicture& picture, const std::set<std::string>& taken) {
  const std::string digest = sha256_hex(picture.name + '\0' + sha256_hex(picture.bytes));
  for (std::size_t again = 0;; ++again) {
    std::string id = model::picture_id(again == 0 ? digest : sha256_hex(fmt::format("{} {}", digest, again)));
    if (!taken.contains(id)) return id;
  }
}

Upload stored_as(const std::string& plugin_id, const NewPicture& picture, std::string id, const std::string& now) {
  Upload stored{.id = std::move(id)};
  stored.filename = stored.id + model::picture_ending(picture.name);
  stored.path = uploads_path(plugin_id) + "/" + stored.filename;
  stored.original = picture.name;
  stored.uploaded_at = now;
  stored.size = picture.bytes.size();
  return stored;
}

/// What LEDMatrix notes of them; nothing where it notes nothing yet.
Result<std::optional<json::Document>> read_notes(const platform::Directory& root, const std::string& plugin_id) {
  const std::string path = uploads_path(plugin_id) + "/" + std::string(kPictureNotes);
  auto file = root.read(path, limits::kMaxPictureNotesBytes, platform::Links::refuse);
  if (!file && file.error().code == ErrorCode::not_found) return std::optional<json::Document>();
  if (!file) return std::move(file).error();
  auto document = json::Document::parse(std::move(file->bytes));
  if (document && document->root().is_object()) return std::optional(std::move(*document));
  return Error{.code = ErrorCode::unreadable,
               .message = "what LEDMatrix notes of the pictures cannot be read, so nothing was changed",
               .where = path,
               .hint = "move that file away: a new one is begun, and the pictures stay"};
}

std::string counted(std::size_t count) { return count == 1 ? "a picture" : fmt::format("{} pictures", count); }

/// What `add_pictures` rests on.
struct Addition {
  std::string plugin_id;
  std::size_t total = 0;        // that there will be
  std::set<std::string> taken;  // names that stand for a picture already
};

/// What `remove_picture` is about to take away.
struct Removal {
  Upload picture;
  bool has_file = false;
  std::optional<std::string> note;
};

/// The note that is meant by its key, or by the file that it names. Its file is looked for by what it says here,
/// whatever the list could read of it.
std::optional<json::Member> note_meant(const std::optional<json::Document>& notes, const std::string& picture) {
  if (!notes) return std::nullopt;
  std::optional<json::Member> by_file;
  for (const json::Member one : notes->root().members()) {
    if (one.key == picture) return one;
    const auto filename = one.value.is_object() ? one.value.find("filename") : std::nullopt;
    if (filename && filename->string() == picture) by_file = one;
  }
  return by_file;
}

Result<Removal> decide_removal(World& world, const std::string& id, const std::string& picture) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
  ASSIGN_OR_RETURN(const auto notes, read_notes(*root, id));
  ASSIGN_OR_RETURN(const auto there, list_uploads(*root, id));
  const auto note = note_meant(notes, picture);
  const auto named = note && note->value.is_object() ? note->value.find("filename") : std::nullopt;
  const std::string filename = named ? named->string().value_or("") : "";
  const auto found = std::ranges::find_if(there, [&](const Upload& one) {
    return note ? one.filename == filename : one.id == picture || one.filename == picture;
  });
  Removal removal{.has_file = found != there.end()};
  removal.picture = removal.has_file ? *found : Upload{.id = picture, .filename = picture};
  if (note) {
    removal.picture.id = std::string(note->key);
    removal.note = std::string(note->value.text());
  }
  if (removal.has_file || removal.note) return removal;
  return Error{.code = ErrorCode::not_found,
               .message = fmt::format("{} has no such picture, so nothing was removed", id),
               .where = escape_for_display(picture.substr(0, limits::kMaxPictureNameBytes)),
               .hint = fmt::format("`trueup picture list {}` shows those that it has", id)};
}

Status finish(Session& session, UndertakingBuilder& builder, PictureReport& report) {
  builder.all_or_nothing();
  ASSIGN_OR_RETURN(const TransactionReport ran, session.run(builder.take(), builder.materials()));
  report.notes.insert(report.notes.end(), ran.notes.begin(), ran.notes.end());
  ASSIGN_OR_RETURN(report.history, session.end());
  report.notes.insert(report.notes.end(), session.notes().begin(), session.notes().end());
  if (!report.history.empty()) forget_old_pictures(session.site());
  return ok();
}

}  // namespace

Result<model::PictureRules> picture_rules_of(World& world, const std::string& name) {
  ASSIGN_OR_RETURN(const Look seen, look(world));
  const planner::Situations situations(seen.observation);
  ASSIGN_OR_RETURN(const auto* plugin, installed(situations, seen.observation, name));
  return rules_of(world, seen.observation, *plugin);
}

Status check_pictures(const std::vector<Upload>& there, const std::vector<PictureView>& pictures,
                      const model::PictureRules& rules) {
  const auto refused = [](std::string why) {
    return Error{.code = ErrorCode::invalid, .message = std::move(why) + ", so nothing was uploaded"};
  };
  if (pictures.empty()) return refused("there is no picture");
  if (pictures.size() > limits::kMaxPicturesAtOnce) {
    return refused(fmt::format("at most {} pictures are taken at once", limits::kMaxPicturesAtOnce));
  }
  std::size_t bytes = 0;
  for (const PictureView& one : pictures) {
    RETURN_IF_ERROR(model::check_picture(one.name, one.bytes, rules));
    bytes += one.bytes.size();
  }
  if (there.size() + pictures.size() > rules.most) {
    return refused(fmt::format("the plugin would have more than {} pictures", rules.most));
  }
  for (const Upload& one : there) bytes += one.size;
  if (bytes > limits::kMaxPicturesBytes) {
    return refused(fmt::format("all pictures of one plugin together may have {} MB", limits::kMaxPicturesBytes >> 20U));
  }
  return ok();
}

Result<PictureReport> add_pictures(World& world, const std::string& name, std::vector<NewPicture> pictures) {
  const auto decide = [&](const Look& seen) -> Result<Addition> {
    const planner::Situations situations(seen.observation);
    ASSIGN_OR_RETURN(const auto* plugin, installed(situations, seen.observation, name));
    Addition addition{.plugin_id = std::string(plugin->id)};
    ASSIGN_OR_RETURN(const model::PictureRules rules, rules_of(world, seen.observation, *plugin));
    ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
    ASSIGN_OR_RETURN(const auto there, list_uploads(*root, addition.plugin_id));
    RETURN_IF_ERROR(check_pictures(there, {pictures.begin(), pictures.end()}, rules));
    ASSIGN_OR_RETURN(const auto notes, read_notes(*root, addition.plugin_id));
    addition.total = there.size() + pictures.size();
    for (const Upload& one : there) addition.taken.insert({one.id, one.filename.substr(0, one.filename.rfind('.'))});
    if (notes) {
      for (const json::Member one : notes->root().members()) addition.taken.emplace(one.key);
    }
    return addition;
  };
  // Looked at before the lock is taken, too: what is refused leaves no trace of trueup behind.
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, kVerb));
  if (auto possible = decide(first.seen); !possible) return first.refusal(std::move(possible).error());

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, kVerb));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  ASSIGN_OR_RETURN(Addition addition, decide(seen));
  const std::string id = addition.plugin_id;
  PictureReport report{.plugin_id = id, .total = addition.total, .notes = first.notes};
  ASSIGN_OR_RETURN(const auto number, session->next_number());
  ASSIGN_OR_RETURN(const auto aside, next_aside_number(session->site()));
  UndertakingBuilder builder(number);
  builder.begin_deed({.verb = kVerb,
                      .plugin_id = id,
                      .reason = "asked_by_owner",
                      .result = fmt::format("uploaded {} for {}", counted(pictures.size()), id)});
  NotePictures notes{.plugin_id = id};
  const std::string now = now_text(world.clock);
  for (NewPicture& one : pictures) {
    const Upload stored = stored_as(id, one, free_id(one, addition.taken), now);
    addition.taken.insert(stored.id);
    notes.notes.push_back({.id = stored.id, .expected = {}, .value = note_of(stored)});
    MovePicture move{.plugin_id = id,
                     .filename = stored.filename,
                     .aside = fmt::format("{}-{}", aside, stored.filename),
                     .comes = true,
                     .fresh = true,
                     .digest = sha256_hex(one.bytes)};
    builder.add(std::move(move), Materials{.bytes = std::move(one.bytes)});
    report.pictures.push_back(stored);
  }
  builder.add(std::move(notes));  // behind the pictures: it names none that is not there
  RETURN_IF_ERROR(finish(*session, builder, report));
  return report;
}

Result<PictureReport> remove_picture(World& world, const std::string& name, const std::string& picture) {
  RETURN_IF_ERROR(check_plugin_name(name));
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, kVerb));
  if (auto possible = decide_removal(world, name, picture); !possible) {
    return first.refusal(std::move(possible).error());
  }
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, kVerb));
  ASSIGN_OR_RETURN(const Removal removal, decide_removal(world, name, picture));
  PictureReport report{.plugin_id = name, .pictures = {removal.picture}, .notes = first.notes};
  ASSIGN_OR_RETURN(const auto number, session->next_number());
  ASSIGN_OR_RETURN(const auto aside, next_aside_number(session->site()));
  UndertakingBuilder builder(number);
  builder.begin_deed(
      {.verb = kVerb,
       .plugin_id = name,
       .reason = "asked_by_owner",
       .result =
           fmt::format("took away the picture {} of {}",
                       removal.picture.original.empty() ? removal.picture.filename : removal.picture.original, name)});
  if (removal.note) {
    builder.add(
        NotePictures{.plugin_id = name, .notes = {{.id = removal.picture.id, .expected = removal.note, .value = {}}}});
  }
  if (removal.has_file) {
    ASSIGN_OR_RETURN(const auto file, session->site().root().read(removal.picture.path, limits::kMaxPluginFileBytes,
                                                                  platform::Links::refuse));
    builder.add(MovePicture{.plugin_id = name,
                            .filename = removal.picture.filename,
                            .aside = fmt::format("{}-{}", aside, removal.picture.filename),
                            .comes = false,
                            .digest = sha256_hex(file.bytes)});
  }
  RETURN_IF_ERROR(finish(*session, builder, report));
  return report;
}

}  // namespace trueup::engine
