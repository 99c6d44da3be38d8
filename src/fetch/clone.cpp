#include "fetch/clone.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "platform/git_program.h"
#include "store/web_address.h"

namespace trueup::fetch {
namespace {

using store::FetchFailure;
using Kind = FetchFailure::Kind;

constexpr std::string_view kTip = "refs/trueup/tip";
constexpr const char* kCertificates = "certificates.pem";
constexpr const char* kSystemCertificates = "etc/ssl/certs/ca-certificates.crt";

FetchFailure failure(Kind kind, std::string message) { return {.kind = kind, .message = std::move(message)}; }

/// What git says of a repository that is not there, in the words of its own and of its ways to others.
bool says_not_there(std::string_view words) {
  constexpr std::array<std::string_view, 6> kWords{
      "not found",      "does not exist", "not appear to be a git repository",
      "not a git repo", "error: 404",     "couldn't find remote ref"};
  return std::ranges::any_of(kWords, [&](std::string_view one) { return words.find(one) != std::string_view::npos; });
}

class Clone {
 public:
  Clone(const store::CloneRequest& request, bool has_certificates) : request_(request) {
    const std::string directory = fmt::format("/proc/self/fd/{}", store::kCloneDescriptor);
    settings_ = {"http.followRedirects=false",
                 "fetch.unpackLimit=1",
                 "pack.threads=1",
                 "core.bigFileThreshold=16m",
                 "core.packedGitWindowSize=32m",
                 "http.lowSpeedTime=20",
                 "tar.umask=0022",
                 "core.attributesFile=/dev/null",
                 fmt::format("http.lowSpeedLimit={}", limits::kSlowBytes)};
    if (has_certificates) settings_.push_back(fmt::format("http.sslCAInfo={}/{}", directory, kCertificates));
    if (!request.url.starts_with("file:")) settings_.emplace_back("protocol.file.allow=never");
  }

  std::variant<store::ClonedAnswer, FetchFailure> run() {
    if (auto failed = step({"init", "--bare", "--quiet", "--template="}, "no repository can be begun here"))
      return *failed;
    if (auto failed = fetch()) return *failed;
    store::ClonedAnswer answer;
    const std::string tip(kTip);
    if (auto failed = step({"rev-parse", "--verify", tip + "^{commit}"}, "it has no commit")) return *failed;
    answer.commit = said_;
    if (auto failed = step({"cat-file", "blob", tip + ":manifest.json"}, "it has no manifest.json at its top")) {
      failed->kind = Kind::refused;
      return *failed;
    }
    answer.manifest = said_;
    const std::string output = fmt::format("--output=/proc/self/fd/{}", store::kArchiveDescriptor);
    if (auto failed = step({"archive", "--format=tar", output, tip}, "it is larger than a plugin may be, or damaged")) {
      return *failed;
    }
    return answer;
  }

 private:
  /// The address as it is, and with the ending that some servers ask for.
  std::optional<FetchFailure> fetch() {
    std::optional<FetchFailure> failed;
    for (const char* ending : {"", ".git"}) {
      failed = step({"fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
                     "--", request_.url + ending, fmt::format("+HEAD:{}", kTip)},
                    "its repository does not answer, or wants a login");
      if (!failed) return std::nullopt;
      if (says_not_there(said_)) failed->kind = Kind::not_found;
      if (failed->kind == Kind::not_found) failed->message = "there is no git repository";
      failed->answered = failed->kind == Kind::not_found;
    }
    return failed;
  }

  /// Nothing: it was done. What git said is in said_.
  std::optional<FetchFailure> step(std::vector<std::string> words, std::string_view otherwise) {
    const bool only_output = words.front() == "cat-file" || words.front() == "rev-parse";
    platform::ChildProgram child = platform::locked_down_git(
        {.directory = fmt::format("/proc/self/fd/{}", store::kCloneDescriptor)}, std::move(words), settings_);
    child.descriptors = {store::kArchiveDescriptor, store::kCloneDescriptor};
    child.patience = request_.patience;
    child.most_output = limits::kMaxManifestBytes;
    child.errors_too = !only_output;
    if (!request_.access.proxy.empty()) child.environment.push_back("https_proxy=" + request_.access.proxy);
    if (!request_.access.no_proxy.empty()) child.environment.push_back("no_proxy=" + request_.access.no_proxy);
    said_.clear();
    const auto end = platform::run_child(child, [this](std::string_view line) {
      if (!said_.empty()) said_ += '\n';
      said_ += line;
    });
    if (!end) return failure(Kind::io, end.error().text());
    if (!end->in_time) return failure(Kind::unreachable, "the git program takes too long");
    if (end->exit_status == platform::kNoGitProgram) return failure(Kind::io, "the git program is not installed");
    if (end->exit_status != 0) return failure(Kind::unreachable, std::string(otherwise));
    return std::nullopt;
  }

  const store::CloneRequest& request_;
  std::vector<std::string> settings_;
  std::string said_;
};

/// git takes one file: the system's list, and whom the owner trusts besides.
Status put_certificates(const std::string& trusted, platform::WritableDirectory& into,
                        const platform::Directory& system) {
  auto known = system.read(kSystemCertificates, limits::kMaxConfigBytes, platform::Links::follow);
  const std::string all = (known ? known->bytes + "\n" : std::string()) + trusted;
  const auto written = into.write_new(kCertificates, all, {.mode = 0644}, platform::Sync::no);
  return written ? ok() : Status(written.error());
}

}  // namespace

Status prepare_clone(const std::string& trusted, platform::WritableDirectory& into, const platform::Directory& system) {
  return trusted.empty() ? ok() : put_certificates(trusted, into, system);
}

std::variant<store::ClonedAnswer, FetchFailure> clone(const store::CloneRequest& request, bool has_certificates) {
  const auto address = store::parse_web_address(request.url);
  if (!address) return failure(Kind::refused, address.error().message);
  return Clone(request, has_certificates).run();
}

}  // namespace trueup::fetch
