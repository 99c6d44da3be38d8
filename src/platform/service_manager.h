// The one thing that is asked of the system's service manager: to restart a unit. Whether one runs is the process
// table's to tell.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace trueup::platform {

class ServiceManager {
 public:
  ServiceManager() = default;
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;
  virtual ~ServiceManager() = default;
  /// Waits until it has been started again. Error: refused, with what the service manager says; unsupported: there is
  /// none here; contended: it did not answer in time.
  virtual Status restart(const std::string& unit) = 0;
};

/// systemctl, by its full name and without an environment, so that nothing else can be meant. Asks nobody for a
/// password: whoever may not restart the unit is told so.
class Systemctl final : public ServiceManager {
 public:
  Systemctl();
  Systemctl(std::vector<std::string> programs, std::chrono::milliseconds patience);
  Status restart(const std::string& unit) override;

 private:
  std::vector<std::string> programs_;  // the first that is there
  std::chrono::milliseconds patience_;
};

/// For tests.
class FakeServiceManager final : public ServiceManager {
 public:
  Status restart(const std::string& unit) override;

  std::vector<std::string> restarted;
  Status answer = ok();
  std::function<void()> then;  // what the unit does when it has been started
};

}  // namespace trueup::platform
