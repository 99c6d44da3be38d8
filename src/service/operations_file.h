// The file in which operations survive a restart: `.trueup/operations.json`, its owner's alone.
//
// It helps, and nothing rests on it (failure F68): one that cannot be read is set aside and another begun; one that
// cannot be written is said aloud and stops nothing. It is replaced as a whole, never half-written.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "platform/file_system.h"
#include "service/operations.h"

namespace trueup::service {

inline constexpr const char* kOperationsFile = "operations.json";

struct KeptOperations {
  Operations operations;
  std::optional<Error> problem;  // why what was kept before is lost
};

/// `own`: the directory .trueup. What ran when the daemon ended is interrupted.
KeptOperations load_operations(platform::WritableDirectory& own);

/// Durable when it returns.
Status save_operations(platform::WritableDirectory& own, const std::string& encoded);

}  // namespace trueup::service
