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
  /// The next request that is complete, when none is being answered.
  [[nodiscard]] std::optional<Request> next_request();
  /// Requires: next_request() gave one.
  void answer(const Response& response);
  /// The client took too long, or the server ends.
  void refuse(int status, std::string_view message);

  /// One event for a reader of a stream. False: too much waits for it already, and what waits was replaced by
  /// `instead`.
  bool send_event(std::string_view event, std::string_view instead);

  [[nodiscard]] std::string_view output() const { return std::string_view(output_).substr(written_); }
  void written(std::size_t count);
  [[nodiscard]] Phase phase() const { return phase_; }
  /// Everything was said, and no more is listened to.
  [[nodiscard]] bool is_over() const { return phase_ == Phase::closing && output().empty(); }
  /// What is held of requests that nobody has taken yet.
  [[nodiscard]] std::size_t incoming() const;
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
  std::optional<RequestParser> parser_;
  std::optional<Request> request_;
  std::string input_;
  std::string output_;
  std::size_t written_ = 0;
};

}  // namespace trueup::web
