// Which addresses lie in the public internet. Pure.
//
// What a registry or a redirect names must never make this machine talk to itself or to its neighbours (failure F148):
// the question is asked of the address that is really connected to, after names were resolved.
#pragma once

#include <string_view>

struct sockaddr;

namespace trueup::fetch {

/// False also for every kind of address that is not known.
bool is_public(const sockaddr& address);

/// Whether `host` of an address (an IPv6 one in brackets) is itself an address or a name of this machine, and not a
/// public one. For where somebody else, a proxy, resolves names.
bool names_private_host(std::string_view host);

/// Whether `host` is one of `list`, as the variable no_proxy has it: names and ends of names, separated by commas; "*"
/// for all.
bool is_listed(std::string_view host, std::string_view list);

}  // namespace trueup::fetch
