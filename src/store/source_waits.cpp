#include "store/source_waits.h"

#include <algorithm>
#include <utility>

#include "json/document.h"
#include "json/write.h"
#include "store/web_address.h"

namespace trueup::store {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst{2'000};
constexpr milliseconds kMost{300'000};
constexpr milliseconds kHourly{3'600'000};
constexpr std::int64_t kShortWaits = 8;  // of the growing kind: together about a quarter of an hour
constexpr std::int64_t kHourlyWaits = 24;
constexpr std::size_t kMostPlaces = 200;
constexpr std::size_t kMostWhy = 500;

std::int64_t now_ms(const platform::Clock& clock) {
  return std::chrono::duration_cast<milliseconds>(clock.boot_time()).count();
}

SourceWaits::iterator find(SourceWaits& waits, const std::string& place) {
  return std::find_if(waits.begin(), waits.end(), [&](const SourceWait& wait) { return wait.place == place; });
}

std::string text_under(const json::Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->string().value_or("") : std::string();
}

std::int64_t number_under(const json::Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value ? std::max<std::int64_t>(value->integer().value_or(0), 0) : 0;
}

}  // namespace

std::string encode(const SourceWaits& waits) {
  json::Writer out({.indent = 2});
  out.begin_object();
  out.key("schema").integer(1);
  out.key("waits").begin_array();
  for (const SourceWait& wait : waits) {
    out.begin_object();
    out.key("place").string(wait.place);
    out.key("failures").integer(wait.failures);
    out.key("boot_id").string(wait.boot_id);
    out.key("boot_time_ms").integer(wait.boot_time_ms);
    out.key("wait_ms").integer(wait.wait_ms);
    out.key("network").string(wait.network);
    out.key("why").string(wait.why);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).text() + "\n";
}

SourceWaits decode_source_waits(std::string text, milliseconds longest) {
  SourceWaits waits;
  const auto document = json::Document::parse(std::move(text));
  const auto list = document ? document->root().find("waits") : std::nullopt;
  if (!list) return waits;
  for (const json::Value value : list->elements()) {
    SourceWait wait{.place = text_under(value, "place"),
                    .failures = number_under(value, "failures"),
                    .boot_id = text_under(value, "boot_id"),
                    .boot_time_ms = number_under(value, "boot_time_ms"),
                    .wait_ms = std::min<std::int64_t>(number_under(value, "wait_ms"), longest.count()),
                    .network = text_under(value, "network"),
                    .why = text_under(value, "why")};
    if (wait.place.empty() || find(waits, wait.place) != waits.end()) continue;
    waits.push_back(std::move(wait));
    if (waits.size() == kMostPlaces) break;
  }
  std::sort(waits.begin(), waits.end(), [](const SourceWait& a, const SourceWait& b) { return a.place < b.place; });
  return waits;
}

milliseconds wait_after(std::int64_t failures, unsigned jitter) {
  milliseconds wait = kFirst;
  for (std::int64_t i = 1; i < std::min(failures, kShortWaits); ++i) wait = std::min(wait * 3, kMost);
  if (failures > kShortWaits) wait = kHourly;
  return wait + wait * std::min(jitter, 255U) / 1024;
}

milliseconds offer_wait_after(std::int64_t failures, unsigned jitter) {
  return failures > kShortWaits + kHourlyWaits ? kRests : wait_after(failures, jitter);
}

milliseconds heavy_wait_after(std::int64_t failures, unsigned jitter) {
  return offer_wait_after(failures + kShortWaits, jitter);
}

void note_failure(SourceWaits& waits, const std::string& place, std::string why, const WaitMoment& now,
                  WaitAfter wait_after) {
  if (place.empty()) return;
  auto wait = find(waits, place);
  if (wait == waits.end()) {
    if (waits.size() >= kMostPlaces) waits.erase(waits.begin());
    const auto behind =
        std::lower_bound(waits.begin(), waits.end(), place,
                         [](const SourceWait& one, const std::string& name) { return one.place < name; });
    wait = waits.insert(behind, SourceWait{.place = place});
  }
  ++wait->failures;
  wait->boot_id = now.clock.boot_id();
  wait->boot_time_ms = now_ms(now.clock);
  wait->wait_ms = wait_after(wait->failures, now.jitter).count();
  wait->network = now.network;
  if (why.size() > kMostWhy) why.resize(kMostWhy);
  wait->why = std::move(why);
}

bool note_answer(SourceWaits& waits, const std::string& place) {
  const auto wait = find(waits, place);
  if (wait == waits.end()) return false;
  waits.erase(wait);
  return true;
}

std::vector<Waiting> still_waiting(const SourceWaits& waits, const WaitMoment& now) {
  std::vector<Waiting> waiting;
  const std::int64_t time = now_ms(now.clock);
  for (const SourceWait& wait : waits) {
    const bool measurable = !wait.boot_id.empty() && wait.boot_id == now.clock.boot_id() && wait.boot_time_ms <= time;
    const bool elsewhere = !now.network.empty() && wait.network != now.network;  // without one there is nobody to ask
    const std::int64_t left = wait.boot_time_ms + wait.wait_ms - time;
    if (measurable && !elsewhere && left > 0)
      waiting.push_back({.place = wait.place, .why = wait.why, .left = milliseconds(left), .failures = wait.failures});
  }
  return waiting;
}

std::string place_of_archive(const model::RegistryEntry& entry) {
  const auto address = archive_of(entry);
  return address && address->scheme == WebAddress::Scheme::https ? address->place() : std::string();
}

}  // namespace trueup::store
