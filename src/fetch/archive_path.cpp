#include "fetch/archive_path.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "base/utf8.h"

namespace trueup::fetch {
namespace {

constexpr std::string_view kManifest = "manifest.json";
constexpr std::size_t kMaxPartBytes = 255;  // of one name, on every file system that there is

Error refusal(std::string message, std::string_view name) {
  constexpr std::size_t kShown = 200;
  return Error{.code = ErrorCode::refused, .message = std::move(message), .where = std::string(name.substr(0, kShown))};
}

Status check_characters(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const auto character = utf8_at(name, at);
    if (!character) return refusal("the archive holds a name that is not UTF-8", name);
    const char32_t point = character->code_point;
    if (point < 0x20 || (point >= 0x7f && point < 0xa0)) {
      return refusal("the archive holds a name with control characters in it", name);
    }
    at += character->length;
  }
  if (name.find('\\') != std::string_view::npos)
    return refusal("the archive holds a name with a backslash in it", name);
  const bool drive = name.size() > 1 && name[1] == ':';
  if (name.starts_with('/') || drive) return refusal("the archive holds a name that is no place inside it", name);
  return ok();
}

/// The one directory at the top that holds everything; nothing when there are several, or files beside it.
std::optional<std::string> only_directory(const std::vector<ListedEntry>& entries) {
  std::string_view only;
  for (const ListedEntry& entry : entries) {
    if (entry.path.empty()) continue;
    const std::size_t slash = entry.path.find('/');
    const std::string_view first = std::string_view(entry.path).substr(0, slash);
    if (entry.is_file && slash == std::string::npos) return std::nullopt;
    if (!only.empty() && only != first) return std::nullopt;
    only = first;
  }
  if (only.empty()) return std::nullopt;
  return std::string(only);
}

std::string joined(std::string_view parent, std::string_view name) {
  if (parent.empty() || name.empty()) return fmt::format("{}{}", parent, name);
  return fmt::format("{}/{}", parent, name);
}

}  // namespace

Result<std::string> clean_path(std::string_view name) {
  if (name.size() > limits::kMaxArchivePathBytes) return refusal("the archive holds a name that is too long", name);
  RETURN_IF_ERROR(check_characters(name));
  std::string path;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (part == "..") return refusal("the archive holds a name that leads out of it", name);
    if (part.size() > kMaxPartBytes) return refusal("the archive holds a name that is too long", name);
    if (part.empty() || part == ".") continue;
    path = joined(path, part);
  }
  return path;
}

std::string_view below(std::string_view path, std::string_view root) {
  if (root.empty()) return path;
  const bool inside = path.size() > root.size() + 1 && path.starts_with(root) && path[root.size()] == '/';
  return inside ? path.substr(root.size() + 1) : std::string_view();
}

Result<std::string> plugin_root(const std::vector<ListedEntry>& entries, std::string_view folder) {
  ASSIGN_OR_RETURN(std::string wanted, clean_path(folder));
  const auto has_manifest = [&](const std::string& directory) {
    const std::string manifest = joined(directory, kManifest);
    return std::any_of(entries.begin(), entries.end(),
                       [&](const ListedEntry& entry) { return entry.is_file && entry.path == manifest; });
  };
  if (has_manifest(wanted)) return wanted;
  const auto only = only_directory(entries);
  if (only && has_manifest(joined(*only, wanted))) return joined(*only, wanted);
  if (entries.empty()) return refusal("the archive is empty", "");
  if (!wanted.empty()) {
    return refusal(fmt::format("the archive has no manifest.json in its folder '{}'", wanted), wanted);
  }
  return refusal("the archive has no manifest.json at its top", "");
}

}  // namespace trueup::fetch
