#include "ledger/kept_files.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/limits.h"

namespace trueup::ledger {

namespace {

std::vector<KeptFile> newest_first(std::vector<KeptFile> kept) {
  std::stable_sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.number > b.number; });
  return kept;
}

}  // namespace

std::vector<KeptFile> last_good_copies(const std::vector<KeptFile>& kept, std::string_view document) {
  std::vector<KeptFile> copies;
  std::set<std::string> digests;
  for (const KeptFile& file : newest_first(kept)) {
    if (copies.size() == limits::kLastGoodCopies) break;
    if (file.document == document && file.parses && digests.insert(file.digest).second) copies.push_back(file);
  }
  return copies;
}

std::vector<KeptFile> removable_kept_files(const std::vector<KeptFile>& kept, const std::set<std::string>& undoable) {
  std::map<std::string, std::vector<KeptFile>> copies;
  for (const KeptFile& file : kept) {
    if (!copies.contains(file.document)) copies[file.document] = last_good_copies(kept, file.document);
  }
  std::vector<KeptFile> removable;
  for (const KeptFile& file : kept) {
    if (file.needed_for_undo && undoable.contains(file.transaction_id)) continue;
    const auto& good = copies[file.document];
    if (std::find(good.begin(), good.end(), file) == good.end()) removable.push_back(file);
  }
  std::stable_sort(removable.begin(), removable.end(),
                   [](const auto& a, const auto& b) { return a.number < b.number; });
  return removable;
}

std::int64_t next_kept_number(std::int64_t last_recorded, const std::vector<platform::DirectoryEntry>& kept_directory) {
  std::int64_t last = last_recorded;
  for (const auto& entry : kept_directory) {
    std::int64_t number = 0;
    const char* const end = entry.name.data() + entry.name.size();
    const auto [stopped, problem] = std::from_chars(entry.name.data(), end, number);
    if (problem == std::errc() && stopped != end && *stopped == '-') last = std::max(last, number);
  }
  return last + 1;
}

}  // namespace trueup::ledger
