// What `update` and `install --from` tell, one result for each plugin: for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "engine/update.h"

namespace trueup::cli {

/// What was done is called `done`: "updated", "installed".
std::string render_results(const engine::UpdateReport& report, std::string_view done, const Terminal& terminal);
void write_results_json(const engine::UpdateReport& report, std::string_view verb, std::string_view done, Sink& out);

}  // namespace trueup::cli
