#include "web/application.h"

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "web/api/common.h"
#include "web/ascii.h"
#include "web/assets.h"
#include "web/compress.h"
#include "web/envelope.h"
#include "web/etag.h"
#include "web/monitoring.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::size_t kMostCached = 32;
constexpr std::size_t kWorthPacking = 1400;  // below, it is one packet either way

bool takes_gzip(const Request& request) {
  return request.header("accept-encoding").value_or("").find("gzip") != std::string_view::npos;
}

ApiError no_such_address(const Request& request) {
  ApiError error{.status = 404, .code = ApiCode::not_found, .message = "there is no such address"};
  error.context.emplace_back("path", json::quote(request.path));
  return error;
}

Response wrong_method(const std::vector<Method>& allowed) {
  Response response =
      failure({.status = 405, .code = ApiCode::method_not_allowed, .message = "this address is not used that way"});
  std::string list;
  for (const Method method : allowed) list += (list.empty() ? "" : ", ") + std::string(to_string(method));
  response.set("allow", list);
  return response;
}

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  return "image/svg+xml";
}

/// "/assets/<digest>/trueup.css": what is behind an address never changes.
std::optional<Response> answer_asset(const Request& request) {
  if (request.segments.size() != 3 || request.segments[0] != "assets" || changes(request.method)) return std::nullopt;
  const Asset* found = asset(request.segments[2]);
  if (found == nullptr || found->gzip.empty() || found->digest != request.segments[1]) return std::nullopt;
  Response response{.content_type = std::string(type_of(found->name))};
  response.set("cache-control", "public, max-age=31536000, immutable");
  response.set("vary", "accept-encoding");
  const bool packed = takes_gzip(request);
  if (packed) response.set("content-encoding", "gzip");
  response.body = packed ? found->gzip : found->bytes;
  return response;
}

Response refusal_of(const Refusal& refusal) {
  return failure(
      {.status = refusal.status,
       .code = ApiCode::permission_denied,
       .message = refusal.message,
       .suggested_fixes = refusal.advice.empty() ? std::vector<std::string>{} : std::vector{refusal.advice}});
}

bool may(const Visitor& visitor, const Request& request) {
  return visitor.may_read && (visitor.may_change || !changes(request.method));
}

}  // namespace

WebApplication::WebApplication(Backend& backend, Logger& logger, Door& door)
    : backend_(backend), logger_(logger), door_(door) {
  for (const auto& table : {plugin_endpoints(), settings_endpoints(), record_endpoints(), measure_endpoints(),
                            store_endpoints(), update_endpoints(), file_endpoints(), picture_endpoints(),
                            stream_endpoints(), own_endpoints(), page_endpoints()}) {
    for (const Endpoint& endpoint : table) {
      router_.add(endpoint.method, endpoint.pattern);
      endpoints_.push_back(endpoint);
    }
  }
}

std::vector<std::pair<Method, std::string>> WebApplication::addresses() const {
  std::vector<std::pair<Method, std::string>> all;
  for (const Endpoint& one : endpoints_) all.emplace_back(one.method, std::string(one.pattern));
  return all;
}

std::optional<Response> WebApplication::forbid(const Request& request) {
  const auto refusal = refuse(request, door_.policy());
  if (!refusal) return std::nullopt;
  if (changes(request.method)) {
    logger_.log({.level = LogLevel::warning,
                 .name = "web.not_allowed",
                 .fields = {{"path", request.path}, {"why", refusal->message}}});
  }
  return refusal_of(*refusal);
}

std::optional<Response> WebApplication::turn_away(const Request& head) {
  auto response = forbid(head);
  if (!response && !door_.answers(head)) {
    const Visitor visitor = door_.visitor(head);
    if (!may(visitor, head)) response = door_.turn_away(head, visitor);
  }
  if (response) add_security_headers(*response);
  return response;
}

void WebApplication::answer(Request request, Respond respond) {
  const Respond finish = [respond = std::move(respond)](Response response) {
    add_security_headers(response);
    respond(std::move(response));
  };
  if (auto forbidden = forbid(request)) return finish(std::move(*forbidden));
  if (auto file = answer_asset(request)) return finish(std::move(*file));
  if (door_.answers(request)) return door_.answer(request, finish);
  const Visitor visitor = door_.visitor(request);
  if (!may(visitor, request)) return finish(door_.turn_away(request, visitor));
  if (auto told = answer_monitoring(request, *backend_.daemons(), backend_.own_cost())) return finish(std::move(*told));
  Reader reader{.has_session = visitor.caller == Visitor::Caller::session, .trusted = {}};
  for (const platform::Network& one : door_.policy().trusted) reader.trusted.push_back(one.text());
  route(std::move(request), reader, finish);
}

void WebApplication::route(Request request, const Reader& reader, const Respond& respond) {
  const Routing routing = router_.find(request.method, request.segments);
  if (!routing.route) {
    if (request.method == Method::options && !routing.allowed.empty()) {
      Response response = wrong_method(routing.allowed);
      response.status = 204;
      response.body.clear();
      return respond(std::move(response));
    }
    if (auto other = answer_elsewhere(request.segments)) return respond(std::move(*other));
    return respond(routing.allowed.empty() ? failure(no_such_address(request)) : wrong_method(routing.allowed));
  }
  const Endpoint& endpoint = endpoints_[routing.route->place];
  // Shared: what is known may come later, when the caller's request is gone.
  const auto kept = std::make_shared<const Request>(std::move(request));
  backend_.know(
      [this, &endpoint, kept, reader, arguments = routing.route->arguments, respond](const Result<Knowing>& known) {
        if (!known) return respond(failed(known.error()));
        handle(endpoint, {*kept, arguments, **known, reader, kept}, respond);
      });
}

Response WebApplication::sent(const Request& request, const Cached& answer) {
  Response response = answer.response;
  if (!answer.packed.empty()) {
    response.set("vary", "accept-encoding");
    if (takes_gzip(request)) {
      response.set("content-encoding", "gzip");
      response.body = answer.packed;
    }
  }
  return tagged(request, std::move(response), answer.etag);
}

void WebApplication::handle(const Endpoint& endpoint, const Call& call, const Respond& respond) {
  const Request& request = call.request;
  const bool may_last = !changes(request.method) && request.query.empty();
  const std::string key = request.path + (call.reader.has_session ? "\n" : "");
  if (may_last) {
    const auto found = cache_.find(key);
    if (found != cache_.end() && found->second.version == call.knowledge.version) {
      return respond(sent(request, found->second));
    }
  }
  Answer answer = endpoint.handle(call);
  if (auto* response = std::get_if<Response>(&answer)) {
    const bool lasts = !changes(request.method) && response->status == 200 && !response->is_event_stream;
    if (!lasts) return respond(std::move(*response));
    Cached made{.version = call.knowledge.version,
                .etag = etag_of(response->body),
                .response = std::move(*response),
                .packed = {}};
    if (made.response.body.size() >= kWorthPacking) made.packed = gzip(made.response.body);
    respond(sent(request, made));
    if (!may_last) return;
    if (cache_.size() >= kMostCached) cache_.clear();
    cache_[key] = std::move(made);
    return;
  }
  if (const auto* unwanted = std::get_if<Cancellation>(&answer)) {
    const Status status = backend_.cancel(unwanted->id);
    return respond(status ? success("{}", fmt::format("operation {} is called off", unwanted->id))
                          : failed(status.error()));
  }
  if (const auto* check = std::get_if<Check>(&answer)) {
    return backend_.know_anew([shape = check->answer, respond](const Result<Knowing>& known) {
      respond(known ? shape(**known) : failed(known.error()));
    });
  }
  if (auto* staging = std::get_if<Staging>(&answer)) return stage(std::move(*staging), respond);
  if (auto* work = std::get_if<Work>(&answer)) return backend_.read(std::move(work->run), respond);
  submit(std::move(std::get<Submission>(answer)), respond);
}

void WebApplication::stage(Staging staging, const Respond& respond) {
  const auto made = std::make_shared<std::optional<Submission>>();
  const bool was_tidy = std::exchange(is_tidy_, true);
  backend_.read(
      [made, run = std::move(staging.run), tidy = was_tidy ? nullptr : std::move(staging.tidy)](engine::World& world) {
        if (tidy) tidy(world);
        auto result = run(world);
        if (auto* refused = std::get_if<Response>(&result)) return std::move(*refused);
        *made = std::move(std::get<Submission>(result));
        return Response{};
      },
      [this, made, respond, take_back = std::move(staging.take_back)](Response response) {
        if (!*made) return respond(std::move(response));
        submit(std::move(**made), respond, take_back);
      });
}

void WebApplication::submit(Submission asked, const Respond& respond, const Unwanted& unwanted) {
  std::string what(kind_of(asked.request));
  if (!asked.request.plugin_id.empty()) what += " of " + asked.request.plugin_id;
  const auto accepted = [what, respond](std::int64_t id, int status) {
    Response response = success(fmt::format(R"({{"operation_id": "{}"}})", id), what + " is queued");
    response.status = status;
    respond(std::move(response));
  };
  const service::OperationRequest request = asked.request;
  backend_.submit(request, [=, this, shape = std::move(asked.answer),
                            refusal = std::move(asked.refusal)](const Result<std::int64_t>& id) {
    if (!id && unwanted) {
      backend_.read(
          [unwanted, request](engine::World& world) {
            unwanted(world, request);
            return Response{};
          },
          [](const Response&) {});
    }
    if (!id) return respond(failed(id.error()));
    if (!shape) return accepted(*id, 200);
    backend_.wait(*id, limits::kLongestAnswer, [=, this, id = *id](const service::Operation* ended) {
      if (ended == nullptr) return accepted(id, 202);
      const Outcome outcome = outcome_of(*ended);
      const bool tells_each = outcome.results.size() > 1;  // and which of them failed
      if (outcome.error && !tells_each) {
        return respond(refusal ? refusal(*outcome.error) : failed(*outcome.error));
      }
      backend_.know([outcome, shape, respond](const Result<Knowing>& known) {
        respond(known ? shape(outcome, **known) : failed(known.error()));
      });
    });
  });
}

}  // namespace trueup::web
