#include "base/result.h"

#include <fmt/core.h>

#include <cerrno>
#include <system_error>

namespace trueup {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::unreadable: return "unreadable";
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::refused: return "refused";
    case ErrorCode::contended: return "contended";
    case ErrorCode::busy: return "busy";
    case ErrorCode::full: return "full";
    case ErrorCode::read_only: return "read_only";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::io: return "io";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

std::string Error::text() const {
  std::string out = where.empty() ? message : fmt::format("{}: {}", where, message);
  for (const auto& line : context) out += fmt::format(" ({})", line);
  return out;
}

Error Error::within(std::string line) && {
  context.push_back(std::move(line));
  return std::move(*this);
}

namespace {

struct ErrnoMeaning {
  ErrorCode code;
  std::string_view hint;
};

ErrnoMeaning meaning_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR: return {ErrorCode::not_found, ""};
    case EACCES:
    case EPERM: return {ErrorCode::read_only, "check the owner and mode, or run trueup as the user that owns it"};
    case EROFS: return {ErrorCode::read_only, "the disk is read-only: a worn SD card often ends up so"};
    case ENOSPC:
    case EDQUOT: return {ErrorCode::full, "free some space and run the same command again"};
    case EXDEV:
    case ENOSYS:
    case EOPNOTSUPP: return {ErrorCode::unsupported, ""};
    case ELOOP: return {ErrorCode::refused, "it is, or passes through, a link that is not followed here"};
    case EAGAIN: return {ErrorCode::contended, "another program holds it"};
    case EIO: return {ErrorCode::io, "the disk reported an error: make a copy of what is still readable"};
    default: return {ErrorCode::io, ""};
  }
}

}  // namespace

bool is_disk_failure(const Error& error) {
  return error.os_error != 0 && error.code != ErrorCode::not_found && error.code != ErrorCode::refused;
}

Error os_error(int number, std::string_view action, std::string where) {
  const ErrnoMeaning meaning = meaning_of(number);
  std::string message = "cannot ";  // put together by hand: most plugins have no receipt, and each costs an error
  message.append(action).append(": ").append(std::generic_category().message(number));
  return Error{.code = meaning.code,
               .message = std::move(message),
               .where = std::move(where),
               .hint = std::string(meaning.hint),
               .os_error = number};
}

}  // namespace trueup
