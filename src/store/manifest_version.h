// The version that the manifest in a plugin's directory states; empty where it states none.
#pragma once

#include <string>

#include "platform/file_system.h"

namespace trueup::store {

std::string manifest_version(const platform::Directory& plugin);

}  // namespace trueup::store
