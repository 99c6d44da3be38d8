// Where a document really lies: the directory that holds the file itself, links followed, and its name there.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/site.h"
#include "model/step.h"
#include "platform/file_system.h"

namespace trueup::engine {

struct DocumentPlace {
  std::unique_ptr<platform::WritableDirectory> directory;
  std::string name;
  platform::FileAttributes if_new;  // of a document that is not there
};

enum class MissingParent { make, error };

/// A linked file is edited where it lies; a link that leads nowhere is refused. A missing data directory is made where
/// that is asked for, since LEDMatrix makes it too; a missing config directory never is.
Result<DocumentPlace> place_of(Site& site, model::DocumentName document, MissingParent parent);

}  // namespace trueup::engine
