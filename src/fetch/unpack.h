// Out of an archive into an empty directory: the plugin's files and directories, and nothing else (promise 9).
//
// libarchive only reads. What is written is written here, through the directory port, after all names of the archive
// have been looked at: one that breaks a rule refuses all of it. Never trusts a size, a type or a mode that the archive
// states.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/file_system.h"
#include "store/fetch_protocol.h"
#include "store/tree_digest.h"

struct archive;

namespace trueup::fetch {

struct ArchiveInput {
  /// Lets the reader begin, from the start; returns what libarchive returned.
  std::function<int(archive*)> open;
  std::uint64_t bytes = 0;  // how large it is, packed
};

/// An archive that lies in memory. Requires: the bytes outlive it.
ArchiveInput in_memory(std::string_view bytes);
/// One in an open file that can be read from any place.
ArchiveInput in_descriptor(int descriptor, std::uint64_t bytes);

struct Unpacked {
  std::vector<store::TreeFile> files;  // sorted
  std::uint64_t bytes = 0;
};

/// Error codes: refused (a rule is broken), unreadable (it is damaged), full, io.
Result<Unpacked> unpack(const ArchiveInput& input, const store::UnpackRequest& request,
                        platform::WritableDirectory& into);

/// The manifest of the plugin in the archive. Error codes as above; refused where there is none.
Result<std::string> read_manifest(const ArchiveInput& input, const std::string& folder);

}  // namespace trueup::fetch
