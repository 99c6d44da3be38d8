// Passwords as what is kept of them: argon2id, which costs whoever stole the file a lot for every guess, in a size that
// a Raspberry Pi can spare. libsodium stays in the one .cpp. Both block for about a tenth of a second.
#pragma once

#include <string>

#include "base/result.h"

namespace trueup::web {

/// "$argon2id$v=19$m=19456,t=2,p=1$…" Error: there is no memory for it.
Result<std::string> hash_password(const std::string& password);
bool fits_password(const std::string& hash, const std::string& password);

}  // namespace trueup::web
