// What counts as a picture that an owner may upload for a plugin: decided by its name, its bytes, and what the plugin's
// schema allows. Pure. The name is what a stranger's browser says of it, and never becomes a path.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "json/value.h"

namespace trueup::model {

/// "image/png" of "a.PNG"; empty: that is no picture.
std::string_view picture_type(std::string_view name);

/// ".png" of "a.PNG": the ending that a stored file gets. Requires: picture_type(name) is not empty.
std::string picture_ending(std::string_view name);

/// A name that a stored picture may have: one component of a path, not hidden, with the ending of a picture.
bool is_picture_file(std::string_view name);

/// What the schema allows of uploads, the strictest of each where nothing tells fields apart.
struct PictureRules {
  std::size_t most_bytes = limits::kMaxPictureBytes;  // of one
  std::size_t most = limits::kMaxPictures;            // of the plugin
  std::vector<std::string> types = {};                // "image/png"; empty: all that there are
  bool operator==(const PictureRules&) const = default;
};

/// Out of the `x-upload-config` of every setting that is uploaded, at any depth. What is written there and means
/// nothing counts as not written; a schema can only be stricter than trueup.
PictureRules picture_rules(const std::optional<json::Value>& schema);

/// Error: invalid, why it is none that may be uploaded.
Status check_picture(std::string_view name, std::string_view bytes, const PictureRules& rules);

/// "1b4e28ba-2fa1-41d2-883f-0016d3cca427" of 32 hexadecimal digits or more.
std::string picture_id(std::string_view hex);

}  // namespace trueup::model
