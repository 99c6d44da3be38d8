// What the store asks of a plugin's manifest: the version, and the id that the plugin goes by. Empty where it states
// none.
#pragma once

#include <string>

#include "platform/file_system.h"

namespace trueup::store {

std::string manifest_version(const platform::Directory& plugin);
/// As it is stated, unchecked.
std::string manifest_id(std::string manifest);

}  // namespace trueup::store
