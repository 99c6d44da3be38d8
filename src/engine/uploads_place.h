// Where the pictures of a plugin lie, and where those are kept that were taken away: opened for the steps that move and
// note them. No link is passed on the way (failure F144).
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/site.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// "assets/plugins/<id>/uploads"
std::string uploads_path(const std::string& plugin_id);

/// Error: not_found; refused, a link stands in the way.
Result<std::unique_ptr<platform::WritableDirectory>> open_uploads(Site& site, const std::string& plugin_id);

/// The same, made as far as it is missing.
Result<std::unique_ptr<platform::WritableDirectory>> make_uploads(Site& site, const std::string& plugin_id);

/// `.trueup/pictures`, made when it is first needed.
Result<std::unique_ptr<platform::WritableDirectory>> pictures_aside(Site& site);

}  // namespace trueup::engine
