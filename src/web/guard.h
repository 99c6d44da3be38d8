// Who may ask what (promise 9): decided on every request before anything else looks at it. Pure.
//
// Without a login only this machine itself is answered, and in any case only under a name that cannot be bent: a page
// of the internet whose name was made to point here (DNS rebinding) gives its own name in Host, and is refused; an
// address in numbers is nobody's name. A change is refused when anything says that a page of another origin sent it
// (failure F151). Who of those that may ask may do what is the door's (door.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace trueup::web {

struct GuardPolicy {
  std::vector<std::string> hosts;  // names by which the owner reaches this machine, besides localhost; lower case
  bool has_login = false;          // others than this machine may come in, by the door
  std::vector<platform::Network> trusted = {};  // who needs no login, because the owner says so
};

struct Refusal {
  int status = 403;
  std::string message;  // one sentence
  std::string advice;
  bool operator==(const Refusal&) const = default;
};

/// Nothing: it may pass.
std::optional<Refusal> refuse(const Request& request, const GuardPolicy& policy);

/// It came through a proxy, which says so.
bool is_forwarded(const Request& request);
/// From this machine itself, as far as can be told.
bool is_local(const Request& request);

/// The name without its port, in lower case; nothing when this is no host.
std::optional<std::string> host_name(std::string_view host);

/// Adds what every answer carries: what a browser must not do with it, and how long it may keep it.
void add_security_headers(Response& response);

}  // namespace trueup::web
