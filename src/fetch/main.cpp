// trueup's child program for everything that comes from outside: downloads, and archives that are taken apart. One
// request on standard input, lines of answer on standard output, bytes in the descriptors that it was given
// (store/fetch_protocol.h). Never started by hand; it decides nothing and keeps nothing.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <string>
#include <utility>

#include "fetch/body.h"
#include "fetch/clone.h"
#include "fetch/confine.h"
#include "fetch/http.h"
#include "fetch/pack.h"
#include "fetch/unpack.h"
#include "platform/clock.h"
#include "platform/descriptor.h"
#include "platform/real_file_system.h"
#include "store/fetch_protocol.h"
#include "store/manifest_version.h"

namespace {

using namespace trueup;
using store::CloneRequest;
using store::FetchAnswer;
using store::FetchFailure;
using store::FetchProgress;
using store::GetRequest;
using store::PeekRequest;
using store::UnpackRequest;
using Kind = FetchFailure::Kind;

constexpr std::uint64_t kMemory = 1U << 30U;
constexpr std::size_t kMaxRequest = 1U << 20U;

bool say(const FetchAnswer& answer) {
  return platform::write_fully(STDOUT_FILENO, encode(answer) + "\n", "standard output").has_value();
}

FetchFailure failure_of(const Error& error) {
  FetchFailure failure{.message = error.where.empty() ? error.message : error.message + ": " + error.where};
  switch (error.code) {
    case ErrorCode::refused:
    case ErrorCode::invalid: failure.kind = Kind::refused; break;
    case ErrorCode::unreadable: failure.kind = Kind::spoiled; break;
    case ErrorCode::full: failure.kind = Kind::full; break;
    default: failure.kind = Kind::io; break;
  }
  return failure;
}

std::uint64_t seconds_of(std::chrono::milliseconds time) { return static_cast<std::uint64_t>(time.count()) / 1000 + 2; }

/// A file: address is the owner's own file, and nothing of it is looked at here: only limits.
Status confine(const GetRequest& request) {
  const bool network = !request.url.starts_with("file:");
  if (network) RETURN_IF_ERROR(fetch::drop_root());  // first: it would undo what follows
  fetch::limit(
      {.file_bytes = request.most_bytes, .memory_bytes = kMemory, .cpu_seconds = seconds_of(request.patience)});
  if (network) fetch::confine_to_network();
  return ok();
}

FetchAnswer run(const GetRequest& request) {
  const auto trusted = fetch::read_ca_file(request.access.ca_file);
  if (!trusted) return failure_of(trusted.error());
  if (const Status confined = confine(request); !confined) return failure_of(confined.error());
  const platform::RealClock clock;
  fetch::Body body(store::kBodyDescriptor, request.most_bytes);
  constexpr std::chrono::milliseconds kBetween{200};
  auto last = clock.monotonic_now() - kBetween;
  const auto on_progress = [&](const FetchProgress& progress) {
    if (clock.monotonic_now() - last < kBetween) return;
    last = clock.monotonic_now();
    say(progress);
  };
  return std::visit([](auto&& one) -> FetchAnswer { return std::forward<decltype(one)>(one); },
                    fetch::get(request, *trusted, body, clock, on_progress));
}

FetchAnswer run(const UnpackRequest& request) {
  fetch::limit({.file_bytes = std::max(request.most_file_bytes, std::uint64_t{limits::kMaxPackBytes}),
                .memory_bytes = kMemory,
                .cpu_seconds = seconds_of(request.patience)});
  struct stat status{};
  if (::fstat(store::kArchiveDescriptor, &status) != 0) {
    return failure_of(platform::read_error(errno, "read", "the archive"));
  }
  platform::RealFileSystem disk;
  const auto into = disk.open_root("/proc/self/fd/" + std::to_string(store::kTargetDescriptor));
  if (!into) return failure_of(into.error());
  ::umask(022);  // what is made has its mode at once: confined, nobody changes the mode of a name
  fetch::confine_to_directory(store::kTargetDescriptor);
  const auto input = fetch::in_descriptor(store::kArchiveDescriptor, static_cast<std::uint64_t>(status.st_size));
  const auto unpacked = fetch::unpack(input, request, **into);
  if (!unpacked) return failure_of(unpacked.error());
  store::UnpackedAnswer answer{.digest = store::tree_digest(unpacked->files), .files = unpacked->files.size()};
  if (request.pack && unpacked->bytes <= limits::kMaxPackBytes) {
    // Without it the plugin is there all the same: it only cannot be brought back without network.
    answer.packed = fetch::pack(**into, unpacked->files, store::kPackDescriptor).has_value();
  }
  return answer;
}

/// The owner's own repository, in a file: address, is read by his own rights.
FetchAnswer run(const CloneRequest& request) {
  const auto trusted = fetch::read_ca_file(request.access.ca_file);
  if (!trusted) return failure_of(trusted.error());
  platform::RealFileSystem disk;
  const auto system = disk.open_root_for_reading("/");
  const auto into = disk.open_root("/proc/self/fd/" + std::to_string(store::kCloneDescriptor));
  if (!system || !into) return failure_of(system ? into.error() : system.error());
  if (const Status put = fetch::prepare_clone(*trusted, **into, **system); !put) return failure_of(put.error());
  const bool network = !request.url.starts_with("file:");
  const Status less = network ? fetch::become_owner_of(store::kCloneDescriptor) : ok();
  if (!less) return failure_of(less.error());
  fetch::limit(
      {.file_bytes = request.most_bytes, .memory_bytes = kMemory, .cpu_seconds = seconds_of(request.patience)});
  if (network) fetch::confine_to_programs(store::kCloneDescriptor, store::kArchiveDescriptor);
  return std::visit([](auto&& one) -> FetchAnswer { return std::forward<decltype(one)>(one); },
                    fetch::clone(request, !trusted->empty()));
}

/// It writes nothing anywhere.
FetchAnswer run(const PeekRequest& request) {
  fetch::limit({.file_bytes = 0, .memory_bytes = kMemory, .cpu_seconds = seconds_of(request.patience)});
  struct stat status{};
  if (::fstat(store::kArchiveDescriptor, &status) != 0) {
    return failure_of(platform::read_error(errno, "read", "the archive"));
  }
  fetch::confine_to_what_is_open();
  const auto input = fetch::in_descriptor(store::kArchiveDescriptor, static_cast<std::uint64_t>(status.st_size));
  auto manifest = fetch::read_manifest(input, request.folder);
  if (!manifest) return failure_of(manifest.error());
  return store::PeekedAnswer{.id = store::manifest_id(std::move(*manifest))};
}

}  // namespace

int main() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large is an error of the write
  std::setlocale(LC_CTYPE, "C.UTF-8");
  auto text = platform::read_to_end(STDIN_FILENO, 0, kMaxRequest, "standard input");
  if (!text) return 1;
  const auto request = store::decode_request(std::move(*text));
  if (!request) {
    say(failure_of({.code = ErrorCode::refused, .message = "this is no request"}));
    return 1;
  }
  return say(std::visit([](const auto& one) { return run(one); }, *request)) ? 0 : 1;
}
