#include "sources/read_file.h"

#include <array>
#include <cerrno>

#include "base/limits.h"

namespace trueup::sources {
namespace {

using std::chrono::milliseconds;

// The first looks come soon, because the original's write takes milliseconds; then ever later.
constexpr std::array kWaits{milliseconds(10), milliseconds(30), milliseconds(60), milliseconds(150), milliseconds(250)};
static_assert(kWaits[0] + kWaits[1] + kWaits[2] + kWaits[3] + kWaits[4] == limits::kParseRetryTime);

struct Look {
  model::Verdict verdict = model::Verdict::complete;
  std::string reason;
  std::string detail;
  std::string bytes;
  bool worth_another = false;
};

/// The port has one code for "no file" and for "too large"; a person wants to know which.
std::string reason_at(const platform::Directory& root, const std::string& path, const Error& error) {
  if (error.code != ErrorCode::unreadable || error.os_error != 0) return reason_of(error);
  const auto info = root.info(path, platform::Links::follow);
  return info && info->kind == platform::FileKind::regular ? "too_large" : "not_a_file";
}

Look look(const platform::Directory& root, const FileRequest& request, const Decode& decode) {
  auto file = root.read(request.path, request.limit, platform::Links::follow);
  if (!file) {
    const Error& error = file.error();
    if (error.code == ErrorCode::not_found) {
      const auto itself = root.info(request.path, platform::Links::refuse);
      if (itself && itself->kind == platform::FileKind::link) {
        return {.verdict = model::Verdict::unreadable,
                .reason = "dangling_link",
                .detail = "it is a link that leads nowhere: perhaps a disk is not mounted"};
      }
      return {.verdict = model::Verdict::absent, .reason = "missing", .detail = "there is no such file"};
    }
    return {
        .verdict = model::Verdict::unreadable, .reason = reason_at(root, request.path, error), .detail = error.message};
  }
  Look result{.bytes = std::move(file->bytes)};
  if (const Status decoded = decode(result.bytes); !decoded) {
    result.verdict = model::Verdict::unreadable;
    result.reason = "syntax";
    result.detail = decoded.error().message;
    result.worth_another = true;
  }
  return result;
}

}  // namespace

std::string reason_of(const Error& error) {
  if (error.os_error == EACCES || error.os_error == EPERM) return "permission";
  if (error.code == ErrorCode::refused) return "link";
  if (error.code == ErrorCode::unreadable && error.os_error == 0) return "not_a_file";
  return "io";
}

FileReading read_file(const platform::Directory& root, const FileRequest& request, platform::Clock& clock,
                      const Decode& decode) {
  Look last = look(root, request, decode);
  for (const auto wait : kWaits) {
    if (!last.worth_another) break;
    clock.sleep(wait);
    last = look(root, request, decode);
  }
  if (last.verdict == model::Verdict::complete) last.bytes = {};
  return {.reading = {.source = request.source,
                      .verdict = last.verdict,
                      .path = request.path,
                      .reason = std::move(last.reason),
                      .detail = std::move(last.detail)},
          .bytes = std::move(last.bytes)};
}

}  // namespace trueup::sources
