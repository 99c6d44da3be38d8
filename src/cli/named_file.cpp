#include "cli/named_file.h"

#include <fmt/core.h>

#include <utility>

#include "cli/root.h"

namespace trueup::cli {

Result<std::string> read_named_file(const std::string& path, std::size_t most_bytes, std::string_view what,
                                    const Machine& machine) {
  const std::string absolute = absolute_path(path, machine.working_directory);
  const auto slash = absolute.find_last_of('/');
  ASSIGN_OR_RETURN(const auto directory,
                   machine.file_system.open_root_for_reading(slash == 0 ? "/" : absolute.substr(0, slash)));
  const std::string name = absolute.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") {
    return Error{.code = ErrorCode::unreadable, .message = fmt::format("this is a directory, not {}", what)};
  }
  ASSIGN_OR_RETURN(auto file, directory->read(name, most_bytes, platform::Links::follow));
  return std::move(file.bytes);
}

}  // namespace trueup::cli
