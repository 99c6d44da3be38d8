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

}  // namespace trueup::engine
