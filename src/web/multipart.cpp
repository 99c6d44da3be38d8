#include "web/multipart.h"

#include <fmt/core.h>

#include <utility>

#include "web/ascii.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::string_view kBreak = "\r\n";
constexpr std::size_t kLongestBoundary = 70;

ApiError malformed(std::string_view problem) {
  return {.status = 400,
          .code = ApiCode::invalid_input,
          .message = fmt::format("the form with files is not well-formed: {}", problem)};
}

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// "name" and "a b" of `; name="a b"`. A quote in a value comes as %22 from browsers, or as \" from others; any other
/// backslash is one.
std::optional<Attributes> attributes_in(std::string_view text) {
  Attributes all;
  for (;;) {
    text = trimmed_ascii(text);
    if (text.empty()) return all;
    if (text.front() != ';') return std::nullopt;
    text = trimmed_ascii(text.substr(1));
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name = to_lower_ascii(trimmed_ascii(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    std::string value;
    if (text.starts_with('"')) {
      std::size_t at = 1;
      while (at < text.size() && text[at] != '"') {
        if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"') ++at;
        value += text[at++];
      }
      if (at >= text.size()) return std::nullopt;
      text.remove_prefix(at + 1);
    } else {
      const std::size_t end = std::min(text.find(';'), text.size());
      value = std::string(trimmed_ascii(text.substr(0, end)));
      text.remove_prefix(end);
    }
    for (const auto& [known, other] : all) {
      if (known == name) return std::nullopt;
    }
    all.emplace_back(std::move(name), std::move(value));
  }
}

const std::string* find_in(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string unquoted(std::string text) {
  for (auto at = text.find("%22"); at != std::string::npos; at = text.find("%22", at)) text.replace(at, 3, "\"");
  return text;
}

/// The fields before a part's body.
tl::expected<FormPart, ApiError> read_header(std::string_view header) {
  FormPart part;
  bool named = false;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(kBreak), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + kBreak.size(), header.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return tl::unexpected(malformed("a part has a line that is no field"));
    const std::string field = to_lower_ascii(trimmed_ascii(line.substr(0, colon)));
    const std::string_view value = trimmed_ascii(line.substr(colon + 1));
    if (field == "content-type") part.type = to_lower_ascii(trimmed_ascii(value.substr(0, value.find(';'))));
    if (field == "content-transfer-encoding" && to_lower_ascii(value) != "binary") {
      return tl::unexpected(malformed("a part is encoded in a way that nobody uses"));
    }
    if (field != "content-disposition") continue;
    const std::size_t kind = std::min(value.find(';'), value.size());
    const auto attributes = attributes_in(value.substr(kind));
    const bool is_field = to_lower_ascii(trimmed_ascii(value.substr(0, kind))) == "form-data";
    const std::string* name = attributes ? find_in(*attributes, "name") : nullptr;
    if (named || !is_field || name == nullptr) return tl::unexpected(malformed("a part does not say its name"));
    named = true;
    part.name = unquoted(*name);
    if (const std::string* filename = find_in(*attributes, "filename")) part.filename = unquoted(*filename);
  }
  if (!named) return tl::unexpected(malformed("a part does not say its name"));
  return part;
}

tl::expected<std::string, ApiError> boundary_of(const Request& request) {
  if (media_type(request) != "multipart/form-data") {
    return tl::unexpected(ApiError{.status = 415,
                                   .code = ApiCode::unsupported_media_type,
                                   .message = "pictures are sent as a form with files, multipart/form-data"});
  }
  const std::string_view type = request.header("content-type").value_or("");
  const auto attributes = attributes_in(type.substr(std::min(type.find(';'), type.size())));
  const std::string* boundary = attributes ? find_in(*attributes, "boundary") : nullptr;
  if (boundary == nullptr || boundary->empty() || boundary->size() > kLongestBoundary) {
    return tl::unexpected(malformed("its header names no boundary"));
  }
  return "--" + *boundary;
}

}  // namespace

tl::expected<std::vector<FormPart>, ApiError> parse_multipart(const Request& request) {
  const auto boundary = boundary_of(request);
  if (!boundary) return tl::unexpected(boundary.error());
  const std::string between = std::string(kBreak) + *boundary;
  std::string_view rest = request.body;
  if (!rest.starts_with(*boundary)) return tl::unexpected(malformed("it does not begin with its boundary"));
  rest.remove_prefix(boundary->size());
  std::vector<FormPart> parts;
  while (!rest.starts_with("--")) {
    if (!rest.starts_with(kBreak)) return tl::unexpected(malformed("something stands behind a boundary"));
    if (parts.size() == limits::kMaxFormParts) {
      return tl::unexpected(malformed(fmt::format("it has more than {} parts", limits::kMaxFormParts)));
    }
    rest.remove_prefix(kBreak.size());
    const auto blank = rest.substr(0, limits::kMaxPartHeaderBytes).find("\r\n\r\n");
    if (blank == std::string_view::npos) return tl::unexpected(malformed("a part has no end of its header"));
    auto part = read_header(rest.substr(0, blank));
    if (!part) return tl::unexpected(part.error());
    rest.remove_prefix(blank + 2 * kBreak.size());
    const auto end = rest.find(between);
    if (end == std::string_view::npos) return tl::unexpected(malformed("a part is cut off"));
    part->body = rest.substr(0, end);
    rest.remove_prefix(end + between.size());
    parts.push_back(std::move(*part));
  }
  return parts;
}

}  // namespace trueup::web
