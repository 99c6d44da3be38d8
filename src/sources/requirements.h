// A plugin's requirements.txt, and what of it the distributions of a Python interpreter do not meet. Pure; both texts
// are hostile.
//
// What cannot be judged here (another file, an address, a condition, a version that is none) is no evidence that
// anything is missing, and is left to pip.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::sources {

struct Requirement {
  std::string name;                     // as distributions are compared: small letters, one dash
  std::vector<std::string> conditions;  // ">=2.0.0", each with its sign first
  std::string text;                     // as the file spells it
  bool operator==(const Requirement&) const = default;
};

std::vector<Requirement> decode_requirements(std::string_view text);

/// The first line, counted as an editor does, that is anything but a comment or one package by its name, extras,
/// versions and conditions; 0: there is none. An option, an address, a path, and whatever pip could read as one: none
/// of them may decide where packages come from, or which other file is read. Text that pip may read differently is odd
/// as a whole.
std::size_t odd_line(std::string_view text);

/// "Foo_Bar.baz" is "foo-bar-baz".
std::string distribution_name(std::string_view name);

/// Version by name of what is installed.
using Distributions = std::map<std::string, std::string>;
/// A name in site-packages that stands for a distribution: "requests-2.31.0.dist-info". Others are nothing.
void add_distribution(std::string_view file_name, Distributions& distributions);

/// As the file spells them, in its order.
std::vector<std::string> unmet(const std::vector<Requirement>& requirements, const Distributions& distributions);

}  // namespace trueup::sources
