// /api/v3/plugins/assets: the pictures that the owner uploads for a plugin, and where they are shown.
//
// All of them is hostile until checked (failure F144): what they are called becomes nothing but a note, and a picture
// is what its ending says or is refused. What is uploaded and what is deleted is a command of the daemon like any
// other, with a line of history that takes it back.
#include <fmt/core.h>

#include <memory>
#include <set>

#include "base/escape.h"
#include "base/limits.h"
#include "engine/incoming.h"
#include "engine/pictures.h"
#include "engine/uploads.h"
#include "model/picture.h"
#include "web/api/common.h"
#include "web/multipart.h"

namespace trueup::web {
namespace {

constexpr std::string_view kIncomingOption = "--incoming=";

void write_upload(json::Writer& out, const engine::Upload& upload) {
  out.begin_object().key("id").string(upload.id).key("filename").string(upload.filename);
  out.key("path").string(upload.path).key("size").integer(static_cast<std::int64_t>(upload.size));
  out.key("uploaded_at").string(upload.uploaded_at).key("original_filename").string(upload.original).end_object();
}

/// Of an installed plugin, or one that has gone and left them: its id says where they lie, whatever it says.
Answer list(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_id_in(call.request));
  return Work{.run = [id = std::move(id)](engine::World& world) {
    const auto root = world.file_system.open_root_for_reading(world.root);
    if (!root) return failed(root.error());
    const auto all = engine::list_uploads(**root, id);
    if (!all) return failed(all.error());
    json::Writer out;
    out.begin_object().key("assets").begin_array();
    for (const engine::Upload& one : *all) write_upload(out, one);
    out.end_array().end_object();
    return success(std::move(out).text());
  }};
}

Answer show(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_id_of(call.arguments.front()));
  return Work{.run = [id = std::move(id), name = call.arguments.back()](engine::World& world) {
    const auto root = world.file_system.open_root_for_reading(world.root);
    if (!root) return failed(root.error());
    auto bytes = engine::read_upload(**root, id, name);
    if (!bytes) return failed(bytes.error());
    Response response{.content_type = std::string(model::picture_type(name)), .headers = {}, .body = std::move(*bytes)};
    response.set("content-security-policy", "default-src 'none'; sandbox");
    return response;
  }};
}

ApiError too_large(const std::string& name, std::size_t most) {
  return {.status = 413,
          .code = ApiCode::content_too_large,
          .message = fmt::format("{} is larger than the {} KB that a picture may have, so nothing was uploaded",
                                 escape_for_display(name), most >> 10U)};
}

/// What is said of a file before it is looked into. Nothing, or that it is a file, says nothing.
std::optional<ApiError> wrong_type(const FormPart& part) {
  if (part.type.empty() || part.type == "application/octet-stream" || part.type.starts_with("image/")) {
    return std::nullopt;
  }
  return ApiError{.status = 415,
                  .code = ApiCode::unsupported_media_type,
                  .message = fmt::format("{} is said to be {}, which is no picture, so nothing was uploaded",
                                         escape_for_display(*part.filename), escape_for_display(part.type))};
}

struct Sent {
  std::shared_ptr<const Request> request;
  std::string plugin_id;
  std::vector<engine::PictureView> pictures;  // of the request's body: it may be large, and is held once
};

tl::expected<Sent, ApiError> sent_in(const std::shared_ptr<const Request>& request) {
  const auto parts = parse_multipart(*request);
  if (!parts) return tl::unexpected(parts.error());
  Sent sent{.request = request, .plugin_id = {}, .pictures = {}};
  for (const FormPart& part : *parts) {
    if (part.name == "plugin_id" && !part.filename) sent.plugin_id = std::string(part.body);
    const bool is_file = part.name == "files" || part.name == "files[]" || part.name == "file";
    const bool is_nothing = part.filename && part.filename->empty() && part.body.empty();  // no file was chosen
    if (!is_file || !part.filename || is_nothing) continue;
    if (auto wrong = wrong_type(part)) return tl::unexpected(std::move(*wrong));
    if (part.body.size() > limits::kMaxPictureBytes) {
      return tl::unexpected(too_large(*part.filename, limits::kMaxPictureBytes));
    }
    sent.pictures.emplace_back(*part.filename, part.body);
  }
  if (sent.plugin_id.empty()) return tl::unexpected(missing_field("plugin_id"));
  auto id = plugin_id_of(sent.plugin_id);
  if (!id) return tl::unexpected(std::move(id).error());
  if (sent.pictures.empty()) return tl::unexpected(missing_field("files"));
  return sent;
}

/// What waits for its command, however often the program was started anew.
std::set<std::string> wanted_incoming(const Knowledge& knowledge) {
  std::set<std::string> wanted;
  for (const service::Operation& one : knowledge.operations()) {
    for (const std::string& word : one.request.words) {
      if (!one.has_ended() && word.starts_with(kIncomingOption)) wanted.insert(word.substr(kIncomingOption.size()));
    }
  }
  return wanted;
}

Response uploaded(const Outcome& outcome, const Knowledge&) {
  const auto pictures = outcome.said ? outcome.said->root().find("pictures") : std::nullopt;
  const auto total = outcome.said ? outcome.said->root().find("total") : std::nullopt;
  json::Writer list;
  list.begin_array();
  if (pictures && pictures->is_array()) {
    for (const json::Value one : pictures->elements()) list.value(one);
  }
  list.end_array();
  auto more = what_changed(outcome);
  more.emplace_back("uploaded_files", std::move(list).text());
  if (total) more.emplace_back("total_files", std::string(total->text()));
  return success("", outcome.message, more);
}

std::variant<Submission, Response> lay_ready(engine::World& world, const Sent& sent) {
  const auto rules = engine::picture_rules_of(world, sent.plugin_id);
  if (!rules) return failed(rules.error());
  for (const engine::PictureView& one : sent.pictures) {
    if (one.bytes.size() > rules->most_bytes) return failure(too_large(one.name, rules->most_bytes));
  }
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  const auto there = engine::list_uploads(**root, sent.plugin_id);
  if (!there) return failed(there.error());
  if (const Status fit = engine::check_pictures(*there, sent.pictures, *rules); !fit) return failed(fit.error());
  const auto name = engine::lay_incoming(world, sent.pictures);
  if (!name) return failed(name.error());
  return Submission{.request = {.words = {"picture", "add", sent.plugin_id, std::string(kIncomingOption) + *name},
                                .plugin_id = sent.plugin_id},
                    .answer = uploaded};
}

void take_back(engine::World& world, const service::OperationRequest& request) {
  engine::forget_incoming(world, request.words.back().substr(kIncomingOption.size()));
}

Answer upload(const Call& call) {
  API_ASSIGN_OR_RETURN(Sent sent, sent_in(call.kept));
  const auto shared = std::make_shared<const Sent>(std::move(sent));
  return Staging{.tidy = [wanted = wanted_incoming(call.knowledge)](
                             engine::World& world) { engine::forget_other_incoming(world, wanted); },
                 .run = [shared](engine::World& world) { return lay_ready(world, *shared); },
                 .take_back = take_back};
}

Answer remove(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string id, plugin_id_in(body));
  API_ASSIGN_OR_RETURN(const std::string picture, body.text("image_id"));
  const bool is_name = !picture.empty() && picture.size() <= limits::kMaxPictureNameBytes &&
                       picture.find_first_of("/\\") == std::string::npos && !picture.starts_with('-') &&
                       !picture.starts_with('.') && !picture.starts_with('[') && picture != "{}" &&
                       escape_for_display(picture) == picture;
  if (!is_name) return failure(bad_field("image_id", "is no picture's id"));
  return Submission{.request = {.words = {"picture", "remove", id, picture}, .plugin_id = id}, .answer = told};
}

}  // namespace

std::vector<Endpoint> picture_endpoints() {
  return {{Method::get, "/api/v3/plugins/assets/list", list},
          {Method::post, "/api/v3/plugins/assets/upload", upload},
          {Method::post, "/api/v3/plugins/assets/delete", remove},
          {Method::get, "/assets/plugins/{id}/uploads/{file}", show}};
}

}  // namespace trueup::web
