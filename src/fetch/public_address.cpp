#include "fetch/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace trueup::fetch {
namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

/// IANA's special-purpose ranges.
constexpr std::array<Range4, 15> kNotPublic4{{
    {0x00000000, 8},   // this network
    {0x0a000000, 8},   // private
    {0x64400000, 10},  // shared by providers
    {0x7f000000, 8},   // loopback
    {0xa9fe0000, 16},  // link-local; cloud metadata
    {0xac100000, 12},  // private
    {0xc0000000, 24},  // protocol assignments
    {0xc0000200, 24},  // documentation
    {0xc0586300, 24},  // former relays
    {0xc0a80000, 16},  // private
    {0xc6120000, 15},  // benchmarks
    {0xc6336400, 24},  // documentation
    {0xcb007100, 24},  // documentation
    {0xe0000000, 4},   // multicast
    {0xf0000000, 4},   // reserved, broadcast
}};

bool is_public4(std::uint32_t address) {
  return std::none_of(kNotPublic4.begin(), kNotPublic4.end(), [&](const Range4& range) {
    return (address >> (32 - range.bits)) == (range.network >> (32 - range.bits));
  });
}

std::uint32_t four_bytes(const unsigned char* bytes) {
  return (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) | (std::uint32_t{bytes[2]} << 8U) |
         std::uint32_t{bytes[3]};
}

bool is_public6(const in6_addr& address) {
  const unsigned char* bytes = address.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address) != 0) return is_public4(four_bytes(bytes + 12));
  const bool translated = std::memcmp(bytes, "\x00\x64\xff\x9b\0\0\0\0\0\0\0\0", 12) == 0;
  if (translated) return is_public4(four_bytes(bytes + 12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_public4(four_bytes(bytes + 2));    // 6to4
  const bool global = (bytes[0] & 0xe0U) == 0x20U;                                       // 2000::/3
  const bool special = bytes[0] == 0x20 && bytes[1] == 0x01 && (bytes[2] & 0xfeU) == 0;  // 2001::/23
  const bool documentation = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
  return global && !special && !documentation;
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public4(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    return is_public6(six.sin6_addr);
  }
  return false;
}

bool names_private_host(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local")) return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string text(host);
  in6_addr six{};
  if (::inet_pton(AF_INET6, text.c_str(), &six) == 1) return !is_public6(six);
  in_addr four{};
  // Also 0x7f.1, 2130706433 and the like: what a program takes for an address.
  if (::inet_aton(text.c_str(), &four) == 1) return !is_public4(ntohl(four.s_addr));
  return false;
}

bool is_listed(std::string_view host, std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    while (name.starts_with('.')) name.remove_prefix(1);
    if (name.empty()) continue;
    if (name == "*" || host == name) return true;
    const bool ends = host.size() > name.size() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.';
    if (ends) return true;
  }
  return false;
}

}  // namespace trueup::fetch
