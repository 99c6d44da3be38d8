// The one command that installs what a plugin's requirements.txt asks for: what a person is told to type is what is
// run, word for word. Pure.
#pragma once

#include <string>
#include <vector>

namespace trueup::planner {

/// `interpreter`: the one that runs the display, by its whole path; `file`: the requirements.txt, likewise.
std::vector<std::string> pip_words(const std::string& interpreter, const std::string& file);

/// For a shell, with the rights of the display, which runs as root.
std::string pip_command(const std::string& interpreter, const std::string& file);

}  // namespace trueup::planner
