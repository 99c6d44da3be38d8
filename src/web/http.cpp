#include "web/http.h"

#include <algorithm>
#include <array>

#include "web/ascii.h"

namespace trueup::web {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods{{{Method::get, "GET"},
                                                                       {Method::head, "HEAD"},
                                                                       {Method::post, "POST"},
                                                                       {Method::put, "PUT"},
                                                                       {Method::patch, "PATCH"},
                                                                       {Method::delete_, "DELETE"},
                                                                       {Method::options, "OPTIONS"}}};

constexpr std::array<std::pair<int, std::string_view>, 24> kReasons{{{200, "OK"},
                                                                     {202, "Accepted"},
                                                                     {204, "No Content"},
                                                                     {302, "Found"},
                                                                     {303, "See Other"},
                                                                     {304, "Not Modified"},
                                                                     {400, "Bad Request"},
                                                                     {403, "Forbidden"},
                                                                     {404, "Not Found"},
                                                                     {405, "Method Not Allowed"},
                                                                     {408, "Request Timeout"},
                                                                     {409, "Conflict"},
                                                                     {413, "Content Too Large"},
                                                                     {414, "URI Too Long"},
                                                                     {415, "Unsupported Media Type"},
                                                                     {421, "Misdirected Request"},
                                                                     {422, "Unprocessable Content"},
                                                                     {429, "Too Many Requests"},
                                                                     {431, "Request Header Fields Too Large"},
                                                                     {500, "Internal Server Error"},
                                                                     {501, "Not Implemented"},
                                                                     {503, "Service Unavailable"},
                                                                     {505, "HTTP Version Not Supported"},
                                                                     {507, "Insufficient Storage"}}};

}  // namespace

std::string_view to_string(Method method) {
  for (const auto& [value, name] : kMethods) {
    if (value == method) return name;
  }
  return "OTHER";
}

Method method_named(std::string_view name) {
  for (const auto& [value, known] : kMethods) {
    if (known == name) return value;
  }
  return Method::other;
}

bool changes(Method method) { return method != Method::get && method != Method::head && method != Method::options; }

std::optional<std::string_view> find(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const Header& one : headers) {
    if (one.name != name) continue;
    if (found) return std::nullopt;
    found = one.value;
  }
  return found;
}

bool Request::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(), [name](const Header& one) { return one.name == name; });
}

std::string media_type(const Request& request) {
  const std::string_view whole = request.header("content-type").value_or("");
  return to_lower_ascii(trimmed_ascii(whole.substr(0, whole.find(';'))));
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const Header& one : headers) {
    if (one.name == name) return one.value;
  }
  return std::nullopt;
}

void Response::set(std::string_view name, std::string_view value) {
  for (Header& one : headers) {
    if (one.name == name) {
      one.value = value;
      return;
    }
  }
  headers.push_back({std::string(name), std::string(value)});
}

std::string_view reason_phrase(int status) {
  for (const auto& [number, phrase] : kReasons) {
    if (number == status) return phrase;
  }
  return "Unknown";
}

}  // namespace trueup::web
