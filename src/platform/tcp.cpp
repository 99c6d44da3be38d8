#include "platform/tcp.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace trueup::platform {
namespace {

constexpr int kBacklog = 511;
constexpr std::size_t kChunk = 64U << 10U;

/// One address of either family.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what the sockets interface is made of
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  sockaddr_in* v4() { return reinterpret_cast<sockaddr_in*>(&storage); }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  sockaddr_in6* v6() { return reinterpret_cast<sockaddr_in6*>(&storage); }

  NetworkAddress machine() {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool four = storage.ss_family == AF_INET;
    const void* from = four ? static_cast<const void*>(&v4()->sin_addr) : &v6()->sin6_addr;
    ::inet_ntop(storage.ss_family, from, text.data(), text.size());
    return NetworkAddress::parse(text.data()).value_or(NetworkAddress{});
  }
  std::uint16_t port() { return ntohs(storage.ss_family == AF_INET ? v4()->sin_port : v6()->sin6_port); }
};

std::optional<Address> address_of(const std::string& text, std::uint16_t port) {
  Address address;
  if (::inet_pton(AF_INET, text.c_str(), &address.v4()->sin_addr) == 1) {
    address.v4()->sin_family = AF_INET;
    address.v4()->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), &address.v6()->sin6_addr) == 1) {
    address.v6()->sin6_family = AF_INET6;
    address.v6()->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return std::nullopt;
}

Error cannot_listen(int number, const std::string& where) {
  if (number == EADDRINUSE) {
    return {.code = ErrorCode::conflict,
            .message = "another program listens there already",
            .where = where,
            .os_error = number};
  }
  if (number == EACCES) {
    return {.code = ErrorCode::refused,
            .message = "only root may listen on a port below 1024",
            .where = where,
            .os_error = number};
  }
  return os_error(number, "listen", where);
}

}  // namespace

Result<std::optional<std::string_view>> TcpStream::read_some(std::string& buffer) {
  if (buffer.size() < kChunk) buffer.resize(kChunk);
  const auto count = retry_interrupted([&] { return ::recv(descriptor_.get(), buffer.data(), buffer.size(), 0); });
  if (count >= 0) return std::optional(std::string_view(buffer).substr(0, static_cast<std::size_t>(count)));
  if (errno == EAGAIN || errno == EWOULDBLOCK) return std::optional<std::string_view>();
  return os_error(errno, "read", "a connection");
}

Result<std::size_t> TcpStream::write_some(std::string_view bytes) {
  const auto count =
      retry_interrupted([&] { return ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
  return os_error(errno, "write", "a connection");
}

void TcpStream::finish_writing() { ::shutdown(descriptor_.get(), SHUT_WR); }

Result<TcpListener> TcpListener::open(const std::string& address, std::uint16_t port) {
  const std::string where = fmt::format("{} port {}", address, port);
  auto place = address_of(address, port);
  if (!place) return Error{.code = ErrorCode::invalid, .message = "this is no address in numbers", .where = address};
  Descriptor socket(::socket(place->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return os_error(errno, "open a socket", where);
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), place->get(), place->size) != 0) return cannot_listen(errno, where);
  if (::listen(socket.get(), kBacklog) != 0) return cannot_listen(errno, where);
  Address bound;
  if (::getsockname(socket.get(), bound.get(), &bound.size) != 0) return os_error(errno, "name a socket", where);
  return TcpListener(std::move(socket), bound.port());
}

Result<std::optional<TcpStream>> TcpListener::accept() {
  Address peer;
  Descriptor socket(retry_interrupted(
      [&] { return ::accept4(socket_.get(), peer.get(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK); }));
  if (!socket.is_open()) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ECONNABORTED) return std::optional<TcpStream>();
    return os_error(errno, "accept a connection", fmt::format("port {}", port_));
  }
  const int yes = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // answers are written whole
  const NetworkAddress machine = peer.machine();
  return std::optional<TcpStream>(TcpStream(std::move(socket), machine));
}

Result<Descriptor> connect_to_loopback(std::uint16_t port) {
  auto place = address_of("127.0.0.1", port);
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return os_error(errno, "open a socket", "127.0.0.1");
  if (retry_interrupted([&] { return ::connect(socket.get(), place->get(), place->size); }) != 0) {
    return os_error(errno, "connect", fmt::format("127.0.0.1 port {}", port));
  }
  return socket;
}

std::size_t allow_descriptors(std::size_t most) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, most);
  if (wanted > limit.rlim_cur) {
    limit.rlim_cur = wanted;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

}  // namespace trueup::platform
