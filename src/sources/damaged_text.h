// What can still be said about a JSON file that does not parse: why, in a sentence for its owner, and which of its
// settings still show. Never a value: the file may be the one with the secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::sources {

/// The accidents that happen to whole files (empty, zero-filled, a byte order mark), each by its name; empty when the
/// bytes suffered none of them. Ensures: bytes with an accident are never JSON to Python.
std::string common_accident(std::string_view bytes);

/// The keys of the outermost object as far as they can be told, in their order, each once.
std::vector<std::string> visible_top_level_keys(std::string_view bytes);

/// The text that follows `"wanted":` somewhere in `bytes`, if it is a string without escapes.
std::optional<std::string> visible_string(std::string_view bytes, std::string_view wanted);

}  // namespace trueup::sources
