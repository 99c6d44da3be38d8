#include "cli/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "base/utf8.h"

namespace trueup::cli {
namespace {

struct CodePoints {
  char32_t first;
  char32_t last;
};

// East Asian wide and emoji blocks, as every terminal shows them: good enough to align a table of plugin names.
constexpr std::array<CodePoints, 8> kWide{{{0x1100, 0x115F},
                                           {0x2E80, 0xA4CF},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0x1F300, 0x1FAFF},
                                           {0x20000, 0x3FFFD}}};
constexpr std::array<CodePoints, 3> kCombining{{{0x0300, 0x036F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t kSize>
bool within(const std::array<CodePoints, kSize>& ranges, char32_t code_point) {
  return std::any_of(ranges.begin(), ranges.end(), [code_point](const CodePoints& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

std::string_view colour_code(Colour colour) {
  switch (colour) {
    case Colour::plain: return "";
    case Colour::strong: return "\x1b[1m";
    case Colour::dim: return "\x1b[2m";
    case Colour::good: return "\x1b[32m";
    case Colour::warning: return "\x1b[33m";
    case Colour::bad: return "\x1b[31m";
  }
  return "";
}

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Edits (insert, delete, replace, swap of neighbours) from one word to the other, ignoring case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

constexpr std::size_t kLongestGuess = 64;  // beyond that nobody mistypes, and the work would grow with the square

/// How far `candidate` is from `word`; 0 when one is a part of the other; nothing when it is no guess at all.
std::optional<std::size_t> nearness(std::string_view word, std::string_view candidate) {
  if (word.empty() || word.size() > kLongestGuess || candidate.size() > kLongestGuess) return std::nullopt;
  const std::size_t edits = distance(word, candidate);
  if (edits <= std::max<std::size_t>(1, std::min(word.size(), candidate.size()) / 3)) return edits;
  constexpr std::size_t kTelling = 4;  // "ledmatrix-clock" for "clock", but not for "a"
  const bool part = (word.size() >= kTelling && candidate.find(word) != std::string_view::npos) ||
                    (candidate.size() >= kTelling && word.find(candidate) != std::string_view::npos);
  if (part) return kLongestGuess;
  return std::nullopt;
}

}  // namespace

std::string shown(std::string_view text) { return escape_for_display(text); }

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_at(text, at);
    if (!character) {
      ++width;
      ++at;
      continue;
    }
    if (within(kWide, character->code_point)) {
      width += 2;
    } else if (!within(kCombining, character->code_point)) {
      ++width;
    }
    at += character->length;
  }
  return width;
}

std::string painted(const Terminal& terminal, Colour colour, std::string_view text) {
  if (!terminal.colours || colour == Colour::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", colour_code(colour), text);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t line_width = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t word_width = display_width(word);
    if (!line.empty() && line_width + 1 + word_width > width) {
      lines.push_back(std::move(line));
      line.clear();
      line_width = 0;
    }
    if (!line.empty()) {
      line += ' ';
      ++line_width;
    }
    line += word;
    line_width += word_width;
    at = end;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string hanging(const Terminal& terminal, std::string_view lead, std::size_t lead_width, std::string_view text,
                    Colour colour) {
  if (!terminal.interactive) return fmt::format("{}{}\n", lead, text);
  const std::size_t room = terminal.columns > lead_width + 20 ? terminal.columns - lead_width : 20;
  std::string out(lead);
  bool first = true;
  for (const std::string& line : wrapped(text, room)) {
    if (!first) out.append(lead_width, ' ');
    out += painted(terminal, colour, line);
    out += '\n';
    first = false;
  }
  if (first) out += '\n';
  return out;
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string out;
  const bool all = names.size() <= most;
  const std::size_t named = all ? names.size() : most;
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) out += ", ";
    out += shown(names[i]);
  }
  if (!all) out += fmt::format(" and {} more", names.size() - named);
  return out;
}

std::string as_sentence(std::string_view sentence) {
  std::string out(sentence);
  if (out.empty()) return out;
  if (std::string_view(".!?:`").find(out.back()) == std::string_view::npos || out.back() == '`') out += '.';
  return out;
}

std::vector<std::string> near_misses(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kMost = 3;
  std::vector<std::pair<std::size_t, std::string>> guesses;
  for (const std::string& candidate : known) {
    if (const auto near = nearness(word, candidate)) guesses.emplace_back(*near, candidate);
  }
  std::sort(guesses.begin(), guesses.end());
  std::vector<std::string> out;
  for (auto& [near, candidate] : guesses) {
    if (out.size() < kMost) out.push_back(std::move(candidate));
  }
  return out;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> guesses = near_misses(word, known);
  std::string out;
  for (std::size_t i = 0; i < guesses.size(); ++i) {
    if (i > 0) out += i + 1 == guesses.size() ? " or " : ", ";
    out += fmt::format("`{}`", shown(guesses[i]));
  }
  return out.empty() ? out : fmt::format("Did you mean {}?", out);
}

}  // namespace trueup::cli
