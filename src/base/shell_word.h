// Names that others chose, in commands that a person is to copy into a shell.
#pragma once

#include <string>
#include <string_view>

namespace trueup {

/// `text` as one word of a POSIX shell; where it cannot be shown as it is, or holds a backtick, which ends a command in
/// our sentences, as bash's $'…', in printable ASCII.
std::string shell_word(std::string_view text);

}  // namespace trueup
