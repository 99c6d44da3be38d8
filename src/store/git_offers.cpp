#include "store/git_offers.h"

#include <fmt/core.h>

#include <utility>

#include "base/digest.h"
#include "platform/tree.h"
#include "store/saved_repositories.h"

namespace trueup::store {
namespace {

constexpr std::string_view kBegin = "clone-";

std::string name_for(const std::string& url) {
  constexpr std::size_t kDigits = 16;
  return fmt::format("{}{}", kBegin, sha256_hex(url).substr(0, kDigits));
}

void remove(platform::WritableDirectory& store, const std::string& name) { (void)platform::remove_tree(store, name); }

/// What a run that was killed left there. Whoever was at it finds its file gone, and asks again.
Status remove_leftovers(platform::WritableDirectory& store) {
  ASSIGN_OR_RETURN(const auto entries, store.list());
  for (const auto& entry : entries) {
    if (entry.name.starts_with(kBegin)) remove(store, entry.name);
  }
  return ok();
}

}  // namespace

GitOffers::~GitOffers() {
  if (at_hand_.empty()) return;
  const auto store = place_.open();
  if (!store) return;
  for (const auto& [url, archive] : at_hand_) (void)(*store)->remove_file(archive.file);
}

const Download* GitOffers::at_hand(const std::string& url) const {
  const auto found = at_hand_.find(url);
  return found == at_hand_.end() ? nullptr : &found->second;
}

CloneResult GitOffers::bring(platform::WritableDirectory& store, const CloneRequest& request,
                             const std::string& scratch, platform::WritableFile& body) const {
  const auto failed = [](const Error& error) {
    return FetchFailure{.kind = FetchFailure::Kind::io, .message = error.text()};
  };
  remove(store, scratch);
  if (const Status made = place_.make_directory(store, scratch); !made) return failed(made.error());
  const auto into = store.open_writable(scratch, platform::Links::refuse);
  CloneResult result = into ? fetcher_.clone(request, body, **into) : CloneResult(failed(into.error()));
  remove(store, scratch);
  return result;
}

Result<RefreshReport> GitOffers::refresh(const RegistryCopy& copy, const CloneRequest& request,
                                         const platform::Clock& clock) {
  ASSIGN_OR_RETURN(const auto store, place_.open());
  if (at_hand_.empty()) RETURN_IF_ERROR(remove_leftovers(*store));
  const std::string name = name_for(request.url);
  const std::string file = name + ".tar";
  ASSIGN_OR_RETURN(const auto archive, place_.begin(*store, file));
  const CloneResult result = bring(*store, request, name, *archive);
  const auto* cloned = std::get_if<ClonedAnswer>(&result);
  const auto say = [&](const GetRequest&, platform::WritableFile& body) -> GetResult {
    if (cloned == nullptr) return std::get<FetchFailure>(result);
    auto text = registry_of_manifest(cloned->manifest, request.url, cloned->commit);
    if (!text) return FetchFailure{.kind = FetchFailure::Kind::refused, .message = text.error().message};
    const Status written = body.append(*text);
    if (!written) return FetchFailure{.kind = FetchFailure::Kind::io, .message = written.error().text()};
    return GotAnswer{.etag = cloned->commit};
  };
  auto report = copy.refresh(say, {}, clock, false, nullptr);
  const bool good = report && report->outcome != RefreshReport::Outcome::failed && cloned != nullptr;
  auto digest = good ? digest_of(*archive, file) : Result<Download>(Error{});
  if (digest) {
    at_hand_.insert_or_assign(request.url, std::move(*digest));
  } else {
    (void)store->remove_file(file);
  }
  return report;
}

}  // namespace trueup::store
