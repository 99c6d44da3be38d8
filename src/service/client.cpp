#include "service/client.h"

#include <charconv>
#include <utility>

#include "service/server.h"

namespace trueup::service {
namespace {

constexpr std::chrono::seconds kDelivery{10};      // for what needs no work to be done
constexpr std::chrono::milliseconds kForever{-1};  // as poll() has it

Error gone() {
  return Error{
      .code = ErrorCode::io,
      .message = "the daemon ended before it could say what came of it",
      .where = {},
      .hint = "`trueup history` tells what was done; what was interrupted is finished or taken back by itself"};
}

}  // namespace

Result<Client> Client::connect(const std::string& own_directory, std::uint32_t user_id) {
  ASSIGN_OR_RETURN(auto stream, platform::connect_local(own_directory, kSocketName));
  ASSIGN_OR_RETURN(const auto peer, stream.peer());
  if (peer.user_id != user_id && peer.user_id != 0) {
    return Error{.code = ErrorCode::refused,
                 .message = "another user's program listens there",
                 .where = own_directory + "/" + kSocketName};
  }
  return Client(std::move(stream));
}

Status Client::ask(const Request& request) {
  const std::string bytes = service::encode(Frame{FrameKind::request, service::encode(request)});
  std::string_view left = bytes;
  while (!left.empty()) {
    ASSIGN_OR_RETURN(const std::size_t count, stream_.write_some(left));
    left.remove_prefix(count);
    if (count == 0 && !platform::wait_until_ready(stream_.descriptor(), platform::Direction::writing, kDelivery)) {
      return Error{.code = ErrorCode::contended, .message = "the daemon does not listen"};
    }
  }
  return ok();
}

Result<Frame> Client::next(std::chrono::milliseconds patience) {
  for (;;) {
    ASSIGN_OR_RETURN(auto frame, reader_.next());
    if (frame) return std::move(*frame);
    if (!platform::wait_until_ready(stream_.descriptor(), platform::Direction::reading, patience)) {
      return Error{.code = ErrorCode::contended, .message = "the daemon does not answer"};
    }
    ASSIGN_OR_RETURN(const auto bytes, stream_.read_some());
    if (!bytes) continue;
    if (bytes->empty()) return gone();
    reader_.feed(*bytes);
  }
}

Result<std::optional<int>> forward(Client& daemon, const std::string& version, const CommandRequest& command,
                                   const ForwardedTo& to) {
  if (!daemon.ask({.ask = Ask::command, .version = version, .command = command})) return std::optional<int>();
  bool begun = false;
  for (;;) {
    auto frame = daemon.next(begun ? kForever : command.wait + kDelivery);
    if (!frame && !begun && frame.error().code == ErrorCode::io) return std::optional<int>();  // nobody did anything
    if (!frame && frame.error().code == ErrorCode::contended) {
      Error error = std::move(frame).error();
      error.code = ErrorCode::busy;
      return error;
    }
    if (!frame) return std::move(frame).error();
    switch (frame->kind) {
      case FrameKind::begun: begun = true; break;
      case FrameKind::output: to.out(frame->body); break;
      case FrameKind::errors: to.err(frame->body); break;
      case FrameKind::declined: {
        Error error = decode_error(std::move(frame->body));
        if (error.code == ErrorCode::busy) return error;
        return std::optional<int>();
      }
      case FrameKind::ended: {
        int status = 1;
        std::from_chars(frame->body.data(), frame->body.data() + frame->body.size(), status);
        return std::optional(status);
      }
      case FrameKind::request:
      case FrameKind::answer: break;
    }
  }
}

}  // namespace trueup::service
