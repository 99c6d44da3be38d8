// Watching, failing and counting the calls that reach a disk. Tests and benchmarks only; nothing of the program
// behaves differently for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trueup::platform {

enum class Operation {
  // reading
  open,
  read,
  info,
  list,
  link_target,
  real_path,
  free_bytes,
  lease,
  // taking part
  lock,
  open_for_writing,
  // changing
  create,
  write,
  truncate,
  rename,
  exchange,
  unlink,
  make_directory,
  remove_directory,
  link,
  attributes,
  // making durable
  sync_file,
  sync_directory,
  sync_everything,
};

std::string_view to_string(Operation operation);
/// Everything that a reading verb may never do: changes, syncs, locks and opening for writing.
bool is_writing(Operation operation);

struct Call {
  Operation operation = Operation::read;
  std::string path;
  std::string to_path = {};  // of a rename or exchange, or what a link points to
  std::size_t bytes = 0;     // about to be written; in after(), what was read
  bool operator==(const Call&) const = default;
  [[nodiscard]] std::string text() const;  // "rename a -> b"
};

class Observer {
 public:
  virtual ~Observer() = default;
  /// Before the call takes effect. An error is returned to the caller instead; a test may also throw from here to
  /// stop the program at this very point.
  virtual Status before(const Call& call) = 0;
  /// When it succeeded.
  virtual void after(const Call& call) = 0;
};

}  // namespace trueup::platform
