// Everything the engine may touch, handed in by main() or by a test: the ports, where the installation lies, and
// what was said on the command line about the store. Nothing in the engine reaches for anything else.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "platform/child_program.h"
#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/process_table.h"
#include "platform/random.h"
#include "platform/service_manager.h"

namespace trueup::store {
class PluginSource;
}

namespace trueup::engine {

struct Unattended;

struct World {
  platform::FileSystem& file_system;
  platform::Clock& clock;
  platform::Random& random;
  const platform::ProcessTable& processes;
  platform::ServiceManager& services;
  Logger& logger;
  std::string root;                            // absolute path of the installation
  const store::PluginSource* store = nullptr;  // nothing: `--registry none`, missing plugins are then manual
  std::string display_cache = {};              // where LEDMatrix's display leaves its records; empty: the usual places
  bool is_root = false;                        // what is created gets an owner of its own only for root
  std::chrono::milliseconds lock_wait{10'000};
  std::function<void(std::string_view)> tell_of_wait = {};  // one sentence, before a wait of seconds; may be empty
  Unattended* unattended = nullptr;                         // of a pass that nobody asked for: what earlier ones saw
  std::function<bool()> stop_wanted = {};                   // asked between two steps; may be empty
  platform::RunChild run_child = {};                        // for pip; empty: this machine runs no programs
};

}  // namespace trueup::engine
