// The service manager that started this program is told how it is: ready, alive, about to end (systemd's sd_notify,
// one datagram a message, without its library). Where nobody listens nothing happens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trueup::platform {

class Supervisor {
 public:
  Supervisor() = default;
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  virtual ~Supervisor() = default;
  /// Such as "READY=1\nSTATUS=watching". Lost where it cannot be sent: nobody may wait for it.
  virtual void tell(std::string_view state) = 0;
};

class Systemd final : public Supervisor {
 public:
  /// `address`: the variable NOTIFY_SOCKET, a path or "@" and a name; empty: there is no such supervisor.
  explicit Systemd(std::string address) : address_(std::move(address)) {}
  void tell(std::string_view state) override;

 private:
  std::string address_;
};

class RecordingSupervisor final : public Supervisor {
 public:
  void tell(std::string_view state) override { told.emplace_back(state); }
  std::vector<std::string> told;
};

}  // namespace trueup::platform
