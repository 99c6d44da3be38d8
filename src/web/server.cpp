#include "web/server.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "web/connection.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::chrono::seconds kSweep{2};  // how exact the limits of time are kept

}  // namespace

/// One client. The server keeps it until it has gone; whoever answers later holds it weakly.
class Server::Client : public std::enable_shared_from_this<Client> {
 public:
  Client(Server& server, std::int64_t id, platform::TcpStream stream)
      : server_(server),
        id_(id),
        stream_(std::move(stream)),
        connection_(stream_.peer()),
        watch_(server.ports_.loop.watch(stream_.descriptor())) {
    touch();
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { count({}); }

  void start() { read(); }

  [[nodiscard]] Connection::Phase phase() const { return connection_.phase(); }
  [[nodiscard]] platform::Loop::Duration since() const { return since_; }

  void send(std::string_view event, std::string_view instead) {
    connection_.send_event(event, instead);
    write();
  }

  /// Whether its time is over at `now`; what that means is done.
  void check_time(platform::Loop::Duration now) {
    const auto waited = now - since_;
    if (!connection_.output().empty()) {
      if (waited > limits::kWriteTime) close();
      return;
    }
    switch (connection_.phase()) {
      case Connection::Phase::idle:
        if (waited > limits::kIdleTime) close();
        break;
      case Connection::Phase::receiving:
        if (waited > connection_.request_time()) {
          connection_.refuse(408, "the request did not arrive in time");
          write();
        }
        break;
      case Connection::Phase::answering:
      case Connection::Phase::streaming: break;
      case Connection::Phase::closing:
        if (!lingers_ || waited > limits::kLingerTime) close();
        break;
    }
  }

  /// Not at once: whoever called may still be at work in this object.
  void close() {
    is_closed_ = true;
    watch_->when_ready(platform::Direction::reading, {});
    watch_->when_ready(platform::Direction::writing, {});
    server_.stop_listening(id_);
    server_.ports_.loop.post([weak = weak_from_this(), id = id_] {
      if (const auto self = weak.lock()) self->server_.forget(id);
    });
  }

 private:
  void touch() { since_ = server_.ports_.loop.now(); }

  void wait_to_read() {
    if (reads_ || is_closed_ || !(lingers_ || connection_.reads())) return;
    reads_ = true;
    watch_->when_ready(platform::Direction::reading, [this] {
      reads_ = false;
      read();
    });
  }

  void read() {
    const auto got = stream_.read_some(server_.read_buffer_);
    if (!got || (*got && (*got)->empty())) return close();  // it has gone
    if (*got && lingers_) {
      lingered_ += (*got)->size();
      if (lingered_ > limits::kMaxUploadBodyBytes) return close();
      return wait_to_read();
    }
    if (*got) {
      const auto before = connection_.phase();
      connection_.receive(**got);
      if (const auto question = connection_.take_question()) answer_question(*question);
      count(connection_.held());
      if (is_too_much()) connection_.refuse(503, "so much is being sent at once that this has to wait");
      if (before == Connection::Phase::idle) touch();  // a request has all its time from its first byte on
      answer_all();
      count(connection_.held());
    }
    write();
  }

  void answer_question(const Request& head) {
    const auto refusal = server_.ports_.on_question ? server_.ports_.on_question(head) : std::nullopt;
    if (refusal) return connection_.refuse(*refusal);
    connection_.admit();
  }

  void count(Connection::Held now) {
    server_.held_.requests = server_.held_.requests - held_.requests + now.requests;
    server_.held_.uploads = server_.held_.uploads - held_.uploads + now.uploads;
    held_ = now;
  }

  /// One without a body is let through: it is small, and may be the login of the owner (failure F154).
  [[nodiscard]] bool is_too_much() const {
    if (connection_.phase() != Connection::Phase::receiving) return false;
    if (held_.uploads > 0 && server_.held_.uploads > limits::kMaxUploadsBytes) return true;
    return held_.requests > limits::kMaxRequestHeaderBytes && server_.held_.requests > limits::kMaxIncomingBytes;
  }

  void answer_all() {
    while (auto request = connection_.next_request()) {
      count(connection_.held());
      server_.application_(std::move(*request), [weak = weak_from_this()](const Response& response) {
        if (const auto self = weak.lock()) self->answer(response);
      });
    }
  }

  void answer(const Response& response) {
    if (response.is_event_stream && server_.streams_.size() >= server_.most_streams()) {
      connection_.refuse(503, "so many listen to events already that nobody else is let in");
      return write();
    }
    connection_.answer(response);
    count(connection_.held());
    touch();
    if (connection_.phase() == Connection::Phase::streaming) {
      server_.streams_[id_] = response.topic;
      if (server_.ports_.on_listener) server_.ports_.on_listener(response.topic);
    }
    if (connection_.phase() != Connection::Phase::answering && !at_work_) {
      at_work_ = true;
      answer_all();
      at_work_ = false;
      write();
    }
  }

  void write() {
    if (writes_ || is_closed_) return;
    while (!connection_.output().empty()) {
      const auto count = stream_.write_some(connection_.output());
      if (!count) return close();
      if (*count == 0) {
        writes_ = true;
        watch_->when_ready(platform::Direction::writing, [this] {
          writes_ = false;
          write();
        });
        return;
      }
      connection_.written(*count);
      touch();
    }
    if (connection_.is_over()) return connection_.was_refused() ? linger() : close();
    wait_to_read();
  }

  /// A connection that is closed while its client still sends is broken for it, and what it was told may be lost.
  void linger() {
    if (!lingers_) stream_.finish_writing();
    lingers_ = true;
    wait_to_read();
  }

  Server& server_;
  std::int64_t id_;
  platform::TcpStream stream_;
  Connection connection_;
  platform::Loop::Duration since_{};        // it last got somewhere
  std::unique_ptr<platform::Watch> watch_;  // before the stream in going: the descriptor is still open then
  Connection::Held held_;                   // what is counted of it
  std::size_t lingered_ = 0;                // bytes that were thrown away
  bool lingers_ = false;                    // it was refused, and may not have noticed yet
  bool at_work_ = false;
  bool reads_ = false;   // it is waited for
  bool writes_ = false;  // likewise
  bool is_closed_ = false;
};

Server::Server(ServerPorts ports, platform::TcpListener listener, Application application)
    : ports_(std::move(ports)), listener_(std::move(listener)), application_(std::move(application)) {
  listen();
}

Server::~Server() = default;

void Server::publish(const Event& event) {
  ++last_event_;
  send_to(Topic::changes, event_text(last_event_, event), event_text(last_event_, {.name = "changed", .data = "{}"}));
}

void Server::tell(Topic topic, std::string_view data) { send_to(topic, fmt::format("data: {}\n\n", data), {}); }

std::size_t Server::listeners(Topic topic) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(streams_, [topic](const auto& stream) { return stream.second == topic; }));
}

void Server::send_to(Topic topic, std::string_view event, std::string_view instead) {
  for (const auto& [id, of] : std::map<std::int64_t, Topic>(streams_)) {
    const auto found = clients_.find(id);
    if (of == topic && found != clients_.end()) found->second->send(event, instead);
  }
}

std::size_t Server::most_streams() const {
  return std::min(limits::kMaxEventStreams, ports_.most_connections - ports_.most_connections / 8);
}

void Server::listen() {
  waits_ = ports_.loop.when_ready(listener_.descriptor(), platform::Direction::reading, [this] { accept_all(); });
}

void Server::accept_all() {
  for (;;) {
    auto stream = listener_.accept();
    if (!stream) {
      ports_.logger.log(
          {.level = LogLevel::warning, .name = "web.refused", .fields = {{"why", stream.error().text()}}});
      // Out of descriptors, say: it is not asked again and again at once.
      waits_ = ports_.loop.after(std::chrono::seconds(1), [this] { listen(); });
      return;
    }
    if (!*stream) break;
    if (clients_.size() >= ports_.most_connections && !make_room()) continue;  // it is closed
    const std::int64_t id = ++last_id_;
    const auto client = std::make_shared<Client>(*this, id, std::move(**stream));
    clients_[id] = client;
    client->start();
  }
  wait_to_sweep();
  listen();
}

/// Lets the one go that was longest silent between two requests, or with half a request (failure F154).
bool Server::make_room() {
  auto longest = clients_.end();
  for (auto one = clients_.begin(); one != clients_.end(); ++one) {
    const auto phase = one->second->phase();
    if (phase == Connection::Phase::answering || phase == Connection::Phase::streaming) continue;
    if (longest == clients_.end() || one->second->since() < longest->second->since()) longest = one;
  }
  if (longest == clients_.end()) return false;
  clients_.erase(longest);
  return true;
}

void Server::stop_listening(std::int64_t id) {
  const auto stream = streams_.find(id);
  if (stream == streams_.end()) return;
  const Topic topic = stream->second;
  streams_.erase(stream);
  if (ports_.on_leave) ports_.loop.post([tell = ports_.on_leave, topic] { tell(topic); });
}

void Server::forget(std::int64_t id) {
  clients_.erase(id);
  stop_listening(id);
  if (clients_.empty()) sweeps_.reset();
}

/// Only while there is somebody: a server that nobody uses wakes up for nothing (promise 10).
void Server::wait_to_sweep() {
  if (sweeps_ || clients_.empty()) return;
  const bool only_streams = streams_.size() == clients_.size();
  const platform::Loop::Duration rest = only_streams ? limits::kHeartbeat : kSweep;
  sweeps_ = ports_.loop.after(rest, [this] { sweep(); });
}

void Server::sweep() {
  sweeps_.reset();
  const auto now = ports_.loop.now();
  std::vector<std::shared_ptr<Client>> all;
  for (const auto& [id, client] : clients_) all.push_back(client);
  const bool beats = now - heartbeat_at_ >= limits::kHeartbeat;
  if (beats) heartbeat_at_ = now;
  for (const auto& client : all) {
    if (beats && client->phase() == Connection::Phase::streaming) client->send(": still here\n\n", {});
    client->check_time(now);
  }
  wait_to_sweep();
}

}  // namespace trueup::web
