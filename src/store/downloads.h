// Archives on their way: each address is downloaded at most once in a pass, however many plugins lie in it, and tried
// again a few times when the network fails in the middle.
//
// They lie in `.trueup/store` as long as this lives; what a killed run left there is removed first.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "platform/clock.h"
#include "platform/random.h"
#include "store/fetcher.h"
#include "store/store_directory.h"

namespace trueup::store {

/// What is told of a transfer while it runs.
struct Transfer {
  std::string what;  // as shown to a person
  std::uint64_t bytes = 0;
  std::uint64_t total = 0;  // 0: not known
  bool ended = false;
};
using OnTransfer = std::function<void(const Transfer&)>;

struct Download {
  std::string file;  // in the store's directory
  std::string sha256;
  std::uint64_t size = 0;
};

/// Of what lies in `file`. `name`: what the file is called in the store's directory.
Result<Download> digest_of(const platform::File& file, std::string name);

struct WantedDownload {
  /// Fills an empty file; nothing: it came whole.
  using Bring = std::function<std::optional<FetchFailure>(platform::WritableFile& body)>;
  std::string url;
  NetworkAccess access;
  std::string what;  // for the one who waits
  Bring bring = {};  // another way than a download from that address
};

class Downloads {
 public:
  /// Requires: what is referred to outlives this; one process at a time (the installation's lock).
  Downloads(const StoreDirectory& place, Fetcher& fetcher, platform::Clock& clock, platform::Random& random,
            OnTransfer on_transfer);
  ~Downloads();
  Downloads(const Downloads&) = delete;
  Downloads& operator=(const Downloads&) = delete;

  /// From its address, or what came from there before in this pass.
  Result<Download> get(platform::WritableDirectory& store, const WantedDownload& wanted);
  /// All of them, a few at a time. What became of each is what get() then gives.
  void get_together(platform::WritableDirectory& store, const std::vector<WantedDownload>& wanted);
  /// A name in the store for what is needed while something comes from `url`; left over, it is removed with the rest.
  [[nodiscard]] static std::string scratch_name(const std::string& url);
  /// The next get() of it downloads anew.
  void forget(const std::string& url) { done_.erase(url); }

 private:
  Status remove_leftovers(platform::WritableDirectory& store);
  /// May run several times at once; whatever they share is touched under the mutex.
  Result<Download> download(platform::WritableDirectory& store, const WantedDownload& wanted);
  /// Nothing: it came whole.
  std::optional<FetchFailure> try_often(platform::WritableFile& body, const WantedDownload& wanted);
  void tell(const Transfer& transfer);
  [[nodiscard]] std::chrono::milliseconds wait_before(int attempt, const FetchFailure& failure);

  const StoreDirectory& place_;
  Fetcher& fetcher_;
  platform::Clock& clock_;
  platform::Random& random_;
  OnTransfer on_transfer_;
  std::mutex mutex_;
  std::map<std::string, Result<Download>> done_;
  std::set<std::string> dead_;  // hosts that did not answer in this pass
  int number_ = 0;
};

}  // namespace trueup::store
