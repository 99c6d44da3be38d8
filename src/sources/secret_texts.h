// Which values of a document are secret: one decision for everything that goes out, whatever it is.
#pragma once

#include <vector>

#include "json/value.h"
#include "model/document.h"

namespace trueup::sources {

/// Texts and numbers: all of the secrets file; of another document what lies under a name that tells of a secret, and
/// addresses that hold a password. They live as long as the document.
std::vector<json::Value> hidden_values(json::Value root, model::DocumentName document);

}  // namespace trueup::sources
