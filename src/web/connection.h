// One connection without its socket: bytes in, requests out, answers in, bytes out. What a test and the fuzzer drive.
//
// One request is answered at a time, in order; what a client sends meanwhile waits, up to a limit. It knows no clock:
// `phase` says what it waits for, and the server measures how long.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "web/http_parser.h"

namespace trueup::web {

class Connection {
 public:
  enum class Phase { idle, receiving, answering, streaming, closing };

  explicit Connection(const platform::NetworkAddress& peer = platform::NetworkAddress::loopback()) : peer_(peer) {}

  /// Bytes that came in.
  void receive(std::string_view bytes);
  /// Who would send a body that has not all come yet; once a request. No more of it is to be received before admit(),
  /// or a refusal.
  [[nodiscard]] std::optional<Request> take_question();
  void admit();
  /// The next request that is complete, when none is being answered.
  [[nodiscard]] std::optional<Request> next_request();
  /// Requires: next_request() gave one.
  void answer(const Response& response);
  /// The client took too long, or the server ends.
  void refuse(int status, std::string_view message);
  void refuse(const Response& response);

  /// One event for a reader of a stream. False: too much waits for it already, and what waits was replaced by
  /// `instead`.
  bool send_event(std::string_view event, std::string_view instead);

  [[nodiscard]] std::string_view output() const { return std::string_view(output_).substr(written_); }
  void written(std::size_t count);
  [[nodiscard]] Phase phase() const { return phase_; }
  /// Everything was said, and no more is listened to.
  [[nodiscard]] bool is_over() const { return phase_ == Phase::closing && output().empty(); }
  /// Closed because of what was sent, or how: the client may still be sending.
  [[nodiscard]] bool was_refused() const { return was_refused_; }

  /// Bytes that are held: of requests that nobody has taken yet, and of uploads until they are answered.
  struct Held {
    std::size_t requests = 0;
    std::size_t uploads = 0;
  };
  [[nodiscard]] Held held() const;
  /// How long the request that is on its way may take.
  [[nodiscard]] std::chrono::seconds request_time() const;
  /// More bytes are welcome.
  [[nodiscard]] bool reads() const;

 private:
  void advance();

  platform::NetworkAddress peer_;
  Phase phase_ = Phase::idle;
  bool keeps_alive_ = true;
  bool with_body_ = true;
  bool was_asked_ = false;
  bool was_refused_ = false;
  bool is_upload_ = false;           // request_, or the one that is being answered
  std::size_t answering_bytes_ = 0;  // of an upload
  std::optional<Request> question_;
  std::optional<RequestParser> parser_;
  std::optional<Request> request_;
  std::string input_;
  std::string output_;
  std::size_t written_ = 0;
};

}  // namespace trueup::web
