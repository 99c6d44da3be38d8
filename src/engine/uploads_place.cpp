#include "engine/uploads_place.h"

#include <fmt/core.h>

#include <string_view>
#include <utility>

#include "engine/operation.h"

namespace trueup::engine {
namespace {

using platform::Links;
using platform::WritableDirectory;

// As LEDMatrix makes them: the display and the page may be different users of one group.
constexpr std::uint32_t kDirectoryMode = 02775;
constexpr std::uint32_t kAsideMode = 0700;

Result<std::unique_ptr<WritableDirectory>> open_or_make(Site& site, WritableDirectory& above, const std::string& name,
                                                        std::uint32_t mode) {
  auto opened = above.open_writable(name, Links::refuse);
  if (opened || opened.error().code != ErrorCode::not_found) return opened;
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(above, mode));
  RETURN_IF_ERROR(above.make_directory(name, attributes));
  RETURN_IF_ERROR(above.sync());
  return above.open_writable(name, Links::refuse);
}

}  // namespace

std::string uploads_path(const std::string& plugin_id) {
  return fmt::format("{}/{}/uploads", kUploadsDirectory, plugin_id);
}

Result<std::unique_ptr<WritableDirectory>> open_uploads(Site& site, const std::string& plugin_id) {
  return site.root().open_writable(uploads_path(plugin_id), Links::refuse);
}

Result<std::unique_ptr<WritableDirectory>> make_uploads(Site& site, const std::string& plugin_id) {
  const std::string path = uploads_path(plugin_id);
  std::unique_ptr<WritableDirectory> opened;
  WritableDirectory* above = &site.root();
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    ASSIGN_OR_RETURN(auto next, open_or_make(site, *above, path.substr(at, end - at), kDirectoryMode));
    opened = std::move(next);
    above = opened.get();
    at = end + 1;
  }
  return opened;
}

Result<std::unique_ptr<WritableDirectory>> pictures_aside(Site& site) {
  ASSIGN_OR_RETURN(auto* own, site.own());
  return open_or_make(site, *own, std::string(kPicturesAside), kAsideMode);
}

}  // namespace trueup::engine
