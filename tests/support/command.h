// Runs a program as a person or a service would and returns everything it said.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace trueup::test {

struct CommandOptions {
  std::vector<std::pair<std::string, std::string>> environment = {};  // added to ours
  std::filesystem::path directory = {};                               // empty: where the test runs
  std::string input = {};
  std::chrono::milliseconds timeout{60'000};
};

struct CommandResult {
  int exit_status = -1;  // -1 when it was ended by a signal or by the timeout
  int signal = 0;
  bool timed_out = false;
  std::string output;
  std::string errors;

  bool operator==(const CommandResult&) const = default;
};

/// Runs `arguments` (the first is the program, looked up in PATH) in a process group of its own, and waits for it.
/// After `timeout` the whole group is killed. A program that cannot be started gives exit status 127.
CommandResult run_command(const std::vector<std::string>& arguments, const CommandOptions& options = {});

}  // namespace trueup::test
