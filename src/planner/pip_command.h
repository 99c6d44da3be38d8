// The one command that installs what a plugin's requirements.txt asks for: what a person is told to type is what is
// run, word for word. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trueup::planner {

/// Before the command when a person types it: with the rights of the display, which runs as root.
inline constexpr std::string_view kAsDisplay = "sudo ";

/// `interpreter`: the one that runs the display, by its whole path; `file`: the requirements.txt, likewise.
std::vector<std::string> pip_words(const std::string& interpreter, const std::string& file);

/// The same for a shell.
std::string pip_command(const std::string& interpreter, const std::string& file);

}  // namespace trueup::planner
