#include "platform/crash_disk.h"

#include <fmt/core.h>

#include <random>
#include <set>

#include "base/digest.h"

namespace trueup::platform {

namespace {

enum class Nature { none, name, bytes, attributes };  // how an operation becomes durable

Nature nature_of(Operation operation) {
  switch (operation) {
    case Operation::create:
    case Operation::make_directory:
    case Operation::link:
    case Operation::rename:
    case Operation::exchange:
    case Operation::unlink:
    case Operation::remove_directory: return Nature::name;
    case Operation::write:
    case Operation::truncate: return Nature::bytes;
    case Operation::attributes: return Nature::attributes;
    case Operation::open:
    case Operation::read:
    case Operation::info:
    case Operation::list:
    case Operation::link_target:
    case Operation::real_path:
    case Operation::free_bytes:
    case Operation::lease:
    case Operation::lock:
    case Operation::open_for_writing:
    case Operation::sync_file:
    case Operation::sync_directory:
    case Operation::sync_everything: return Nature::none;
  }
  return Nature::none;
}

enum class Bytes { whole, short_half, zeros };  // what is there of an unsynced write that survived

using Selection = std::vector<bool>;  // per operation: it survived

class CrashPoint {
 public:
  CrashPoint(const DiskImage& start, const std::vector<LoggedOperation>& log, std::size_t cut)
      : start_(start), log_(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(cut)), durable_(cut) {
    find_needs();
    for (std::size_t i = cut; i-- > 0;) {
      if (nature(i) == Nature::none || (!durable_[i] && !is_synced(i))) continue;
      durable_[i] = true;
      for (const std::size_t needed : needs_[i]) durable_[needed] = true;
    }
    for (std::size_t i = 0; i < cut; ++i) {
      if (nature(i) != Nature::none && !durable_[i]) volatile_.push_back(i);
    }
  }

  [[nodiscard]] const std::vector<std::size_t>& volatile_operations() const { return volatile_; }
  [[nodiscard]] Nature nature(std::size_t i) const { return nature_of(log_[i].operation); }
  [[nodiscard]] std::string text(std::size_t i) const {
    return fmt::format("{}: {} {} {}", i, to_string(log_[i].operation), log_[i].where, log_[i].to_name);
  }

  /// `chosen` without what lacks something it needs.
  [[nodiscard]] Selection closed(Selection chosen) const {
    for (const std::size_t i : volatile_) {
      if (!chosen[i]) continue;
      for (const std::size_t needed : needs_[i]) {
        if (!durable_[needed] && !chosen[needed]) chosen[i] = false;
      }
    }
    return chosen;
  }
  /// Only `i` and what it needs.
  [[nodiscard]] Selection only(std::size_t i) const {
    Selection chosen(log_.size());
    chosen[i] = true;
    for (const std::size_t needed : needs_[i]) chosen[needed] = true;
    return chosen;
  }
  [[nodiscard]] Selection every(bool names, bool bytes) const {
    Selection chosen(log_.size());
    for (const std::size_t i : volatile_) chosen[i] = nature(i) == Nature::name ? names : bytes;
    return chosen;
  }

  [[nodiscard]] DiskImage disk(const Selection& survived, Bytes bytes) const {
    DiskImage image = start_;
    add_nodes(image);
    for (std::size_t i = 0; i < log_.size(); ++i) {
      if (durable_[i]) apply(image, log_[i]);
      if (!durable_[i] && survived[i]) apply(image, damaged(log_[i], bytes));
    }
    prune(image);
    return image;
  }

 private:
  [[nodiscard]] bool is_synced(std::size_t i) const {
    const LoggedOperation& done = log_[i];
    bool file = false;
    bool directory = false;
    bool to_directory = done.to_directory == 0;
    for (std::size_t later = i + 1; later < log_.size(); ++later) {
      const LoggedOperation& sync = log_[later];
      if (sync.operation == Operation::sync_everything) return true;
      const bool of_directory = sync.operation == Operation::sync_directory;
      if (!of_directory && sync.operation != Operation::sync_file) continue;
      file = file || sync.inode == done.inode;
      directory = directory || (of_directory && sync.inode == done.directory);
      to_directory = to_directory || (of_directory && sync.inode == done.to_directory);
    }
    return nature(i) == Nature::name ? directory && to_directory : file;
  }

  /// Fills in, per operation, the earlier ones without which it makes no sense, and what those need.
  void find_needs() {
    for (std::size_t i = 0; i < log_.size(); ++i) {
      std::set<std::size_t>& needed = needs_.emplace_back();
      if (nature(i) == Nature::none) continue;
      for (std::size_t earlier = 0; earlier < i; ++earlier) {
        if (nature(earlier) != nature(i) || !is_related(log_[earlier], log_[i])) continue;
        needed.insert(earlier);
        needed.insert(needs_[earlier].begin(), needs_[earlier].end());
      }
    }
  }

  /// Requires: both are of one nature.
  static bool is_related(const LoggedOperation& a, const LoggedOperation& b) {
    if (a.inode == b.inode) return true;
    if (nature_of(a.operation) != Nature::name) return false;
    if (b.other != 0 && (a.inode == b.other || a.other == b.other)) return true;
    if (a.other != 0 && a.other == b.inode) return true;
    const auto names = [](const LoggedOperation& operation, std::uint64_t directory, const std::string& name) {
      return (operation.directory == directory && operation.name == name) ||
             (operation.to_directory == directory && operation.to_name == name);
    };
    return names(a, b.directory, b.name) || (b.to_directory != 0 && names(a, b.to_directory, b.to_name));
  }

  /// Every file object that came to be, so that its bytes have a place even where its first name did not survive.
  void add_nodes(DiskImage& image) const {
    for (const LoggedOperation& operation : log_) {
      if (image.nodes.contains(operation.inode) || nature_of(operation.operation) != Nature::name) continue;
      LoggedOperation creation = operation;
      apply(image, creation);
      creation.operation = Operation::unlink;
      apply(image, creation);
    }
    // The detour must not have touched what was there before.
    for (const auto& [inode, node] : start_.nodes) image.nodes[inode] = node;
  }

  static LoggedOperation damaged(LoggedOperation operation, Bytes bytes) {
    if (operation.operation != Operation::write) return operation;
    if (bytes == Bytes::short_half) operation.bytes.resize(operation.bytes.size() / 2);
    if (bytes == Bytes::zeros) operation.bytes.assign(operation.bytes.size(), '\0');
    return operation;
  }

  const DiskImage& start_;
  std::vector<LoggedOperation> log_;
  std::vector<std::set<std::size_t>> needs_;
  std::vector<bool> durable_;
  std::vector<std::size_t> volatile_;
};

class Survivors {
 public:
  explicit Survivors(const CrashPoint& point) : point_(point) {}

  void add(std::string variant, const Selection& survived, Bytes bytes = Bytes::whole) {
    DiskImage image = point_.disk(survived, bytes);
    if (!seen_.insert(fingerprint(image)).second) return;
    disks.push_back({std::move(variant), std::move(image)});
  }

  std::vector<SurvivingDisk> disks;

 private:
  const CrashPoint& point_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<SurvivingDisk> surviving_disks(const DiskImage& start, const std::vector<LoggedOperation>& log,
                                           std::size_t cut, const CrashOptions& options) {
  const CrashPoint point(start, log, cut);
  Survivors survivors(point);
  const Selection everything = point.every(true, true);
  survivors.add("nothing volatile", point.every(false, false));
  survivors.add("everything", everything);
  survivors.add("names without their bytes", point.every(true, false));
  survivors.add("bytes without their names", point.every(false, true));
  survivors.add("everything, unsynced bytes cut short", everything, Bytes::short_half);
  survivors.add("everything, unsynced bytes zero", everything, Bytes::zeros);

  std::mt19937_64 random(options.seed);
  std::vector<std::size_t> singles = point.volatile_operations();
  if (singles.size() > options.most_singles) {
    std::shuffle(singles.begin(), singles.end(), random);
    singles.resize(options.most_singles);
  }
  for (const std::size_t i : singles) {
    Selection all_but_one = everything;
    all_but_one[i] = false;
    survivors.add("all but " + point.text(i), point.closed(std::move(all_but_one)));
    survivors.add("only " + point.text(i), point.only(i));
  }
  for (std::size_t n = 0; n < options.random_selections; ++n) {
    Selection chosen(cut);
    for (const std::size_t i : point.volatile_operations()) chosen[i] = (random() & 1U) != 0;
    const auto bytes = static_cast<Bytes>(random() % 3);
    survivors.add(fmt::format("random selection {} of seed {}", n, options.seed), point.closed(std::move(chosen)),
                  bytes);
  }
  return std::move(survivors.disks);
}

std::string fingerprint(const DiskImage& image) {
  Sha256 digest;
  for (const auto& [path, node] : tree_of(image)) {
    digest.update(fmt::format("{} {} {} {} {} {} ", path.size(), static_cast<int>(node.kind), node.mode, node.uid,
                              node.gid, node.content.size()));
    digest.update(path);
    digest.update(node.content);
  }
  return digest.hex();
}

}  // namespace trueup::platform
