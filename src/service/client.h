// The other end of the daemon's socket: a short-lived program that asks one thing and waits for the answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/local_socket.h"
#include "service/frames.h"
#include "service/request.h"

namespace trueup::service {

class Client {
 public:
  /// `own_directory`: .trueup of the installation. not_found: no daemon works there. refused: whoever listens there is
  /// neither `user_id` nor root.
  static Result<Client> connect(const std::string& own_directory, std::uint32_t user_id);

  Status ask(const Request& request);
  /// The next frame. Error: io, the daemon has gone; contended, nothing came in time.
  Result<Frame> next(std::chrono::milliseconds patience);

 private:
  explicit Client(platform::LocalStream stream) : stream_(std::move(stream)), reader_(kMostFrameBytes) {}

  platform::LocalStream stream_;
  FrameReader reader_;
};

struct ForwardedTo {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
};

/// Has the daemon do a command line. Its exit status; nothing: the daemon does not take it, and the caller does it
/// himself. Errors: busy (the daemon had no time for it, nothing was done), io (it ended in the middle).
Result<std::optional<int>> forward(Client& daemon, const std::string& version, const CommandRequest& command,
                                   const ForwardedTo& to);

}  // namespace trueup::service
