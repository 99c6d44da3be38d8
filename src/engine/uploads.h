// The pictures that the owner uploaded for a plugin, `assets/plugins/<id>/uploads`: looked at, never changed here.
//
// Names on the disk and `.metadata.json` beside them are as hostile as whoever wrote them (failure F144): only plain
// files with the ending of a picture count, and no link is followed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::engine {

struct Upload {
  std::string id;        // as the metadata name it; else the file's name without its ending
  std::string filename;  // on the disk
  std::string path;      // below the root, as settings name it
  std::string original;  // as it was called where it came from; empty: nothing tells
  std::string uploaded_at;
  std::uint64_t size = 0;
  bool operator==(const Upload&) const = default;
};

/// Sorted by file name. None where nothing was ever uploaded. Requires: `id` is a plugin's id. Error: it could not be
/// read.
Result<std::vector<Upload>> list_uploads(const platform::Directory& root, const std::string& id);

/// One picture. Error: not_found; unreadable.
Result<std::string> read_upload(const platform::Directory& root, const std::string& id, const std::string& filename);

}  // namespace trueup::engine
