#include "engine/document_place.h"

#include <string_view>
#include <utility>

namespace trueup::engine {
namespace {

using model::DocumentName;
using platform::Links;
using platform::WritableDirectory;

// What LEDMatrix gives its files (formats 1.7); a new secrets file is for its owner alone.
constexpr std::uint32_t kFileMode = 0644;
constexpr std::uint32_t kSecretsMode = 0600;
constexpr std::uint32_t kDirectoryMode = 02775;

struct SplitPath {
  std::string directory;
  std::string name;
};

SplitPath split(std::string_view path) {
  const auto slash = path.rfind('/');
  return {std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

Result<std::unique_ptr<WritableDirectory>> open_parent(Site& site, const std::string& name, MissingParent parent) {
  auto opened = site.root().open_writable(name, Links::follow);
  if (opened || opened.error().code != ErrorCode::not_found || parent == MissingParent::error) return opened;
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(site.root(), kDirectoryMode));
  RETURN_IF_ERROR(site.root().make_directory(name, attributes));
  RETURN_IF_ERROR(site.root().sync());
  return site.root().open_writable(name, Links::follow);
}

}  // namespace

Result<DocumentPlace> place_of(Site& site, DocumentName document, MissingParent parent) {
  if (document != DocumentName::state) parent = MissingParent::error;
  DocumentPlace place;
  const std::string path(model::relative_path(document));
  const SplitPath shown = split(path);
  auto real = site.root().real_path(path);
  if (real) {
    const SplitPath lies = split(*real);
    ASSIGN_OR_RETURN(place.directory,
                     site.world().file_system.open_root(lies.directory.empty() ? "/" : lies.directory));
    place.name = lies.name;
  } else if (real.error().code == ErrorCode::not_found) {
    ASSIGN_OR_RETURN(place.directory, open_parent(site, shown.directory, parent));
    if (place.directory->info(shown.name, Links::refuse)) {
      return Error{.code = ErrorCode::refused,
                   .message = "is a link that leads nowhere, so there is nothing to edit",
                   .where = path,
                   .hint = "bring back what it points to, or remove the link"};
    }
    place.name = shown.name;
  } else {
    return std::move(real).error();
  }
  ASSIGN_OR_RETURN(place.if_new,
                   site.attributes_in(*place.directory, document == DocumentName::secrets ? kSecretsMode : kFileMode));
  return place;
}

}  // namespace trueup::engine
