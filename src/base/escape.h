// The one function that makes text from outside safe to show: on a terminal, in a log, in a plain page.
//
// Plugin ids, manifests, the registry, file names and other programs' messages are hostile until shown harmless
// (promise 9). Every printer passes such text through here; nothing else decides what may reach a terminal.
#pragma once

#include <string>
#include <string_view>

namespace trueup {

enum class LineBreaks {
  escape,  // a line break in the text must not start a new line of ours
  keep,    // text of several lines, such as a difference between two files; tabs stay as well
};

/// `text` with everything that could move the cursor, change what is read or hide (control characters, escape
/// sequences, C1 controls, bidirectional overrides, invisible characters, bytes that are not UTF-8) replaced by a
/// visible escape such as \x1b or \u202e.
/// Ensures: the result is UTF-8, shows as it reads, and escaping it again changes nothing.
std::string escape_for_display(std::string_view text, LineBreaks line_breaks = LineBreaks::escape);

}  // namespace trueup
