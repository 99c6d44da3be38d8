#include "faults.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>

#include "platform/observed_file_system.h"
#include "promises_kept.h"

namespace trueup::test {
namespace {

using platform::FailNth;

constexpr int kErrors[] = {EIO, ENOSPC, EROFS, EDQUOT, EACCES, EINTR, EMFILE, EXDEV};
constexpr FailNth::Scope kScopes[] = {FailNth::Scope::once, FailNth::Scope::from_then_on};

/// The disk is well again. One that went on after its fault and said that all was done must have done it.
std::string broken_since(const Scenario& scenario, const Ends& ends, const platform::MemoryFileSystem& disk,
                         bool said_done) {
  Place place(disk.image(), 1);
  const Situation situation{
      .scenario = scenario, .ends = ends, .finished = said_done && scenario.whole, .faulty = true};
  if (auto broken = broken_by_recovery(situation, place); !broken.empty()) return broken;
  return broken_afterwards(situation, place);
}

class Loop {
 public:
  explicit Loop(const Scenario& scenario) : scenario_(scenario), ends_(ends_of(scenario)) {}

  /// False: there is no n-th call. Only one whose text holds `part` is judged.
  bool fail_at(std::uint64_t n, int error, FailNth::Scope scope, const std::string& part = "") {
    Place place(ends_.start, 3);
    FailNth fail(n, error, scope);
    platform::ObservedFileSystem failing(place.disk, fail);
    bool done = false;
    {
      auto world = place.world(failing);
      done = scenario_.run(world).has_value();
    }
    if (!fail.was_hit()) return false;
    if (fail.hit().find(part) == std::string::npos) return true;
    settle(place, done,
           fmt::format("{} at call {}{} ({})", std::strerror(error), n,
                       scope == FailNth::Scope::once ? "" : " and from then on", fail.hit()));
    return true;
  }

  /// False: that much space is enough.
  bool fill_behind(std::uint64_t bytes) {
    Place place(ends_.start, 3);
    place.disk.set_free_bytes(bytes);
    bool done = false;
    {
      auto world = place.world();
      done = scenario_.run(world).has_value();
    }
    settle(place, done, fmt::format("with room for {} bytes", bytes));
    return !done || place.theirs() != ends_.after;
  }

  FaultFigures figures;

 private:
  void settle(Place& place, bool done, const std::string& when) {
    ++figures.failed;
    figures.broken = broken_since(scenario_, ends_, place.disk, done);
    if (!figures.broken.empty()) figures.broken = fmt::format("{}: {}: {}", scenario_.name, when, figures.broken);
  }

  const Scenario& scenario_;
  const Ends ends_;
};

}  // namespace

FaultFigures fail_everywhere(const Scenario& scenario, std::size_t every) {
  Loop loop(scenario);
  std::size_t turn = 0;
  for (std::uint64_t n = 1;; n += every) {
    bool hit = false;
    for (std::size_t e = 0; e < std::size(kErrors); ++e) {
      if (every != 1 && e != turn % std::size(kErrors)) continue;
      for (const auto scope : kScopes) {
        hit = loop.fail_at(n, kErrors[e], scope) || hit;
        if (!loop.figures.broken.empty()) return loop.figures;
      }
    }
    ++turn;
    if (!hit) return loop.figures;
  }
}

FaultFigures fail_where(const Scenario& scenario, const std::string& part) {
  Loop loop(scenario);
  for (std::uint64_t n = 1; loop.fail_at(n, EIO, FailNth::Scope::once, part); ++n) {
    for (const int error : kErrors) {
      if (loop.figures.broken.empty()) loop.fail_at(n, error, FailNth::Scope::once, part);
    }
    if (!loop.figures.broken.empty()) break;
  }
  return loop.figures;
}

FaultFigures fill_everywhere(const Scenario& scenario, std::size_t every) {
  Loop loop(scenario);
  for (std::uint64_t bytes = 0; loop.fill_behind(bytes) && loop.figures.broken.empty(); bytes += 97 * every) {
  }
  return loop.figures;
}

}  // namespace trueup::test
