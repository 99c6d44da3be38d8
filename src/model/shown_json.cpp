#include "model/shown_json.h"

#include "json/write.h"

namespace trueup::model {
namespace {

constexpr std::size_t kLong = 40;

/// What is said instead; empty where the value itself may be shown.
std::string_view said_instead(std::string_view json) {
  if (json.starts_with('{')) return "(an object)";
  if (json.starts_with('[')) return "(a list)";
  return json.size() > kLong ? "(a long text)" : "";
}

}  // namespace

std::string shown_json(std::string_view json) {
  const std::string_view instead = said_instead(json);
  return std::string(instead.empty() ? json : instead);
}

std::string shown_as_json(std::string_view json) {
  const std::string_view instead = said_instead(json);
  return instead.empty() ? std::string(json) : json::quote(instead);
}

}  // namespace trueup::model
