// From a request to its answer: who may ask, which handler, what is known, what has to be done. The one place through
// which every request goes, so that nothing can forget the guard or a header.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "web/backend.h"
#include "web/door.h"
#include "web/endpoint.h"
#include "web/router.h"
#include "web/server.h"

namespace trueup::web {

class WebApplication {
 public:
  /// Requires: all of them outlive it.
  WebApplication(Backend& backend, Logger& logger, Door& door);

  void answer(Request request, Respond respond);
  /// To somebody who may not ask this, whatever the body of the request says; nothing: he may.
  std::optional<Response> turn_away(const Request& head);

  /// Method and pattern of everything there is, for tests.
  [[nodiscard]] std::vector<std::pair<Method, std::string>> addresses() const;

 private:
  struct Cached {
    std::uint64_t version = 0;
    std::string etag;
    Response response;
    std::string packed;  // its body compressed; empty: it is not worth it
  };

  void route(Request request, const Reader& reader, const Respond& respond);
  std::optional<Response> forbid(const Request& request);
  void handle(const Endpoint& endpoint, const Call& call, const Respond& respond);
  static Response sent(const Request& request, const Cached& answer);
  void stage(Staging staging, const Respond& respond);
  void submit(Submission asked, const Respond& respond, const Unwanted& unwanted = {});

  Backend& backend_;
  Logger& logger_;
  Door& door_;
  Router router_;
  std::vector<Endpoint> endpoints_;
  bool is_tidy_ = false;                 // of what an earlier run was sent
  std::map<std::string, Cached> cache_;  // of answers that rest on nothing but what is known, by path and reader
};

}  // namespace trueup::web
