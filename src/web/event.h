// Server-sent events as text. They are small and only say that something is new; who hears one asks for what changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trueup::web {

struct Event {
  std::string name;  // "changed", "operation"
  std::string data;  // one line of JSON
  bool operator==(const Event&) const = default;
};

/// As it goes over the wire. A line break in the data would end the line: it becomes two lines of data.
std::string event_text(std::uint64_t id, const Event& event);

}  // namespace trueup::web
