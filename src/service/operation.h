// One thing that somebody asked the daemon to do: a command line of `trueup`, done when its turn comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::service {

enum class OperationState : std::uint8_t { waiting, running, done, failed, cancelled, interrupted };

std::string_view to_string(OperationState state);

/// What is done just now.
struct Doing {
  std::string says;            // a few words
  std::optional<int> percent;  // of it that is done, from 0 to 100; nothing: that cannot be told
  bool operator==(const Doing&) const = default;
};

struct OperationRequest {
  std::vector<std::string> words;    // behind `trueup`, such as {"install", "clock"}
  std::string plugin_id;             // on which no two are at work; empty: the whole installation
  std::optional<std::string> input;  // what the command reads from standard input: a value that may be secret
  bool operator==(const OperationRequest&) const = default;
};

struct Operation {
  std::int64_t id = 0;
  OperationRequest request;  // `input` is forgotten when it has ended
  OperationState state = OperationState::waiting;
  std::string progress;             // what it does just now, a few words
  std::optional<int> percent = {};  // how far that is
  bool stop_wanted = false;         // it ends before its next step
  int exit_status = 0;              // as the command line would give it
  std::string output;               // what it said: one JSON object
  std::string errors;               // and what went wrong, for people
  std::int64_t asked_at = 0;        // wall clock, seconds since 1970; only shown
  std::int64_t ended_at = 0;        // the same; 0: it has not
  bool operator==(const Operation&) const = default;
  [[nodiscard]] bool has_ended() const { return state != OperationState::waiting && state != OperationState::running; }
};

}  // namespace trueup::service
