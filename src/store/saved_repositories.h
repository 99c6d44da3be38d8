// The repositories that the owner added (`config/saved_repositories.json`, shared with LEDMatrix): each a registry or
// one plugin. What they list is never verified and never counts as the main registry's word. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace trueup::store {

struct SavedRepository {
  enum class Type : std::uint8_t { registry, single };
  std::string url;
  std::string name;
  Type type = Type::single;
  bool operator==(const SavedRepository&) const = default;
};

/// As LEDMatrix tells one from the other: by its address.
SavedRepository::Type type_of(std::string_view url);
/// One to add: its address checked and written in one way, named after its last part.
Result<SavedRepository> repository_to_save(std::string_view url);

/// Entries that are none are left out. Error: unreadable, when the text as a whole is no such list.
Result<std::vector<SavedRepository>> decode_saved(std::string text);

/// Where a saved repository's list, or its one manifest, may be; in the order in which they are asked.
std::vector<std::string> places_of(const SavedRepository& repository);

/// A registry of one entry, from the manifest of a repository that is one plugin.
Result<std::string> registry_of_manifest(std::string manifest, const std::string& url);
/// Likewise of one that the git program brought, as it is at this commit.
Result<std::string> registry_of_manifest(std::string manifest, const std::string& url, const std::string& commit);

}  // namespace trueup::store
