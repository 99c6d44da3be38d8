#include "planner/plain_words.h"

#include <fmt/core.h>

namespace trueup::planner {

std::string without_the_originals_words(std::string_view description) {
  const auto at = description.find(" enabled state mismatch: config=");
  if (at == std::string_view::npos) return std::string(description);
  const auto word = [description](std::string_view name) {
    return description.find(fmt::format("{}=True", name)) != std::string_view::npos ? "on" : "off";
  };
  return fmt::format("{} is {} in config and recorded as {}", description.substr(0, at), word("config"),
                     word("state_manager"));
}

}  // namespace trueup::planner
