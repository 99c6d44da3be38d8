// What is said over the daemon's socket: frames, each a kind, a length and that many bytes. Pure: fed with bytes as
// they come, in pieces of any size. What it reads comes from outside, and its size is limited before anything is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trueup::service {

enum class FrameKind : char {
  request = 'r',   // a JSON object (request.h); the first and only frame of the one who asks
  begun = 'b',     // of a command: from here on only the daemon does it
  output = 'o',    // bytes for standard output
  errors = 'e',    // bytes for standard error
  ended = 'x',     // of a command: its exit status in decimal digits
  declined = 'd',  // nothing was done, and nothing will be: an error as JSON
  answer = 'a',    // a JSON object, or plain text for `metrics`
};

struct Frame {
  FrameKind kind = FrameKind::request;
  std::string body;
  bool operator==(const Frame&) const = default;
};

inline constexpr std::size_t kMostFrameBytes = 64U << 20U;   // what a command prints at once
inline constexpr std::size_t kMostRequestBytes = 4U << 20U;  // a setting's value is at most 1 MiB, six bytes escaped

std::string encode(const Frame& frame);

class FrameReader {
 public:
  explicit FrameReader(std::size_t limit) : limit_(limit) {}
  void feed(std::string_view bytes) { bytes_ += bytes; }
  /// The next whole one; nothing: more bytes are needed. Error: invalid, and nothing after it can be read.
  Result<std::optional<Frame>> next();

 private:
  std::size_t limit_;
  std::string bytes_;
};

}  // namespace trueup::service
