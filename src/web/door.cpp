#include "web/door.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "web/api/common.h"
#include "web/assets.h"
#include "web/body.h"
#include "web/monitoring.h"
#include "web/password.h"
#include "web/template.h"

namespace trueup::web {
namespace {

using Caller = Visitor::Caller;

constexpr std::string_view kCookie = "trueup_session=";
constexpr std::string_view kCodeLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";  // none that is mistaken for another

/// "K7QD-9TXM"
std::string make_code(platform::Random& random) {
  std::string code;
  for (const char c : random.bytes(8)) {
    if (code.size() == 4) code += '-';
    code += kCodeLetters[static_cast<unsigned char>(c) % kCodeLetters.size()];
  }
  return code;
}

/// Capitals and dashes are nobody's mistake.
std::string plain_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return code;
}

std::string_view session_of(const Request& request) {
  const std::string_view all = request.header("cookie").value_or("");
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(';', at), all.size());
    std::string_view one = all.substr(at, end - at);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(kCookie)) return one.substr(kCookie.size());
    at = end + 1;
  }
  return {};
}

std::optional<std::string_view> token_of(const Request& request) {
  if (const auto key = request.header("x-api-key")) return key;
  const auto value = request.header("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (value && value->starts_with(kBearer)) return value->substr(kBearer.size());
  return std::nullopt;
}

/// By whom wrong passwords are counted: a machine, or the network of one that has many addresses.
std::string who_is(const Request& request) {
  platform::NetworkAddress address = request.peer;
  const auto by_proxy = request.header("x-forwarded-for");
  if (by_proxy &&
      request.peer.is_loopback()) {  // its end was added by a proxy on this machine; others say what they like
    const auto comma = by_proxy->rfind(',');
    std::string last(comma == std::string_view::npos ? *by_proxy : by_proxy->substr(comma + 1));
    while (last.starts_with(' ')) last.erase(0, 1);
    if (const auto parsed = platform::NetworkAddress::parse(last)) address = *parsed;
  }
  if (!address.is_v4()) std::fill(address.bytes.begin() + 8, address.bytes.end(), std::uint8_t{0});
  return address.text();
}

Response html(std::string text, int status) {
  return {.status = status, .content_type = "text/html; charset=utf-8", .headers = {}, .body = std::move(text)};
}

Response form(std::string_view page, std::string_view problem, int status) {
  View view;
  view.text("problem", problem).text("css", asset("trueup.css")->digest);
  return html(render(page, view), status);
}

Response go_to(std::string_view address) {
  Response response{.status = 303};
  response.set("location", address);
  return response;
}

std::string cookie(std::string_view value, std::chrono::seconds lasts, const Request& request) {
  const bool over_tls = request.header("x-forwarded-proto").value_or("") == "https";
  return fmt::format("{}{}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kCookie, value, lasts.count(),
                     over_tls ? "; Secure" : "");
}

}  // namespace

Door::Door(DoorPorts ports, GuardPolicy policy) : ports_(std::move(ports)), policy_(std::move(policy)) {
  if (!policy_.has_login || !logins() || !logins()->password.empty()) return;
  setup_code_ = make_code(ports_.random);
  ports_.logger.log(
      {.level = LogLevel::warning,
       .name = "web.set_up",
       .fields = {{"code", setup_code_}, {"says", "open the page and choose a password with this code"}}});
}

const Result<Logins>& Door::logins() {
  std::optional<platform::FileInfo> now;
  if (const auto root = ports_.place.file_system.open_root_for_reading(ports_.place.root)) {
    if (const auto info = (*root)->info(kLoginsFile, platform::Links::refuse)) now = *info;
  }
  if (!logins_read_ || now != logins_trace_) {
    logins_ = read_logins(ports_.place.file_system, ports_.place.root);
    logins_trace_ = now;
    logins_read_ = true;
  }
  return logins_;
}

bool Door::has_session(const Request& request) {
  const std::string_view held = session_of(request);
  if (held.empty()) return false;
  const auto found = sessions_.find(sha256_hex(held));
  return found != sessions_.end() && found->second > ports_.loop.now();
}

std::string Door::begin_session() {
  const auto now = ports_.loop.now();
  std::erase_if(sessions_, [now](const auto& one) { return one.second <= now; });
  if (sessions_.size() >= kMostSessions) {
    const auto sooner = [](const auto& a, const auto& b) { return a.second < b.second; };
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), sooner));
  }
  std::string held = ports_.random.hex(32);
  sessions_[sha256_hex(held)] = now + kSession;
  return held;
}

Visitor Door::visitor(const Request& request) {
  if (const auto token = token_of(request)) {
    const auto& known = logins();
    const auto scope = known ? scope_of(*known, *token) : std::nullopt;
    if (!scope) return {.why = known ? "there is no such token" : known.error().text()};
    return {.caller = Caller::token,
            .may_read = true,
            .may_change = *scope == Scope::write,
            .why = *scope == Scope::write ? "" : "this token may only read"};
  }
  Visitor everything{.caller = Caller::here, .may_read = true, .may_change = true};
  if (is_local(request)) return everything;
  const auto is_of = [&request](const platform::Network& one) { return one.contains(request.peer); };
  if (!is_forwarded(request) && std::ranges::any_of(policy_.trusted, is_of)) {
    Visitor trusted = everything;
    trusted.caller = Caller::trusted;
    return trusted;
  }
  if (!has_session(request)) return {.why = "this needs a login, or a token"};
  // A browser says where a change comes from; one that does not, or something that took its cookie, is not believed.
  const bool says_whence = request.has_header("origin") || request.has_header("sec-fetch-site");
  return {.caller = Caller::session,
          .may_read = true,
          .may_change = says_whence,
          .why = "the browser does not say which page sent this"};
}

bool Door::answers(const Request& request) const {
  if (!policy_.has_login || request.segments.size() != 1) return false;
  const std::string& name = request.segments.front();
  return name == "login" || name == "logout" || name == "setup";
}

void Door::answer(const Request& request, Respond respond) {
  const std::string& name = request.segments.front();
  const bool posts = request.method == Method::post;
  const auto& known = logins();
  if (!known) return respond(form("login", known.error().text(), 503));
  if (name == "logout") return respond(posts ? log_out(request) : go_to("/"));
  const bool is_new = known->password.empty();
  if ((name == "setup") != is_new) return respond(go_to(is_new ? "/setup" : "/login"));
  if (!posts) {
    if (!is_new && has_session(request)) return respond(go_to("/"));
    return respond(form(name, "", 200));
  }
  if (auto slow = slow_down(who_is(request))) return respond(std::move(*slow));
  return is_new ? set_up(request, std::move(respond)) : log_in(request, std::move(respond));
}

std::optional<Response> Door::slow_down(const std::string& who) {
  const auto wait = attempts_.wait(who, ports_.loop.now());
  if (!wait && checks_ < kMostChecks) return std::nullopt;
  const std::int64_t seconds = wait ? wait->count() : 1;
  Response response = form("login", fmt::format("Too many attempts. Try again in {} s.", seconds), 429);
  response.set("retry-after", std::to_string(seconds));
  return response;
}

Response Door::let_in(const Request& request) {
  Response response = go_to("/");
  response.set("set-cookie", cookie(begin_session(), kSession, request));
  return response;
}

Response Door::log_out(const Request& request) {
  sessions_.erase(sha256_hex(session_of(request)));
  Response response = go_to("/login");
  response.set("set-cookie", cookie("", std::chrono::seconds(0), request));
  return response;
}

void Door::log_in(const Request& request, Respond respond) {
  const auto body = Body::read(request, Accepts::json_or_form);
  const auto password = body ? body->text("password") : tl::expected<std::string, ApiError>("");
  if (!password || password->empty() || password->size() > kLongestPassword) {
    return respond(form("login", "Type the password.", 400));
  }
  ++checks_;
  ports_.worker.start([this, hash = logins()->password, password = *password, request, respond = std::move(respond)] {
    const bool fits = fits_password(hash, password);
    ports_.loop.post([this, fits, request, respond] {
      --checks_;
      const std::string who = who_is(request);
      if (fits) {
        attempts_.worked(who);
        return respond(let_in(request));
      }
      attempts_.failed(who, ports_.loop.now());
      ports_.logger.log({.level = LogLevel::warning, .name = "web.wrong_password", .fields = {{"from", who}}});
      respond(form("login", "That is not the password.", 401));
    });
  });
}

void Door::set_up(const Request& request, Respond respond) {
  const auto body = Body::read(request, Accepts::json_or_form);
  const std::string code = body ? body->text("code").value_or("") : "";
  const std::string password = body ? body->text("password").value_or("") : "";
  // By hashes: how long the comparing takes tells nothing.
  if (setup_code_.empty() || sha256_hex(plain_code(code)) != sha256_hex(plain_code(setup_code_))) {
    attempts_.failed(who_is(request), ports_.loop.now());
    return respond(form("setup", "That is not the set-up code.", 401));
  }
  if (const Status fits = check_password(password); !fits) {
    return respond(form("setup", fits.error().message + ".", 400));
  }
  ++checks_;
  ports_.worker.start([this, password, request, respond = std::move(respond)] {
    const auto hash = hash_password(password);
    const Status kept = !hash ? Status(hash.error()) : change_logins(ports_.place, [&hash](Logins& known) -> Status {
      if (!known.password.empty()) return Error{.code = ErrorCode::conflict, .message = "there is a password already"};
      known.password = *hash;
      return ok();
    });
    ports_.loop.post([this, kept, request, respond] {
      --checks_;
      if (!kept) return respond(form("setup", kept.error().text(), 500));
      setup_code_.clear();
      ports_.logger.log({.level = LogLevel::info, .name = "web.password_set", .fields = {{"from", who_is(request)}}});
      respond(let_in(request));
    });
  });
}

Response Door::turn_away(const Request& request, const Visitor& visitor) {
  const bool is_known = visitor.may_read;
  const bool is_programs = !request.segments.empty() && (request.segments.front() == "api" ||
                                                         request.segments.front() == "parts" || is_monitoring(request));
  if (!is_programs && !is_known && !changes(request.method)) return go_to("/login");
  Response response = failure({.status = is_known ? 403 : 401,
                               .code = ApiCode::permission_denied,
                               .message = visitor.why,
                               .suggested_fixes = {"docs/web.md says how to get in: /login, or `trueup token new`"}});
  if (!is_known) response.set("www-authenticate", "Bearer");
  return response;
}

}  // namespace trueup::web
