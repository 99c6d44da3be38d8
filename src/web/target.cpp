#include "web/target.h"

#include <fmt/core.h>

#include <optional>

#include "base/utf8.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

Error bad(std::string message) { return {.code = ErrorCode::invalid, .message = std::move(message)}; }

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_at(text, at);
    if (!character) return false;
    at += character->length;
  }
  return true;
}

Result<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '%') {
      out += c == '+' && plus_is_blank ? ' ' : c;
      continue;
    }
    const auto high = at + 2 < text.size() ? hex_digit(text[at + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[at + 2]) : std::nullopt;
    if (!high || !low) return bad("a % in the address is not followed by two hexadecimal digits");
    out += static_cast<char>(*high * 16U + *low);
    at += 2;
  }
  if (out.find('\0') != std::string::npos) return bad("there is a NUL in the address");
  if (!is_utf8(out)) return bad("the address is not UTF-8");
  return out;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return bad("the address of a request starts with a slash");
  const auto question = text.find('?');
  Target target{.path = std::string(text.substr(0, question)), .segments = {}, .query = {}};
  std::string_view rest = std::string_view(target.path).substr(1);
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    ASSIGN_OR_RETURN(std::string segment, decoded(rest.substr(0, slash), false));
    if (segment.empty() || segment == "." || segment == "..") return bad("a part of the address is empty or dots");
    if (segment.find_first_of("/\\") != std::string::npos) return bad("there is a slash in disguise in the address");
    target.segments.push_back(std::move(segment));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (question != std::string_view::npos) {
    ASSIGN_OR_RETURN(target.query, parse_form(text.substr(question + 1)));
  }
  return target;
}

Result<Parameters> parse_form(std::string_view text) {
  Parameters fields;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view one = text.substr(0, end);
    if (!one.empty()) {
      if (fields.size() == limits::kMaxFormFields) {
        return bad(fmt::format("more than {} fields", limits::kMaxFormFields));
      }
      const auto equals = one.find('=');
      ASSIGN_OR_RETURN(std::string name, decoded(one.substr(0, equals), true));
      std::string value;
      if (equals != std::string_view::npos) {
        ASSIGN_OR_RETURN(value, decoded(one.substr(equals + 1), true));
      }
      fields.emplace_back(std::move(name), std::move(value));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return fields;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

}  // namespace trueup::web
