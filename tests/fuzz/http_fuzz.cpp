// What comes over a connection, in pieces as it may come: whatever it is, it ends in requests or in one refusal, every
// answer is written, and nothing grows without end.
// links: web service engine host store ledger sources platform planner model json base
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "web/body.h"
#include "web/connection.h"
#include "web/guard.h"
#include "web/router.h"
#include "web/web_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trueup::web;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  static const Router router = [] {
    Router made;
    made.add(Method::get, "/api/v3/plugins/operation/{id}");
    made.add(Method::get, "/static/{rest...}");
    return made;
  }();
  const std::size_t piece = 1U + data[0];
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the fuzzer's interface
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Connection connection;
  while (!bytes.empty() && connection.phase() != Connection::Phase::closing) {
    connection.receive(bytes.substr(0, piece));
    if (const auto question = connection.take_question()) {
      if (!question->body.empty()) std::abort();
      if (refuse(*question, {})) {
        connection.refuse(403, "no");
        break;
      }
      connection.admit();
    }
    using namespace trueup::limits;  // NOLINT(google-build-using-namespace)
    if (connection.held().requests > kMaxRequestBodyBytes + 2 * kMaxRequestHeaderBytes) std::abort();
    bytes.remove_prefix(bytes.size() < piece ? bytes.size() : piece);
    while (const auto request = connection.next_request()) {
      if (request->body.size() > trueup::limits::kMaxRequestBodyBytes) std::abort();
      for (const std::string& segment : request->segments) {
        if (segment.empty() || segment == "." || segment == ".." || segment.find('/') != std::string::npos)
          std::abort();
      }
      (void)refuse(*request, {});
      (void)router.find(request->method, request->segments);
      const auto body = Body::read(*request, Accepts::json_or_form);
      if (body) (void)body->text("plugin_id");
      connection.answer(body ? Response{.body = "ok"} : failure(body.error()));
    }
    connection.written(connection.output().size());
  }
  return 0;
}
