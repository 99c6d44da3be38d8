#include "web/event.h"

#include <fmt/core.h>

namespace trueup::web {

std::string event_text(std::uint64_t id, const Event& event) {
  std::string out = fmt::format("id: {}\nevent: {}\ndata: ", id, event.name);
  for (const char c : event.data) {
    if (c == '\r') continue;
    out += c;
    if (c == '\n') out += "data: ";
  }
  return out + "\n\n";
}

}  // namespace trueup::web
