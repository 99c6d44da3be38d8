// /metrics, /healthz and /readyz: what programs that watch over machines ask, in the forms that they expect. Answered
// from what the daemon knows already: no question makes anything look (failure F58).
#pragma once

#include <optional>

#include "platform/own_process.h"
#include "service/snapshot.h"
#include "web/http.h"

namespace trueup::web {

bool is_monitoring(const Request& request);

/// Nothing: it is another address.
std::optional<Response> answer_monitoring(const Request& request, const service::Snapshot& snapshot,
                                          const platform::ProcessCost& cost);

}  // namespace trueup::web
