#include "service/server.h"

#include <fmt/core.h>

#include <utility>

#include "service/frames.h"
#include "service/request.h"

namespace trueup::service {
namespace {

constexpr std::size_t kMostConnections = 64;
constexpr std::chrono::seconds kPatience{10};  // for a request to arrive

}  // namespace

/// One client. It is kept by the server until it has gone; handlers hold it weakly.
class Server::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Server& server, std::int64_t id, platform::LocalStream stream)
      : server_(server), id_(id), stream_(std::move(stream)), reader_(kMostRequestBytes) {}
  ~Connection() {
    if (!command_.empty()) server_.ports_.daemon.abandon(command_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    const auto peer = stream_.peer();
    if (!peer || (peer->user_id != server_.ports_.user_id && peer->user_id != 0)) return close();
    patience_ = server_.ports_.loop.after(kPatience, [this] { close(); });
    wait_to_read();
  }

 private:
  platform::Loop& loop() { return server_.ports_.loop; }
  Daemon& daemon() { return server_.ports_.daemon; }

  void wait_to_read() {
    watch_->when_ready(platform::Direction::reading, [this] { read(); });
  }

  void read() {
    const auto got = stream_.read_some();
    if (!got || (*got && (*got)->empty())) return close();  // it has gone
    if (*got && !asked_) {
      reader_.feed(**got);
      auto frame = reader_.next();
      if (!frame) return refuse(frame.error());
      if (*frame) {
        asked_ = true;
        patience_.reset();
        auto request = decode_request(std::move((**frame).body));
        if (!request) return refuse(request.error());
        act(std::move(*request));
        return;
      }
    }
    wait_to_read();
  }

  void act(Request request) {
    wait_to_read();  // to notice when it goes
    switch (request.ask) {
      case Ask::command: return act_command(request);
      case Ask::snapshot: return finish({FrameKind::answer, encode(*daemon().snapshot())});
      case Ask::follow: return follow();
      case Ask::submit:
        return daemon().submit(std::move(request.operation), [weak = weak_from_this()](const Result<std::int64_t>& id) {
          const auto self = weak.lock();
          if (!self) return;
          if (!id) return self->refuse(id.error());
          self->finish({FrameKind::answer, fmt::format("{{\"id\": {}}}", *id)});
        });
      case Ask::cancel: {
        const Status done = daemon().cancel(request.id);
        return done ? finish({FrameKind::answer, "{}"}) : refuse(done.error());
      }
      case Ask::metrics: return finish({FrameKind::answer, metrics(*daemon().snapshot(), server_.ports_.own_cost())});
    }
  }

  void act_command(Request& request) {
    if (request.version != server_.ports_.version) {
      return refuse(
          {.code = ErrorCode::unsupported, .message = fmt::format("the daemon is trueup {}", server_.ports_.version)});
    }
    const auto tell = [weak = weak_from_this()](const Frame& frame) {
      if (const auto self = weak.lock()) self->send(frame);
    };
    const auto finish_with = [weak = weak_from_this()](const Frame& frame) {
      if (const auto self = weak.lock()) {
        self->command_.clear();
        self->finish(frame);
      }
    };
    std::string name = daemon().command(
        std::move(request.command),
        {.begun = [tell] { tell({FrameKind::begun, {}}); },
         .out = [tell](std::string text) { tell({FrameKind::output, std::move(text)}); },
         .err = [tell](std::string text) { tell({FrameKind::errors, std::move(text)}); },
         .ended = [finish_with](int status) { finish_with({FrameKind::ended, std::to_string(status)}); },
         .declined = [finish_with](const Error& error) { finish_with({FrameKind::declined, encode(error)}); }});
    if (!finishing_) command_ = std::move(name);
  }

  void follow() {
    following_ = daemon().subscribe([this] { tell_news(); });
    tell_news();
  }

  /// A client that is slow to read is told the newest when it has read what it was told.
  void tell_news() {
    news_waits_ = true;
    if (!outgoing_.empty()) return;
    news_waits_ = false;
    send({FrameKind::answer, encode(*daemon().snapshot())});
  }

  void refuse(const Error& error) { finish({FrameKind::declined, encode(error)}); }

  void finish(const Frame& frame) {
    finishing_ = true;
    send(frame);
  }

  void send(const Frame& frame) {
    outgoing_ += service::encode(frame);
    if (!waits_to_write_) write();
  }

  void write() {
    waits_to_write_ = false;
    while (!outgoing_.empty()) {
      const auto count = stream_.write_some(outgoing_);
      if (!count) return close();
      if (*count == 0) {
        waits_to_write_ = true;
        watch_->when_ready(platform::Direction::writing, [this] { write(); });
        return;
      }
      outgoing_.erase(0, *count);
    }
    if (finishing_) return close();
    if (following_ && news_waits_) tell_news();
  }

  /// Not at once: whoever called may still be at work in this object.
  void close() {
    watch_->when_ready(platform::Direction::reading, {});
    watch_->when_ready(platform::Direction::writing, {});
    following_.reset();
    loop().post([weak = weak_from_this(), id = id_] {
      if (const auto self = weak.lock()) self->server_.forget(id);
    });
  }

  Server& server_;
  std::int64_t id_;
  platform::LocalStream stream_;
  FrameReader reader_;
  bool asked_ = false;
  bool finishing_ = false;
  bool news_waits_ = false;
  std::string outgoing_;
  std::string command_;  // in the daemon's queue, or at work
  std::unique_ptr<Subscription> following_;
  std::unique_ptr<platform::Pending> patience_;
  std::unique_ptr<platform::Watch> watch_ = loop().watch(stream_.descriptor());
  bool waits_to_write_ = false;
};

Server::Server(ServerPorts ports, platform::LocalListener listener)
    : ports_(std::move(ports)), listener_(std::move(listener)) {
  listen();
}

Server::~Server() = default;

void Server::listen() {
  waits_ = ports_.loop.when_ready(listener_.descriptor(), platform::Direction::reading, [this] { accept_all(); });
}

void Server::accept_all() {
  for (;;) {
    auto stream = listener_.accept();
    if (!stream) {
      ports_.logger.log(
          {.level = LogLevel::warning, .name = "socket.refused", .fields = {{"why", stream.error().text()}}});
      // Out of descriptors, say: it is not asked again and again at once.
      waits_ = ports_.loop.after(std::chrono::seconds(1), [this] { listen(); });
      return;
    }
    if (!*stream) return listen();
    if (connections_.size() >= kMostConnections) continue;  // it is closed
    const std::int64_t id = ++last_id_;
    const auto connection = std::make_shared<Connection>(*this, id, std::move(**stream));
    connections_[id] = connection;
    connection->start();
  }
}

void Server::forget(std::int64_t id) { connections_.erase(id); }

}  // namespace trueup::service
