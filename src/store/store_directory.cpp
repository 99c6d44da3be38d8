#include "store/store_directory.h"

#include <utility>

#include "base/limits.h"

namespace trueup::store {
namespace {

using platform::FileAttributes;
using platform::Links;
using platform::WritableDirectory;

constexpr const char* kOwn = ".trueup";
constexpr const char* kStore = "store";
constexpr std::uint32_t kFileMode = 0644;

}  // namespace

Result<FileAttributes> StoreDirectory::attributes_in(const platform::Directory& directory, std::uint32_t mode) const {
  FileAttributes attributes{.mode = mode};
  if (!is_root_) return attributes;
  ASSIGN_OR_RETURN(const auto info, directory.self());
  attributes.uid = info.uid;
  attributes.gid = info.gid;
  return attributes;
}

Result<std::unique_ptr<platform::Directory>> StoreDirectory::open_for_reading() const {
  ASSIGN_OR_RETURN(const auto root, disk_.open_root_for_reading(root_));
  return root->open(std::string(kOwn) + "/" + kStore, Links::refuse);
}

Result<std::unique_ptr<WritableDirectory>> StoreDirectory::open() const {
  ASSIGN_OR_RETURN(const auto root, disk_.open_root(root_));
  ASSIGN_OR_RETURN(const auto own, root->open_writable(kOwn, Links::refuse));
  auto opened = own->open_writable(kStore, Links::refuse);
  if (opened || opened.error().code != ErrorCode::not_found) return opened;
  ASSIGN_OR_RETURN(const auto info, own->self());
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(*own, info.mode));
  const Status made = own->make_directory(kStore, attributes);
  if (!made && made.error().code != ErrorCode::conflict) return made.error();  // conflict: another was faster
  return own->open_writable(kStore, Links::refuse);
}

Result<std::unique_ptr<platform::WritableFile>> StoreDirectory::begin(WritableDirectory& store,
                                                                      const std::string& name) const {
  const Status removed = store.remove_file(name);
  if (!removed && removed.error().code != ErrorCode::not_found) return removed.error();
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(store, kFileMode));
  RETURN_IF_ERROR(store.write_new(name, "", attributes, platform::Sync::no));
  return store.open_for_writing(name, kFileMode);
}

Result<platform::ProcessLock> StoreDirectory::lock(WritableDirectory& store, const std::string& command,
                                                   platform::Clock& clock,
                                                   const platform::ProcessTable& processes) const {
  if (!store.info(platform::kLockName, Links::refuse)) {
    constexpr std::uint32_t kMode = 0600;
    ASSIGN_OR_RETURN(const auto attributes, attributes_in(store, kMode));
    const auto made = store.write_new(platform::kLockName, "", attributes, platform::Sync::no);
    if (!made && made.error().code != ErrorCode::conflict) return made.error();  // conflict: another was faster
  }
  return platform::ProcessLock::acquire(store, command, limits::kRegistryPatience, clock, processes);
}

Status StoreDirectory::make_directory(WritableDirectory& store, const std::string& name) const {
  constexpr std::uint32_t kMode = 0700;
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(store, kMode));
  return store.make_directory(name, attributes);
}

Status StoreDirectory::replace(WritableDirectory& store, const std::string& name, std::string_view bytes,
                               platform::Sync sync) const {
  const std::string temporary = name + ".new";
  const Status removed = store.remove_file(temporary);
  if (!removed && removed.error().code != ErrorCode::not_found) return removed.error();
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(store, kFileMode));
  RETURN_IF_ERROR(store.write_new(temporary, bytes, attributes, sync));
  return store.rename(temporary, store, name, platform::RenameMode::replace);
}

}  // namespace trueup::store
