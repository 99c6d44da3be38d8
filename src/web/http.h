// A request and an answer of HTTP as plain values. Everything above the sockets works on these: nothing here knows a
// descriptor, a parser library or a clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/network_address.h"

namespace trueup::web {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

std::string_view to_string(Method method);
Method method_named(std::string_view name);
/// Whether a request of this kind may change something.
bool changes(Method method);

struct Header {
  std::string name;  // in lower case
  std::string value;
  bool operator==(const Header&) const = default;
};

/// `a=1&b=2`, decoded; a name may stand several times.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The first one of that name.
std::optional<std::string_view> find(const Parameters& parameters, std::string_view name);

struct Request {
  Method method = Method::get;
  std::string path = "/";             // as it was sent, without the query: for messages
  std::vector<std::string> segments;  // the path between its slashes, decoded; never "", "." or ".."
  Parameters query;
  std::vector<Header> headers;
  std::string body;
  platform::NetworkAddress peer = platform::NetworkAddress::loopback();  // the other end of the connection
  bool operator==(const Request&) const = default;

  /// Nothing where it is not there, or stands several times.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] bool has_header(std::string_view name) const;
};

/// "application/json" of "Application/JSON; charset=utf-8"; empty where none is stated.
std::string media_type(const Request& request);

/// What a stream of events tells of.
enum class Topic : std::uint8_t { changes, stats, picture, logs };

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<Header> headers = {};
  std::string body = {};
  bool is_event_stream = false;  // the connection stays, and events follow
  Topic topic = Topic::changes;  // of which
  bool operator==(const Response&) const = default;

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  void set(std::string_view name, std::string_view value);
};

/// "Not Found"
std::string_view reason_phrase(int status);

}  // namespace trueup::web
