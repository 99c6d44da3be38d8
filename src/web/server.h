// The HTTP server: sockets and time around connections that know neither (connection.h). It runs on a loop that it does
// not own, never blocks it, and decides nothing: every request goes to one function, which answers now or later.
//
// A client that is slow, silent or greedy costs one small object until its time is over (failure F154); others are
// served meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/log.h"
#include "platform/loop.h"
#include "platform/tcp.h"
#include "web/connection.h"
#include "web/event.h"
#include "web/http.h"

namespace trueup::web {

using Respond = std::function<void(Response)>;
/// Calls `respond` once, at once or later, on the loop.
using Application = std::function<void(Request request, Respond respond)>;

struct ServerPorts {
  platform::Loop& loop;
  Logger& logger;
  std::size_t most_connections = 256;
  /// Whether somebody may send a body, told before it is there; an answer refuses it. Empty: everybody may.
  std::function<std::optional<Response>(const Request& head)> on_question = {};
  std::function<void(Topic topic)> on_listener = {};  // somebody began to listen; may be empty
  std::function<void(Topic topic)> on_leave = {};     // somebody who listened has gone; likewise
};

class Server {
 public:
  Server(ServerPorts ports, platform::TcpListener listener, Application application);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// To all who listen to changes. The number of an event never comes back, so that one who was away notices.
  void publish(const Event& event);
  /// To all who listen to that: an event without a name. `data`: one line.
  void tell(Topic topic, std::string_view data);

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] std::size_t connections() const { return clients_.size(); }
  [[nodiscard]] std::size_t event_streams() const { return streams_.size(); }
  [[nodiscard]] std::size_t listeners(Topic topic) const;

 private:
  class Client;

  /// Fewer than there are connections: a stream is never pushed out, and others want to be served.
  [[nodiscard]] std::size_t most_streams() const;
  void listen();
  void accept_all();
  bool make_room();
  void send_to(Topic topic, std::string_view event, std::string_view instead);
  void stop_listening(std::int64_t id);
  void forget(std::int64_t id);
  void wait_to_sweep();
  void sweep();

  ServerPorts ports_;
  platform::TcpListener listener_;
  Application application_;
  std::string read_buffer_;
  Connection::Held held_;  // of all clients together
  std::map<std::int64_t, std::shared_ptr<Client>> clients_;
  std::map<std::int64_t, Topic> streams_;
  std::int64_t last_id_ = 0;
  std::uint64_t last_event_ = 0;
  platform::Loop::Duration heartbeat_at_{};
  std::unique_ptr<platform::Pending> waits_;
  std::unique_ptr<platform::Pending> sweeps_;
};

}  // namespace trueup::web
