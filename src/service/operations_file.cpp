#include "service/operations_file.h"

#include <utility>

namespace trueup::service {
namespace {

using platform::Links;
using platform::RenameMode;

constexpr std::size_t kMostBytes = 32U << 20U;
constexpr const char* kNew = "operations.json.new";
constexpr const char* kDamaged = "operations.json.damaged";

}  // namespace

KeptOperations load_operations(platform::WritableDirectory& own) {
  KeptOperations kept;
  auto bytes = own.read(kOperationsFile, kMostBytes, Links::refuse);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return kept;
  auto read = bytes ? Operations::decode(std::move(bytes->bytes)) : Result<Operations>(bytes.error());
  if (read) {
    kept.operations = std::move(*read);
    kept.operations.restart();
    return kept;
  }
  kept.problem = std::move(read).error().within("operations that waited are lost; the file is set aside");
  // Whatever stands under the name must not be in the way of the next one; where it cannot be moved, writing says so.
  (void)own.rename(kOperationsFile, own, kDamaged, RenameMode::replace);
  return kept;
}

Status save_operations(platform::WritableDirectory& own, const std::string& encoded) {
  if (const auto old = own.remove_file(kNew); !old && old.error().code != ErrorCode::not_found) return old.error();
  RETURN_IF_ERROR(own.write_new(kNew, encoded, {.mode = 0600}, platform::Sync::yes));
  RETURN_IF_ERROR(own.rename(kNew, own, kOperationsFile, RenameMode::replace));
  return own.sync();
}

}  // namespace trueup::service
