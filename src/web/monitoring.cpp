#include "web/monitoring.h"

#include <utility>

#include "service/metrics.h"

namespace trueup::web {
namespace {

constexpr const char* kPrometheus = "text/plain; version=0.0.4; charset=utf-8";

Response never_kept(Response response) {
  response.set("cache-control", "no-store");
  return response;
}

Response health(const service::Health& health) {
  return never_kept({.status = health.good ? 200 : 503, .body = health.says + "\n"});
}

}  // namespace

bool is_monitoring(const Request& request) {
  if (request.segments.size() != 1) return false;
  const std::string& name = request.segments.front();
  return name == "metrics" || name == "healthz" || name == "readyz";
}

std::optional<Response> answer_monitoring(const Request& request, const service::Snapshot& snapshot,
                                          const platform::ProcessCost& cost) {
  if (!is_monitoring(request) || changes(request.method)) return std::nullopt;
  const std::string& name = request.segments.front();
  if (name == "metrics") return never_kept({.content_type = kPrometheus, .body = service::metrics(snapshot, cost)});
  if (name == "healthz") return health(service::liveness(snapshot));
  return health(service::readiness(snapshot));
}

}  // namespace trueup::web
