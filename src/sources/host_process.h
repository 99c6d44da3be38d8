// Does LEDMatrix's web process run? While it does it rewrites plugin_state.json from memory. What cannot be told is
// unknown, which everybody must take for "runs".
#pragma once

#include <string>
#include <vector>

#include "model/observation.h"
#include "platform/process_table.h"

namespace trueup::sources {

/// `root` and `real_root` are the installation's absolute path as given and with all links followed.
model::Tristate web_process_runs(const platform::ProcessTable& processes, const std::string& root,
                                 const std::string& real_root);

}  // namespace trueup::sources
