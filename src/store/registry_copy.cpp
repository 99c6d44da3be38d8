#include "store/registry_copy.h"

#include <fmt/core.h>

#include <chrono>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "json/document.h"
#include "json/write.h"
#include "store/registry.h"
#include "store/web_address.h"

namespace trueup::store {
namespace {

using platform::Links;
using platform::Sync;
using Outcome = RefreshReport::Outcome;

constexpr std::size_t kMaxAskedBytes = 64U << 10U;
constexpr const char* kAskedEnding = ".asked";
constexpr const char* kComing = "registry.coming";

std::int64_t milliseconds(platform::Clock::Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

std::string text_under(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->string().value_or("") : std::string();
}

std::int64_t number_under(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->integer().value_or(0) : 0;
}

}  // namespace

std::string encode(const AskedRegistry& asked) {
  json::Writer out({.indent = 2});
  out.begin_object();
  out.key("schema").integer(1);
  out.key("url").string(asked.url);
  out.key("digest").string(asked.digest);
  out.key("etag").string(asked.etag);
  out.key("modified").string(asked.modified);
  out.key("suspect").string(asked.suspect);
  out.key("boot_id").string(asked.boot_id);
  out.key("boot_time_ms").integer(asked.boot_time_ms);
  out.key("failures").integer(asked.failures);
  out.end_object();
  return std::move(out).text() + "\n";
}

Result<AskedRegistry> decode_asked(std::string text) {
  ASSIGN_OR_RETURN(const json::Document document, json::Document::parse(std::move(text)));
  const json::Value root = document.root();
  return AskedRegistry{.url = text_under(root, "url"),
                       .digest = text_under(root, "digest"),
                       .etag = text_under(root, "etag"),
                       .modified = text_under(root, "modified"),
                       .suspect = text_under(root, "suspect"),
                       .boot_id = text_under(root, "boot_id"),
                       .boot_time_ms = number_under(root, "boot_time_ms"),
                       .failures = number_under(root, "failures")};
}

bool is_due(const std::optional<AskedRegistry>& asked, bool has_copy, const platform::Clock& clock) {
  if (!has_copy || !asked || asked->failures == 1) return true;
  if (asked->boot_id.empty() || asked->boot_id != clock.boot_id()) return true;
  const std::int64_t since = milliseconds(clock.boot_time()) - asked->boot_time_ms;
  // What claims to lie in the future was asked just now, as far as anyone knows.
  return since >= milliseconds(limits::kRegistryAskedEvery);
}

std::string why_not_believed(const model::RegistryFacts& now, const model::RegistryFacts& before) {
  if (now.entries.size() * 2 < before.entries.size()) {
    return fmt::format("it lists {} plugins now and listed {} before", now.entries.size(), before.entries.size());
  }
  if (!now.age.empty() && !before.age.empty() && now.age < before.age) {  // both are "as of", and the date
    return fmt::format("it is {}, which is older than what it sent before ({})", now.age, before.age);
  }
  return {};
}

RegistryCopy::RegistryCopy(const StoreDirectory& place, std::string url) : place_(place), url_(std::move(url)) {
  constexpr std::size_t kDigits = 16;
  name_ = fmt::format("registry-{}.json", sha256_hex(url_).substr(0, kDigits));
}

Result<model::RegistryFacts> RegistryCopy::read() const {
  ASSIGN_OR_RETURN(const auto store, place_.open_for_reading());
  ASSIGN_OR_RETURN(auto file, store->read(name_, limits::kMaxRegistryBytes, Links::refuse));
  auto facts = decode_registry(std::move(file.bytes), shown_address(url_));
  if (!facts) return std::move(facts).error().within("the kept copy");
  if (const auto last = asked()) facts->suspect = last->suspect;
  return facts;
}

std::optional<AskedRegistry> RegistryCopy::asked() const {
  const auto store = place_.open_for_reading();
  if (!store) return std::nullopt;
  auto file = (*store)->read(name_ + kAskedEnding, kMaxAskedBytes, Links::refuse);
  auto asked = file ? decode_asked(std::move(file->bytes)) : Result<AskedRegistry>(file.error());
  if (!asked || asked->url != url_) return std::nullopt;
  return std::move(*asked);
}

Result<RefreshReport> RegistryCopy::refresh(const Bring& bring, GetRequest request, const platform::Clock& clock,
                                            bool anyway, Shape shape) const {
  ASSIGN_OR_RETURN(const auto store, place_.open());
  AskedRegistry now = asked().value_or(AskedRegistry{.url = url_});
  const auto copy = store->read(name_, limits::kMaxRegistryBytes, Links::refuse);
  const bool known = copy && now.digest == sha256_hex(copy->bytes) && now.suspect.empty();
  if (known) request.etag = now.etag;
  if (known) request.modified = now.modified;
  if (request.url.empty()) request.url = url_;
  request.most_bytes = limits::kMaxRegistryBytes;
  request.may_be_compressed = true;
  request.patience = limits::kRegistryPatience;

  ASSIGN_OR_RETURN(const auto body, place_.begin(*store, kComing));
  GetResult result = bring(request, *body);
  const auto* none = std::get_if<FetchFailure>(&result);
  if (none != nullptr && none->kind == FetchFailure::Kind::stopped) {  // says nothing of the registry
    (void)store->remove_file(kComing);
    return RefreshReport{.outcome = Outcome::failed, .why = none->message, .has_copy = copy.has_value()};
  }
  now.boot_id = clock.boot_id();
  now.boot_time_ms = milliseconds(clock.boot_time());
  RefreshReport report;
  if (const auto* failed = std::get_if<FetchFailure>(&result)) {
    ++now.failures;
    report = {.outcome = Outcome::failed, .why = failed->message};
    report.out_of_reach = failed->kind == FetchFailure::Kind::unreachable && !failed->answered;
  } else if (const auto& got = std::get<GotAnswer>(result); got.unchanged && known) {
    now.failures = 0;
    report.outcome = Outcome::unchanged;
  } else {
    ASSIGN_OR_RETURN(report, keep(*store, now, got, anyway, shape));
  }
  (void)store->remove_file(kComing);
  RETURN_IF_ERROR(place_.replace(*store, name_ + kAskedEnding, encode(now), Sync::no));
  report.has_copy = store->info(name_, Links::refuse).has_value();
  return report;
}

Result<RefreshReport> RegistryCopy::keep(platform::WritableDirectory& store, AskedRegistry& asked, const GotAnswer& got,
                                         bool anyway, Shape shape) const {
  ASSIGN_OR_RETURN(auto come, store.read(kComing, limits::kMaxRegistryBytes, Links::refuse));
  const std::size_t first = come.bytes.find_first_not_of(" \t\r\n");
  const bool is_page = first != std::string::npos && come.bytes[first] == '<';
  auto text = shape == nullptr ? Result<std::string>(std::move(come.bytes)) : shape(std::move(come.bytes), url_);
  auto facts = text ? decode_registry(*text, shown_address(url_)) : Result<model::RegistryFacts>(text.error());
  const auto before = read();
  std::string why;
  if (!facts) {
    why = is_page ? "what came is a web page, not a registry: does this network want a login?" : facts.error().message;
  } else if (facts->entries.empty() && !facts->skipped.empty()) {
    why = "none of its entries can be used";
  } else if (before && !anyway) {
    why = why_not_believed(*facts, *before);
  }
  if (!why.empty()) {
    ++asked.failures;
    asked.suspect = before ? why : "";
    return RefreshReport{.outcome = before ? Outcome::kept : Outcome::failed, .why = std::move(why)};
  }
  const std::string digest = sha256_hex(*text);
  const bool same = before && asked.digest == digest;
  asked = {.url = asked.url,
           .digest = digest,
           .etag = got.etag,
           .modified = got.modified,
           .boot_id = asked.boot_id,
           .boot_time_ms = asked.boot_time_ms};
  if (same) return RefreshReport{.outcome = Outcome::unchanged};
  RETURN_IF_ERROR(place_.replace(store, name_, *text, Sync::yes));
  return RefreshReport{.outcome = Outcome::replaced};
}

Status RegistryCopy::remove() const {
  ASSIGN_OR_RETURN(const auto store, place_.open());
  for (const std::string& name : {name_, name_ + kAskedEnding}) {
    const Status removed = store->remove_file(name);
    if (!removed && removed.error().code != ErrorCode::not_found) return removed.error();
  }
  return ok();
}

}  // namespace trueup::store
