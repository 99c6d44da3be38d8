// Whether the one who asks has the answer already. Pure.
#pragma once

#include <string>
#include <string_view>

#include "web/http.h"

namespace trueup::web {

std::string etag_of(std::string_view body);

/// Of `If-None-Match`: a list of tags, weak ones too, or `*`.
bool names_tag(std::string_view if_none_match, std::string_view etag);

/// A 200 for `request` with its tag, to be asked for again before it is used; a 304 without a body where the request
/// names that tag.
Response tagged(const Request& request, Response response, const std::string& etag);

}  // namespace trueup::web
