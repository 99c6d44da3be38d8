#include "engine/kept_name.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <utility>

namespace trueup::engine {
namespace {

constexpr std::string_view kTakenBack = "taken-back-";
constexpr std::array<std::pair<Whose, std::string_view>, 4> kSuffixes{{{Whose::theirs, ".theirs"},
                                                                       {Whose::ours, ".ours"},
                                                                       {Whose::crossed, ".crossed"},
                                                                       {Whose::crossed_basis, ".crossed-basis"}}};

std::string_view suffix_of(Whose whose) {
  for (const auto& [one, suffix] : kSuffixes) {
    if (one == whose) return suffix;
  }
  return {};
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

bool is_open_question(Whose whose) { return whose != Whose::basis && whose != Whose::ours; }

std::string text_of(const KeptName& name) {
  std::string text =
      fmt::format("{}-{}{}{}", name.number, name.taken_back ? kTakenBack : "", name.file, suffix_of(name.whose));
  if (name.count > 1) text += fmt::format(".{}", name.count);
  return text;
}

std::optional<KeptName> parse_kept_name(std::string_view text) {
  KeptName name;
  std::string_view rest = text;
  const auto dash = rest.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto number = number_of<std::int64_t>(rest.substr(0, dash));
  if (!number) return std::nullopt;
  name.number = *number;
  rest.remove_prefix(dash + 1);
  name.taken_back = rest.starts_with(kTakenBack);
  if (name.taken_back) rest.remove_prefix(kTakenBack.size());
  if (const auto dot = rest.rfind('.'); dot != std::string_view::npos) {
    if (const auto count = number_of<int>(rest.substr(dot + 1))) {
      name.count = *count;
      rest = rest.substr(0, dot);
    }
  }
  for (const auto& [whose, suffix] : kSuffixes) {
    if (!rest.ends_with(suffix)) continue;
    name.whose = whose;
    rest.remove_suffix(suffix.size());
    break;
  }
  name.file = rest;
  if (name.file.empty() || text_of(name) != text) return std::nullopt;
  return name;
}

}  // namespace trueup::engine
