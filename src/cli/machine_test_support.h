// The machine of a daemon whose installation lies on a disk in memory. Nothing is real but the code. For tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/verbs.h"
#include "platform/environment.h"
#include "platform/input.h"
#include "platform/worker.h"

namespace trueup::cli {

/// Does a job as soon as it is given.
class InlineWorker final : public platform::Worker {
 public:
  void start(platform::Job job) override { job(); }
};

class NoEnvironment final : public platform::Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string&) const override { return std::nullopt; }
};

/// `Home`: the installation, with its `disk` and `ports`.
template <typename Home>
class MachineTest : public Home {
 protected:
  NoEnvironment environment;
  platform::GivenInput nothing{""};
  Machine machine{.file_system = this->disk,
                  .clock = this->ports.clock,
                  .random = this->ports.random,
                  .processes = this->ports.processes,
                  .services = this->ports.services,
                  .environment = environment,
                  .logger = this->ports.logger,
                  .input = nothing,
                  .working_directory = "/",
                  .zone = [](std::int64_t) { return std::int64_t{0}; },
                  .is_daemon = true};
};

}  // namespace trueup::cli
