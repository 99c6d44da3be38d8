// Which handler a method and a path lead to. A value: patterns in, the place of one of them out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace trueup::web {

/// The parts of the path that stood for `{name}` in the pattern, in order.
using Arguments = std::vector<std::string>;

struct Route {
  std::size_t place = 0;  // as add() counted it
  Arguments arguments;
  bool operator==(const Route&) const = default;
};

/// Without a route: the methods that the path has; empty when there is no such path.
struct Routing {
  std::optional<Route> route;
  std::vector<Method> allowed;
};

class Router {
 public:
  /// "/api/v3/plugins/operation/{id}": a part in braces stands for any one part, "{rest...}" at the end for one or
  /// more. Returns its place, counted from 0. Where several patterns fit, the one that came first counts, one without
  /// braces before one with them.
  std::size_t add(Method method, std::string_view pattern);
  /// HEAD goes where GET goes.
  [[nodiscard]] Routing find(Method method, const std::vector<std::string>& segments) const;

 private:
  struct Part {
    std::string text;
    enum class Kind : std::uint8_t { literal, one, rest } kind = Kind::literal;
  };
  struct Entry {
    Method method = Method::get;
    std::vector<Part> parts;
    std::size_t placeholders = 0;
  };
  static std::optional<Arguments> match(const Entry& entry, const std::vector<std::string>& segments);

  std::vector<Entry> entries_;
};

}  // namespace trueup::web
