// Any disk with an Observer in front: the way to count, trace, deny or fail calls without touching the disk's code.
// For tests and benchmarks. Composite calls (a new file with its bytes) are announced as the parts they consist of,
// all before the first takes effect.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/file_system.h"
#include "platform/observer.h"

namespace trueup::platform {

class ObservedFileSystem final : public FileSystem {
 public:
  /// Neither is owned; both must outlive everything opened here.
  ObservedFileSystem(FileSystem& inner, Observer& observer) : inner_(inner), observer_(observer) {}

  Result<std::unique_ptr<WritableDirectory>> open_root(const std::string& path) override;
  Result<std::unique_ptr<Directory>> open_root_for_reading(const std::string& path) const override;

 private:
  FileSystem& inner_;
  Observer& observer_;
};

/// Counts what happened, in all and per path.
class CallCounter final : public Observer {
 public:
  Status before(const Call& call) override;
  void after(const Call& call) override;

  struct Count {
    std::uint64_t calls = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Count count(Operation operation) const;
  [[nodiscard]] Count count(Operation operation, const std::string& path) const;
  /// fsyncs of files and directories.
  [[nodiscard]] std::uint64_t syncs() const;
  /// Every successful call in order, as text, for traces and messages of failing tests.
  [[nodiscard]] std::vector<std::string> trace() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::map<Operation, std::map<std::string, Count>> counts_;
  std::vector<Call> calls_;
};

/// Refuses everything that writes, syncs, locks or opens for writing, and remembers that it was asked.
class DenyWrites final : public Observer {
 public:
  Status before(const Call& call) override;
  void after(const Call&) override {}

  /// Empty: the program under test wrote nothing and did not even try.
  [[nodiscard]] std::vector<std::string> attempts() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> attempts_;
};

/// Fails the n-th call (counted from 1), or that and all later ones, with an errno.
class FailNth final : public Observer {
 public:
  enum class Scope { once, from_then_on };
  FailNth(std::uint64_t n, int os_error, Scope scope) : n_(n), os_error_(os_error), scope_(scope) {}

  Status before(const Call& call) override;
  void after(const Call&) override {}

  /// False: there were fewer than n calls; the loop over n may end.
  [[nodiscard]] bool was_hit() const;
  /// The n-th call as text; empty: there were fewer.
  [[nodiscard]] std::string hit() const;

 private:
  mutable std::mutex mutex_;
  std::string hit_;
  std::uint64_t n_;
  int os_error_;
  Scope scope_;
  std::uint64_t seen_ = 0;
};

}  // namespace trueup::platform
