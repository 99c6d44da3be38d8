#include "web/guard.h"

#include <algorithm>
#include <array>

#include "web/ascii.h"

namespace trueup::web {
namespace {

// No inline script and no inline style, nothing from elsewhere: text of a plugin that got into a page could do nothing.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kHeaders{{
    {"content-security-policy", kContentPolicy},
    {"x-content-type-options", "nosniff"},
    {"x-frame-options", "DENY"},
    {"referrer-policy", "same-origin"},
    {"cross-origin-opener-policy", "same-origin"},
    {"cross-origin-resource-policy", "same-origin"},
}};

constexpr std::array<std::string_view, 5> kForwarded{"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip",
                                                     "via"};

bool is_loopback_address(std::string_view name) {
  if (name == "localhost" || name == "[::1]") return true;
  if (!name.starts_with("127.")) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

/// An address in numbers, which no name server can bend.
bool is_number(const std::string& name) {
  const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
  return platform::NetworkAddress::parse(bracketed ? name.substr(1, name.size() - 2) : name).has_value();
}

/// "http://localhost:5050" belongs to the host "localhost:5050".
bool is_origin_of(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return to_lower_ascii(origin.substr(scheme.size())) == to_lower_ascii(host);
  }
  return false;
}

std::string_view origin_of_address(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme == std::string_view::npos) return {};
  return address.substr(0, address.find_first_of("/?#", scheme + 3));
}

Refusal foreign() {
  return {.status = 403,
          .message = "a page of another site sent this, so nothing was changed",
          .advice = "open the display's own page and do it there"};
}

/// What browsers say about where a request comes from. A program that is no browser says nothing of it.
std::optional<Refusal> refuse_foreign_page(const Request& request, std::string_view host) {
  if (request.has_header("sec-fetch-site")) {
    const std::string_view site = request.header("sec-fetch-site").value_or("");
    const bool own = site == "same-origin" || site == "none";
    if (changes(request.method) && !own) return foreign();
    // A link from elsewhere may open a page; a script or an image from elsewhere may not fetch one.
    if (!own && request.header("sec-fetch-mode").value_or("") != "navigate") return foreign();
  }
  if (!changes(request.method)) return std::nullopt;
  if (request.has_header("origin")) {
    if (!is_origin_of(request.header("origin").value_or(""), host)) return foreign();
  } else if (request.has_header("referer")) {
    if (!is_origin_of(origin_of_address(request.header("referer").value_or("")), host)) return foreign();
  }
  return std::nullopt;
}

}  // namespace

bool is_forwarded(const Request& request) {
  return std::any_of(kForwarded.begin(), kForwarded.end(),
                     [&request](std::string_view one) { return request.has_header(one); });
}

bool is_local(const Request& request) { return request.peer.is_loopback() && !is_forwarded(request); }

std::optional<std::string> host_name(std::string_view host) {
  if (host.empty() || host.size() > 255) return std::nullopt;
  std::size_t end = host.size();
  if (host.front() == '[') {
    const auto close = host.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    end = close + 1;
  } else {
    end = std::min(host.find(':'), host.size());
  }
  const std::string_view port = host.substr(end);
  if (!port.empty() &&
      (port.front() != ':' || port.size() > 6 || port.find_first_not_of("0123456789", 1) != std::string_view::npos)) {
    return std::nullopt;
  }
  std::string name = to_lower_ascii(host.substr(0, end));
  if (name.ends_with('.')) name.pop_back();
  if (name.empty()) return std::nullopt;
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:[]").find(c) != std::string_view::npos;
  });
  return plain ? std::optional(name) : std::nullopt;
}

std::optional<Refusal> refuse(const Request& request, const GuardPolicy& policy) {
  const auto host = request.header("host");
  const auto name = host ? host_name(*host) : std::nullopt;
  if (!name) {
    return Refusal{
        .status = 400, .message = "the request does not say which host it means, or says so twice", .advice = {}};
  }
  if (!is_local(request) && !policy.has_login) {
    return Refusal{.status = 403,
                   .message = "this page is open to the display's own machine only, since it has no login",
                   .advice =
                       "docs/web.md says how to open it to others, or to come through ssh: `ssh -L 5050:localhost:5050 "
                       "DISPLAY`, then http://localhost:5050"};
  }
  const bool is_own = is_loopback_address(*name) || (policy.has_login && is_number(*name)) ||
                      std::find(policy.hosts.begin(), policy.hosts.end(), *name) != policy.hosts.end();
  if (!is_own) {
    return Refusal{.status = 421,
                   .message = "this display does not go by that name",
                   .advice =
                       "open it by its address in numbers, or list the name under \"hosts\" in "
                       "config/trueup/settings.json"};
  }
  return refuse_foreign_page(request, *host);
}

void add_security_headers(Response& response) {
  for (const auto& [name, value] : kHeaders) {
    if (!response.header(name)) response.set(name, value);  // a stricter one of its own stays
  }
  if (!response.header("cache-control")) response.set("cache-control", "no-store");
}

}  // namespace trueup::web
