// One address of the API or of the page, as a value: its method, its pattern, and the function that answers it. The
// function sees one moment of the installation and does nothing itself: what has to be done it hands back.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "web/backend.h"
#include "web/http.h"
#include "web/operation.h"
#include "web/router.h"

namespace trueup::web {

/// What a page says of its reader.
struct Reader {
  bool has_session = false;          // who can log out
  std::vector<std::string> trusted;  // networks that need no login
};

struct Call {
  const Request& request;
  const Arguments& arguments;
  const Knowledge& knowledge;
  const Reader& reader;
  std::shared_ptr<const Request> kept;  // the request, for what outlives the call and must not copy it
};

/// What reads the installation or trueup's own files, and ends in an answer. Done where it may block.
struct Work {
  std::function<Response(engine::World& world)> run;
};

/// A change: an operation of the daemon.
struct Submission {
  service::OperationRequest request;
  /// From what came of it, and what is known then, to the answer; empty: its number is the answer, at once.
  std::function<Response(const Outcome& outcome, const Knowledge& knowledge)> answer = {};
  /// The answer when it failed; empty: the one that errors have everywhere.
  std::function<Response(const Error& error)> refusal = {};
};

/// Told of a request that did not become an operation. Where it may block.
using Unwanted = std::function<void(engine::World& world, const service::OperationRequest& request)>;

/// A change for which something has to lie on the disk first. Where it may block.
struct Staging {
  /// Before the first one of a program: what an earlier run left, which nobody wants any more.
  std::function<void(engine::World& world)> tidy;
  std::function<std::variant<Submission, Response>(engine::World& world)> run;
  Unwanted take_back;
};

/// An operation that is not wanted any more.
struct Cancellation {
  std::int64_t id = 0;
};

/// Nothing that is known counts any more: it is all looked at anew, and then answered.
struct Check {
  Response (*answer)(const Knowledge& knowledge) = nullptr;
};

using Answer = std::variant<Response, Work, Submission, Staging, Cancellation, Check>;

struct Endpoint {
  Method method = Method::get;
  std::string_view pattern;
  Answer (*handle)(const Call& call) = nullptr;
};

/// The tables, one a file under web/api.
std::vector<Endpoint> plugin_endpoints();    // /api/v3: what is installed, switched, installed, removed
std::vector<Endpoint> settings_endpoints();  // /api/v3: settings, schemas, config files
std::vector<Endpoint> record_endpoints();    // /api/v3: state, reconciliation, operations
std::vector<Endpoint> measure_endpoints();   // /api/v3: health, metrics, limits
std::vector<Endpoint> store_endpoints();     // /api/v3: the registry
std::vector<Endpoint> update_endpoints();    // /api/v3 and our own: newer versions
std::vector<Endpoint> file_endpoints();      // /api/v3: files of plugins
std::vector<Endpoint> picture_endpoints();   // /api/v3: pictures that the owner uploads
std::vector<Endpoint> stream_endpoints();    // /api/v3: what the display and its machine do
/// 501 for what other parts of LEDMatrix do; nothing for any other path.
std::optional<Response> answer_elsewhere(const std::vector<std::string>& segments);
std::vector<Endpoint> own_endpoints();   // /api/trueup/v1
std::vector<Endpoint> page_endpoints();  // the page and its parts

}  // namespace trueup::web
