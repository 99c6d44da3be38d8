// Addresses of machines as values, of both families: who is at the other end, and which networks an owner means.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace trueup::platform {

/// 16 bytes; one of IPv4 as ::ffff:a.b.c.d.
struct NetworkAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const NetworkAddress&) const = default;

  /// "192.168.1.7", "fe80::1"; nothing when it is no address in numbers.
  static std::optional<NetworkAddress> parse(const std::string& text);
  /// 127.0.0.1
  static constexpr NetworkAddress loopback() { return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1}}; }
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string text() const;
};

/// "192.168.1.0/24"
struct Network {
  NetworkAddress address;
  int bits = 128;  // of the 16 bytes
  bool operator==(const Network&) const = default;

  /// Nothing when it is none, or when bits behind the prefix are set: then it is a typing error, and trusts too much.
  static std::optional<Network> parse(const std::string& text);
  [[nodiscard]] bool contains(const NetworkAddress& other) const;
  [[nodiscard]] std::string text() const;
};

}  // namespace trueup::platform
