#include "platform/file_digest.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "platform/memory_file_system.h"

namespace trueup::platform {
namespace {

TEST(FileDigest, is_that_of_all_bytes_however_many_pieces_they_are_read_in) {
  MemoryFileSystem disk;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{64} * 1024, std::size_t{200'000}}) {
    std::string bytes(size, 'x');
    if (size > 0) bytes.back() = 'y';
    disk.put_file("/home/file", bytes);
    const auto file = disk.open_root("/home").value()->open_file("file", Links::refuse);
    ASSERT_TRUE(file);
    const auto digest = digest_of(**file);
    ASSERT_TRUE(digest);
    EXPECT_EQ(digest->sha256, sha256_hex(bytes)) << size;
    EXPECT_EQ(digest->bytes, size);
  }
}

}  // namespace
}  // namespace trueup::platform
