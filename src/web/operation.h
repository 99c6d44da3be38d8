// One thing that somebody asked for and that takes its time: done in its turn, and looked up by its number meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trueup::web {

struct OperationOrder {
  enum class Kind : std::uint8_t { install, uninstall } kind = Kind::install;
  std::string plugin_id;
  bool keep_settings = false;  // uninstall
  bool operator==(const OperationOrder&) const = default;
};

std::string_view to_string(OperationOrder::Kind kind);

struct Operation {
  enum class State : std::uint8_t { waiting, running, done, failed };
  std::int64_t id = 0;
  OperationOrder order;
  State state = State::waiting;
  std::string message;        // one sentence: what came of it, or what it does just now
  std::string error;          // why it failed
  std::int64_t asked_at = 0;  // wall clock, seconds since 1970; only shown
  std::int64_t ended_at = 0;
  bool operator==(const Operation&) const = default;
  [[nodiscard]] bool has_ended() const { return state == State::done || state == State::failed; }
};

/// As LEDMatrix calls it: "pending", "running", "completed", "failed".
std::string_view to_string(Operation::State state);

}  // namespace trueup::web
