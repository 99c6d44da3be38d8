#include "power_cut.h"

#include <fmt/core.h>

#include <cstdlib>
#include <set>

#include "promises_kept.h"

namespace trueup::test {
namespace {

class Exploration {
 public:
  Exploration(const Scenario& scenario, const Depth& depth)
      : scenario_(scenario), depth_(depth), ends_(ends_of(scenario)) {
    figures_.operations = ends_.log.size();
  }

  Figures run() {
    for (std::size_t cut = 0; cut <= ends_.log.size() && figures_.broken.empty(); ++cut) {
      if (cut % depth_.every != 0 && cut != ends_.log.size()) continue;
      if (cut > 0) ++figures_.cut;
      const bool finished = cut == ends_.log.size();
      platform::CrashOptions options = depth_.survivors;
      options.seed += cut;
      for (auto& disk : platform::surviving_disks(ends_.start, ends_.log, cut, options)) {
        if (!is_new(disk.image, finished)) continue;
        const std::string where = fmt::format("cut behind {} of {} operations ({}), {}", cut, ends_.log.size(),
                                              cut == 0 ? "none" : ends_.log[cut - 1].where, disk.variant);
        if (!look(disk.image, finished, where)) return figures_;
      }
      if (!kill_and_cut(cut)) return figures_;
    }
    return figures_;
  }

 private:
  bool is_new(const platform::DiskImage& image, bool finished) {
    return seen_.insert(platform::fingerprint(image) + (finished ? "+" : "-")).second;
  }

  bool look(const platform::DiskImage& image, bool finished, const std::string& where) {
    ++figures_.states;
    Place place(image, 1);
    figures_.broken = broken_promises({scenario_, ends_, finished}, place);
    if (!figures_.broken.empty()) {
      figures_.broken = fmt::format("{}: {}: {}", scenario_.name, where, figures_.broken);
      return false;
    }
    if (depth_.every_again == 0 || figures_.states % depth_.every_again != 0) return true;
    return cut_recovery(image, finished, where);
  }

  /// The start that settles the first cut is cut as well.
  bool cut_recovery(const platform::DiskImage& image, bool finished, const std::string& where) {
    Place recovering(image, 1);
    recovering.disk.clear_log();
    (void)recover(recovering);
    const auto log = recovering.disk.log();
    for (std::size_t cut = 1; cut < log.size(); ++cut) {
      platform::CrashOptions options = depth_.survivors_again;
      options.seed += cut;
      for (auto& disk : platform::surviving_disks(image, log, cut, options)) {
        if (!is_new(disk.image, finished)) continue;
        ++figures_.states_again;
        Place place(disk.image, 2);
        const Situation situation{scenario_, ends_, finished};
        figures_.broken = broken_promises(situation, place);
        if (figures_.broken.empty()) continue;
        figures_.broken = fmt::format("{}: {}; recovery cut behind {} of {} ({}), {}: {}", scenario_.name, where, cut,
                                      log.size(), log[cut - 1].where, disk.variant, figures_.broken);
        return false;
      }
    }
    return true;
  }

  /// Killed here, started again, and the power cut when that start is done: what it found already done and never waited
  /// for is as volatile as its own work.
  bool kill_and_cut(std::size_t cut) {
    platform::DiskImage killed = ends_.start;
    for (std::size_t i = 0; i < cut; ++i) platform::apply(killed, ends_.log[i]);
    platform::prune(killed);
    Place starting(killed, 1);
    starting.disk.clear_log();
    const Status started = recover(starting);
    const bool finished = started && starting.theirs() == ends_.after;
    auto log = std::vector(ends_.log.begin(), ends_.log.begin() + static_cast<std::ptrdiff_t>(cut));
    for (const auto& operation : starting.disk.log()) log.push_back(operation);
    platform::CrashOptions options = depth_.survivors_again;
    options.seed += cut;
    for (auto& disk : platform::surviving_disks(ends_.start, log, log.size(), options)) {
      if (!is_new(disk.image, finished)) continue;
      ++figures_.states_again;
      Place place(disk.image, 2);
      figures_.broken = broken_promises({scenario_, ends_, finished}, place);
      if (figures_.broken.empty()) continue;
      figures_.broken =
          fmt::format("{}: killed behind {} of {} operations, started again, and the power cut then, {}: {}",
                      scenario_.name, cut, ends_.log.size(), disk.variant, figures_.broken);
      return false;
    }
    return true;
  }

  const Scenario& scenario_;
  const Depth depth_;
  const Ends ends_;
  std::set<std::string> seen_;
  Figures figures_;
};

}  // namespace

bool is_whole_run() { return std::getenv("TRUEUP_CRASH") != nullptr; }

Depth depth_of_this_run() {
  if (is_whole_run()) {
    return {.every_again = 8, .survivors_again = {.random_selections = 1, .seed = 11, .most_singles = 0}};
  }
  return {.every = 5,
          .survivors = {.random_selections = 1, .seed = 3, .most_singles = 2},
          .every_again = 40,
          .survivors_again = {.random_selections = 0, .seed = 5, .most_singles = 0}};
}

Figures cut_everywhere(const Scenario& scenario, const Depth& depth) { return Exploration(scenario, depth).run(); }

}  // namespace trueup::test
