// Sections of config.json or the secrets file that go as a whole: for uninstall and `config purge`.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/step.h"
#include "platform/clock.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// Adds the removal of the top-level members `names` as they stand in the file now. A file that is not there has none.
Status remove_sections(const platform::Directory& root, platform::Clock& clock, model::DocumentName document,
                       const std::vector<std::string>& names, std::vector<model::DocumentEdit>& edits);

}  // namespace trueup::engine
