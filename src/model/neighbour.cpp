#include "model/neighbour.h"

namespace trueup::model {

std::string_view to_string(Winner winner) {
  switch (winner) {
    case Winner::unknown: return "unknown";
    case Winner::state: return "state";
    case Winner::config: return "config";
  }
  return "unknown";
}

}  // namespace trueup::model
