#include "store/network_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/digest.h"
#include "platform/tree.h"
#include "store/manifest_version.h"
#include "store/network_identity.h"
#include "store/registry.h"
#include "store/web_address.h"

namespace trueup::store {
namespace {

using platform::Links;
using platform::Sync;
using platform::WritableDirectory;
using Outcome = RefreshReport::Outcome;

constexpr const char* kPacks = "packs.json";
constexpr const char* kWaits = "waits.json";
constexpr std::size_t kMaxWaitsBytes = 1U << 20U;
constexpr const char* kSavedRepositories = "config/saved_repositories.json";
constexpr std::size_t kMaxPacksListBytes = 8U << 20U;

Packs read_packs(const platform::Directory& store) {
  auto file = store.read(kPacks, kMaxPacksListBytes, Links::refuse);
  return file ? decode_packs(std::move(file->bytes)) : Packs();
}

Error wrong_digest(const model::RegistryEntry& entry, const Download& archive) {
  return Error{.code = ErrorCode::refused,
               .message = fmt::format("its archive is not the one that the registry means: expected {}, got {}",
                                      entry.sha256, archive.sha256),
               .where = fmt::format("registry entry '{}'", entry.id),
               .hint = "nothing was installed; whoever publishes the plugin has to mend this"};
}

/// Takes out what a failed attempt left, so that the next one finds the directory empty.
Status clear(WritableDirectory& directory) {
  ASSIGN_OR_RETURN(const auto entries, directory.list());
  for (const auto& entry : entries) {
    const auto removed = platform::remove_tree(directory, entry.name);
    if (!removed.complete()) return removed.first_error;
  }
  return ok();
}

bool is_web_page(const platform::File& archive) {
  constexpr std::size_t kBeginning = 64;
  const auto bytes = archive.read_at(0, kBeginning);
  if (!bytes) return false;
  const std::size_t first = bytes->find_first_not_of(" \t\r\n");
  return first != std::string::npos && (*bytes)[first] == '<';
}

}  // namespace

NetworkSource::NetworkSource(NetworkSourceParts parts)
    : parts_(std::move(parts)),
      place_(parts_.disk, parts_.root, parts_.is_root),
      origin_(shown_address(parts_.url)),
      copy_(place_, parts_.url),
      git_(place_, *parts_.fetcher),
      downloads_(place_, *parts_.fetcher, parts_.clock, parts_.random, parts_.on_transfer) {}

const std::string& NetworkSource::origin_of(const model::RegistryEntry& entry) const {
  return entry.source.empty() ? origin_ : entry.source;
}

/// What the owner named may lie in the own house; what somebody else names may not.
NetworkAccess NetworkSource::access_to(const std::string& url) const {
  NetworkAccess access = parts_.access ? parts_.access() : NetworkAccess();
  if (const auto address = parse_web_address(url); address && address->scheme == WebAddress::Scheme::https) {
    access.private_hosts.push_back(address->place());
  }
  return access;
}

std::vector<SavedRepository> NetworkSource::saved() const {
  const auto root = parts_.disk.open_root_for_reading(parts_.root);
  if (!root) return {};
  auto file = (*root)->read(kSavedRepositories, limits::kMaxConfigBytes, Links::follow);
  auto list = file ? decode_saved(std::move(file->bytes)) : Result<std::vector<SavedRepository>>(file.error());
  return list ? std::move(*list) : std::vector<SavedRepository>();
}

Result<model::RegistryFacts> NetworkSource::registry() const {
  if (const auto address = parse_web_address(parts_.url); !address) return address.error();
  auto facts = copy_.read();
  if (!facts) {
    if (facts.error().code != ErrorCode::not_found) return facts;
    return Error{.code = ErrorCode::unsupported,
                 .message = "this registry was not fetched yet; missing plugins wait",
                 .where = origin_,
                 .hint =
                     "`trueup store refresh` fetches it, `--registry DIR` takes a local one, `--registry none` does "
                     "without"};
  }
  for (const SavedRepository& repository : saved()) {
    auto listed = RegistryCopy(place_, repository.url).read();
    if (!listed) continue;
    for (model::RegistryEntry& entry : listed->entries) {
      entry.verified = false;
      entry.source = repository.url;
      facts->saved.push_back(std::move(entry));
    }
  }
  return facts;
}

Result<std::vector<TreeFile>> NetworkSource::contents(const model::RegistryEntry& entry, const FetchLimits&) const {
  return Error{
      .code = ErrorCode::unsupported, .message = "its files are known when they were fetched", .where = entry.id};
}

Result<RefreshReport> NetworkSource::refresh(Ask ask, bool anyway) const {
  const auto due = [&] { return ask == Ask::now || is_due(copy_.asked(), copy_.read().has_value(), parts_.clock); };
  if (!due()) return RefreshReport{.has_copy = true};
  ASSIGN_OR_RETURN(const auto store, place_.open());
  // Two processes at the same moment: the second finds what the first one fetched.
  const auto lock = place_.lock(*store, "store refresh", parts_.clock, parts_.processes);
  if (!lock && lock.error().code != ErrorCode::busy) return lock.error();
  if (!lock)
    return RefreshReport{.outcome = Outcome::failed, .why = lock.error().message, .has_copy = copy_.read().has_value()};
  if (!due()) return RefreshReport{.has_copy = true};
  const auto tell = [&](const FetchProgress& progress) {
    if (parts_.on_transfer)
      parts_.on_transfer({.what = "the registry", .bytes = progress.bytes, .total = progress.total});
  };
  const auto bring = [&](const GetRequest& request, platform::WritableFile& body) {
    return parts_.fetcher->get(request, body, tell);
  };
  auto report =
      copy_.refresh(bring, {.url = parts_.url, .access = access_to(parts_.url)}, parts_.clock, anyway, nullptr);
  if (parts_.on_transfer) parts_.on_transfer({.what = "the registry", .ended = true});
  return report;
}

/// First as a web page's files, which costs one short question; a repository that has no such page by the git program.
Result<RefreshReport> NetworkSource::refresh_one(const SavedRepository& repository) const {
  const RegistryCopy copy(place_, repository.url);
  const bool single = repository.type == SavedRepository::Type::single;
  const auto bring = [&](const GetRequest& request, platform::WritableFile& body) {
    return parts_.fetcher->get(request, body, {});
  };
  RefreshReport last;
  for (const std::string& place : places_of(repository)) {
    GetRequest request{.url = place, .access = access_to(repository.url)};
    const RegistryCopy::Shape shape = single ? RegistryCopy::Shape(&registry_of_manifest) : nullptr;
    ASSIGN_OR_RETURN(last, copy.refresh(bring, std::move(request), parts_.clock, false, shape));
    if (last.outcome != Outcome::failed || last.out_of_reach) return last;
  }
  if (!single) return last;
  ASSIGN_OR_RETURN(RefreshReport by_git, git_.refresh(copy, clone_of(repository.url), parts_.clock));
  if (by_git.outcome == Outcome::failed) by_git.why = fmt::format("{}, and by git: {}", last.why, by_git.why);
  return by_git;
}

Result<model::RegistryFacts> NetworkSource::offered_by(const std::string& url) const {
  ASSIGN_OR_RETURN(const SavedRepository repository, repository_to_save(url));
  ASSIGN_OR_RETURN(const auto store, place_.open());
  ASSIGN_OR_RETURN(const auto lock, place_.lock(*store, "store show", parts_.clock, parts_.processes));
  ASSIGN_OR_RETURN(const RefreshReport report, refresh_one(repository));
  if (report.outcome == Outcome::failed || report.outcome == Outcome::kept) {
    return Error{.code = ErrorCode::not_found, .message = report.why, .where = repository.url};
  }
  ASSIGN_OR_RETURN(auto facts, RegistryCopy(place_, repository.url).read());
  for (model::RegistryEntry& entry : facts.entries) {
    entry.verified = false;
    entry.source = repository.url;
  }
  return facts;
}

Result<std::vector<SavedRefresh>> NetworkSource::refresh_saved(const std::string& only, Ask ask) const {
  std::vector<SavedRefresh> reports;
  const auto repositories = saved();
  if (repositories.empty()) return reports;
  ASSIGN_OR_RETURN(const auto store, place_.open());
  ASSIGN_OR_RETURN(const auto lock, place_.lock(*store, "store refresh", parts_.clock, parts_.processes));
  for (const SavedRepository& repository : repositories) {
    if (!only.empty() && !is_same_source(repository.url, only)) continue;
    const RegistryCopy copy(place_, repository.url);
    if (ask == Ask::when_due && !is_due(copy.asked(), copy.read().has_value(), parts_.clock)) continue;
    ASSIGN_OR_RETURN(RefreshReport report, refresh_one(repository));
    reports.push_back({.url = repository.url, .report = std::move(report)});
  }
  return reports;
}

Result<FetchedPlugin> NetworkSource::fetch(const model::RegistryEntry& entry, WritableDirectory& into,
                                           const FetchLimits& limits) const {
  ASSIGN_OR_RETURN(const auto store, place_.open());
  const Packs packs = read_packs(*store);
  const Pack* pack = packs.find(entry.id, origin_of(entry), entry.digest);
  if (auto kept = take_kept(*store, packs, pack, into, limits)) return std::move(*kept);
  RETURN_IF_ERROR(clear(into));
  const auto archive = download(*store, entry);
  if (!archive) {
    // What does not come is a failure of what lies between, and what the host does not have is the plugin's.
    if (archive.error().code == ErrorCode::unreadable) note(*store, entry, &archive.error());
    if (archive.error().code == ErrorCode::not_found) note(*store, entry, nullptr);
    return archive.error();
  }
  bool is_page = false;
  auto fetched = unpack(*store, entry, *archive, into, limits, is_page);
  if (is_page) {
    note(*store, entry, &fetched.error());  // somebody between answers for the host
  } else {
    note(*store, entry, nullptr);
  }
  return fetched;
}

void NetworkSource::forget_waits() const {
  if (waiting().empty()) return;
  if (const auto store = place_.open()) (void)(*store)->remove_file(kWaits);
}

void NetworkSource::note(WritableDirectory& store, const model::RegistryEntry& entry, const Error* failure) const {
  const std::string place = place_of_archive(entry);
  if (place.empty() || (failure != nullptr && !failed_.insert(place).second)) return;
  auto file = store.read(kWaits, kMaxWaitsBytes, Links::refuse);
  SourceWaits waits = file ? decode_source_waits(std::move(file->bytes)) : SourceWaits();
  if (failure != nullptr) {
    const auto jitter = static_cast<unsigned char>(parts_.random.bytes(1).front());
    note_failure(waits, place, failure->message,
                 {.clock = parts_.clock, .network = network_identity(parts_.disk), .jitter = jitter});
  } else if (!note_answer(waits, place)) {
    return;
  }
  (void)place_.replace(store, kWaits, encode(waits), Sync::no);
}

std::vector<Waiting> NetworkSource::waiting() const {
  const auto store = place_.open_for_reading();
  if (!store) return {};
  auto file = (*store)->read(kWaits, kMaxWaitsBytes, Links::refuse);
  if (!file) return {};
  return still_waiting(decode_source_waits(std::move(file->bytes)),
                       {.clock = parts_.clock, .network = network_identity(parts_.disk)});
}

std::vector<KeptPlugin> NetworkSource::kept() const {
  std::vector<KeptPlugin> kept;
  const auto store = place_.open_for_reading();
  if (!store) return kept;
  for (const Pack& pack : read_packs(**store).packs) {
    kept.push_back(
        {.entry = pack.entry, .source = pack.source, .entry_digest = pack.entry_digest, .version = pack.version});
  }
  return kept;
}

Result<FetchedPlugin> NetworkSource::fetch_kept(const model::RegistryEntry& entry, const std::string& version,
                                                WritableDirectory& into, const FetchLimits& limits) const {
  ASSIGN_OR_RETURN(const auto store, place_.open());
  const Packs packs = read_packs(*store);
  const Pack* pack = packs.find_version(entry.id, origin_of(entry), version);
  if (auto kept = take_kept(*store, packs, pack, into, limits)) return std::move(*kept);
  RETURN_IF_ERROR(clear(into));
  return PluginSource::fetch_kept(entry, version, into, limits);
}

std::optional<FetchedPlugin> NetworkSource::take_kept(WritableDirectory& store, Packs packs, const Pack* found,
                                                      WritableDirectory& into, const FetchLimits& limits) const {
  if (found == nullptr) return std::nullopt;
  const Pack pack = *found;
  const auto file = store.open_file(pack.file, Links::refuse);
  const auto bytes = store.read(pack.file, limits::kMaxPackBytes, Links::refuse);
  if (file && bytes && sha256_hex(bytes->bytes) == pack.sha256) {
    const UnpackResult result = parts_.fetcher->unpack(unpack_request_of(limits), **file, into, nullptr);
    const auto* unpacked = std::get_if<UnpackedAnswer>(&result);
    if (unpacked != nullptr && unpacked->digest == pack.tree) {
      return FetchedPlugin{.origin = pack.source, .digest = pack.tree};
    }
  }
  packs.forget(pack.file);
  (void)place_.replace(store, kPacks, encode(packs), Sync::no);
  (void)store.remove_file(pack.file);
  return std::nullopt;
}

CloneRequest NetworkSource::clone_of(const std::string& url) const {
  CloneRequest request{.url = url, .access = access_to(url)};
  request.access.token.clear();  // it is for GitHub's own hosts, and those have archives
  return request;
}

WantedDownload NetworkSource::wanted_by_git(const model::RegistryEntry& entry) const {
  const CloneRequest request = clone_of(entry.source);
  const auto bring = [this, request](platform::WritableFile& body) -> std::optional<FetchFailure> {
    const auto store = place_.open();
    if (!store) return FetchFailure{.kind = FetchFailure::Kind::io, .message = store.error().text()};
    const CloneResult result = git_.bring(**store, request, Downloads::scratch_name(request.url), body);
    const auto* failed = std::get_if<FetchFailure>(&result);
    return failed == nullptr ? std::nullopt : std::optional(*failed);
  };
  return {.url = entry.download_url, .access = request.access, .what = entry.id, .bring = bring};
}

Result<WantedDownload> NetworkSource::wanted_of(const model::RegistryEntry& entry) const {
  ASSIGN_OR_RETURN(const WebAddress address, archive_of(entry));
  const bool file_for_all = address.scheme == WebAddress::Scheme::file;
  if (file_for_all && !origin_of(entry).starts_with("file:")) {
    return Error{
        .code = ErrorCode::refused,
        .message = "its archive is said to be a file of this device, which only a registry that is one may say",
        .where = fmt::format("registry entry '{}'", entry.id)};
  }
  if (is_by_git(entry)) return wanted_by_git(entry);
  return WantedDownload{.url = address.text(), .access = access_to(origin_of(entry)), .what = entry.id};
}

void NetworkSource::fetch_ahead(const std::vector<const model::RegistryEntry*>& entries) const {
  const auto store = place_.open();
  if (!store) return;
  const Packs packs = read_packs(**store);
  std::vector<WantedDownload> wanted;
  for (const model::RegistryEntry* entry : entries) {
    if (packs.find(entry->id, origin_of(*entry), entry->digest) != nullptr) continue;
    if (auto one = wanted_of(*entry)) wanted.push_back(std::move(*one));
  }
  downloads_.get_together(**store, wanted);
}

Result<Download> NetworkSource::download(WritableDirectory& store, const model::RegistryEntry& entry) const {
  ASSIGN_OR_RETURN(const WantedDownload wanted, wanted_of(entry));
  const Download* at_hand = is_by_git(entry) ? git_.at_hand(entry.source) : nullptr;
  if (at_hand != nullptr && store.info(at_hand->file, Links::refuse)) return *at_hand;
  ASSIGN_OR_RETURN(Download archive, downloads_.get(store, wanted));
  if (entry.sha256.empty() || archive.sha256 == entry.sha256) return archive;
  downloads_.forget(wanted.url);  // it may have been damaged on the way: once more
  (void)store.remove_file(archive.file);
  ASSIGN_OR_RETURN(archive, downloads_.get(store, wanted));
  if (archive.sha256 == entry.sha256) return archive;
  return wrong_digest(entry, archive);
}

Result<FetchedPlugin> NetworkSource::unpack(WritableDirectory& store, const model::RegistryEntry& entry,
                                            const Download& archive, WritableDirectory& into, const FetchLimits& limits,
                                            bool& is_page) const {
  ASSIGN_OR_RETURN(const auto file, store.open_file(archive.file, Links::refuse));
  const std::string pack_file = read_packs(store).next_file();
  ASSIGN_OR_RETURN(const auto pack, place_.begin(store, pack_file));
  UnpackRequest request = unpack_request_of(limits);
  request.folder = entry.plugin_path;
  request.pack = true;
  const UnpackResult result = parts_.fetcher->unpack(request, *file, into, pack.get());
  const auto* unpacked = std::get_if<UnpackedAnswer>(&result);
  if (unpacked == nullptr || !unpacked->packed) (void)store.remove_file(pack_file);
  if (unpacked == nullptr) {
    Error error = error_of(std::get<FetchFailure>(result), fmt::format("registry entry '{}'", entry.id));
    is_page = is_web_page(*file);
    if (is_page) {
      error.message = "what came is a web page, not an archive: does this network want a login?";
    }
    return error;
  }
  if (unpacked->packed) keep(store, entry, pack_file, unpacked->digest, manifest_version(into));
  return FetchedPlugin{.origin = origin_of(entry), .digest = unpacked->digest};
}

void NetworkSource::forget(const model::RegistryEntry& entry) const {
  const auto store = place_.open();
  if (!store) return;
  Packs packs = read_packs(**store);
  const Pack* pack = packs.find(entry.id, origin_of(entry), entry.digest);
  if (pack == nullptr) return;
  const std::string file = pack->file;
  packs.forget(file);
  if (place_.replace(**store, kPacks, encode(packs), Sync::no)) (void)(*store)->remove_file(file);
}

/// Losing it costs a download, so nothing here is an error.
void NetworkSource::keep(WritableDirectory& store, const model::RegistryEntry& entry, const std::string& file,
                         const std::string& tree, const std::string& version) const {
  const auto bytes = store.read(file, limits::kMaxPackBytes, Links::refuse);
  if (!bytes) {
    (void)store.remove_file(file);
    return;
  }
  Packs packs = read_packs(store);
  const auto unneeded = packs.add({.entry = entry.id,
                                   .source = origin_of(entry),
                                   .entry_digest = entry.digest,
                                   .file = file,
                                   .sha256 = sha256_hex(bytes->bytes),
                                   .size = bytes->bytes.size(),
                                   .tree = tree,
                                   .version = version});
  if (!place_.replace(store, kPacks, encode(packs), Sync::no)) return;
  for (const std::string& old : unneeded) (void)store.remove_file(old);
}

}  // namespace trueup::store
