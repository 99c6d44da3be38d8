// Pages out of templates (assets/pages/*.html, mustache) and values. All text goes through one escape: nothing that a
// plugin, a registry or a file says can become markup (failure F149). The template library stays in the one .cpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trueup::web {

/// What a template shows: texts, conditions and lists, by name.
class View {
 public:
  View& text(std::string_view name, std::string_view value) {
    texts_.emplace_back(name, value);
    return *this;
  }
  View& flag(std::string_view name, bool value) {
    flags_.emplace_back(name, value);
    return *this;
  }
  View& list(std::string_view name, std::vector<View> views) {
    lists_.emplace_back(name, std::move(views));
    return *this;
  }

  [[nodiscard]] const auto& texts() const { return texts_; }
  [[nodiscard]] const auto& flags() const { return flags_; }
  [[nodiscard]] const auto& lists() const { return lists_; }

 private:
  std::vector<std::pair<std::string, std::string>> texts_;
  std::vector<std::pair<std::string, bool>> flags_;
  std::vector<std::pair<std::string, std::vector<View>>> lists_;
};

/// Safe between tags and in attributes with quotes. Control characters and what turns text around show as escapes.
std::string html_text(std::string_view text);

/// Requires: assets/pages/<name>.html exists. `{{> other}}` includes another one.
std::string render(std::string_view name, const View& view);

}  // namespace trueup::web
