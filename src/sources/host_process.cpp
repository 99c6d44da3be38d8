#include "sources/host_process.h"

#include <algorithm>
#include <string_view>

namespace trueup::sources {
namespace {

using model::Tristate;
using platform::Process;

constexpr std::string_view kUnit = "ledmatrix-web.service";
constexpr std::string_view kFolder = "web_interface";

/// "web_interface/start.py", "/somewhere/web_interface/app.py", or the module "web_interface.start".
bool names_web_interface(std::string_view argument) {
  const std::size_t at = argument.find(kFolder);
  if (at == std::string_view::npos || (at != 0 && argument[at - 1] != '/')) return false;
  const std::size_t behind = at + kFolder.size();
  return behind < argument.size() && (argument[behind] == '/' || (at == 0 && argument[behind] == '.'));
}

/// Started from inside the folder by its bare name.
bool names_web_program(std::string_view argument) {
  return argument == "start.py" || argument == "app.py" || argument == "./start.py" || argument == "./app.py";
}

bool any_argument(const Process& process, bool (*matches)(std::string_view)) {
  return std::any_of(process.arguments.begin(), process.arguments.end(),
                     [matches](const std::string& argument) { return matches(argument); });
}

Tristate judge(const Process& process, const std::string& root, const std::string& real_root) {
  for (const auto& argument : process.arguments) {
    for (const auto& place : {root, real_root}) {
      if (argument.starts_with(place + "/" + std::string(kFolder) + "/")) return Tristate::yes;
    }
  }
  const bool by_path = any_argument(process, names_web_interface);
  // Another user's process: its path may reach this installation through a link, and a relative one may start here.
  if (!process.working_directory) return by_path ? Tristate::unknown : Tristate::no;
  if (by_path && *process.working_directory == real_root) return Tristate::yes;
  return *process.working_directory == real_root + "/" + std::string(kFolder) ? Tristate::yes : Tristate::no;
}

}  // namespace

Tristate web_process_runs(const platform::ProcessTable& processes, const std::string& root,
                          const std::string& real_root) {
  const platform::UnitState unit = processes.unit_state(std::string(kUnit));
  if (unit == platform::UnitState::active) return Tristate::yes;
  const auto candidates = processes.select([](const Process& process) {
    return any_argument(process, names_web_interface) || any_argument(process, names_web_program);
  });
  if (!candidates) return Tristate::unknown;
  Tristate answer = unit == platform::UnitState::unknown ? Tristate::unknown : Tristate::no;
  for (const auto& process : *candidates) {
    const Tristate one = judge(process, root, real_root);
    if (one == Tristate::yes) return Tristate::yes;
    if (one == Tristate::unknown) answer = Tristate::unknown;
  }
  return answer;
}

}  // namespace trueup::sources
