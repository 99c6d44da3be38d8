// Carrying what the owner or a plugin itself added from an old plugin directory into the one that replaces it.
//
// Used twice: before publishing, into the staged directory, and once more after it, for what changed meanwhile.
// Rules: design section 5. Nothing is ever read or written through a link; a link is carried as a link. What is not
// carried is not lost: the old directory is kept.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/file_system.h"
#include "sources/receipt.h"

namespace trueup::engine {

/// What stood in a directory at one moment.
struct TreeSnapshot {
  struct Item {
    platform::FileKind kind = platform::FileKind::other;
    std::string mark;         // SHA-256 of a file, target of a link
    bool executable = false;  // of a file
    bool empty = false;       // of a directory
    bool operator==(const Item&) const = default;
  };
  std::map<std::string, Item> items;  // by path
  bool operator==(const TreeSnapshot&) const = default;

  [[nodiscard]] const Item* find(const std::string& path) const;
};

Result<TreeSnapshot> take_snapshot(const platform::Directory& directory);

struct CarryReport {
  std::vector<std::string> carried;
  std::vector<std::string> left;  // the owner's, but something else stands there: only the kept copy has it
  bool operator==(const CarryReport&) const = default;
};

/// What the owner changed of the old version's own files; what was added is always carried.
enum class Edits { go_along, stay_behind };

struct CarrySource {
  const platform::Directory& old;
  const TreeSnapshot& seen;                        // of `old`, taken before
  const std::optional<sources::Receipt>& receipt;  // only one that matches `old`
  Edits edits = Edits::go_along;
};

/// Into a staged directory that holds the new version. Files are written in `scratch` first and moved in whole.
/// Not durable.
Result<CarryReport> carry_over(const CarrySource& from, platform::WritableDirectory& staged,
                               platform::WritableDirectory& scratch);

/// Again, just before publishing: what was carried follows what is in `from.old` now. Requires: the receipt of the new
/// version is in `staged`, so that what was shipped can be told from what was carried.
Result<CarryReport> refresh_carried(const CarrySource& from, platform::WritableDirectory& staged,
                                    platform::WritableDirectory& scratch);

/// Into a published directory: what in `from.old` (seen now) is not what it was `before`. A file is replaced only if
/// it is still what was carried or shipped. Without `before` (after a crash) only what is missing is put there.
/// Durable.
Result<CarryReport> carry_changes(const CarrySource& from, const std::optional<TreeSnapshot>& before,
                                  platform::WritableDirectory& published, platform::WritableDirectory& scratch);

}  // namespace trueup::engine
