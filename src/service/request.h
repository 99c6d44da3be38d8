// What somebody may ask the daemon over its socket, as a value and as JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "service/operation.h"

namespace trueup::service {

enum class Ask : std::uint8_t {
  command,   // do this command line, and say what it says while it is done
  snapshot,  // what is known now
  follow,    // the same, and again with every change
  submit,    // an operation
  cancel,    // an operation
  metrics,   // in Prometheus' text format
};

std::string_view to_string(Ask ask);

/// A command line of another process, with all of that process that the command may depend on.
struct CommandRequest {
  std::vector<std::string> words;  // behind `trueup`
  std::string working_directory;
  std::map<std::string, std::string> environment;  // the variables that trueup reads
  std::optional<std::string> input;                // what it reads from standard input
  bool interactive = false;                        // what standard output can show
  bool colours = false;
  std::int64_t columns = 80;
  std::int64_t rows = 24;
  bool tells_all = false;                  // repairs that went well are logged too
  std::chrono::milliseconds wait{10'000};  // for its turn
  bool operator==(const CommandRequest&) const = default;
};

struct Request {
  Ask ask = Ask::snapshot;
  std::string version;  // of the trueup that asks
  CommandRequest command;
  OperationRequest operation;
  std::int64_t id = 0;  // cancel
  bool operator==(const Request&) const = default;
};

std::string encode(const Request& request);
/// Error: invalid.
Result<Request> decode_request(std::string bytes);

std::string encode(const Error& error);
/// What is no error of ours is an error as well.
Error decode_error(std::string bytes);

}  // namespace trueup::service
