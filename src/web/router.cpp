#include "web/router.h"

#include <algorithm>

namespace trueup::web {

std::size_t Router::add(Method method, std::string_view pattern) {
  Entry entry{.method = method, .parts = {}, .placeholders = 0};
  std::string_view rest = pattern.substr(1);
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string_view text = rest.substr(0, slash);
    Part part{.text = std::string(text), .kind = Part::Kind::literal};
    if (text.starts_with('{')) {
      part.kind = text.ends_with("...}") ? Part::Kind::rest : Part::Kind::one;
      ++entry.placeholders;
    }
    entry.parts.push_back(std::move(part));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

std::optional<Arguments> Router::match(const Entry& entry, const std::vector<std::string>& segments) {
  const auto& parts = entry.parts;
  const bool open = !parts.empty() && parts.back().kind == Part::Kind::rest;
  if (open ? segments.size() < parts.size() : segments.size() != parts.size()) return std::nullopt;
  Arguments arguments;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    switch (parts[i].kind) {
      case Part::Kind::literal:
        if (parts[i].text != segments[i]) return std::nullopt;
        break;
      case Part::Kind::one: arguments.push_back(segments[i]); break;
      case Part::Kind::rest:
        arguments.insert(arguments.end(), segments.begin() + static_cast<std::ptrdiff_t>(i), segments.end());
        break;
    }
  }
  return arguments;
}

Routing Router::find(Method method, const std::vector<std::string>& segments) const {
  const Method wanted = method == Method::head ? Method::get : method;
  Routing routing;
  std::size_t fewest = static_cast<std::size_t>(-1);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto arguments = match(entries_[i], segments);
    if (!arguments) continue;
    if (std::find(routing.allowed.begin(), routing.allowed.end(), entries_[i].method) == routing.allowed.end()) {
      routing.allowed.push_back(entries_[i].method);
    }
    if (entries_[i].method != wanted || entries_[i].placeholders >= fewest) continue;
    fewest = entries_[i].placeholders;
    routing.route = Route{.place = i, .arguments = std::move(*arguments)};
  }
  return routing;
}

}  // namespace trueup::web
