// The daemon's face to the command line: a socket beside the installation's lock. One request a connection; who asks
// must be the same user as the daemon, or root. Runs on the daemon's loop and never waits for anybody: a client that
// does not read is only told the newest.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "platform/local_socket.h"
#include "platform/loop.h"
#include "service/daemon.h"
#include "service/metrics.h"

namespace trueup::service {

inline constexpr const char* kSocketName = "socket";

struct ServerPorts {
  platform::Loop& loop;
  Daemon& daemon;
  Logger& logger;
  std::string version;        // of this trueup: another one does its commands itself
  std::uint32_t user_id = 0;  // the daemon's own
  std::function<platform::ProcessCost()> own_cost;
};

class Server {
 public:
  Server(ServerPorts ports, platform::LocalListener listener);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

 private:
  class Connection;

  void listen();
  void accept_all();
  void forget(std::int64_t id);

  ServerPorts ports_;
  platform::LocalListener listener_;
  std::unique_ptr<platform::Pending> waits_;
  std::map<std::int64_t, std::shared_ptr<Connection>> connections_;
  std::int64_t last_id_ = 0;
};

}  // namespace trueup::service
