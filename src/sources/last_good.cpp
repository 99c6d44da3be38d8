#include "sources/last_good.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "base/limits.h"
#include "sources/damaged_text.h"
#include "sources/documents.h"

namespace trueup::sources {
namespace {

constexpr std::size_t kMostCopiesRead = 16;  // LEDMatrix keeps 5, and so do we
constexpr std::size_t kMostNamesShown = 8;

std::string file_name(model::Source source) {
  return source == model::Source::secrets ? "config_secrets.json" : "config.json";
}

model::DocumentName document_of(model::Source source) {
  return source == model::Source::secrets ? model::DocumentName::secrets : model::DocumentName::config;
}

std::vector<std::string> lacking(json::Value copy, const std::vector<std::string>& wanted) {
  std::set<std::string_view> has;
  for (const json::Member& member : copy.members()) has.insert(member.key);
  std::vector<std::string> out;
  for (const auto& key : wanted) {
    if (!has.contains(key)) out.push_back(key);
  }
  return out;
}

std::string describe_lack(const std::vector<std::string>& shown, const std::vector<std::string>& lacks) {
  if (shown.empty()) return "the damaged file shows nothing any more, so what this copy lacks cannot be told";
  if (lacks.empty()) return "it has every section that the damaged file still shows";
  std::string names;
  for (std::size_t i = 0; i < lacks.size() && i < kMostNamesShown; ++i) {
    names += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", escape_for_display(lacks[i]));
  }
  if (lacks.size() > kMostNamesShown) names += fmt::format(" and {} more", lacks.size() - kMostNamesShown);
  return fmt::format("it lacks {}, which the damaged file still shows", names);
}

std::vector<std::string> candidates(const platform::Directory& root, const CopySearch& search) {
  std::vector<std::string> paths = search.kept;
  for (auto& path : backups_of(root, search.source)) paths.push_back(std::move(path));
  if (paths.size() > kMostCopiesRead) paths.resize(kMostCopiesRead);
  return paths;
}

}  // namespace

std::vector<std::string> backups_of(const platform::Directory& root, model::Source source) {
  const std::string name = file_name(source);
  std::vector<std::string> paths;
  if (const auto directory = root.open("config/backups", platform::Links::follow)) {
    if (const auto entries = (*directory)->list()) {
      for (const auto& entry : *entries) {
        if (entry.name.starts_with(name + ".backup.")) paths.push_back("config/backups/" + entry.name);
      }
    }
  }
  std::sort(paths.rbegin(), paths.rend());  // the names end in the time they were made
  const std::string migration_copy = "config/" + name + ".backup";
  if (root.info(migration_copy, platform::Links::follow)) paths.push_back(migration_copy);
  return paths;
}

std::optional<FoundCopy> find_last_good(const platform::Directory& root, const CopySearch& search) {
  const auto shown = visible_top_level_keys(search.damaged_bytes);
  std::optional<FoundCopy> best;
  std::size_t best_lacks = 0;
  for (const auto& path : candidates(root, search)) {
    auto file = root.read(path, limits::kMaxConfigBytes, platform::Links::follow);
    if (!file) continue;
    auto document = parse_object(std::move(file->bytes));
    if (!document || why_no_copy(document_of(search.source), path, document->root(), search.secrets)) continue;
    const auto lacks = lacking(document->root(), shown);
    if (best && lacks.size() >= best_lacks) continue;
    best_lacks = lacks.size();
    best = FoundCopy{.copy = {.source = search.source, .path = path, .lacks = describe_lack(shown, lacks)},
                     .document = std::move(*document)};
    if (lacks.empty()) break;
  }
  return best;
}

}  // namespace trueup::sources
