#include "store/downloads.h"

#include <fmt/core.h>

#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "platform/file_digest.h"
#include "platform/together.h"
#include "platform/tree.h"
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

}  // namespace

Result<Download> digest_of(const platform::File& file, std::string name) {
  ASSIGN_OR_RETURN(platform::FileDigest digest, platform::digest_of(file));
  return Download{.file = std::move(name), .sha256 = std::move(digest.sha256), .size = digest.bytes};
}

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

std::string Downloads::scratch_name(const std::string& url) {
  constexpr std::size_t kDigits = 16;
  return fmt::format("{}by-git-{}", kBegin, sha256_hex(url).substr(0, kDigits));
}

Status Downloads::remove_leftovers(platform::WritableDirectory& store) {
  if (number_ != 0) return ok();
  ASSIGN_OR_RETURN(const auto entries, store.list());
  for (const auto& entry : entries) {
    if (entry.name.starts_with(kBegin)) (void)platform::remove_tree(store, entry.name);
  }
  return ok();
}

Result<Download> Downloads::get(platform::WritableDirectory& store, const WantedDownload& wanted) {
  if (const auto found = done_.find(wanted.url); found != done_.end()) return found->second;
  RETURN_IF_ERROR(remove_leftovers(store));
  auto result = download(store, wanted);
  done_.insert_or_assign(wanted.url, result);
  return result;
}

void Downloads::get_together(platform::WritableDirectory& store, const std::vector<WantedDownload>& wanted) {
  if (!remove_leftovers(store)) return;
  std::set<std::string> urls;
  std::vector<platform::Job> jobs;
  for (const WantedDownload& one : wanted) {
    if (done_.contains(one.url) || !urls.insert(one.url).second) continue;
    jobs.emplace_back([this, &store, &one] {
      auto result = download(store, one);
      const std::lock_guard lock(mutex_);
      done_.insert_or_assign(one.url, std::move(result));
    });
  }
  platform::run_together(std::move(jobs), limits::kDownloadsAtOnce);
}

void Downloads::tell(const Transfer& transfer) {
  const std::lock_guard lock(mutex_);
  if (on_transfer_) on_transfer_(transfer);
}

milliseconds Downloads::wait_before(int attempt, const FetchFailure& failure) {
  milliseconds wait = kFirstWait;
  for (int i = 1; i < attempt; ++i) wait *= 3;
  const auto byte = static_cast<unsigned char>(random_.bytes(1).front());
  wait += wait * byte / 512;  // not all devices of a house at the same moment
  return std::max<milliseconds>(wait, failure.retry_after);
}

std::optional<FetchFailure> Downloads::try_often(platform::WritableFile& body, const WantedDownload& wanted) {
  GetRequest request{.url = wanted.url, .access = wanted.access};
  FetchFailure failure;
  for (int attempt = 1;; ++attempt) {
    GetResult result = fetcher_.get(request, body, [&](const FetchProgress& progress) {
      tell({.what = wanted.what, .bytes = progress.bytes, .total = progress.total});
    });
    if (std::holds_alternative<GotAnswer>(result)) return std::nullopt;
    failure = std::move(std::get<FetchFailure>(result));
    const bool again = failure.kind == Kind::unreachable && failure.retry_after <= limits::kLongestRetryAfter;
    if (!again || attempt == limits::kDownloadTries) return failure;
    const auto info = body.info();
    if (!info) return FetchFailure{.kind = Kind::io, .message = info.error().text()};
    request.offset = failure.keeps_part ? info->size : 0;
    request.part_of = failure.keeps_part ? failure.etag : "";
    if (!failure.keeps_part) {
      if (const auto cut = body.truncate(0); !cut) return FetchFailure{.kind = Kind::io, .message = cut.error().text()};
    }
    const auto wait = [&] {
      const std::lock_guard lock(mutex_);
      return wait_before(attempt, failure);
    }();
    clock_.sleep(wait);
  }
}

Result<Download> Downloads::download(platform::WritableDirectory& store, const WantedDownload& wanted) {
  const std::string host = host_of(wanted.url);
  std::unique_lock lock(mutex_);
  if (dead_.contains(host)) {
    return error_of({.kind = Kind::unreachable, .message = fmt::format("'{}' did not answer a moment ago", host)},
                    wanted.url);
  }
  const std::string name = fmt::format("{}{}", kBegin, ++number_);
  ASSIGN_OR_RETURN(const auto body, place_.begin(store, name));
  lock.unlock();
  const std::optional<FetchFailure> failure = wanted.bring ? wanted.bring(*body) : try_often(*body, wanted);
  tell({.what = wanted.what, .ended = true});
  lock.lock();
  if (!failure) return digest_of(*body, name);
  (void)store.remove_file(name);
  if (failure->kind == Kind::unreachable && !failure->answered) dead_.insert(host);
  return error_of(*failure, wanted.url);
}

}  // namespace trueup::store
