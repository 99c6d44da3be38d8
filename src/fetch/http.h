// One download over https: or from a file:, with every rule of where it may go to and how much may come.
//
// Redirects are followed here, one by one, so that each is judged anew: only https:, never from the public internet to
// an address that is not, at most a few. The address is checked when the socket is made, so no name that changes
// between two questions gets around it. Never resumes another version, never sends a token to anybody but GitHub.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "fetch/body.h"
#include "platform/clock.h"
#include "store/fetch_protocol.h"

namespace trueup::fetch {

using OnProgress = std::function<void(const store::FetchProgress&)>;

/// The certificates in `path`, which are trusted besides the system's; none for no path.
Result<std::string> read_ca_file(const std::string& path);

/// `trusted`: what read_ca_file() gave, read while the file could still be reached.
std::variant<store::GotAnswer, store::FetchFailure> get(const store::GetRequest& request, const std::string& trusted,
                                                        Body& body, const platform::Clock& clock,
                                                        const OnProgress& on_progress);

}  // namespace trueup::fetch
