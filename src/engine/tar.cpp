#include "engine/tar.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>

namespace trueup::engine {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameBytes = 99;

// POSIX.1-1988 ustar header: offset and width of what we fill in.
struct Field {
  std::size_t offset;
  std::size_t width;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUser{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};

void put(std::string& header, Field field, std::string_view text) {
  header.replace(field.offset, std::min(text.size(), field.width), text.substr(0, field.width));
}

void put_octal(std::string& header, Field field, std::size_t value) {
  put(header, field, fmt::format("{:0{}o}", value, field.width - 1));
}

std::string padding_behind(std::size_t size) {
  const std::size_t used = size % kBlock;
  return std::string(used == 0 ? 0 : kBlock - used, '\0');
}

std::string header_of(std::string_view name, std::size_t size) {
  std::string header(kBlock, '\0');
  put(header, kName, name.substr(0, kNameBytes));
  put_octal(header, kMode, 0600);
  put_octal(header, kUser, 0);
  put_octal(header, kGroup, 0);
  put_octal(header, kSize, size);
  put_octal(header, kTime, 0);
  put(header, kType, "0");
  put(header, kMagic, std::string_view("ustar\00000", 8));
  put(header, kChecksum, "        ");  // counted as blanks
  std::size_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(header, kChecksum, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return header;
}

}  // namespace

Status TarWriter::add(std::string_view name, std::string_view bytes) {
  RETURN_IF_ERROR(archive_.append(padding_ + header_of(name, bytes.size())));
  padding_ = padding_behind(bytes.size());
  return bytes.empty() ? ok() : archive_.append(bytes);
}

Status TarWriter::finish() { return archive_.append(padding_ + std::string(2 * kBlock, '\0')); }

}  // namespace trueup::engine
