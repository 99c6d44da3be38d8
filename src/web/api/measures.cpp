// /api/v3/plugins: health, metrics and limits, as the display tells them in LEDMatrix's shared cache. Read only:
// whoever sets them anew is LEDMatrix. What the display does not tell is left out, and is never zero.
#include <fmt/core.h>

#include <array>
#include <cmath>

#include "sources/display_record.h"
#include "web/api/common.h"

namespace trueup::web {
namespace {

using sources::read_display_record;

/// The payload of a record of one plugin; nothing: the display does not tell it, or not in a way that can be read.
std::optional<json::Document> record_of(const engine::World& world, std::string_view kind, const std::string& id) {
  auto record = read_display_record(world.file_system, world.display_cache, fmt::format("{}:{}", kind, id));
  if (!record) return std::nullopt;
  return std::move(*record);
}

std::optional<double> number_in(const std::optional<json::Document>& record, std::string_view name) {
  if (!record) return std::nullopt;
  const auto field = record->root().find("data")->find(name);
  const auto number = field ? field->number() : std::nullopt;
  return number && std::isfinite(*number) ? number : std::nullopt;
}

void write_number(json::Writer& out, std::string_view name, std::optional<double> number) {
  constexpr double kExact = 9e15;  // up to there whole numbers are whole
  if (!number) return;
  out.key(name);
  if (std::trunc(*number) == *number && std::abs(*number) < kExact) {
    out.integer(static_cast<std::int64_t>(*number));
  } else {
    out.number(*number);
  }
}

template <std::size_t kCount>
void write_numbers(json::Writer& out, const std::optional<json::Document>& record,
                   const std::array<std::string_view, kCount>& names) {
  for (const std::string_view name : names) write_number(out, name, number_in(record, name));
}

constexpr std::array<std::string_view, 3> kLimits{"max_memory_mb", "max_cpu_percent", "max_execution_time"};

void write_limits(json::Writer& out, const std::optional<json::Document>& limits) {
  constexpr double kUsualThreshold = 0.8;
  out.begin_object();
  write_numbers(out, limits, kLimits);
  write_number(out, "warning_threshold", number_in(limits, "warning_threshold").value_or(kUsualThreshold));
  out.end_object();
}

void write_usage(json::Writer& out, std::string_view name, std::optional<double> used, std::optional<double> most) {
  constexpr double kPercent = 100;
  if (used && most && *most > 0) write_number(out, name, *used / *most * kPercent);
}

void write_metrics(json::Writer& out, const engine::World& world, const std::string& id) {
  const auto metrics = record_of(world, "plugin_metrics", id);
  const auto limits = record_of(world, "plugin_limits", id);
  out.begin_object().key("plugin_id").string(id);
  write_numbers(out, metrics,
                std::array<std::string_view, 7>{"memory_mb", "cpu_percent", "execution_time", "min_execution_time",
                                                "max_execution_time", "call_count", "last_update_time"});
  const auto total = number_in(metrics, "total_execution_time");
  const auto count = number_in(metrics, "call_count");
  if (total && count && *count > 0) write_number(out, "avg_execution_time", *total / *count);
  if (metrics && limits) {
    out.key("limits");
    write_limits(out, limits);
    write_usage(out, "memory_usage_percent", number_in(metrics, "memory_mb"), number_in(limits, kLimits[0]));
    write_usage(out, "cpu_usage_percent", number_in(metrics, "cpu_percent"), number_in(limits, kLimits[1]));
    write_usage(out, "execution_time_usage_percent", number_in(metrics, "execution_time"),
                number_in(limits, kLimits[2]));
  }
  out.end_object();
}

/// The words come from what is known, where they were cleared of secrets; the counters from the record itself.
void write_health(json::Writer& out, const engine::World& world, const std::string& id,
                  const model::RuntimeFacts& facts) {
  const model::RunningPlugin* running = facts.find(id);
  const std::string problem = running == nullptr ? std::string() : running->problem;
  const std::string health = facts.health_of(id);
  const auto record = record_of(world, "plugin_health", id);
  const auto field = record ? record->root().find("data")->find("circuit_state") : std::nullopt;
  std::string circuit = field ? field->string().value_or("") : "";
  if (circuit != "open" && circuit != "half_open") circuit = problem.empty() ? "closed" : "open";
  out.begin_object().key("plugin_id").string(id).key("circuit_state").string(circuit);
  out.key("is_healthy").boolean(circuit == "closed").key("last_error");
  if (problem.empty()) {
    out.null();
  } else {
    out.string(problem);
  }
  out.key("degraded").boolean(!health.empty()).key("degraded_reason");
  if (health.empty()) {
    out.null();
  } else {
    out.string(health);
  }
  write_numbers(
      out, record,
      std::array<std::string_view, 7>{"consecutive_failures", "total_failures", "total_successes", "last_success_time",
                                      "last_failure_time", "circuit_opened_time", "half_open_start_time"});
  const auto good = number_in(record, "total_successes");
  const auto bad = number_in(record, "total_failures");
  constexpr double kPercent = 100;
  if (good && bad && *good + *bad > 0) write_number(out, "success_rate", *good / (*good + *bad) * kPercent);
  out.end_object();
}

std::vector<std::string> installed_ids(const Knowledge& knowledge) {
  std::vector<std::string> ids;
  for (const planner::RosterEntry& one : knowledge.roster) {
    if (!one.directory.empty()) ids.push_back(one.id);
  }
  return ids;
}

/// The id of the path, which is a plugin's.
tl::expected<std::string, ApiError> plugin_of(const Call& call) {
  auto id = plugin_id_of(call.arguments.front());
  if (!id || call.knowledge.plugin(*id) != nullptr) return id;
  return tl::unexpected(
      api_error({.code = ErrorCode::not_found, .message = fmt::format("there is no plugin `{}`", *id), .where = *id}));
}

Answer health(const Call& call) {
  const bool tells = call.knowledge.observation.reading(model::Source::runtime).verdict == model::Verdict::complete;
  if (!tells) return success("{}", "the display does not tell what it runs");
  return Work{.run = [facts = call.knowledge.observation.runtime](engine::World& world) {
    json::Writer out;
    out.begin_object();
    for (const model::RunningPlugin& one : facts.plugins) {
      out.key(one.id);
      write_health(out, world, one.id, facts);
    }
    out.end_object();
    return success(std::move(out).text());
  }};
}

Answer health_of_one(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_of(call));
  return Work{.run = [id = std::move(id), facts = call.knowledge.observation.runtime](engine::World& world) {
    json::Writer out;
    write_health(out, world, id, facts);
    return success(std::move(out).text());
  }};
}

Answer metrics(const Call& call) {
  return Work{.run = [ids = installed_ids(call.knowledge)](engine::World& world) {
    json::Writer out;
    bool tells = false;
    out.begin_object();
    for (const std::string& id : ids) {
      if (!record_of(world, "plugin_metrics", id)) continue;
      tells = true;
      out.key(id);
      write_metrics(out, world, id);
    }
    out.end_object();
    return success(std::move(out).text(), tells ? "" : "the display does not tell what its plugins take");
  }};
}

Answer metrics_of_one(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_of(call));
  return Work{.run = [id = std::move(id)](engine::World& world) {
    json::Writer out;
    write_metrics(out, world, id);
    const bool tells = record_of(world, "plugin_metrics", id).has_value();
    return success(std::move(out).text(), tells ? "" : "the display does not tell what it takes");
  }};
}

Answer limits_of_one(const Call& call) {
  API_ASSIGN_OR_RETURN(std::string id, plugin_of(call));
  return Work{.run = [id = std::move(id)](engine::World& world) {
    const auto limits = record_of(world, "plugin_limits", id);
    if (!limits) return success("null", "no limits are set for it");
    json::Writer out;
    write_limits(out, limits);
    return success(std::move(out).text());
  }};
}

}  // namespace

std::vector<Endpoint> measure_endpoints() {
  return {{Method::get, "/api/v3/plugins/health", health},
          {Method::get, "/api/v3/plugins/health/{id}", health_of_one},
          {Method::get, "/api/v3/plugins/metrics", metrics},
          {Method::get, "/api/v3/plugins/metrics/{id}", metrics_of_one},
          {Method::get, "/api/v3/plugins/limits/{id}", limits_of_one}};
}

}  // namespace trueup::web
