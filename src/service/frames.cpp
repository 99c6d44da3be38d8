#include "service/frames.h"

#include <fmt/core.h>

namespace trueup::service {
namespace {

constexpr std::size_t kHead = 5;  // the kind and four bytes of length, the highest first
constexpr std::string_view kKinds = "rboexda";

}  // namespace

std::string encode(const Frame& frame) {
  std::string bytes(1, static_cast<char>(frame.kind));
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((frame.body.size() >> shift) & 0xFFU);
  return bytes += frame.body;
}

Result<std::optional<Frame>> FrameReader::next() {
  if (bytes_.empty()) return std::optional<Frame>();
  if (kKinds.find(bytes_.front()) == std::string_view::npos) {
    return Error{.code = ErrorCode::invalid, .message = "this is not how trueup speaks"};
  }
  if (bytes_.size() < kHead) return std::optional<Frame>();
  std::size_t length = 0;
  for (std::size_t i = 1; i < kHead; ++i) length = length << 8U | static_cast<unsigned char>(bytes_[i]);
  if (length > limit_) {
    return Error{.code = ErrorCode::invalid, .message = fmt::format("more than {} bytes at once", limit_)};
  }
  if (bytes_.size() < kHead + length) return std::optional<Frame>();
  Frame frame{static_cast<FrameKind>(bytes_.front()), bytes_.substr(kHead, length)};
  bytes_.erase(0, kHead + length);
  return std::optional(std::move(frame));
}

}  // namespace trueup::service
