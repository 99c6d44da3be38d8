// The real loop, by Boost.Asio, whose headers stay in the one .cpp.
#pragma once

#include <memory>
#include <vector>

#include "platform/loop.h"

namespace boost::asio {
class io_context;
}

namespace trueup::platform {

class AsioLoop final : public Loop {
 public:
  AsioLoop();
  ~AsioLoop() override;

  [[nodiscard]] Duration now() const override;
  void post(Job job) override;
  [[nodiscard]] std::unique_ptr<Pending> after(Duration duration, Job job) override;
  [[nodiscard]] std::unique_ptr<Pending> when_ready(int descriptor, Direction direction, Job job) override;
  [[nodiscard]] std::unique_ptr<Watch> watch(int descriptor) override;

  /// Each time one of `signals` arrives, as a job of the loop.
  void on_signals(const std::vector<int>& signals, std::function<void(int)> job);
  /// Does jobs until stop() was called.
  void run();
  void stop();
  /// For those who speak Asio themselves.
  [[nodiscard]] boost::asio::io_context& context();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace trueup::platform
