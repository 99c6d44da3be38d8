// `plugins.lock`: a set of plugins that another device is to have exactly, as a value and as text. Pure.
//
// It is a file that people copy about, so it is read like anything from outside: what names no plugin and no source is
// an error of the whole file, never a plugin less.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace trueup::store {

struct LockedPlugin {
  std::string id;       // its manifest's
  std::string entry;    // the registry's id for it
  std::string source;   // the registry or saved repository, by its address
  std::string version;  // its manifest's
  std::string digest;   // tree_digest() of its files as they were fetched; empty: not known, the version must do
  // Where exactly this version lies, as far as its entry says so; all empty: only its source knows.
  std::string repository;
  std::string branch;
  std::string plugin_path;
  std::string commit;
  std::string download_url;
  std::string sha256;
  bool operator==(const LockedPlugin&) const = default;
  /// What is at that place does not change any more.
  [[nodiscard]] bool has_own_place() const { return !commit.empty() || !download_url.empty(); }
};

/// A plugin that no store can give to another device.
struct LeftOutPlugin {
  std::string id;
  std::string why;
  bool operator==(const LeftOutPlugin&) const = default;
};

struct LockFile {
  std::vector<LockedPlugin> plugins;  // sorted by id
  std::vector<LeftOutPlugin> left_out;
  bool operator==(const LockFile&) const = default;
};

std::string encode(const LockFile& lock);
/// Errors: unreadable (no JSON, another kind of file, made by a newer trueup), invalid (a plugin that cannot be one).
Result<LockFile> decode_lock_file(std::string text);

}  // namespace trueup::store
