#include "web/body.h"

#include <fmt/core.h>

#include "base/escape.h"
#include "base/result.h"
#include "json/write.h"
#include "web/ascii.h"
#include "web/target.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::size_t kDeepestBody = 64;  // settings lie at most 6 deep

ApiError bad_body(std::string message, std::string details = {}) {
  return {.status = 400, .code = ApiCode::invalid_input, .message = std::move(message), .details = std::move(details)};
}

/// Whether the body is small enough to be compared with what there is, member by member (failure F154).
bool fits(json::Value value, std::size_t& left) {
  if (left == 0) return false;
  --left;
  if (!value.is_object() && !value.is_array()) return true;
  if (value.size() > limits::kMaxBodyMembers) return false;
  if (value.is_array()) {
    for (const json::Value one : value.elements()) {
      if (!fits(one, left)) return false;
    }
    return true;
  }
  for (const json::Member one : value.members()) {
    if (!fits(one.value, left)) return false;
  }
  return true;
}

}  // namespace

ApiError bad_field(std::string_view name, std::string_view problem) {
  ApiError error = bad_body(fmt::format("`{}` {}", name, problem));
  error.context.emplace_back("field", json::quote(name));
  return error;
}

ApiError missing_field(std::string_view name) {
  ApiError error = bad_body(fmt::format("`{}` is missing", name));
  error.context.emplace_back("missing_fields", fmt::format("[{}]", json::quote(name)));
  return error;
}

tl::expected<Body, ApiError> Body::read(const Request& request, Accepts accepts, bool may_be_empty) {
  Body body;
  const std::string type = media_type(request);
  const bool empty = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
  if (accepts == Accepts::json_or_form && (type == "application/x-www-form-urlencoded" || (empty && type.empty()))) {
    auto fields = parse_form(request.body);
    if (!fields) return tl::unexpected(bad_body(fields.error().message));
    body.form_ = std::move(*fields);
    body.form_.insert(body.form_.end(), request.query.begin(), request.query.end());
    return body;
  }
  const bool json = type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
  if (!json && !(empty && may_be_empty)) {
    return tl::unexpected(
        ApiError{.status = 415, .code = ApiCode::unsupported_media_type, .message = "the body is not said to be JSON"});
  }
  auto document =
      json::Document::parse(empty && may_be_empty ? "{}" : request.body, json::Dialect::strict, kDeepestBody);
  if (!document) return tl::unexpected(bad_body("the body is not valid JSON", document.error().message));
  if (!document->root().is_object()) return tl::unexpected(bad_body("the body is not a JSON object"));
  if (std::size_t left = limits::kMaxBodyValues; !fits(document->root(), left)) {
    return tl::unexpected(ApiError{.status = 413,
                                   .code = ApiCode::content_too_large,
                                   .message = fmt::format("the body holds more than {} values, or more than {} in one "
                                                          "object or list",
                                                          limits::kMaxBodyValues, limits::kMaxBodyMembers)});
  }
  for (const json::Note& note : document->notes()) {
    if (note.kind == json::NoteKind::duplicate_key) {
      return tl::unexpected(bad_field(escape_for_display(note.key), "stands twice in the body"));
    }
    return tl::unexpected(bad_body("the body holds a number or text that JSON cannot mean"));
  }
  body.document_ = std::move(*document);
  return body;
}

bool Body::has(std::string_view name) const {
  return document_ ? document_->root().find(name).has_value() : find(form_, name).has_value();
}

std::optional<json::Value> Body::value(std::string_view name) const {
  return document_ ? document_->root().find(name) : std::nullopt;
}

tl::expected<std::optional<std::string>, ApiError> Body::optional_text(std::string_view name) const {
  if (is_form()) {
    const auto field = find(form_, name);
    return field ? std::optional(std::string(*field)) : std::nullopt;
  }
  const auto found = value(name);
  if (!found) return std::optional<std::string>();
  auto text = found->string();
  if (!text) return tl::unexpected(bad_field(name, fmt::format("is {}, not text", json::describe(found->kind()))));
  return text;
}

tl::expected<std::optional<bool>, ApiError> Body::optional_boolean(std::string_view name) const {
  if (is_form()) {
    const auto field = find(form_, name);
    if (!field) return std::optional<bool>();
    const std::string word = to_lower_ascii(trimmed_ascii(*field));
    if (word == "true" || word == "1" || word == "on" || word == "yes") return true;
    if (word == "false" || word == "0" || word == "off" || word == "no") return false;
    return tl::unexpected(bad_field(name, "is neither true nor false"));
  }
  const auto found = value(name);
  if (!found) return std::optional<bool>();
  const auto boolean = found->boolean();
  if (!boolean) {
    return tl::unexpected(bad_field(name, fmt::format("is {}, not true or false", json::describe(found->kind()))));
  }
  return boolean;
}

tl::expected<std::string, ApiError> Body::text(std::string_view name) const {
  auto found = optional_text(name);
  if (!found) return tl::unexpected(std::move(found).error());
  if (!*found) return tl::unexpected(missing_field(name));
  return std::move(**found);
}

tl::expected<bool, ApiError> Body::boolean(std::string_view name) const {
  auto found = optional_boolean(name);
  if (!found) return tl::unexpected(std::move(found).error());
  if (!*found) return tl::unexpected(missing_field(name));
  return **found;
}

}  // namespace trueup::web
