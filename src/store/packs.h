// The plugins that are kept for repairs without network: of each registry entry what was unpacked last, and the version
// before it, each packed by itself, within a bound that the oldest go for.
//
// A pack is only ever used for the very entry that it was made from, and only when its bytes and what comes out of it
// are what they were.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace trueup::store {

struct Pack {
  std::string entry;         // its id
  std::string source;        // RegistryEntry::source, or the registry's address
  std::string entry_digest;  // RegistryEntry::digest
  std::string file;          // in `.trueup/store`
  std::string sha256;        // of the file
  std::uint64_t size = 0;
  std::string tree;     // tree_digest() of what comes out
  std::string version;  // of its manifest; empty: it says none
  bool operator==(const Pack&) const = default;
};

/// Oldest first.
struct Packs {
  std::vector<Pack> packs;
  std::uint64_t next = 1;  // the next one's number
  bool operator==(const Packs&) const = default;

  [[nodiscard]] const Pack* find(const std::string& entry, const std::string& source,
                                 const std::string& entry_digest) const;
  /// The newest of that version, from whatever state of its entry.
  [[nodiscard]] const Pack* find_version(const std::string& entry, const std::string& source,
                                         const std::string& version) const;
  /// A name for a new pack's file.
  [[nodiscard]] std::string next_file() const;
  /// Adds `pack` as the newest of its entry; of what was kept for that the newest other version stays. The files that
  /// nothing needs any more: at most `most_bytes` stay, but always the new one.
  std::vector<std::string> add(Pack pack, std::uint64_t most_bytes = limits::kMaxPacksBytes);
  void forget(const std::string& file);
};

std::string encode(const Packs& packs);
/// A list that cannot be read is an empty one: whatever it named can be fetched again. Never names a file outside.
Packs decode_packs(std::string text);
/// Whether a file of this name is a pack's.
bool is_pack_file(std::string_view name);

}  // namespace trueup::store
