#include "sources/neighbour.h"

#include <algorithm>

#include "base/limits.h"
#include "model/version.h"

namespace trueup::sources {
namespace {

using model::Neighbour;
using model::Winner;

constexpr std::string_view kReconciler = "src/plugin_system/state_reconciliation.py";
constexpr std::string_view kSeedCommit = "2c2fca22";  // formats, section 0
constexpr std::string_view kHeadCommit = "6b745066";
constexpr std::size_t kCommitDigits = 40;
constexpr std::size_t kMaxVersionBytes = 64;
constexpr std::size_t kMaxReferenceBytes = 250;

std::optional<std::string> text_of(const platform::Directory& root, const std::string& path) {
  auto file = root.read(path, limits::kMaxCodeBytes, platform::Links::follow);
  if (!file) return std::nullopt;
  return std::move(file->bytes);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

bool is_commit(std::string_view text) {
  return text.size() == kCommitDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// A name that leads nowhere but below `.git/refs`.
bool is_reference(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c != '\x7f' && c != '\\'; });
  return plain && name.starts_with("refs/") && name.size() <= kMaxReferenceBytes &&
         name.find("..") == std::string_view::npos && name.find("//") == std::string_view::npos && name.back() != '/';
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= kMaxVersionBytes && text.find('\n') == std::string_view::npos;
}

std::string version_of(const platform::Directory& root) {
  if (const auto module = text_of(root, "src/__init__.py")) {
    if (auto version = python_version_in(*module)) return std::move(*version);
  }
  if (const auto file = text_of(root, "VERSION")) {
    const std::string_view line = trimmed(*file);
    if (is_version(line)) return std::string(line);
  }
  return {};
}

void look_at_git(const platform::Directory& root, Neighbour& neighbour) {
  const auto text = text_of(root, ".git/HEAD");
  if (!text) return;
  const auto head = decode_git_head(*text);
  if (!head) return;
  neighbour.commit = head->commit;
  if (head->reference.empty()) return;
  constexpr std::string_view kBranches = "refs/heads/";
  if (head->reference.starts_with(kBranches)) neighbour.branch = head->reference.substr(kBranches.size());
  if (const auto loose = text_of(root, ".git/" + head->reference); loose && is_commit(trimmed(*loose))) {
    neighbour.commit = trimmed(*loose);
    return;
  }
  const auto packed = text_of(root, ".git/packed-refs");
  if (packed) neighbour.commit = packed_commit(*packed, head->reference).value_or("");
}

void judge(const std::optional<std::string>& reconciler, Neighbour& neighbour) {
  // Newer ones than are known read no records at all: nothing is foretold of them.
  if (!neighbour.version.empty()) {
    const auto order = model::compare_versions(neighbour.version, "3.7.0");
    if (order == model::VersionOrder::newer || order == model::VersionOrder::same) {
      neighbour.known_by = "it is newer than the versions whose ways are known";
      return;
    }
  }
  if (neighbour.commit.starts_with(kSeedCommit) || neighbour.commit.starts_with(kHeadCommit)) {
    neighbour.winner = neighbour.commit.starts_with(kSeedCommit) ? Winner::state : Winner::config;
    neighbour.known_by = "its commit is a known one";
  } else if (!reconciler) {
    neighbour.known_by = std::string(kReconciler) + " is not there or could not be read";
  } else if (reconciler->find("set_plugin_enabled(") != std::string::npos) {
    neighbour.winner = Winner::config;
    neighbour.known_by = std::string(kReconciler) + " corrects the records";
  } else if (reconciler->find("save_config(") != std::string::npos &&
             reconciler->find("state_manager") != std::string::npos) {
    neighbour.winner = Winner::state;
    neighbour.known_by = std::string(kReconciler) + " corrects config.json";
  } else {
    neighbour.known_by = std::string(kReconciler) + " is none of the known ones";
  }
}

}  // namespace

std::optional<std::string> python_version_in(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = trimmed(take_line(text));
    constexpr std::string_view kName = "__version__";
    if (!line.starts_with(kName)) continue;
    line = trimmed(line.substr(kName.size()));
    if (!line.starts_with('=')) continue;
    line = trimmed(line.substr(1));
    if (line.size() < 2 || (line.front() != '"' && line.front() != '\'')) continue;
    const std::size_t end = line.find(line.front(), 1);
    if (end == std::string_view::npos || !is_version(line.substr(1, end - 1))) continue;
    return std::string(line.substr(1, end - 1));
  }
  return std::nullopt;
}

std::optional<GitHead> decode_git_head(std::string_view text) {
  const std::string_view line = trimmed(text);
  if (is_commit(line)) return GitHead{.commit = std::string(line)};
  constexpr std::string_view kPrefix = "ref:";
  if (!line.starts_with(kPrefix)) return std::nullopt;
  const std::string_view name = trimmed(line.substr(kPrefix.size()));
  if (!is_reference(name)) return std::nullopt;
  return GitHead{.reference = std::string(name)};
}

std::optional<std::string> packed_commit(std::string_view text, std::string_view reference) {
  while (!text.empty()) {
    const std::string_view line = trimmed(take_line(text));
    const bool matches = line.size() == kCommitDigits + 1 + reference.size() && line[kCommitDigits] == ' ' &&
                         line.ends_with(reference) && is_commit(line.substr(0, kCommitDigits));
    if (matches) return std::string(line.substr(0, kCommitDigits));
  }
  return std::nullopt;
}

Neighbour look_for_neighbour(const platform::Directory& root) {
  Neighbour neighbour;
  const auto reconciler = text_of(root, std::string(kReconciler));
  const auto is_there = [&root](std::string_view path) {
    return root.info(std::string(path), platform::Links::follow).has_value();
  };
  neighbour.found = reconciler || is_there(kReconciler) || is_there("src/display_controller.py") ||
                    (is_there("run.py") && is_there("web_interface"));
  if (!neighbour.found) return neighbour;
  neighbour.version = version_of(root);
  look_at_git(root, neighbour);
  judge(reconciler, neighbour);
  return neighbour;
}

}  // namespace trueup::sources
