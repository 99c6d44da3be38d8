// Being told that this machine's addresses or routes changed: that it came into another network, or back into its own.
// It says that something changed, never what; whoever is told looks.
#pragma once

#include "platform/descriptor.h"

namespace trueup::platform {

class NetworkNews {
 public:
  NetworkNews() = default;
  NetworkNews(const NetworkNews&) = delete;
  NetworkNews& operator=(const NetworkNews&) = delete;
  virtual ~NetworkNews() = default;

  /// Readable when something changed. -1: this system does not tell.
  [[nodiscard]] virtual int descriptor() const = 0;
  /// From now on it is readable only when something changes again.
  virtual void take() = 0;
};

/// By rtnetlink. Where that is not allowed (a sandbox without AF_NETLINK), it never tells anything.
class KernelNetworkNews final : public NetworkNews {
 public:
  KernelNetworkNews();
  [[nodiscard]] int descriptor() const override { return socket_.get(); }
  void take() override;

 private:
  Descriptor socket_;
};

/// A test says when.
class FakeNetworkNews final : public NetworkNews {
 public:
  FakeNetworkNews();
  [[nodiscard]] int descriptor() const override { return wake_.get(); }
  void take() override;
  void tell();

 private:
  Descriptor wake_;
};

}  // namespace trueup::platform
