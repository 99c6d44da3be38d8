// `trueup demo DIR`: writes a small installation that has drifted. Only into a new or an empty directory.
#include <fmt/core.h>

#include "base/shell_word.h"
#include "cli/demo_tree.h"
#include "cli/render_json.h"
#include "cli/root.h"
#include "cli/text.h"
#include "cli/verbs.h"

namespace trueup::cli {
namespace {

using platform::Links;
using platform::Sync;
using platform::WritableDirectory;
using DirectoryPointer = std::unique_ptr<WritableDirectory>;

/// `name` in `parent`, made when it is not there.
Result<DirectoryPointer> directory_in(WritableDirectory& parent, const std::string& name) {
  if (const Status made = parent.make_directory(name, {.mode = 0755});
      !made && made.error().code != ErrorCode::conflict) {
    return made.error();
  }
  return parent.open_writable(name, Links::follow);
}

/// The demo's directory, made with those above it, and empty.
Result<DirectoryPointer> empty_directory(const std::string& path, platform::FileSystem& file_system) {
  ASSIGN_OR_RETURN(DirectoryPointer directory, file_system.open_root("/"));
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name == "..") return Error{.code = ErrorCode::invalid, .message = "give a path without \"..\"", .where = path};
    ASSIGN_OR_RETURN(directory, directory_in(*directory, name));
  }
  ASSIGN_OR_RETURN(const auto content, directory->list());
  if (content.empty()) return directory;
  return Error{.code = ErrorCode::refused,
               .message = "this directory is not empty, so nothing was written",
               .where = path,
               .hint = "name a new directory"};
}

Status write_file(WritableDirectory& top, const DemoFile& file) {
  const auto slash = file.path.find_last_of('/');
  DirectoryPointer below;
  WritableDirectory* directory = &top;
  for (std::size_t begin = 0; begin < slash;) {
    const std::size_t end = std::min(file.path.find('/', begin), slash);
    ASSIGN_OR_RETURN(below, directory_in(*directory, file.path.substr(begin, end - begin)));
    directory = below.get();
    begin = end + 1;
  }
  const auto written = directory->write_new(file.path.substr(slash + 1), file.text, {.mode = file.mode}, Sync::no);
  if (!written) return written.error();
  return ok();
}

std::string words_after(const std::string& path, const Terminal& terminal) {
  const std::string root = shell_word(shown(path));
  const std::string registry = shell_word(shown(path) + "/registry");
  std::string out = fmt::format("{} is a small LEDMatrix installation that has drifted:\n", shown(path));
  for (const std::string& line : demo_story()) out += fmt::format("  - {}\n", line);
  out += "\nTry:\n";
  for (const char* verb : {"status", "plan", "reconcile", "explain word-of-day"}) {
    out += painted(terminal, Colour::strong, fmt::format("  trueup --root {} --registry {} {}", root, registry, verb)) +
           "\n";
  }
  return out;
}

}  // namespace

Result<Outcome> run_demo(const Invocation& invocation, const Machine& machine, Console& console) {
  const std::string path = absolute_path(invocation.file, machine.working_directory);
  ASSIGN_OR_RETURN(const DirectoryPointer directory, empty_directory(path, machine.file_system));
  for (const DemoFile& file : demo_tree()) RETURN_IF_ERROR(write_file(*directory, file));
  if (invocation.json) {
    write_change_json({.verb = "demo",
                       .plugin_id = path,
                       .changed = true,
                       .says = "a drifted installation was written",
                       .details = demo_story()},
                      console.out);
  } else {
    console.out.write(words_after(invocation.file, console.terminal));
  }
  return Outcome{};
}

}  // namespace trueup::cli
