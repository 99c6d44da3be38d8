#include "cli/root.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace trueup::cli {
namespace {

constexpr const char* kConfig = "config/config.json";

bool holds(const platform::Directory& directory, const char* path) {
  return directory.info(path, platform::Links::follow).has_value();
}

/// A directory that was named: it must be one, and look like an installation, also one that lost its config.json.
Result<std::string> named_root(const std::string& path, std::string_view named_by, const platform::FileSystem& disk) {
  auto directory = disk.open_root_for_reading(path);
  if (!directory) {
    return Error{.code = directory.error().code,
                 .message = "the installation cannot be opened: " + directory.error().message,
                 .where = path,
                 .hint = fmt::format("{} names it", named_by),
                 .os_error = directory.error().os_error};
  }
  constexpr std::array kParts{"config", "data", "plugin-repos"};
  for (const char* part : kParts) {
    if (holds(**directory, part)) return (*directory)->real_path(".");
  }
  return Error{.code = ErrorCode::not_found,
               .message = "this is no LEDMatrix installation: it has no config, data or plugin-repos directory",
               .where = path,
               .hint = fmt::format("{} names it; `trueup demo DIR` makes a small one to try", named_by)};
}

}  // namespace

std::string absolute_path(const std::string& path, const std::string& working_directory) {
  const std::string whole = path.starts_with("/") ? path : fmt::format("{}/{}", working_directory, path);
  std::string out;
  for (std::size_t begin = 0; begin < whole.size();) {
    const std::size_t end = std::min(whole.find('/', begin), whole.size());
    const std::string_view name = std::string_view(whole).substr(begin, end - begin);
    if (!name.empty() && name != ".") out.append("/").append(name);
    begin = end + 1;
  }
  return out.empty() ? "/" : out;
}

Result<std::string> find_root(const std::string& given, const std::string& working_directory,
                              const platform::Environment& environment, const platform::FileSystem& file_system) {
  if (!given.empty()) return named_root(absolute_path(given, working_directory), "--root", file_system);
  if (const auto variable = environment.get("TRUEUP_ROOT"); variable && !variable->empty()) {
    return named_root(absolute_path(*variable, working_directory), "$TRUEUP_ROOT", file_system);
  }
  for (std::string path = working_directory; !path.empty();) {
    const auto directory = file_system.open_root_for_reading(path);
    if (directory && holds(**directory, kConfig)) return (*directory)->real_path(".");
    if (path == "/") break;
    const auto slash = path.find_last_of('/');
    path = slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  }
  return Error{.code = ErrorCode::not_found,
               .message = fmt::format("no LEDMatrix installation here: neither {} nor any directory above holds {}",
                                      working_directory, kConfig),
               .hint = "name it with `--root DIR`"};
}

}  // namespace trueup::cli
