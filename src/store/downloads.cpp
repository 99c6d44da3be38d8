#include "store/downloads.h"

#include <fmt/core.h>

#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "store/web_address.h"

namespace trueup::store {
namespace {

using Kind = FetchFailure::Kind;
using std::chrono::milliseconds;

constexpr std::string_view kBegin = "download-";
constexpr milliseconds kFirstWait{500};  // then three times as long each time

std::string host_of(const std::string& url) {
  const auto address = parse_web_address(url);
  return address ? address->place() : url;
}

Result<Download> digest_of(const platform::File& file, std::string name) {
  constexpr std::size_t kBlock = 1U << 20U;
  Sha256 hash;
  Download done{.file = std::move(name)};
  for (;;) {
    ASSIGN_OR_RETURN(const std::string block, file.read_at(done.size, kBlock));
    if (block.empty()) break;
    hash.update(block);
    done.size += block.size();
  }
  done.sha256 = hash.hex();
  return done;
}

}  // namespace

Downloads::Downloads(const StoreDirectory& place, Fetcher& fetcher, platform::Clock& clock, platform::Random& random,
                     OnTransfer on_transfer)
    : place_(place), fetcher_(fetcher), clock_(clock), random_(random), on_transfer_(std::move(on_transfer)) {}

Downloads::~Downloads() {
  if (number_ == 0) return;
  const auto store = place_.open();
  if (!store) return;
  for (const auto& [url, download] : done_) {
    if (download) (void)(*store)->remove_file(download->file);
  }
}

Result<Download> Downloads::get(platform::WritableDirectory& store, const std::string& url, const NetworkAccess& access,
                                const std::string& what) {
  if (const auto found = done_.find(url); found != done_.end()) return found->second;
  if (number_ == 0) {  // what a run that was killed had no time for
    ASSIGN_OR_RETURN(const auto entries, store.list());
    for (const auto& entry : entries) {
      if (entry.name.starts_with(kBegin)) (void)store.remove_file(entry.name);
    }
  }
  auto result = download(store, url, access, what);
  if (on_transfer_) on_transfer_({.what = what, .ended = true});
  done_.insert_or_assign(url, result);
  return result;
}

milliseconds Downloads::wait_before(int attempt, const FetchFailure& failure) {
  milliseconds wait = kFirstWait;
  for (int i = 1; i < attempt; ++i) wait *= 3;
  const auto byte = static_cast<unsigned char>(random_.bytes(1).front());
  wait += wait * byte / 512;  // not all devices of a house at the same moment
  return std::max<milliseconds>(wait, failure.retry_after);
}

Result<Download> Downloads::download(platform::WritableDirectory& store, const std::string& url,
                                     const NetworkAccess& access, const std::string& what) {
  const std::string host = host_of(url);
  if (dead_.contains(host)) {
    return error_of({.kind = Kind::unreachable, .message = fmt::format("'{}' did not answer a moment ago", host)}, url);
  }
  const std::string name = fmt::format("{}{}", kBegin, ++number_);
  ASSIGN_OR_RETURN(const auto body, place_.begin(store, name));
  GetRequest request{.url = url, .access = access};
  FetchFailure failure;
  for (int attempt = 1; attempt <= limits::kDownloadTries; ++attempt) {
    const auto tell = [&](const FetchProgress& progress) {
      if (on_transfer_) on_transfer_({.what = what, .bytes = progress.bytes, .total = progress.total});
    };
    GetResult result = fetcher_.get(request, *body, tell);
    if (std::holds_alternative<GotAnswer>(result)) return digest_of(*body, name);
    failure = std::move(std::get<FetchFailure>(result));
    const bool again = failure.kind == Kind::unreachable && failure.retry_after <= limits::kLongestRetryAfter;
    if (!again || attempt == limits::kDownloadTries) break;
    ASSIGN_OR_RETURN(const auto info, body->info());
    request.offset = failure.keeps_part ? info.size : 0;
    request.part_of = failure.keeps_part ? failure.etag : "";
    if (!failure.keeps_part) RETURN_IF_ERROR(body->truncate(0));
    clock_.sleep(wait_before(attempt, failure));
  }
  (void)store.remove_file(name);
  if (failure.kind == Kind::unreachable && !failure.answered) dead_.insert(host);
  return error_of(failure, url);
}

}  // namespace trueup::store
