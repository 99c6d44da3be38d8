// trueup's own settings of one installation: config/trueup/settings.json. Every key is optional. Only read.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::cli {

/// The text under `key`; empty when there is none. Error: the file cannot be understood, or the value is no text.
Result<std::string> own_setting(const std::string& root, const platform::FileSystem& file_system, std::string_view key);

}  // namespace trueup::cli
