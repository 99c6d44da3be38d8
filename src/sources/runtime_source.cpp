#include "sources/runtime_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/escape.h"
#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/documents.h"
#include "sources/read_file.h"
#include "sources/secret_texts.h"

namespace trueup::sources {
namespace {

using model::RunningPlugin;
using model::Source;
using model::Verdict;

constexpr double kUsualStaleAfter = 180;
constexpr double kShortestStaleAfter = 30;
constexpr double kLongestStaleAfter = 3600;

Error nonsense(std::string_view what) { return {.code = ErrorCode::unreadable, .message = std::string(what)}; }

/// The payload of a record of the cache.
Result<json::Value> payload_of(const json::Document& document) {
  const auto data = document.root().find("data");
  if (!data || !data->is_object()) return nonsense("it is no record of LEDMatrix's cache: it has no object `data`");
  return *data;
}

bool is_true(json::Value object, std::string_view key) {
  const auto member = object.find(key);
  return member && member->boolean().value_or(false);
}

double number_or(json::Value object, std::string_view key, double otherwise) {
  const auto member = object.find(key);
  const auto number = member ? member->number() : std::nullopt;
  return number && std::isfinite(*number) ? *number : otherwise;
}

std::int64_t integer_or_zero(json::Value object, std::string_view key) {
  const auto member = object.find(key);
  return member ? member->integer().value_or(0) : 0;
}

/// Long enough for any honest text, cut between two characters.
std::string cut_short(std::string text) {
  if (text.size() <= limits::kMaxRuntimeTextBytes) return text;
  std::size_t end = limits::kMaxRuntimeTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

/// What is hidden is hidden first: a secret that was cut or escaped would not be known again.
std::string told_text(json::Value object, std::string_view key, const SecretTexts& secrets) {
  std::string text = text_or_empty(object, key);
  if (!secrets) return text.empty() ? text : std::string(kNotShown);
  return cut_short(without_secrets(std::move(text), *secrets));
}

/// One word of LEDMatrix's own, which no secret is, however it reads.
std::string word(json::Value object, std::string_view key, const SecretTexts& secrets) {
  const std::string text = text_or_empty(object, key);
  constexpr std::array<std::string_view, 8> kStates{"unloaded", "loaded",   "enabled",   "running",
                                                    "error",    "disabled", "installed", "unknown"};
  return std::ranges::find(kStates, text) != kStates.end() ? text : told_text(object, key, secrets);
}

/// What LEDMatrix surely says has these types; another one says nothing (promise 1).
bool is_unclear(json::Value value) {
  if (!value.is_object()) return true;
  const auto loaded = value.find("loaded");
  const auto state = value.find("state");
  return !loaded || !loaded->boolean() || (state && !state->is_null() && !state->string());
}

RunningPlugin decode_plugin(std::string_view id, json::Value value, const SecretTexts& secrets) {
  if (is_unclear(value)) return {.id = std::string(id), .unclear = true};
  RunningPlugin plugin{.id = std::string(id),
                       .loaded = is_true(value, "loaded"),
                       .state = word(value, "state", secrets),
                       .version = told_text(value, "version", secrets)};
  const auto error = value.find("error");
  if (!error || !error->is_object()) return plugin;
  plugin.problem = told_text(*error, "message", secrets);
  if (plugin.problem.empty()) plugin.problem = told_text(*error, "type", secrets);
  return plugin;
}

model::SourceReading not_told(std::string path, std::string reason, std::string detail) {
  return {.source = Source::runtime,
          .verdict = Verdict::absent,
          .path = std::move(path),
          .reason = std::move(reason),
          .detail = std::move(detail)};
}

bool belongs_here(const platform::Process& process, const RuntimeInputs& inputs) {
  for (const std::string& root : {inputs.root, inputs.real_root}) {
    if (process.working_directory == root) return true;
    for (const std::string& argument : process.arguments) {
      if (argument.starts_with(root + "/")) return true;
    }
  }
  return false;
}

/// Why the snapshot tells nothing of this installation now; nothing when it does.
std::optional<model::SourceReading> reason_to_doubt(const RuntimeInputs& inputs, const RuntimeSnapshot& snapshot,
                                                    const std::string& path) {
  if (snapshot.schema != kRuntimeSchema) {
    return not_told(path, "unknown_schema",
                    fmt::format("LEDMatrix tells it in a way that is not known (schema {})", snapshot.schema));
  }
  if (!snapshot.running) return not_told(path, "stopped", "the display was stopped");
  const auto found =
      inputs.processes->select([&snapshot](const platform::Process& one) { return one.pid == snapshot.pid; });
  if (!found) return not_told(path, "cannot_tell", "whether the display still runs cannot be seen by this user");
  if (found->empty()) {
    return not_told(path, "stale", "the display that told what it runs has ended since");
  }
  // The usual places are one for the whole machine; a place that the owner names is this installation's.
  if (inputs.cache.empty() && !belongs_here(found->front(), inputs)) {
    return not_told(path, "other_installation", "the display that tells what it runs is not known to be this one's");
  }
  const double now = std::chrono::duration<double>(inputs.clock->wall_now().time_since_epoch()).count();
  if (std::abs(now - snapshot.published_at) <= snapshot.stale_after) return std::nullopt;
  if (snapshot.published_at > now) {
    return not_told(path, "from_the_future",
                    "what the display tells is of a time that is still to come, so nobody knows whether it is true "
                    "now: one of the two clocks was wrong, and it is known again when the display tells anew");
  }
  return not_told(path, "stale", "the display has not told what it runs for too long");
}

/// A display that has run since writes anew what fails, so an older record is of a time that has passed. One of a time
/// that is still to come has no known age.
bool is_of_now(const Health& health, const platform::Clock& clock, double started_at) {
  const double now = std::chrono::duration<double>(clock.wall_now().time_since_epoch()).count();
  if (health.written_at < started_at || health.written_at > now + kShortestStaleAfter) return false;
  return started_at > 0 && !health.held_back ? true : now - health.written_at <= kLongestStaleAfter;
}

/// Health records explain; one that cannot be read, or is not of now, explains nothing and spoils nothing.
std::string health_of(const platform::Directory& cache, const RuntimeInputs& inputs, const SecretTexts& secrets,
                      double started_at, const std::string& id) {
  auto file =
      cache.read(fmt::format("plugin_health:{}.json", id), limits::kMaxHealthRecordBytes, platform::Links::refuse);
  if (!file) return "";
  auto health = decode_health(std::move(file->bytes));
  if (!health || !is_of_now(*health, *inputs.clock, started_at)) return "";
  if (health->says.empty() || health->words.empty() || !secrets) return health->says;
  const std::string words = cut_short(without_secrets(std::move(health->words), *secrets));
  return fmt::format("{}: {}", health->says, escape_for_display(words));
}

void add_health(const platform::Directory& cache, const RuntimeInputs& inputs, const SecretTexts& secrets,
                double started_at, model::RuntimeFacts& facts) {
  for (RunningPlugin& plugin : facts.plugins) plugin.health = health_of(cache, inputs, secrets, started_at, plugin.id);
  for (const std::string& id : inputs.installed) {
    if (!model::PluginId::well_formed(id) || facts.find(id) != nullptr) continue;
    if (auto health = health_of(cache, inputs, secrets, started_at, id); !health.empty())
      facts.unlisted.push_back({id, std::move(health)});
  }
}

RuntimeReading read_cache(const RuntimeInputs& inputs, const platform::Directory& cache, const std::string& path) {
  RuntimeSnapshot snapshot;
  SecretTexts secrets;
  auto file = read_file(
      cache, {.source = Source::runtime, .path = std::string(kRuntimeSnapshotName), .limit = limits::kMaxRuntimeBytes},
      *inputs.clock, [&](std::string& bytes) -> Status {
        if (inputs.secrets) secrets = inputs.secrets();
        ASSIGN_OR_RETURN(snapshot, decode_runtime_snapshot(std::move(bytes), secrets));
        return ok();
      });
  RuntimeReading result{.reading = std::move(file.reading)};
  result.reading.path = path;
  // Not every user may read the cache; of that nothing is wrong with the installation.
  if (result.reading.reason == "permission") result.reading.verdict = Verdict::absent;
  if (result.reading.verdict != Verdict::complete) return result;
  if (auto doubt = reason_to_doubt(inputs, snapshot, path)) {
    result.reading = std::move(*doubt);
    return result;
  }
  result.facts.plugins = std::move(snapshot.plugins);
  add_health(cache, inputs, secrets, snapshot.started_at, result.facts);
  return result;
}

}  // namespace

Result<RuntimeSnapshot> decode_runtime_snapshot(std::string bytes, const SecretTexts& secrets) {
  ASSIGN_OR_RETURN(const json::Document document, parse_object(std::move(bytes)));
  ASSIGN_OR_RETURN(const json::Value data, payload_of(document));
  RuntimeSnapshot snapshot;
  snapshot.schema = integer_or_zero(data, "schema");
  if (snapshot.schema != kRuntimeSchema) return snapshot;
  snapshot.running = is_true(data, "running");
  snapshot.pid = integer_or_zero(data, "pid");
  snapshot.published_at = number_or(data, "published_at", 0);
  snapshot.started_at = number_or(data, "started_at", 0);
  snapshot.stale_after =
      std::clamp(number_or(data, "stale_after", kUsualStaleAfter), kShortestStaleAfter, kLongestStaleAfter);
  const auto plugins = data.find("plugins");
  if (!plugins || !plugins->is_object()) return nonsense("it has no object `plugins`");
  if (plugins->size() > limits::kMaxRuntimePlugins) {
    return nonsense(fmt::format("it lists more than {} plugins", limits::kMaxRuntimePlugins));
  }
  for (const json::Member member : plugins->members()) {
    if (!model::PluginId::well_formed(member.key)) continue;
    snapshot.plugins.push_back(decode_plugin(member.key, member.value, secrets));
  }
  std::ranges::sort(snapshot.plugins, {}, &RunningPlugin::id);
  return snapshot;
}

Result<Health> decode_health(std::string bytes) {
  ASSIGN_OR_RETURN(const json::Document document, parse_object(std::move(bytes)));
  ASSIGN_OR_RETURN(const json::Value data, payload_of(document));
  Health health{.says = {}, .words = text_or_empty(data, "last_error")};
  health.written_at = number_or(document.root(), "timestamp", 0);
  const std::string state = text_or_empty(data, "circuit_state");
  const bool held_back = state == "open" || state == "half_open";
  health.held_back = held_back;
  if (held_back) {
    const std::int64_t failures = integer_or_zero(data, "consecutive_failures");
    health.says = failures > 0 ? fmt::format("LEDMatrix holds it back after {} failures in a row", failures)
                               : std::string("LEDMatrix holds it back after failures");
  } else if (is_true(data, "degraded")) {
    health.says = "LEDMatrix calls it degraded";
  }
  std::string degraded = text_or_empty(data, "degraded_reason");
  if (!degraded.empty() && (!held_back || health.words.empty())) health.words = std::move(degraded);
  return health;
}

RuntimeReading read_runtime(const RuntimeInputs& inputs) {
  std::vector<std::string> places(kUsualRuntimePlaces.begin(), kUsualRuntimePlaces.end());
  if (!inputs.cache.empty()) places = {inputs.cache};
  for (const std::string& place : places) {
    const std::string path = fmt::format("{}/{}", place, kRuntimeSnapshotName);
    const auto cache = inputs.file_system->open_root_for_reading(place);
    if (!cache) {
      if (cache.error().code == ErrorCode::not_found) continue;
      return {.facts = {}, .reading = not_told(path, reason_of(cache.error()), cache.error().message)};
    }
    RuntimeReading result = read_cache(inputs, **cache, path);
    if (result.reading.verdict != Verdict::absent || result.reading.reason != "missing") return result;
  }
  return {.facts = {}, .reading = not_told({}, "not_published", "this LEDMatrix does not tell which plugins run")};
}

}  // namespace trueup::sources
