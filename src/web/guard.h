// Who may ask what (promise 9): decided on every request before anything else looks at it. Pure.
//
// Without a login, which this version has none of, only this machine itself is answered, under a name that cannot be
// bent: a page of the internet whose name was made to point here (DNS rebinding) gives its own name in Host, and is
// refused. A change is refused when anything says that a page of another origin sent it (failure F151).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace trueup::web {

struct GuardPolicy {
  std::vector<std::string> hosts;  // names by which the owner reaches this machine, besides localhost; lower case
};

struct Refusal {
  int status = 403;
  std::string message;  // one sentence
  std::string advice;
  bool operator==(const Refusal&) const = default;
};

/// Nothing: it may pass.
std::optional<Refusal> refuse(const Request& request, const GuardPolicy& policy);

/// The name without its port, in lower case; nothing when this is no host.
std::optional<std::string> host_name(std::string_view host);

/// Adds what every answer carries: what a browser must not do with it, and how long it may keep it.
void add_security_headers(Response& response);

}  // namespace trueup::web
