#include "fetch/file_copy.h"

#include <memory>

#include "platform/real_file_system.h"

namespace trueup::fetch {

Status copy_file(const std::string& path, Body& body) {
  constexpr std::size_t kBlock = 1U << 20U;
  const platform::RealFileSystem disk;
  ASSIGN_OR_RETURN(const auto top, disk.open_root_for_reading("/"));
  ASSIGN_OR_RETURN(const auto file, top->open_file(path.substr(1), platform::Links::follow));
  RETURN_IF_ERROR(body.start_anew());
  for (std::uint64_t at = 0;;) {
    ASSIGN_OR_RETURN(const std::string block, file->read_at(at, kBlock));
    if (block.empty()) return ok();
    RETURN_IF_ERROR(body.add(block));
    at += block.size();
  }
}

}  // namespace trueup::fetch
