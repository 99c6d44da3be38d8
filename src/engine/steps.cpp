#include "engine/steps.h"

#include <variant>

namespace trueup::engine {

Status prepare_operation(Site& site, Operation& operation, const Materials& materials) {
  return std::visit([&](auto& kind) { return prepare(site, kind, materials); }, operation);
}

Result<Applied> apply_operation(Site& site, const Operation& operation) {
  return std::visit([&](const auto& kind) { return apply(site, kind); }, operation);
}

Status take_back_operation(Site& site, const Operation& operation) {
  return std::visit([&](const auto& kind) { return take_back(site, kind); }, operation);
}

std::optional<Operation> invert_operation(const Operation& operation, const Applied& applied) {
  return std::visit([&](const auto& kind) { return invert(kind, applied); }, operation);
}

Result<std::optional<Operation>> reverse_operation(Site& site, const Operation& operation, const Applied& applied) {
  return std::visit([&](const auto& kind) { return reverse(site, kind, applied); }, operation);
}

}  // namespace trueup::engine
