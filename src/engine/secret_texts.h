// What must not stand in a text that goes out: a report, a log.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/document.h"
#include "model/observation.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// The texts among what sources::hidden_values names in `document`. None where there is no such
/// file. Error: it could not be read, so what is secret is not known.
Result<std::vector<std::string>> secret_texts(const platform::Directory& root, model::DocumentName document);

/// The texts of config.json that only the plugins' schemas tell to be secret. None where the file cannot be read.
std::vector<std::string> secret_texts_by_schemas(const platform::Directory& root,
                                                 const platform::FileSystem& file_system,
                                                 const model::Observation& observation);

}  // namespace trueup::engine
