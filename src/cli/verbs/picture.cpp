// `trueup picture list|add|remove ID ...`: the pictures that an owner uploaded for a plugin.
#include <fmt/core.h>

#include <utility>

#include "base/limits.h"
#include "cli/change.h"
#include "cli/json_output.h"
#include "cli/named_file.h"
#include "cli/progress.h"
#include "cli/render_json.h"
#include "cli/text.h"
#include "engine/incoming.h"
#include "engine/pictures.h"

namespace trueup::cli {
namespace {

void write_picture(const engine::Upload& picture, JsonOutput& json) {
  json.begin_object().key("filename").text(picture.filename).key("id").text(picture.id);
  json.key("original_filename").text(picture.original).key("path").text(picture.path);
  json.key("size").number(static_cast<std::int64_t>(picture.size));
  json.key("uploaded_at").text(picture.uploaded_at).end_object();
}

std::string name_of(const engine::Upload& picture) {
  return picture.original.empty() ? picture.filename : picture.original;
}

Outcome show(Call& call, ChangeReport report, const engine::PictureReport& done) {
  report.plugin_id = done.plugin_id;
  report.changed = true;
  report.details.insert(report.details.end(), done.notes.begin(), done.notes.end());
  report.n = last_number(done.history);
  if (!call.invocation.json) return show_change(call, report);
  JsonOutput json(call.console.out);
  json.begin_object().key("changed").boolean(true).key("details").begin_array();
  for (const std::string& one : report.details) json.text(one);
  json.end_array().key("message").text(report.says).key("n");
  if (report.n) {
    json.number(*report.n);
  } else {
    json.null();
  }
  json.key("pictures").begin_array();
  for (const engine::Upload& one : done.pictures) write_picture(one, json);
  json.end_array().key("plugin_id").text(report.plugin_id).key("schema").number(kJsonSchema);
  if (done.total > 0) json.key("total").number(static_cast<std::int64_t>(done.total));
  json.key("verb").text(report.verb).end_object().finish();
  return {};
}

/// Files that the command line names, or what the page was sent.
Result<std::vector<engine::NewPicture>> pictures_named(Call& call) {
  if (!call.invocation.incoming.empty()) return engine::read_incoming(call.world, call.invocation.incoming);
  std::vector<engine::NewPicture> pictures;
  for (const std::string& path : call.invocation.files) {
    ASSIGN_OR_RETURN(std::string bytes, read_named_file(path, limits::kMaxPluginFileBytes, "a picture", call.machine));
    pictures.push_back({.name = path.substr(path.rfind('/') + 1), .bytes = std::move(bytes)});
    if (pictures.size() > limits::kMaxPicturesAtOnce) break;  // it is refused, however many there are
  }
  return pictures;
}

Result<Outcome> add(Call& call) {
  auto pictures = pictures_named(call);
  if (!call.invocation.incoming.empty()) engine::forget_incoming(call.world, call.invocation.incoming);
  if (!pictures) return std::move(pictures).error();
  ASSIGN_OR_RETURN(const auto done,
                   engine::add_pictures(call.world, call.invocation.ids.front().value(), std::move(*pictures)));
  ChangeReport report{.verb = "picture add"};
  report.says = done.pictures.size() == 1
                    ? fmt::format("{} has the picture {}", done.plugin_id, shown(name_of(done.pictures.front())))
                    : fmt::format("{} has {} more pictures", done.plugin_id, done.pictures.size());
  for (const engine::Upload& one : done.pictures) {
    report.details.push_back(fmt::format("{} is {}", name_of(one), one.path));
  }
  return show(call, std::move(report), done);
}

Result<Outcome> remove(Call& call) {
  ASSIGN_OR_RETURN(const auto done, engine::remove_picture(call.world, call.invocation.ids.front().value(),
                                                           call.invocation.files.front()));
  ChangeReport report{.verb = "picture remove"};
  report.says = fmt::format("the picture {} of {} is taken away; it is kept, and `trueup undo` brings it back",
                            shown(name_of(done.pictures.front())), done.plugin_id);
  return show(call, std::move(report), done);
}

Result<Outcome> list(Call& call) {
  const std::string& id = call.invocation.ids.front().value();
  ASSIGN_OR_RETURN(const auto root, call.world.file_system.open_root_for_reading(call.world.root));
  ASSIGN_OR_RETURN(const auto all, engine::list_uploads(*root, id));
  if (call.invocation.json) {
    JsonOutput json(call.console.out);
    json.begin_object().key("pictures").begin_array();
    for (const engine::Upload& one : all) write_picture(one, json);
    json.end_array().key("plugin_id").text(id).key("schema").number(kJsonSchema).end_object().finish();
    return Outcome{};
  }
  if (all.empty()) call.console.out.write(fmt::format("{} has no pictures.\n", shown(id)));
  for (const engine::Upload& one : all) {
    call.console.out.write(fmt::format("{}  {}  {}\n", shown(one.path), bytes_in_words(one.size), shown(one.original)));
  }
  return Outcome{};
}

}  // namespace

Result<Outcome> run_picture(Call& call) {
  switch (call.invocation.picture) {
    case PictureAction::list: return list(call);
    case PictureAction::add: return add(call);
    case PictureAction::remove: return remove(call);
  }
  return Error{.message = "an action without a function"};
}

}  // namespace trueup::cli
