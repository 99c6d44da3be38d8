#include "web/etag.h"

#include "base/digest.h"
#include "web/ascii.h"

namespace trueup::web {

std::string etag_of(std::string_view body) { return '"' + fingerprint_hex(body) + '"'; }

bool names_tag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const auto comma = if_none_match.find(',');
    std::string_view one = trimmed_ascii(if_none_match.substr(0, comma));
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag) return true;
    if (comma == std::string_view::npos) return false;
    if_none_match.remove_prefix(comma + 1);
  }
  return false;
}

Response tagged(const Request& request, Response response, const std::string& etag) {
  response.set("etag", etag);
  response.set("cache-control", "private, no-cache");
  if (const auto known = request.header("if-none-match"); known && names_tag(*known, etag)) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

}  // namespace trueup::web
