#include "store/web_address.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/letter_case.h"
#include "base/limits.h"

namespace trueup::store {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::array<std::string_view, 4> kGitHub{"github.com", "api.github.com", "raw.githubusercontent.com",
                                                  "codeload.github.com"};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Error bad(ErrorCode code, std::string message, std::string_view text) {
  return Error{.code = code,
               .message = std::move(message),
               .where = shown_address(text.substr(0, limits::kMaxWebAddressBytes)),
               .hint = "an address looks like https://host/path"};
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char one) { return one > ' ' && one < '\x7f' && one != '\\'; });
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 2 && host.ends_with(']') &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
  }
  return !host.empty() && host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == std::string_view::npos &&
         host.front() != '-' && host.front() != '.';
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Status read_host(std::string_view authority, std::string_view whole, WebAddress& address) {
  if (authority.find('@') != std::string_view::npos) {
    return bad(ErrorCode::refused, "an address with a user name or password in it is not used", whole);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  address.host = without_case(authority.substr(0, colon));
  if (!is_host(address.host)) return bad(ErrorCode::invalid, "this is no address: it names no host", whole);
  if (colon == std::string_view::npos) return ok();
  const auto port = port_of(authority.substr(colon + 1));
  if (!port) return bad(ErrorCode::invalid, "this is no address: its port is no number", whole);
  address.port = *port;
  return ok();
}

/// A name of a branch as one part of an address. Nothing for what git itself would not take, and for what could be
/// meant as an option or as a way up.
std::optional<std::string> encoded_branch(std::string_view branch) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  const bool odd = branch.empty() || branch.front() == '-' || branch.front() == '/' || branch.back() == '/' ||
                   branch.find("..") != std::string_view::npos || branch.find("//") != std::string_view::npos;
  if (odd) return std::nullopt;
  std::string out;
  for (const char one : branch) {
    const auto byte = static_cast<unsigned char>(one);
    if (byte <= 0x20 || byte == 0x7f || std::string_view("\\^~:?*[").find(one) != std::string_view::npos) {
      return std::nullopt;
    }
    if (kPlain.find(one) != std::string_view::npos) {
      out += one;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace

std::string shown_address(std::string_view text) {
  const std::size_t begin = text.find("://");
  if (begin == std::string_view::npos || without_case(text.substr(0, begin)) == "file") return std::string(text);
  const std::size_t host = begin + 3;
  const std::string_view rest = text.substr(host);
  const std::size_t login = rest.substr(0, rest.find_first_of("/?#")).rfind('@');
  const std::string_view told = login == std::string_view::npos ? rest : rest.substr(login + 1);
  return std::string(text.substr(0, host)).append(told.substr(0, told.find_first_of("?#")));
}

std::string WebAddress::text() const {
  if (scheme == Scheme::file) return "file://" + path;
  return fmt::format("https://{}{}{}{}", host, port == 443 ? "" : fmt::format(":{}", port), path, query);
}

std::string WebAddress::place() const { return fmt::format("{}:{}", host, port); }

bool WebAddress::is_github() const {
  return scheme == Scheme::https && port == 443 && std::find(kGitHub.begin(), kGitHub.end(), host) != kGitHub.end();
}

Result<WebAddress> parse_web_address(std::string_view text) {
  text = trimmed(text);
  if (text.size() > limits::kMaxWebAddressBytes || !is_printable(text)) {
    return bad(ErrorCode::invalid, "this is no address", text);
  }
  const std::size_t colon = text.find("://");
  const std::string scheme = without_case(text.substr(0, colon));
  if (colon == std::string_view::npos || (scheme != "https" && scheme != "file")) {
    return bad(ErrorCode::refused, "only https: and file: addresses are used", text);
  }
  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  WebAddress address;
  if (scheme == "file") {
    if (!rest.starts_with('/')) return bad(ErrorCode::invalid, "a file: address needs a whole path", text);
    address = {.scheme = WebAddress::Scheme::file, .host = {}, .port = 0, .path = std::string(rest), .query = {}};
    return address;
  }
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  RETURN_IF_ERROR(read_host(rest.substr(0, end), text, address));
  rest.remove_prefix(end);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  address.path = question == 0 ? "/" : std::string(rest.substr(0, question));
  address.query = std::string(rest.substr(question));
  return address;
}

Result<WebAddress> parse_repository(std::string_view text) {
  ASSIGN_OR_RETURN(WebAddress address, parse_web_address(text));
  const auto drop_slashes = [&] {
    while (address.path.size() > 1 && address.path.ends_with('/')) address.path.pop_back();
  };
  drop_slashes();
  constexpr std::string_view kGit = ".git";
  if (address.path.ends_with(kGit) && address.path.size() > kGit.size() + 1) {
    address.path.resize(address.path.size() - kGit.size());
  }
  drop_slashes();
  address.query.clear();
  return address;
}

bool is_by_git(const model::RegistryEntry& entry) {
  return !entry.source.empty() && entry.download_url == std::string(kGitAddress) + entry.source;
}

Result<WebAddress> archive_of(const model::RegistryEntry& entry) {
  if (is_by_git(entry)) return parse_web_address(entry.source);
  if (!entry.download_url.empty()) return parse_web_address(entry.download_url);
  if (entry.repository.empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "its entry says neither where its archive nor where its repository is",
                 .where = entry.id,
                 .hint = "whoever publishes the registry has to mend this"};
  }
  ASSIGN_OR_RETURN(WebAddress address, parse_repository(entry.repository));
  if (!entry.commit.empty()) {
    address.path += fmt::format("/archive/{}.zip", entry.commit);
    return address;
  }
  const auto branch = encoded_branch(entry.branch.empty() ? "main" : entry.branch);
  if (!branch) return bad(ErrorCode::refused, "its entry names a branch that cannot be one", entry.branch);
  address.path += fmt::format("/archive/refs/heads/{}.zip", *branch);
  return address;
}

bool is_same_source(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto left = parse_repository(a);
  const auto right = parse_repository(b);
  return left && right && *left == *right;
}

}  // namespace trueup::store
