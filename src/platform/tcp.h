// Connections over the network's protocol, never waited on: a listener, and one end of each connection. The caller
// waits with a Loop (loop.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/descriptor.h"
#include "platform/network_address.h"

namespace trueup::platform {

class TcpStream {
 public:
  TcpStream(Descriptor descriptor, const NetworkAddress& peer) : descriptor_(std::move(descriptor)), peer_(peer) {}

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  /// The other end.
  [[nodiscard]] const NetworkAddress& peer() const { return peer_; }
  /// Nothing: there is nothing yet. Empty: the other side has closed it.
  Result<std::optional<std::string_view>> read_some(std::string& buffer);
  /// How many bytes went out; 0: none can now.
  Result<std::size_t> write_some(std::string_view bytes);
  /// The other side is told that no more comes; it can still send.
  void finish_writing();

 private:
  Descriptor descriptor_;
  NetworkAddress peer_;
};

class TcpListener {
 public:
  /// `address` as numbers: "127.0.0.1", "::1", "0.0.0.0". Port 0: any that is free.
  /// Error: conflict (something listens there), invalid (this is no address), refused (a port that only root may have).
  static Result<TcpListener> open(const std::string& address, std::uint16_t port);

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Nothing: nobody waits.
  Result<std::optional<TcpStream>> accept();

 private:
  TcpListener(Descriptor socket, std::uint16_t port) : socket_(std::move(socket)), port_(port) {}

  Descriptor socket_;
  std::uint16_t port_;
};

/// A connection to this machine, for tests and health checks; waits.
Result<Descriptor> connect_to_loopback(std::uint16_t port);

/// Lets this process have as many descriptors as the system allows it, at most `most`. Returns how many it has.
std::size_t allow_descriptors(std::size_t most);

}  // namespace trueup::platform
