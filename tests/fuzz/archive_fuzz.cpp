// Whatever an archive is, what comes out lies below the directory it was given, under clean names, within the limits,
// and is what the answer says.
// links: fetch
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/limits.h"
#include "fetch/archive_path.h"
#include "fetch/unpack.h"
#include "platform/memory_file_system.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup;
  constexpr std::size_t kMost = 1U << 20U;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  platform::MemoryFileSystem disk;
  disk.put_directory("/into");
  const auto into = disk.open_root("/into").value();
  const auto unpacked = fetch::unpack(fetch::in_memory(bytes), {.most_bytes = kMost, .most_files = 100}, *into);
  const auto manifest = fetch::read_manifest(fetch::in_memory(bytes), "");
  require(!manifest || manifest->size() <= limits::kMaxManifestBytes);
  if (!unpacked) return 0;
  require(unpacked->bytes <= kMost);
  require(unpacked->files.size() <= 100);
  for (const store::TreeFile& file : unpacked->files) {
    const auto clean = fetch::clean_path(file.path);
    require(clean && *clean == file.path);
  }
  require(store::tree_digest(store::hash_tree(*into).value()) == store::tree_digest(unpacked->files));
  return 0;
}
