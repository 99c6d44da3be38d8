// One address of the API or of the page, as a value: its method, its pattern, and the function that answers it. The
// function sees one moment of the installation and does nothing itself: what has to be done it hands back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "web/backend.h"
#include "web/http.h"
#include "web/router.h"

namespace trueup::web {

struct Call {
  const Request& request;
  const Arguments& arguments;
  const Knowledge& knowledge;
};

/// An operation that is asked for; the answer is its number.
struct Submission {
  OperationOrder order;
};

using Answer = std::variant<Response, Work, Submission>;

struct Endpoint {
  Method method = Method::get;
  std::string_view pattern;
  Answer (*handle)(const Call& call) = nullptr;
};

/// The tables, one a file under web/api.
std::vector<Endpoint> plugin_endpoints();    // /api/v3: what is installed, switched, installed, removed
std::vector<Endpoint> settings_endpoints();  // /api/v3: settings, schemas, config files
std::vector<Endpoint> record_endpoints();    // /api/v3: state, reconciliation, operations, health
std::vector<Endpoint> store_endpoints();     // /api/v3: the registry
/// 501 for what other parts of LEDMatrix do; nothing for any other path.
std::optional<Response> answer_elsewhere(const std::vector<std::string>& segments);
std::vector<Endpoint> own_endpoints();   // /api/trueup/v1
std::vector<Endpoint> page_endpoints();  // the page and its parts

}  // namespace trueup::web
