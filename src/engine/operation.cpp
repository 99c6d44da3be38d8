#include "engine/operation.h"

namespace trueup::engine {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::done: return "done";
    case Outcome::already: return "already";
    case Outcome::moved: return "moved";
  }
  return "";
}

bool is_ours(const Applied& applied) {
  return applied.outcomes == std::vector{Outcome::done} ||
         (applied.recovered && applied.outcomes == std::vector{Outcome::already});
}

}  // namespace trueup::engine
