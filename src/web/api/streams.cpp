// /api/v3/stream: how the display's machine is, what it shows and what its services log, as events without
// a name (display_feed.h, log_feed.h).
#include "web/api/common.h"

namespace trueup::web {
namespace {

Response stream_of(Topic topic) {
  Response response{.content_type = "text/event-stream", .headers = {}, .body = {}, .is_event_stream = true};
  response.topic = topic;
  response.body = "retry: 2000\n\n";
  response.set("cache-control", "no-store");
  return response;
}

Answer stats(const Call&) { return stream_of(Topic::stats); }
Answer picture(const Call&) { return stream_of(Topic::picture); }
Answer logs(const Call&) { return stream_of(Topic::logs); }

}  // namespace

std::vector<Endpoint> stream_endpoints() {
  return {{Method::get, "/api/v3/stream/stats", stats},
          {Method::get, "/api/v3/stream/display", picture},
          {Method::get, "/api/v3/stream/logs", logs}};
}

}  // namespace trueup::web
