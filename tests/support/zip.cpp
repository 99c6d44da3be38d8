#include "support/zip.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/digest.h"
#include "support/files.h"

namespace trueup::test {
namespace {

void add_number(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xffU);
}

/// What stands in both heads of an entry.
void add_common(std::string& out, const ZipEntry& entry) {
  add_number(out, 20, 2);      // version
  add_number(out, 0x0800, 2);  // names are UTF-8
  add_number(out, 0, 2);       // stored
  add_number(out, 0x00210000, 4);
  add_number(out, crc32(entry.bytes), 4);
  add_number(out, entry.bytes.size(), 4);
  add_number(out, entry.bytes.size(), 4);
  add_number(out, entry.name.size(), 2);
  add_number(out, 0, 2);
}

}  // namespace

std::string zip_of(const std::vector<ZipEntry>& entries) {
  std::string out;
  std::string list;
  for (const ZipEntry& entry : entries) {
    const std::size_t place = out.size();
    add_number(out, 0x04034b50, 4);
    add_common(out, entry);
    out += entry.name + entry.bytes;
    add_number(list, 0x02014b50, 4);
    add_number(list, 0x0314, 2);  // made on Unix
    add_common(list, entry);
    add_number(list, 0, 6);
    add_number(list, std::uint64_t{entry.mode} << 16U, 4);
    add_number(list, place, 4);
    list += entry.name;
  }
  const std::size_t place = out.size();
  out += list;
  add_number(out, 0x06054b50, 4);
  add_number(out, 0, 4);
  add_number(out, entries.size(), 2);
  add_number(out, entries.size(), 2);
  add_number(out, list.size(), 4);
  add_number(out, place, 4);
  add_number(out, 0, 2);
  return out;
}

std::vector<ZipEntry> entries_below(const std::filesystem::path& directory, const std::string& prefix) {
  std::vector<ZipEntry> entries;
  for (const auto& one : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string name = prefix + std::filesystem::relative(one.path(), directory).string();
    if (one.is_directory()) {
      entries.push_back({name + "/", "", S_IFDIR | 0755U});
    } else {
      struct stat status{};
      const bool known = ::stat(one.path().c_str(), &status) == 0;
      entries.push_back({name, read_file(one.path()), known ? status.st_mode : 0100644U});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace trueup::test
