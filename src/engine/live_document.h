// One of the installation's documents as it stands now, for verbs that decide on its text. Half a file that another
// program is just writing is waited for, as every source does. Looks only.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "model/step.h"
#include "platform/clock.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// Nothing: there is no such file. Error: unreadable, or its outermost value is no object.
Result<std::optional<json::Document>> read_live_document(const platform::Directory& root, model::DocumentName name,
                                                         platform::Clock& clock);

/// What an observation must not repeat of the secrets file, and an edit there has to expect: the text that stands there
/// now takes the place of kNotShown.
Status expect_what_is_hidden(const platform::Directory& root, platform::Clock& clock,
                             std::vector<model::DocumentEdit>& edits);

}  // namespace trueup::engine
