#include "platform/network_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace trueup::platform {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kMappedBits = 96;

/// With everything behind the first `bits` bits taken away.
NetworkAddress cut(NetworkAddress address, int bits) {
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    auto& byte = address.bytes[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(byte & (0xFF00U >> static_cast<unsigned>(kept)));
  }
  return address;
}

}  // namespace

std::optional<NetworkAddress> NetworkAddress::parse(const std::string& text) {
  NetworkAddress address;
  if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  if (::inet_pton(AF_INET, text.c_str(), &address.bytes[kMapped.size()]) == 1) return address;
  return std::nullopt;
}

bool NetworkAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

bool NetworkAddress::is_loopback() const {
  if (is_v4()) return bytes[kMapped.size()] == 127;
  NetworkAddress one;
  one.bytes[15] = 1;
  return *this == one;
}

std::string NetworkAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  const bool four = is_v4();
  const void* from = four ? &bytes[kMapped.size()] : bytes.data();
  ::inet_ntop(four ? AF_INET : AF_INET6, from, out.data(), out.size());
  return out.data();
}

std::optional<Network> Network::parse(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = NetworkAddress::parse(text.substr(0, slash));
  if (!address || slash == std::string::npos) return std::nullopt;
  const std::string digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const bool four = address->is_v4();
  const int given = std::stoi(digits);
  if (given > (four ? 32 : 128)) return std::nullopt;
  const Network network{.address = *address, .bits = four ? given + kMappedBits : given};
  if (cut(network.address, network.bits) != network.address) return std::nullopt;
  return network;
}

std::string Network::text() const {
  return address.text() + "/" + std::to_string(address.is_v4() ? bits - kMappedBits : bits);
}

bool Network::contains(const NetworkAddress& other) const { return cut(other, bits) == address; }

}  // namespace trueup::platform
