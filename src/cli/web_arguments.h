// The words of `trueup token ...` and `trueup picture ...`, and the options of `trueup serve --web`, once the command
// line is taken apart.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"

namespace trueup::cli {

/// `token new NAME`, `token list`, `token revoke NAME`. Error: for the person at the keyboard.
Status check_token(const std::string& action, Invocation& invocation);

/// `picture list ID`, `picture add ID FILE...`, `picture remove ID PICTURE`. Likewise.
Status check_picture(const std::string& action, Invocation& invocation);

/// `--web PORT`, `--web ADDRESS:PORT`, `--web [ADDRESS]:PORT`, `--trust NETWORK`. Likewise.
Status check_web(const std::string& web, const std::vector<std::string>& trust, Invocation& invocation);

}  // namespace trueup::cli
