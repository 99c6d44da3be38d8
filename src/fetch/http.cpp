#include "fetch/http.h"

#include <curl/curl.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "fetch/file_copy.h"
#include "fetch/public_address.h"
#include "platform/real_file_system.h"
#include "store/web_address.h"

namespace trueup::fetch {
namespace {

using store::FetchFailure;
using store::GetRequest;
using store::GotAnswer;
using store::WebAddress;
using Kind = FetchFailure::Kind;
using Outcome = std::variant<GotAnswer, FetchFailure>;

constexpr long kNotModified = 304;
constexpr long kPartial = 206;
constexpr long kOk = 200;
constexpr std::size_t kMaxHeaderBytes = 4096;  // of one that is kept

struct CloseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct CloseList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

FetchFailure failure(Kind kind, std::string message) { return {.kind = kind, .message = std::move(message)}; }

FetchFailure failure_of(const Error& error) {
  const Kind kind = error.code == ErrorCode::refused ? Kind::refused
                    : error.code == ErrorCode::full  ? Kind::full
                                                     : Kind::io;
  return failure(kind, error.message);
}

/// What the head of an answer said.
struct Head {
  long status = 0;
  std::string etag;
  std::string modified;
  std::string location;
  std::string range;
  std::string retry_after;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

bool is_name(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  return std::equal(name.begin(), name.end(), line.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); });
}

/// "bytes 500-999/1000" begins at `offset`.
bool begins_at(std::string_view range, std::uint64_t offset) {
  return range.starts_with(fmt::format("bytes {}-", offset));
}

std::chrono::seconds seconds_of(const std::string& text) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr unsigned kMost = 24 * 3600;
  if (failed != std::errc() || end != text.data() + text.size()) return std::chrono::seconds(0);
  return std::chrono::seconds(std::min(value, kMost));
}

/// One request to one address: no redirect is followed here.
class Hop {
 public:
  Hop(const GetRequest& request, const std::string& trusted, const WebAddress& address, Body& body,
      const OnProgress& on_progress)
      : request_(request),
        trusted_(trusted),
        address_(address),
        body_(body),
        on_progress_(on_progress),
        easy_(curl_easy_init()) {}

  void run(bool may_be_private, std::chrono::milliseconds patience) {
    may_be_private_ = may_be_private;
    uses_proxy_ = !request_.access.proxy.empty() && !is_listed(address_.host, request_.access.no_proxy);
    if (!may_be_private_ && names_private_host(address_.host)) {
      refused_ = failure(Kind::refused, fmt::format("'{}' is no address in the internet", address_.host));
      return;
    }
    set_up(patience);
    result_ = curl_easy_perform(easy_.get());
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &head_.status);
  }

  [[nodiscard]] const Head& head() const { return head_; }
  [[nodiscard]] bool is_redirect() const {
    const long status = head_.status;
    return !refused_ && !head_.location.empty() &&
           (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
  }
  [[nodiscard]] bool was_private() const { return was_private_; }
  [[nodiscard]] bool starts_anew() const { return starts_anew_; }

  /// Nothing, when all came as it should.
  [[nodiscard]] std::optional<FetchFailure> problem() const {
    if (refused_) return refused_;
    if (head_.status == kNotModified && result_ == CURLE_OK) return std::nullopt;
    const bool bytes_come = head_.status == kOk || head_.status == kPartial;
    if (head_.status != 0 && !bytes_come) return of_status();
    if (result_ == CURLE_OK) return std::nullopt;
    if (result_ == CURLE_FILESIZE_EXCEEDED) {
      return failure(Kind::refused, fmt::format("it is larger than {} bytes", body_.most()));
    }
    FetchFailure failed = failure(Kind::unreachable, in_words());
    failed.keeps_part = bytes_come && body_.size() > 0 && !head_.etag.empty() && !request_.may_be_compressed;
    failed.etag = head_.etag;
    failed.answered = head_.status != 0;
    return failed;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  void set_up(std::chrono::milliseconds patience) {
    const std::string url = address_.text();
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_USERAGENT, "trueup");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_patience.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
    const auto slow = std::chrono::ceil<std::chrono::seconds>(request_.slow_patience);
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits::kSlowBytes));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(slow.count()));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(body_.most()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!trusted_.empty()) {
      curl_blob certificates{
          .data = const_cast<char*>(trusted_.data()), .len = trusted_.size(), .flags = CURL_BLOB_NOCOPY};
      set(CURLOPT_CAINFO_BLOB, &certificates);
    }
    set(CURLOPT_PROXY, uses_proxy_ ? request_.access.proxy.c_str() : "");  // never asks the environment
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_WRITEFUNCTION, &Hop::on_bytes);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Hop::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &Hop::on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Hop::on_transfer);
    set(CURLOPT_XFERINFODATA, this);
    if (request_.may_be_compressed) set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set_headers();
  }

  void set_headers() {
    if (!request_.etag.empty()) add_header("If-None-Match: " + request_.etag);
    if (!request_.modified.empty()) add_header("If-Modified-Since: " + request_.modified);
    if (request_.offset > 0) {
      range_ = fmt::format("{}-", request_.offset);
      set(CURLOPT_RANGE, range_.c_str());
      add_header("If-Range: " + request_.part_of);
    }
    if (!request_.access.token.empty() && address_.is_github()) {
      add_header("Authorization: Bearer " + request_.access.token);
    }
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  /// Never more than one line, whatever a server or a file of secrets said.
  void add_header(const std::string& line) {
    const bool plain = std::all_of(line.begin(), line.end(), [](char one) { return one >= ' ' && one != '\x7f'; });
    if (!plain) return;
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) return;
    if (longer != headers_.get()) headers_.reset(longer);  // the first line begins the list, the others lengthen it
  }

  static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* self) {
    static_cast<Hop*>(self)->read_header({bytes, count});
    return count;
  }

  void read_header(std::string_view line) {
    if (line.starts_with("HTTP/")) head_ = {};  // of a proxy, or an interim answer before
    if (line.size() > kMaxHeaderBytes) return;
    const auto keep = [&](std::string_view name, std::string& value) {
      if (is_name(line, name)) value = trimmed(line.substr(name.size() + 1));
    };
    keep("etag", head_.etag);
    keep("last-modified", head_.modified);
    keep("location", head_.location);
    keep("content-range", head_.range);
    keep("retry-after", head_.retry_after);
  }

  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* self) {
    return static_cast<Hop*>(self)->take({bytes, count}) ? count : 0;
  }

  bool take(std::string_view bytes) {
    if (head_.status == 0) curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &head_.status);
    if (head_.status != kOk && head_.status != kPartial) return true;  // an error's page is not for us
    Status done = began_ ? ok() : begin();
    if (done) done = body_.add(bytes);
    if (done) return true;
    refused_ = failure_of(done.error());
    return false;
  }

  Status begin() {
    began_ = true;
    if (head_.status == kPartial) {
      if (request_.offset > 0 && begins_at(head_.range, request_.offset)) return body_.go_on_after(request_.offset);
      return Error{.code = ErrorCode::io, .message = "the server sent another part of it than was asked for"};
    }
    starts_anew_ = true;
    return body_.start_anew();
  }

  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address) {
    return static_cast<Hop*>(self)->open_socket(*address);
  }

  /// The last word on where a connection goes: names have become addresses.
  curl_socket_t open_socket(const curl_sockaddr& address) {
    const bool is_private = !uses_proxy_ && !is_public(address.addr);
    if (is_private && !may_be_private_) {
      reached_private_ = true;
      return CURL_SOCKET_BAD;
    }
    was_private_ = was_private_ || is_private;
    return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  }

  static int on_transfer(void* self, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
    const auto* hop = static_cast<Hop*>(self);
    if (hop->head_.status != kOk && hop->head_.status != kPartial) return 0;
    const std::uint64_t before = hop->starts_anew_ ? 0 : hop->request_.offset;
    hop->on_progress_({.bytes = before + static_cast<std::uint64_t>(now),
                       .total = total > 0 ? before + static_cast<std::uint64_t>(total) : 0});
    return 0;
  }

  [[nodiscard]] FetchFailure of_status() const {
    if (head_.status == 404 || head_.status == 410) {
      return failure(Kind::not_found, fmt::format("the server says that there is no such thing ({})", head_.status));
    }
    FetchFailure failed = failure(Kind::unreachable, fmt::format("the server answers with status {}", head_.status));
    if (head_.status == 401 || head_.status == 403) failed.message += ", which means that it may not be had";
    failed.retry_after = seconds_of(head_.retry_after);
    failed.answered = true;
    return failed;
  }

  [[nodiscard]] std::string in_words() const {
    if (reached_private_) {
      return fmt::format("'{}' leads to an address in a private network, and nothing was asked there", address_.host);
    }
    switch (result_) {
      case CURLE_COULDNT_RESOLVE_PROXY: return "the name of the proxy could not be resolved";
      case CURLE_COULDNT_RESOLVE_HOST: return fmt::format("the name '{}' could not be resolved", address_.host);
      case CURLE_COULDNT_CONNECT: return fmt::format("'{}' could not be reached", address_.place());
      case CURLE_OPERATION_TIMEDOUT: return fmt::format("'{}' takes too long", address_.place());
      case CURLE_PEER_FAILED_VERIFICATION:
        return fmt::format("'{}' cannot show that it is who it says: is the clock of this device right?",
                           address_.host);
      case CURLE_PARTIAL_FILE: return "the connection ended before everything had come";
      default: break;
    }
    const std::string says = error_[0] != '\0' ? error_.data() : curl_easy_strerror(result_);
    return fmt::format("the transfer failed: {}", says);
  }

  const GetRequest& request_;
  const std::string& trusted_;
  const WebAddress& address_;
  Body& body_;
  const OnProgress& on_progress_;
  std::unique_ptr<CURL, CloseEasy> easy_;
  std::unique_ptr<curl_slist, CloseList> headers_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string range_;
  CURLcode result_ = CURLE_OK;
  Head head_;
  std::optional<FetchFailure> refused_;
  bool uses_proxy_ = false;
  bool may_be_private_ = false;
  bool was_private_ = false;
  bool reached_private_ = false;
  bool began_ = false;
  bool starts_anew_ = false;
};

/// Where `location` leads from `from`.
Result<WebAddress> resolved(const WebAddress& from, const std::string& location) {
  if (location.find("://") != std::string::npos) return store::parse_web_address(location);
  WebAddress to = from;
  to.query.clear();
  if (location.starts_with("//")) return store::parse_web_address("https:" + location);
  if (location.starts_with('/')) return store::parse_web_address(fmt::format("https://{}{}", from.place(), location));
  const std::string parent = from.path.substr(0, from.path.rfind('/') + 1);
  return store::parse_web_address(fmt::format("https://{}{}{}", from.place(), parent, location));
}

bool is_allowed_private(const GetRequest& request, const WebAddress& address) {
  const auto& hosts = request.access.private_hosts;
  return std::find(hosts.begin(), hosts.end(), address.place()) != hosts.end();
}

Outcome get_https(const GetRequest& request, const std::string& trusted, WebAddress address, Body& body,
                  const platform::Clock& clock, const OnProgress& on_progress) {
  const auto begun = clock.monotonic_now();
  bool was_public = false;
  for (int hop_number = 0; hop_number <= limits::kMaxRedirects; ++hop_number) {
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic_now() - begun);
    if (spent >= request.patience) return failure(Kind::unreachable, "it takes too long");
    Hop hop(request, trusted, address, body, on_progress);
    hop.run(!was_public && is_allowed_private(request, address), request.patience - spent);
    if (!hop.is_redirect()) {
      if (auto problem = hop.problem()) return std::move(*problem);
      GotAnswer got{.unchanged = hop.head().status == kNotModified,
                    .from_start = hop.starts_anew(),
                    .etag = hop.head().etag,
                    .modified = hop.head().modified,
                    .url = address.text()};
      const bool empty = !got.unchanged && body.size() == 0;
      if (empty && request.offset == 0) (void)body.start_anew();
      return got;
    }
    was_public = was_public || !hop.was_private();
    auto to = resolved(address, hop.head().location);
    if (!to)
      return failure(Kind::refused, fmt::format("it leads on to where nothing is fetched: {}", to.error().message));
    if (to->scheme != WebAddress::Scheme::https) return failure(Kind::refused, "it leads on to a file of this device");
    address = std::move(*to);
  }
  return failure(Kind::unreachable, fmt::format("it leads on and on, more than {} times", limits::kMaxRedirects));
}

}  // namespace

Result<std::string> read_ca_file(const std::string& path) {
  if (path.empty()) return std::string();
  const platform::RealFileSystem disk;
  ASSIGN_OR_RETURN(const auto top, disk.open_root_for_reading("/"));
  auto file = top->read(path.substr(1), limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) return std::move(file).error().within("the certificates to trust");
  return std::move(file->bytes);
}

Outcome get(const GetRequest& request, const std::string& trusted, Body& body, const platform::Clock& clock,
            const OnProgress& on_progress) {
  auto address = store::parse_web_address(request.url);
  if (!address) return failure(Kind::refused, address.error().message);
  if (address->scheme == WebAddress::Scheme::https) {
    return get_https(request, trusted, std::move(*address), body, clock, on_progress);
  }
  const Status copied = copy_file(address->path, body);
  if (!copied && copied.error().code == ErrorCode::not_found) return failure(Kind::not_found, "there is no such file");
  if (!copied) return failure_of(copied.error());
  return GotAnswer{.url = address->text()};
}

}  // namespace trueup::fetch
