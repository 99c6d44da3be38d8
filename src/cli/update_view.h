// What `update` tells, one result for each plugin: for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "engine/update.h"

namespace trueup::cli {

std::string render_update(const engine::UpdateReport& report, const Terminal& terminal);
void write_update_json(const engine::UpdateReport& report, Sink& out);

}  // namespace trueup::cli
