#include "service/metrics.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace trueup::service {
namespace {

/// A value of a label: only what the format itself takes for something else has to be escaped.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

class Text {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void value(const std::string& labels, const std::string& number) {
    out_ +=
        labels.empty() ? fmt::format("{} {}\n", name_, number) : fmt::format("{}{{{}}} {}\n", name_, labels, number);
  }
  void one(std::string_view name, std::string_view type, std::string_view help, std::uint64_t number) {
    begin(name, type, help);
    value({}, std::to_string(number));
  }
  [[nodiscard]] std::string text() && { return std::move(out_); }

 private:
  std::string name_;
  std::string out_;
};

void add_findings(const Snapshot& snapshot, Text& text) {
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> counts;
  for (const auto& finding : snapshot.findings) {
    ++counts[{to_string(finding.inconsistency_type), to_string(finding.fix_action)}];
  }
  text.begin("trueup_findings", "gauge", "Findings that stand, as of the newest pass.");
  for (const auto& [key, count] : counts) {
    text.value(fmt::format("type=\"{}\",action=\"{}\"", escaped(key.first), escaped(key.second)),
               std::to_string(count));
  }
}

/// Left out before the first whole scan: unknown is not none.
void add_plugins(const Snapshot& snapshot, Text& text) {
  if (snapshot.catalogue == nullptr) return;
  const model::Catalogue& plugins = *snapshot.catalogue;
  text.one("trueup_plugins", "gauge", "Plugins that are installed, as of the newest whole look at their directory.",
           plugins.plugins().size());
  text.one("trueup_plugins_damaged", "gauge", "Names in the plugins directory with no usable plugin behind them.",
           plugins.damaged().size());
  text.one("trueup_display_modes_contested", "gauge", "Display modes that more than one plugin provides.",
           plugins.mode_conflicts().size());
}

void add_operations(const Snapshot& snapshot, Text& text) {
  std::map<std::string_view, std::uint64_t> counts;
  for (const auto& operation : snapshot.operations) ++counts[to_string(operation.state)];
  text.begin("trueup_operations", "gauge", "Operations that are remembered, by state.");
  for (const auto& [state, count] : counts) {
    text.value(fmt::format("state=\"{}\"", state), std::to_string(count));
  }
}

}  // namespace

std::string metrics(const Snapshot& snapshot, const platform::ProcessCost& cost) {
  const Counters& counters = snapshot.counters;
  Text text;
  text.one("trueup_healthy", "gauge", "Whether the newest pass came to its end.", snapshot.is_healthy() ? 1 : 0);
  add_plugins(snapshot, text);
  add_findings(snapshot, text);
  text.one("trueup_fights", "gauge", "Repairs that another program keeps undoing.",
           static_cast<std::uint64_t>(
               std::ranges::count(snapshot.findings, model::kFoughtOver, &model::Inconsistency::reason)));
  text.one("trueup_gates_closed", "gauge", "Reasons why something waits.", snapshot.gates.size());
  text.one("trueup_unwatched", "gauge", "Places that cannot be watched.", snapshot.blind.size());
  text.one("trueup_queue_length", "gauge", "What waits to be looked at or done.", snapshot.waiting);
  add_operations(snapshot, text);
  text.one("trueup_passes_total", "counter", "Passes since the start.", counters.passes);
  text.one("trueup_passes_failed_total", "counter", "Of these, that failed.", counters.passes_failed);
  text.begin("trueup_pass_duration_seconds", "summary", "How long passes took.");
  // A summary's lines have names of their own.
  std::string out = std::move(text).text();
  out += fmt::format("trueup_pass_duration_seconds_sum {:.6f}\n",
                     std::chrono::duration<double>(counters.passes_took).count());
  out += fmt::format("trueup_pass_duration_seconds_count {}\n", counters.passes);
  Text rest;
  rest.one("trueup_repairs_total", "counter", "Repairs that were made.", counters.repairs_done);
  rest.one("trueup_repairs_failed_total", "counter", "Repairs that failed.", counters.repairs_failed);
  rest.one("trueup_commands_total", "counter", "Commands done for the command line.", counters.commands);
  rest.one("trueup_events_total", "counter", "Times that watching had something to tell.", counters.events);
  if (cost.anonymous_bytes) {
    rest.one("trueup_memory_anonymous_bytes", "gauge", "Memory of this process alone.", *cost.anonymous_bytes);
  }
  if (cost.resident_bytes) {
    rest.one("trueup_memory_resident_bytes", "gauge", "Memory in use, shared included.", *cost.resident_bytes);
  }
  if (cost.written_bytes) {
    rest.one("trueup_written_bytes_total", "counter", "Bytes that were sent to the disk.", *cost.written_bytes);
  }
  return out + std::move(rest).text();
}

Health liveness(const Snapshot& snapshot) {
  if (snapshot.phase == Phase::stopping) return {.good = false, .says = "it is about to end"};
  return {.good = true, .says = "it works"};
}

Health readiness(const Snapshot& snapshot) {
  if (snapshot.phase != Phase::ready || !snapshot.has_looked) {
    return {.good = false, .says = "it has not looked at the installation yet"};
  }
  if (snapshot.problem) return {.good = false, .says = "the newest pass failed: " + snapshot.problem->text()};
  return {.good = true, .says = "what it says is as of the newest change"};
}

}  // namespace trueup::service
