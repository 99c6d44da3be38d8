// Words for a terminal: colours, width, wrapping, lists, near misses. Pure functions.
//
// shown() is where text from outside becomes safe to print (promise 9); every renderer passes such text through it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"

namespace trueup::cli {

/// Text from outside, safe to print on one line.
std::string shown(std::string_view text);

/// How many columns `text` takes: wide characters two, combining ones none. Requires: no escape sequences in it.
std::size_t display_width(std::string_view text);

enum class Colour { plain, strong, dim, good, warning, bad };

/// `text` in a colour where the terminal shows colours, else as it is.
std::string painted(const Terminal& terminal, Colour colour, std::string_view text);

/// The words of `text` in lines of at most `width` columns; a word that is longer stands on a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// `text` after `lead`, wrapped to the terminal with the following lines under the first word; one line in a pipe.
/// Every line ends with a line break. `lead` may be painted; `lead_width` is what it takes on the screen.
std::string hanging(const Terminal& terminal, std::string_view lead, std::size_t lead_width, std::string_view text,
                    Colour colour = Colour::plain);

/// "a, b, c"; with more than `most` of them "a, b and 7 more". Names are made safe to print.
std::string listed(const std::vector<std::string>& names, std::size_t most);

/// `sentence` with a full stop, unless it ends in a mark already. It may begin with an id or a path, so its first
/// letter stays.
std::string as_sentence(std::string_view sentence);

/// "Did you mean `a` or `b`?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace trueup::cli
