#include "platform/network_news.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace trueup::platform {

KernelNetworkNews::KernelNetworkNews() {
  Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE;
  if (socket.get() < 0) return;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  socket_ = std::move(socket);
}

void KernelNetworkNews::take() {
  std::array<char, 8192> bytes{};
  // A message that was too much for the kernel's buffer (ENOBUFS) is an error once and news as well.
  constexpr int kMost = 10'000;  // and what comes after that is told of again
  for (int i = 0; i < kMost; ++i) {
    if (::recv(socket_.get(), bytes.data(), bytes.size(), 0) < 0 && errno != ENOBUFS && errno != EINTR) return;
  }
}

FakeNetworkNews::FakeNetworkNews() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void FakeNetworkNews::take() {
  std::uint64_t count = 0;
  (void)!::read(wake_.get(), &count, sizeof count);
}

void FakeNetworkNews::tell() {
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
}

}  // namespace trueup::platform
