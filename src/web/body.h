// What a request asks for in its body, JSON or a form, read once into typed fields. Hostile.
//
// A field of the wrong type is refused by its name (failure F137): `"enabled": "false"` is no boolean, in JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/document.h"
#include "web/envelope.h"
#include "web/http.h"

namespace trueup::web {

enum class Accepts { json, json_or_form };

class Body {
 public:
  /// Requires JSON, or where `accepts` says so a form, whose fields and those of the query are then the fields.
  /// An empty body is an object without members where `may_be_empty`. Error: 400 or 415.
  static tl::expected<Body, ApiError> read(const Request& request, Accepts accepts, bool may_be_empty = false);

  [[nodiscard]] bool is_form() const { return !document_; }
  [[nodiscard]] const Parameters& form() const { return form_; }
  [[nodiscard]] bool has(std::string_view name) const;
  /// Requires: JSON.
  [[nodiscard]] std::optional<json::Value> value(std::string_view name) const;

  /// Error: 400, which names the field: it is missing, or not of that type.
  [[nodiscard]] tl::expected<std::string, ApiError> text(std::string_view name) const;
  [[nodiscard]] tl::expected<bool, ApiError> boolean(std::string_view name) const;
  /// Nothing: it is not there.
  [[nodiscard]] tl::expected<std::optional<std::string>, ApiError> optional_text(std::string_view name) const;
  [[nodiscard]] tl::expected<std::optional<bool>, ApiError> optional_boolean(std::string_view name) const;

 private:
  std::optional<json::Document> document_;
  Parameters form_;
};

/// 400, naming the field.
ApiError bad_field(std::string_view name, std::string_view problem);
ApiError missing_field(std::string_view name);

}  // namespace trueup::web

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in them
/// API_ASSIGN_OR_RETURN(auto id, body.text("plugin_id")): declares, or returns the ApiError's answer.
#define API_ASSIGN_OR_RETURN(declaration, expression) \
  API_ASSIGN_OR_RETURN_IMPL(TRUEUP_CONCAT(api_result_, __LINE__), declaration, expression)
#define API_ASSIGN_OR_RETURN_IMPL(name, declaration, expression) \
  auto name = (expression);                                      \
  if (!name) return failure(name.error());                       \
  declaration = std::move(*name)
// NOLINTEND(bugprone-macro-parentheses)
