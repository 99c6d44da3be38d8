// The parts of a form that carries files, multipart/form-data as browsers and programs send it. Hostile: what is not
// exactly such a form is refused, and names of files are texts that lead nowhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/envelope.h"
#include "web/http.h"

namespace trueup::web {

struct FormPart {
  std::string name;
  std::optional<std::string> filename;  // of a file, as the sender calls it
  std::string type;                     // "image/png", in lower case; empty: nothing is said
  std::string_view body;                // of the request's
  bool operator==(const FormPart&) const = default;
};

/// Requires: `request` outlives what is returned. Error: 415, it is no such form; 400.
tl::expected<std::vector<FormPart>, ApiError> parse_multipart(const Request& request);

}  // namespace trueup::web
