// The files of a plugin held against the receipt that trueup left beside them: which are missing, which were changed.
//
// Reading every file of every plugin on each look would cost too much: size, times and inode tell that a file is
// certainly the one that was read before, and only what is not is hashed. A time never makes a file "modified"; only
// its hash does. Reads only, follows no link; a receipt that does not match is history and says nothing.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/observation.h"
#include "platform/file_system.h"
#include "sources/settings_check.h"

namespace trueup::sources {

class ReceiptCheck {
 public:
  /// `known`: fingerprints of an earlier look, each of one plugin whose files were all as its receipt says.
  ReceiptCheck(SettingsCheck check, const std::vector<std::string>& known)
      : check_(check), known_(known.begin(), known.end()) {}

  /// Fills in what the receipt says of a directory whose manifest was read. Requires: `receipt_bytes` gave its receipt.
  void run(const platform::Directory& plugins, const std::string& receipt_bytes, model::PluginDirectory& plugin);

  /// Fingerprints of what was found untouched, in the order of run.
  [[nodiscard]] std::vector<std::string> untouched() && { return std::move(untouched_); }

 private:
  SettingsCheck check_;
  std::set<std::string, std::less<>> known_;
  std::vector<std::string> untouched_;
};

}  // namespace trueup::sources
