// The only file that pays for Beast's headers; of Beast only the parser is used, fed with bytes.
#include "web/http_parser.h"

#include <fmt/core.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "web/ascii.h"
#include "web/target.h"
#include "web/web_limits.h"

namespace trueup::web {

namespace http = boost::beast::http;

namespace {

Request head_of(const http::request<http::string_body>& message, Target target) {
  Request request{.method = method_named({message.method_string().data(), message.method_string().size()}),
                  .path = std::move(target.path),
                  .segments = std::move(target.segments),
                  .query = std::move(target.query),
                  .headers = {}};
  for (const auto& field : message) {
    request.headers.push_back({to_lower_ascii({field.name_string().data(), field.name_string().size()}),
                               std::string(field.value().data(), field.value().size())});
  }
  return request;
}

}  // namespace

struct RequestParser::Parts {
  http::request_parser<http::string_body> parser;
  bool header_seen = false;
  bool expects_continue = false;
  bool is_upload = false;
  BadRequest problem;
  Target target;

  State fail(int status, std::string message) {
    problem = {.status = status, .message = std::move(message)};
    return State::bad;
  }

  State fail(const boost::system::error_code& error) {
    if (error == http::error::body_limit) {
      const std::size_t most = is_upload ? limits::kMaxUploadBodyBytes : limits::kMaxRequestBodyBytes;
      return fail(413, fmt::format("the body of the request is too large: it may have {} MB{}", most >> 20U,
                                   is_upload ? "; send fewer pictures at once" : ""));
    }
    if (error == http::error::header_limit) return fail(431, "the header of the request is too large");
    if (error == http::error::bad_version) return fail(505, "only HTTP/1.0 and HTTP/1.1 are understood");
    return fail(400, "this is no well-formed HTTP request");
  }

  State check_header(std::string_view header) {
    if (header.find("\r\n ") != std::string_view::npos || header.find("\r\n\t") != std::string_view::npos) {
      return fail(400, "a header field goes on over a second line");
    }
    if (header.find('\0') != std::string_view::npos) return fail(400, "there is a NUL in the header");
    if (header.find("\r\n") > limits::kMaxRequestTargetBytes) return fail(414, "the address is too long");
    return State::more;
  }

  /// Before the body: how large it may be is decided by the address.
  void allow_uploads(std::string_view header) {
    constexpr std::string_view kLine = "POST /api/v3/plugins/assets/upload";
    is_upload = header.starts_with(kLine) && header.substr(kLine.size()).find_first_of(" ?") == 0;
    if (is_upload) parser.body_limit(limits::kMaxUploadBodyBytes);
  }

  State check_fields() {
    const auto& message = parser.get();
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& field : message) ++count;
    if (count > limits::kMaxRequestFields) return fail(431, "the request has too many header fields");
    auto parsed = parse_target({message.target().data(), message.target().size()});
    if (!parsed) return fail(400, parsed.error().message);
    target = std::move(*parsed);
    const auto expect = message[http::field::expect];
    expects_continue = !expect.empty() && !parser.is_done();
    return State::more;
  }
};

RequestParser::RequestParser() : parts_(std::make_unique<Parts>()) {
  parts_->parser.eager(true);
  parts_->parser.header_limit(static_cast<std::uint32_t>(limits::kMaxRequestHeaderBytes));
  parts_->parser.body_limit(limits::kMaxRequestBodyBytes);
}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

RequestParser::State RequestParser::feed(std::string& bytes) {
  Parts& parts = *parts_;
  if (!parts.header_seen) {
    const auto end = bytes.find("\r\n\r\n");
    const std::size_t size = end == std::string::npos ? bytes.size() : end;
    if (size > limits::kMaxRequestHeaderBytes) return parts.fail(431, "the header of the request is too large");
    if (end == std::string::npos) return State::more;
    const std::string_view header = std::string_view(bytes).substr(0, end + 2);
    if (parts.check_header(header) == State::bad) return State::bad;
    parts.allow_uploads(header);
  }
  while (!bytes.empty() && !parts.parser.is_done()) {
    boost::system::error_code error;
    const std::size_t used = parts.parser.put({bytes.data(), bytes.size()}, error);
    bytes.erase(0, used);
    if (parts.parser.is_header_done() && !parts.header_seen) {
      parts.header_seen = true;
      if (parts.check_fields() == State::bad) return State::bad;
    }
    if (error == http::error::need_more) break;
    if (error) return parts.fail(error);
    if (used == 0) break;
  }
  return parts.parser.is_done() ? State::complete : State::more;
}

bool RequestParser::take_expects_continue() { return std::exchange(parts_->expects_continue, false); }

bool RequestParser::keeps_alive() const { return parts_->parser.get().keep_alive(); }

bool RequestParser::is_upload() const { return parts_->is_upload; }

std::size_t RequestParser::body_bytes() const { return parts_->parser.get().body().size(); }

const BadRequest& RequestParser::problem() const { return parts_->problem; }

std::optional<Request> RequestParser::head() const {
  if (!parts_->header_seen) return std::nullopt;
  return head_of(parts_->parser.get(), parts_->target);
}

Request RequestParser::take() {
  auto message = parts_->parser.release();
  Request request = head_of(message, std::move(parts_->target));
  request.body = std::move(message.body());
  return request;
}

void serialize(const Response& response, bool keep_alive, bool with_body, std::string& out) {
  out += fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  const bool has_body = response.status != 204 && response.status != 304;
  if (has_body) out += fmt::format("content-type: {}\r\n", response.content_type);
  for (const Header& header : response.headers) {
    if (header.value.find_first_of("\r\n") != std::string::npos) continue;  // never a second header out of one value
    out += header.name;
    out += ": ";
    out += header.value;
    out += "\r\n";
  }
  if (response.is_event_stream) {
    out += "connection: close\r\n\r\n";
    out += response.body;
    return;
  }
  if (has_body) out += fmt::format("content-length: {}\r\n", response.body.size());
  out += keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n";
  if (has_body && with_body) out += response.body;
}

}  // namespace trueup::web
