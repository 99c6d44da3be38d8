// /api/v3/plugins/{id}/static: files of an installed plugin, for programs that show them.
//
// What a plugin brings is a stranger's: nothing that is hidden or that not everybody on the display may read is given
// out, no link is followed, and none of it runs on this page (failures F143, F149).
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/choice.h"
#include "engine/look.h"
#include "model/settings.h"
#include "planner/situation.h"
#include "sources/disk_source.h"
#include "web/api/common.h"
#include "web/ascii.h"

namespace trueup::web {
namespace {

constexpr std::size_t kMaxStaticBytes = 4U << 20U;
constexpr std::uint32_t kReadableByAll = 0004;

struct FileType {
  std::string_view end;
  std::string_view type;
};
/// Scripts are text here: a page that would run one from this address would give a plugin the owner's rights.
constexpr std::array<FileType, 16> kTypes{{{".html", "text/html; charset=utf-8"},
                                           {".htm", "text/html; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".js", "text/plain; charset=utf-8"},
                                           {".json", "application/json"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".md", "text/plain; charset=utf-8"},
                                           {".svg", "image/svg+xml"},
                                           {".png", "image/png"},
                                           {".jpg", "image/jpeg"},
                                           {".jpeg", "image/jpeg"},
                                           {".gif", "image/gif"},
                                           {".webp", "image/webp"},
                                           {".bmp", "image/bmp"},
                                           {".ico", "image/x-icon"},
                                           {".woff2", "font/woff2"}}};

/// Nothing: a file of that name is not given out.
std::string_view type_of(std::string_view name) {
  const std::string lower = to_lower_ascii(name);
  const auto found = std::ranges::find_if(kTypes, [&lower](const FileType& one) { return lower.ends_with(one.end); });
  return found == kTypes.end() ? std::string_view() : found->type;
}

Error no_such_file(const std::string& path) {
  return {.code = ErrorCode::not_found, .message = "the plugin has no such file for others", .where = path};
}

Response show_file(engine::World& world, const std::string& id, const std::string& path, std::string_view type) {
  const auto seen = engine::look(world);
  if (!seen) return failed(seen.error());
  const planner::Situations situations(seen->observation);
  const auto plugin = engine::chosen_plugin(seen->observation, situations, id);
  if (!plugin) return failed(plugin.error());
  if ((*plugin)->directory() == nullptr) return failed(no_such_file(path));
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  const auto plugins = sources::open_plugins(
      **root, world.file_system,
      {.root_path = world.root, .configured = seen->observation.disk.path, .installation_id = {}});
  if (!plugins) return failed(plugins.error());
  // A plugin's own directory may be a link, for who develops it; nothing in it may.
  const auto directory = (*plugins)->open((*plugin)->directory()->name, platform::Links::follow);
  if (!directory) return failed(directory.error());
  const auto info = (*directory)->info(path, platform::Links::refuse);
  if (!info || (info->mode & kReadableByAll) == 0) return failed(no_such_file(path));
  const auto file = (*directory)->read(path, kMaxStaticBytes, platform::Links::refuse);
  if (!file) return failed(no_such_file(path));
  Response response{.content_type = std::string(type), .headers = {}, .body = file->bytes};
  response.set("content-security-policy",
               "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox");
  return response;
}

Answer static_file(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_id_of(call.arguments.front()));
  std::string path;
  bool hidden = false;
  for (auto part = call.arguments.begin() + 1; part != call.arguments.end(); ++part) {
    hidden = hidden || part->starts_with('.') || model::looks_secret({*part}) ||
             to_lower_ascii(*part).find("credential") != std::string::npos;
    path += (path.empty() ? "" : "/") + *part;
  }
  const std::string_view type = type_of(path);
  if (hidden || type.empty()) return failed(no_such_file(path));
  return Work{.run = [id = std::move(id), path = std::move(path), type](engine::World& world) {
    return show_file(world, id, path, type);
  }};
}

}  // namespace

std::vector<Endpoint> file_endpoints() { return {{Method::get, "/api/v3/plugins/{id}/static/{rest...}", static_file}}; }

}  // namespace trueup::web
