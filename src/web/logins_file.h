// config/trueup/auth.json, its owner's alone (0600): read by the web server whenever it has changed, and changed by it
// and by `trueup token`. Replaced as a whole under a lock of its own, so that no two lose each other's change.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/process_table.h"
#include "web/logins.h"

namespace trueup::web {

inline constexpr const char* kLoginsFile = "config/trueup/auth.json";

struct LoginsPlace {
  platform::FileSystem& file_system;
  platform::Clock& clock;
  const platform::ProcessTable& processes;
  std::string root;
  bool is_root = false;  // what is made gets the owner of the directory it lies in
};

/// Nobody when there is no such file. Error: unreadable.
Result<Logins> read_logins(const platform::FileSystem& file_system, const std::string& root);

/// Durable when it returns. Error: that of `change`, and nothing was written; unreadable; those of writing.
Status change_logins(const LoginsPlace& place, const std::function<Status(Logins&)>& change);

}  // namespace trueup::web
