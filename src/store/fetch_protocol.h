// What is said between trueup and its child program `fetch`, as values and as text: one request on the child's standard
// input, lines of answer on its standard output, the bytes themselves in descriptors that it was given. Pure.
//
// The child handles hostile bytes, so its answer is a stranger's as well: every field is bounded and checked here.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace trueup::store {

/// Descriptors that the child finds open.
inline constexpr int kBodyDescriptor = 3;     // of `get`: an empty file for what comes, or the first part of it
inline constexpr int kArchiveDescriptor = 3;  // of `unpack`: what is read
inline constexpr int kTargetDescriptor = 4;   // of `unpack`: the empty directory that is filled
inline constexpr int kCloneDescriptor = 4;    // of `clone`: an empty directory; the archive is written to 3
inline constexpr int kPackDescriptor = 5;     // of `unpack`, with `pack`: an empty file

/// How the network is reached; the owner's words.
struct NetworkAccess {
  std::string token;                       // for GitHub's own hosts only
  std::string ca_file;                     // whom to trust besides the system's list: absolute path, or empty
  std::string proxy;                       // address of the proxy for https:, or empty
  std::string no_proxy;                    // hosts that are reached without it, separated by commas
  std::vector<std::string> private_hosts;  // "host:port" that may lie at a private address
  bool operator==(const NetworkAccess&) const = default;
};

struct GetRequest {
  std::string url;
  NetworkAccess access = {};
  std::string etag = {};      // "not if it is still this one"
  std::string modified = {};  // likewise, as the server said it
  std::uint64_t offset = 0;   // bytes of it that are in the body already, …
  std::string part_of = {};   // … of the version with this etag
  std::uint64_t most_bytes = limits::kMaxArchiveBytes;
  bool may_be_compressed = false;  // on the way
  std::chrono::milliseconds connect_patience = limits::kConnectPatience;
  std::chrono::milliseconds slow_patience = limits::kSlowPatience;
  std::chrono::milliseconds patience = limits::kDownloadPatience;
  bool operator==(const GetRequest&) const = default;
};

struct UnpackRequest {
  std::string folder = {};  // the plugin's place in a monorepo, or empty
  std::uint64_t most_bytes = limits::kMaxPluginTreeBytes;
  std::uint64_t most_file_bytes = limits::kMaxPluginFileBytes;
  std::uint64_t most_files = limits::kMaxPluginFiles;
  std::uint64_t most_depth = limits::kMaxPluginDepth;
  bool pack = false;  // also write what was taken into the pack descriptor
  std::chrono::milliseconds patience = limits::kUnpackPatience;
  bool operator==(const UnpackRequest&) const = default;
};

/// Which plugin an archive holds, without taking it apart. The archive is in kArchiveDescriptor.
struct PeekRequest {
  std::string folder = {};
  std::chrono::milliseconds patience = limits::kUnpackPatience;
  bool operator==(const PeekRequest&) const = default;
};

/// The newest commit of a git repository, as an archive: an empty file in kArchiveDescriptor.
struct CloneRequest {
  std::string url;
  NetworkAccess access = {};
  std::uint64_t most_bytes = limits::kMaxArchiveBytes;
  std::chrono::milliseconds patience = limits::kDownloadPatience;
  bool operator==(const CloneRequest&) const = default;
};

using FetchRequest = std::variant<GetRequest, UnpackRequest, PeekRequest, CloneRequest>;

struct FetchProgress {
  std::uint64_t bytes = 0;
  std::uint64_t total = 0;  // 0: the server does not say
  bool operator==(const FetchProgress&) const = default;
};

struct GotAnswer {
  bool unchanged = false;  // the server says that it is still the version asked about
  bool from_start = true;  // what was in the body is no part of this version, and is gone
  std::string etag = {};
  std::string modified = {};
  std::string url = {};  // where it came from in the end
  bool operator==(const GotAnswer&) const = default;
};

struct UnpackedAnswer {
  std::string digest;  // tree_digest() of what was written
  std::uint64_t files = 0;
  bool packed = false;  // the pack is written and whole
  bool operator==(const UnpackedAnswer&) const = default;
};

struct PeekedAnswer {
  std::string id;  // as its manifest states it, unchecked
  bool operator==(const PeekedAnswer&) const = default;
};

struct ClonedAnswer {
  std::string commit;    // 40 hexadecimal digits
  std::string manifest;  // of the plugin at its top
  bool operator==(const ClonedAnswer&) const = default;
};

struct FetchFailure {
  enum class Kind : std::uint8_t {
    refused,      // what was asked for, or what came, breaks a rule: trying again cannot help
    unreachable,  // the network or the server does not answer as it should: later it may
    not_found,    // the server says that there is no such thing
    spoiled,      // what came is damaged
    full,         // no space
    io,           // the disk, or the child itself, failed
    stopped,      // somebody called it off
  };
  Kind kind = Kind::io;
  std::string message;
  std::chrono::seconds retry_after{0};  // what the server asks for; 0: nothing
  bool answered = false;                // the server did answer, only not as it should
  bool keeps_part = false;              // what came so far is good and stands in the body
  std::string etag = {};                // of that part
  bool operator==(const FetchFailure&) const = default;
};

using FetchAnswer = std::variant<FetchProgress, GotAnswer, UnpackedAnswer, PeekedAnswer, ClonedAnswer, FetchFailure>;

std::string encode(const FetchRequest& request);
Result<FetchRequest> decode_request(std::string text);
/// One line, without a line break.
std::string encode(const FetchAnswer& answer);
Result<FetchAnswer> decode_answer(std::string line);

std::string_view to_string(FetchFailure::Kind kind);

}  // namespace trueup::store
