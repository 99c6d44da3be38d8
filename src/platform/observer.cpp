#include "platform/observer.h"

#include <fmt/core.h>

namespace trueup::platform {

std::string_view to_string(Operation operation) {
  switch (operation) {
    case Operation::open: return "open";
    case Operation::read: return "read";
    case Operation::info: return "info";
    case Operation::list: return "list";
    case Operation::link_target: return "link_target";
    case Operation::real_path: return "real_path";
    case Operation::free_bytes: return "free_bytes";
    case Operation::lease: return "lease";
    case Operation::lock: return "lock";
    case Operation::open_for_writing: return "open_for_writing";
    case Operation::create: return "create";
    case Operation::write: return "write";
    case Operation::truncate: return "truncate";
    case Operation::rename: return "rename";
    case Operation::exchange: return "exchange";
    case Operation::unlink: return "unlink";
    case Operation::make_directory: return "make_directory";
    case Operation::remove_directory: return "remove_directory";
    case Operation::link: return "link";
    case Operation::attributes: return "attributes";
    case Operation::sync_file: return "sync_file";
    case Operation::sync_directory: return "sync_directory";
    case Operation::sync_everything: return "sync_everything";
  }
  return "unknown";
}

bool is_writing(Operation operation) { return operation >= Operation::lock; }

std::string Call::text() const {
  std::string out = fmt::format("{} {}", to_string(operation), path);
  if (!to_path.empty()) out += fmt::format(" -> {}", to_path);
  if (bytes != 0) out += fmt::format(" ({} bytes)", bytes);
  return out;
}

}  // namespace trueup::platform
