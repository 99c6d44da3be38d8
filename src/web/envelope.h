// What every answer of the API is wrapped in, as programs written for LEDMatrix expect it: `status`, then `data` and
// `message`, or an error with its code, category and what to do about it.
//
// Nothing of the inside gets out here (failure F153): messages are sentences of ours, never a path of the source, a
// stack or an exception. Text from outside is escaped by json::quote, the one way into JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "web/http.h"

namespace trueup::web {

enum class ApiCode : std::uint8_t {
  config_save_failed,
  config_load_failed,
  config_validation_failed,
  plugin_not_found,
  plugin_operation_conflict,
  plugin_update_failed,
  validation_error,
  invalid_input,
  network_error,
  permission_denied,
  system_error,
  service_unavailable,
  not_found,           // no such address
  method_not_allowed,  // and those below: as HTTP names them
  unsupported_media_type,
  content_too_large,
  not_implemented,
};

std::string_view to_string(ApiCode code);
std::string_view category_of(ApiCode code);

struct ApiError {
  int status = 500;
  ApiCode code = ApiCode::system_error;
  std::string message;
  std::string details = {};
  std::vector<std::pair<std::string, std::string>> context = {};  // name, and JSON text
  std::vector<std::string> suggested_fixes = {};
  bool operator==(const ApiError&) const = default;
};

/// What went wrong in trueup, as the API says it.
ApiError api_error(const Error& error);

Response json_response(std::string json, int status = 200);
/// `{"status":"success", "data":…, "message":…}`; what is empty is left out. `more`: further members at the top, name
/// and JSON text.
Response success(std::string_view data_json, std::string_view message = {},
                 const std::vector<std::pair<std::string, std::string>>& more = {});
Response failure(const ApiError& error);

}  // namespace trueup::web
