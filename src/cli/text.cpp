#include "cli/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "base/nearest.h"
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

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> guesses = nearest(word, known);
  std::string out;
  for (std::size_t i = 0; i < guesses.size(); ++i) {
    if (i > 0) out += i + 1 == guesses.size() ? " or " : ", ";
    out += fmt::format("`{}`", shown(guesses[i]));
  }
  return out.empty() ? out : fmt::format("Did you mean {}?", out);
}

}  // namespace trueup::cli
