#include "cli/web_arguments.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace trueup::cli {
namespace {

Error wrong_usage(std::string message, std::string_view verb) {
  return {.code = ErrorCode::invalid,
          .message = std::move(message),
          .hint = fmt::format("`trueup help {}` shows how it is used", verb)};
}

std::optional<int> port_of(std::string_view text) {
  int port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  constexpr int kHighest = 65535;
  if (failed != std::errc() || end != text.data() + text.size() || port < 1 || port > kHighest) return std::nullopt;
  return port;
}

}  // namespace

Status check_token(const std::string& action, Invocation& invocation) {
  constexpr std::array<std::pair<std::string_view, TokenAction>, 3> kActions{
      {{"new", TokenAction::create}, {"list", TokenAction::list}, {"revoke", TokenAction::revoke}}};
  const auto known =
      std::find_if(kActions.begin(), kActions.end(), [&action](const auto& one) { return one.first == action; });
  if (known == kActions.end()) {
    return wrong_usage(fmt::format("`trueup token` can new, list and revoke, and not `{}`", action), "token");
  }
  invocation.token = known->second;
  const bool needs_name = invocation.token != TokenAction::list;
  if (needs_name && invocation.word.empty()) {
    return wrong_usage(fmt::format("`trueup token {}` needs a name for the token", action), "token");
  }
  const bool misplaced = (!needs_name && !invocation.word.empty()) ||
                         (invocation.token != TokenAction::create && !invocation.scope.empty());
  if (!misplaced) return ok();
  return wrong_usage(fmt::format("`trueup token {}` was given more than it takes", action), "token");
}

Status check_picture(const std::string& action, Invocation& invocation) {
  constexpr std::array<std::pair<std::string_view, PictureAction>, 3> kActions{
      {{"list", PictureAction::list}, {"add", PictureAction::add}, {"remove", PictureAction::remove}}};
  const auto known =
      std::find_if(kActions.begin(), kActions.end(), [&action](const auto& one) { return one.first == action; });
  if (known == kActions.end()) {
    return wrong_usage(fmt::format("`trueup picture` can list, add and remove, and not `{}`", action), "picture");
  }
  invocation.picture = known->second;
  const bool adds = invocation.picture == PictureAction::add;
  const std::size_t files = invocation.files.size();
  if (adds && files == 0 && invocation.incoming.empty()) {
    return wrong_usage("`trueup picture add` needs to know which files", "picture");
  }
  if (invocation.picture == PictureAction::remove && files == 0) {
    return wrong_usage("`trueup picture remove` needs to know which picture", "picture");
  }
  const bool misplaced = (!adds && !invocation.incoming.empty()) || (files > 0 && !invocation.incoming.empty()) ||
                         (invocation.picture == PictureAction::list && files > 0) ||
                         (invocation.picture == PictureAction::remove && files > 1);
  if (!misplaced) return ok();
  return wrong_usage(fmt::format("`trueup picture {}` was given more than it takes", action), "picture");
}

Status check_web(const std::string& web, const std::vector<std::string>& trust, Invocation& invocation) {
  if (!web.empty()) {
    const auto colon = web.rfind(':');
    const auto port = port_of(colon == std::string::npos ? web : web.substr(colon + 1));
    std::string address = colon == std::string::npos ? invocation.web_address : web.substr(0, colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
      address = address.substr(1, address.size() - 2);
    } else if (address.find(':') != std::string::npos) {
      address.clear();  // of IPv6, and where its port begins cannot be told
    }
    if (!port || !platform::NetworkAddress::parse(address)) {
      return wrong_usage(
          fmt::format("`{}` is no port and no address with a port, such as 5050, 0.0.0.0:5050 or [::]:5050", web),
          "serve");
    }
    invocation.web_address = address;
    invocation.web_port = *port;
  }
  for (const std::string& text : trust) {
    const auto network = platform::Network::parse(text);
    if (!network) return wrong_usage(fmt::format("`{}` is no network, such as 192.168.1.0/24", text), "serve");
    invocation.trusted.push_back(*network);
  }
  if (invocation.trusted.empty() || invocation.web_port != 0) return ok();
  return wrong_usage("`--trust` is for the page, and there is none without `--web`", "serve");
}

}  // namespace trueup::cli
