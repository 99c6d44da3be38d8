#include "store/child_fetcher.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/child_program.h"

namespace trueup::store {
namespace {

using Kind = FetchFailure::Kind;

/// Longer than the child itself waits, so that its own words are heard where there are any.
constexpr std::chrono::seconds kGrace{5};

FetchFailure failure(Kind kind, std::string message) { return {.kind = kind, .message = std::move(message)}; }

FetchFailure not_an_answer() {
  return failure(Kind::io, "trueup's download program ended without an answer: what came may have broken it");
}

/// The kernel does not know the file: one in memory.
bool unknown_to_kernel(const std::vector<int>& descriptors) {
  return std::any_of(descriptors.begin(), descriptors.end(), [](int number) { return number < 0; });
}

}  // namespace

Error error_of(const FetchFailure& failure, std::string where) {
  Error error{.message = failure.message, .where = std::move(where)};
  switch (failure.kind) {
    case Kind::refused: error.code = ErrorCode::refused; break;
    case Kind::unreachable:
      error.code = ErrorCode::unreadable;
      error.hint = "try again when the network is there";
      break;
    case Kind::not_found: error.code = ErrorCode::not_found; break;
    case Kind::spoiled: error.code = ErrorCode::unreadable; break;
    case Kind::full: error.code = ErrorCode::full; break;
    case Kind::io: error.code = ErrorCode::io; break;
    case Kind::stopped: error.code = ErrorCode::conflict; break;
  }
  return error;
}

std::string fetch_program_beside(const std::string& own_executable) {
  const std::size_t name = own_executable.rfind('/');
  const std::size_t directory = name == std::string::npos || name == 0 ? 0 : own_executable.rfind('/', name - 1);
  return own_executable.substr(0, directory) + "/libexec/trueup/fetch";
}

FetchAnswer ChildFetcher::run(const FetchRequest& request, std::chrono::milliseconds patience,
                              std::vector<int> descriptors, const OnProgress& on_progress) const {
  if (unknown_to_kernel(descriptors)) return failure(Kind::io, "this disk cannot be handed to another program");
  std::string program = program_;
  if (program.empty()) {
    const auto own = platform::own_executable();
    if (!own) return failure(Kind::io, own.error().text());
    program = fetch_program_beside(*own);
  }
  std::optional<FetchAnswer> last;
  bool understood = true;
  const auto on_line = [&](std::string_view line) {
    auto answer = decode_answer(std::string(line));
    understood = understood && answer.has_value();
    if (!answer) return;
    if (const auto* progress = std::get_if<FetchProgress>(&*answer)) {
      if (on_progress) on_progress(*progress);
    } else {
      last = std::move(*answer);
    }
  };
  const auto end = platform::run_child({.program = program,
                                        .arguments = {},
                                        .input = encode(request),
                                        .descriptors = std::move(descriptors),
                                        .patience = patience + kGrace,
                                        .stop_wanted = stop_wanted_},
                                       on_line);
  if (!end) {
    if (end.error().code != ErrorCode::not_found) return failure(Kind::io, end.error().text());
    return failure(Kind::io, fmt::format("trueup's download program is not there: {}", program));
  }
  if (end->stopped) return failure(Kind::stopped, "it was called off before all of it had come");
  if (!end->in_time) return failure(Kind::unreachable, "it takes too long");
  if (!understood || end->exit_status != 0 || !last) return not_an_answer();
  return std::move(*last);
}

GetResult ChildFetcher::get(const GetRequest& request, platform::WritableFile& body, const OnProgress& on_progress) {
  FetchAnswer answer = run(request, request.patience, {body.descriptor()}, on_progress);
  if (auto* got = std::get_if<GotAnswer>(&answer)) return std::move(*got);
  if (auto* failed = std::get_if<FetchFailure>(&answer)) return std::move(*failed);
  return not_an_answer();
}

UnpackResult ChildFetcher::unpack(const UnpackRequest& request, const platform::File& archive,
                                  platform::WritableDirectory& into, platform::WritableFile* pack) {
  std::vector<int> descriptors{archive.descriptor(), into.descriptor()};
  if (pack != nullptr) descriptors.push_back(pack->descriptor());
  FetchAnswer answer = run(request, request.patience, std::move(descriptors), {});
  if (auto* unpacked = std::get_if<UnpackedAnswer>(&answer)) return std::move(*unpacked);
  if (auto* failed = std::get_if<FetchFailure>(&answer)) return std::move(*failed);
  return not_an_answer();
}

CloneResult ChildFetcher::clone(const CloneRequest& request, platform::WritableFile& archive,
                                platform::WritableDirectory& scratch) {
  FetchAnswer answer = run(request, request.patience, {archive.descriptor(), scratch.descriptor()}, {});
  if (auto* cloned = std::get_if<ClonedAnswer>(&answer)) return std::move(*cloned);
  if (auto* failed = std::get_if<FetchFailure>(&answer)) return std::move(*failed);
  return not_an_answer();
}

PeekResult ChildFetcher::peek(const PeekRequest& request, const platform::File& archive) {
  FetchAnswer answer = run(request, request.patience, {archive.descriptor()}, {});
  if (auto* peeked = std::get_if<PeekedAnswer>(&answer)) return std::move(*peeked);
  if (auto* failed = std::get_if<FetchFailure>(&answer)) return std::move(*failed);
  return not_an_answer();
}

}  // namespace trueup::store
