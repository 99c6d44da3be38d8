#include "engine/pictures_aside.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "engine/operation.h"
#include "engine/uploads_place.h"
#include "ledger/ledger.h"

namespace trueup::engine {
namespace {

struct Aside {
  std::int64_t number = 0;
  std::string name;
  std::uint64_t size = 0;
};

constexpr std::int64_t kGreatestNumber = 1'000'000'000'000'000;  // beyond, it is none of ours

Result<std::vector<Aside>> oldest_first(const platform::Directory& directory) {
  std::vector<Aside> all;
  ASSIGN_OR_RETURN(const auto entries, directory.list());
  for (const auto& entry : entries) {
    const auto info = directory.info(entry.name, platform::Links::refuse);
    Aside one{.name = entry.name};
    const auto read = std::from_chars(entry.name.data(), entry.name.data() + entry.name.size(), one.number);
    if (!info || info->kind != platform::FileKind::regular || read.ec != std::errc() || *read.ptr != '-') continue;
    if (one.number < 0 || one.number > kGreatestNumber) continue;
    one.size = info->size;
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, {}, &Aside::number);
  return all;
}

/// What undoing any action would still do; nothing where that cannot be told.
std::optional<std::string> all_inverses(const platform::Directory& root) {
  const auto reading = ledger::read_ledger(root);
  if (!reading.snapshot) return std::nullopt;
  const auto history = reading.snapshot->read().history();
  if (!history) return std::nullopt;
  std::string all;
  for (const ledger::Action& action : *history) {
    if (action.undone_by) continue;
    const auto detail = reading.snapshot->read().action(action.number);
    if (!detail) return std::nullopt;
    if (detail->inverse.find("move_picture") != std::string::npos) all += detail->inverse;
  }
  return all;
}

}  // namespace

Result<std::int64_t> next_aside_number(Site& site) {
  ASSIGN_OR_RETURN(const auto directory, pictures_aside(site));
  ASSIGN_OR_RETURN(const auto all, oldest_first(*directory));
  return all.empty() ? 1 : all.back().number + 1;
}

void forget_old_pictures(Site& site) {
  const auto directory = pictures_aside(site);
  if (!directory) return;
  const auto all = oldest_first(**directory);
  if (!all) return;
  std::uint64_t bytes = 0;
  for (const Aside& one : *all) bytes += one.size;
  if (bytes <= limits::kMaxPicturesSetAside) return;
  const auto needed = all_inverses(site.root());
  if (!needed) return;
  for (const Aside& one : *all) {
    if (bytes <= limits::kMaxPicturesSetAside) return;
    if (needed->find('"' + one.name + '"') != std::string::npos) continue;
    if ((*directory)->remove_file(one.name)) bytes -= one.size;
  }
}

}  // namespace trueup::engine
