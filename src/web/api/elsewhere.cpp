// /api/v3: addresses of LEDMatrix that other parts of it serve. Each is answered with 501 and where to go, never with a
// page that says nothing.
#include <fmt/core.h>

#include <array>

#include "web/api/common.h"

namespace trueup::web {
namespace {

struct Elsewhere {
  std::string_view first;   // part of the path behind /api/v3
  std::string_view second;  // the next part, or empty: any
  std::string_view pointer;
};

constexpr std::string_view kLedMatrix = "LEDMatrix's own page on port 5000 does this";

constexpr std::array<Elsewhere, 16> kElsewhere{{{"starlark", "", kLedMatrix},
                                                {"skins", "", kLedMatrix},
                                                {"backup", "", kLedMatrix},
                                                {"display", "", kLedMatrix},
                                                {"fonts", "", kLedMatrix},
                                                {"errors", "", kLedMatrix},
                                                {"system", "", kLedMatrix},
                                                {"wifi", "", kLedMatrix},
                                                {"plugins", "action", kLedMatrix},
                                                {"plugins", "authenticate", kLedMatrix},
                                                {"plugins", "calendar", kLedMatrix},
                                                {"plugins", "of-the-day", kLedMatrix},
                                                {"plugins", "health", kLedMatrix},
                                                {"plugins", "metrics", kLedMatrix},
                                                {"plugins", "limits", kLedMatrix},
                                                {"logs", "", kLedMatrix}}};

}  // namespace

std::optional<Response> answer_elsewhere(const std::vector<std::string>& segments) {
  if (segments.size() < 3 || segments[0] != "api" || segments[1] != "v3") return std::nullopt;
  for (const Elsewhere& one : kElsewhere) {
    if (segments[2] != one.first || (!one.second.empty() && (segments.size() < 4 || segments[3] != one.second)))
      continue;
    return failure({.status = 501,
                    .code = ApiCode::not_implemented,
                    .message = "trueup does not answer this address",
                    .suggested_fixes = {std::string(one.pointer)}});
  }
  return std::nullopt;
}

}  // namespace trueup::web
