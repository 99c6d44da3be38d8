// Which network this machine is in, as far as that can be told without asking anybody: what failed in another one may
// be tried again at once.
//
// It is told by the routes and by the machine's own addresses. Two networks that give it the very same ones are one to
// it, as two houses with the same router may; then a wait ends by its time, or by `--retry`.
#pragma once

#include <string>
#include <string_view>

#include "platform/file_system.h"

namespace trueup::store {

/// A fingerprint; empty: no way leads out, or this system does not tell.
std::string network_identity(const platform::FileSystem& disk);

/// The same from the texts of /proc/net/route, /proc/net/ipv6_route and /proc/net/fib_trie. Pure.
std::string network_identity(std::string_view routes, std::string_view routes_of_version_6, std::string_view addresses);

}  // namespace trueup::store
