#include "base/nearest.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace trueup {
namespace {

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

/// How far `candidate` is from `word`: farthest where one is only a part of the other; nothing when it is no guess.
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

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kMost = 3;
  std::vector<std::pair<std::size_t, std::string>> guesses;
  for (const std::string& candidate : known) {
    if (candidate == word) continue;
    if (const auto near = nearness(word, candidate)) guesses.emplace_back(*near, candidate);
  }
  std::sort(guesses.begin(), guesses.end());
  std::vector<std::string> out;
  for (auto& [near, candidate] : guesses) {
    if (out.size() < kMost) out.push_back(std::move(candidate));
  }
  return out;
}

}  // namespace trueup
