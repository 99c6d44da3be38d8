#include "web/envelope.h"

#include "base/escape.h"
#include "json/write.h"

namespace trueup::web {
namespace {

std::string_view default_fix(ApiCode code) {
  switch (code) {
    case ApiCode::config_save_failed:
    case ApiCode::permission_denied: return "`trueup doctor` on the display says which file cannot be written, and why";
    case ApiCode::config_load_failed: return "`trueup doctor` on the display says which file cannot be read, and why";
    case ApiCode::validation_error:
    case ApiCode::config_validation_failed: return "correct the fields that are named and send them again";
    case ApiCode::plugin_not_found: return "GET /api/v3/plugins/installed lists the plugins there are";
    case ApiCode::plugin_operation_conflict: return "wait until what is at work has ended, and try again";
    case ApiCode::plugin_update_failed: return "`trueup explain ID` and `trueup update ID` on the display say more";
    case ApiCode::invalid_input: return "docs/http-api.md says what this address takes";
    case ApiCode::network_error: return "check the display's connection to the internet";
    case ApiCode::system_error: return "`trueup doctor` and the log of the service say more";
    case ApiCode::service_unavailable: return "try again in a moment";
    case ApiCode::not_found:
    case ApiCode::method_not_allowed: return "GET /api/trueup/v1/openapi.json and docs/http-api.md list what there is";
    case ApiCode::unsupported_media_type: return "send JSON with `Content-Type: application/json`";
    case ApiCode::content_too_large: return "send less at a time";
    case ApiCode::not_implemented: return "LEDMatrix's own page on port 5000 does this";
  }
  return "";
}

/// Which status and code a kind of error has.
std::pair<int, ApiCode> kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found: return {404, ApiCode::plugin_not_found};
    case ErrorCode::invalid: return {400, ApiCode::invalid_input};
    case ErrorCode::refused: return {422, ApiCode::config_validation_failed};
    case ErrorCode::contended:
    case ErrorCode::busy:
    case ErrorCode::conflict: return {409, ApiCode::plugin_operation_conflict};
    case ErrorCode::unreadable: return {503, ApiCode::config_load_failed};
    case ErrorCode::full: return {507, ApiCode::config_save_failed};
    case ErrorCode::read_only: return {500, ApiCode::permission_denied};
    case ErrorCode::unsupported: return {503, ApiCode::service_unavailable};
    case ErrorCode::io:
    case ErrorCode::internal: return {500, ApiCode::system_error};
  }
  return {500, ApiCode::system_error};
}

}  // namespace

std::string_view to_string(ApiCode code) {
  switch (code) {
    case ApiCode::config_save_failed: return "CONFIG_SAVE_FAILED";
    case ApiCode::config_load_failed: return "CONFIG_LOAD_FAILED";
    case ApiCode::config_validation_failed: return "CONFIG_VALIDATION_FAILED";
    case ApiCode::plugin_not_found: return "PLUGIN_NOT_FOUND";
    case ApiCode::plugin_operation_conflict: return "PLUGIN_OPERATION_CONFLICT";
    case ApiCode::plugin_update_failed: return "PLUGIN_UPDATE_FAILED";
    case ApiCode::validation_error: return "VALIDATION_ERROR";
    case ApiCode::invalid_input: return "INVALID_INPUT";
    case ApiCode::network_error: return "NETWORK_ERROR";
    case ApiCode::permission_denied: return "PERMISSION_DENIED";
    case ApiCode::system_error: return "SYSTEM_ERROR";
    case ApiCode::service_unavailable: return "SERVICE_UNAVAILABLE";
    case ApiCode::not_found: return "NOT_FOUND";
    case ApiCode::method_not_allowed: return "METHOD_NOT_ALLOWED";
    case ApiCode::unsupported_media_type: return "UNSUPPORTED_MEDIA_TYPE";
    case ApiCode::content_too_large: return "CONTENT_TOO_LARGE";
    case ApiCode::not_implemented: return "NOT_IMPLEMENTED";
  }
  return "UNKNOWN_ERROR";
}

std::string_view category_of(ApiCode code) {
  switch (code) {
    case ApiCode::config_save_failed:
    case ApiCode::config_load_failed:
    case ApiCode::config_validation_failed: return "configuration";
    case ApiCode::plugin_not_found:
    case ApiCode::plugin_operation_conflict:
    case ApiCode::plugin_update_failed: return "plugin";
    case ApiCode::validation_error:
    case ApiCode::invalid_input: return "validation";
    case ApiCode::network_error: return "network";
    case ApiCode::permission_denied: return "permission";
    case ApiCode::system_error:
    case ApiCode::service_unavailable: return "system";
    case ApiCode::not_found:
    case ApiCode::method_not_allowed:
    case ApiCode::unsupported_media_type:
    case ApiCode::content_too_large:
    case ApiCode::not_implemented: return "unknown";
  }
  return "unknown";
}

ApiError api_error(const Error& error) {
  const auto [status, code] = kind_of(error.code);
  ApiError out{.status = status, .code = code, .message = escape_for_display(error.message), .details = {}};
  if (!error.where.empty()) out.context.emplace_back("where", json::quote(escape_for_display(error.where)));
  if (error.os_error != 0) out.context.emplace_back("errno", std::to_string(error.os_error));
  if (!error.hint.empty()) out.suggested_fixes.push_back(escape_for_display(error.hint));
  return out;
}

Response json_response(std::string json, int status) {
  return {.status = status, .content_type = "application/json", .headers = {}, .body = std::move(json)};
}

Response success(std::string_view data_json, std::string_view message,
                 const std::vector<std::pair<std::string, std::string>>& more) {
  json::Writer out;
  out.begin_object().key("status").string("success");
  if (!data_json.empty()) out.key("data").raw(data_json);
  if (!message.empty()) out.key("message").string(message);
  for (const auto& [name, json] : more) out.key(name).raw(json);
  out.end_object();
  return json_response(std::move(out).text());
}

Response failure(const ApiError& error) {
  json::Writer out;
  out.begin_object().key("status").string("error");
  out.key("error_code").string(to_string(error.code)).key("error_category").string(category_of(error.code));
  out.key("message").string(error.message);
  if (!error.details.empty()) out.key("details").string(error.details);
  if (!error.context.empty()) {
    out.key("context").begin_object();
    for (const auto& [name, json] : error.context) out.key(name).raw(json);
    out.end_object();
  }
  out.key("suggested_fixes").begin_array();
  for (const std::string& fix : error.suggested_fixes) out.string(fix);
  if (error.suggested_fixes.empty()) out.string(default_fix(error.code));
  out.end_array().end_object();
  return json_response(std::move(out).text(), error.status);
}

}  // namespace trueup::web
