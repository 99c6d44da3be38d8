// One run of pip as a child program, and what it said. Decides nothing: neither whether to run it nor what follows.
#pragma once

#include <string>

#include "engine/site.h"
#include "engine/world.h"
#include "model/observation.h"

namespace trueup::engine {

struct PipEnd {
  bool well = false;
  bool stopped = false;     // trueup itself is to end: no failure of pip
  std::string why = {};     // one sentence where it did not end well
  std::string output = {};  // what it said, for a person to read, with the command and the end
};

/// The command is planner::pip_words(). It gets an environment of ours alone, works in `/`, and is killed with all that
/// it started when it takes too long, says too much, or trueup is to stop.
PipEnd run_pip(const World& world, const std::string& interpreter, const std::string& file);

/// `.trueup/pip/<plugin>.txt` takes the place of the one before, readable for nobody else; its path below the root.
Result<std::string> keep_output(Site& site, const std::string& plugin_id, const std::string& output);

}  // namespace trueup::engine
