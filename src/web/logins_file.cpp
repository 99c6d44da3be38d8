#include "web/logins_file.h"

#include "base/limits.h"
#include "platform/lock.h"

namespace trueup::web {
namespace {

using platform::Links;
using platform::WritableDirectory;

constexpr const char* kConfig = "config";
constexpr const char* kFolder = "config/trueup";
constexpr const char* kName = "auth.json";
constexpr const char* kNew = "auth.json.new";
constexpr const char* kLock = "auth.lock";
constexpr std::chrono::seconds kLockWait{5};

Result<platform::FileAttributes> attributes_in(const LoginsPlace& place, const platform::Directory& directory,
                                               std::uint32_t mode) {
  platform::FileAttributes attributes{.mode = mode};
  if (!place.is_root) return attributes;
  ASSIGN_OR_RETURN(const auto info, directory.self());
  attributes.uid = info.uid;
  attributes.gid = info.gid;
  return attributes;
}

Result<std::unique_ptr<WritableDirectory>> open_folder(const LoginsPlace& place) {
  ASSIGN_OR_RETURN(const auto root, place.file_system.open_root(place.root));
  auto folder = root->open_writable(kFolder, Links::refuse);
  if (folder || folder.error().code != ErrorCode::not_found) return folder;
  ASSIGN_OR_RETURN(const auto config, root->open_writable(kConfig, Links::refuse));
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(place, *config, 0755));
  if (const Status made = config->make_directory("trueup", attributes);
      !made && made.error().code != ErrorCode::conflict) {
    return made.error();
  }
  RETURN_IF_ERROR(config->sync());
  ASSIGN_OR_RETURN(auto opened, root->open_writable(kFolder, Links::refuse));
  ASSIGN_OR_RETURN(const auto own, attributes_in(place, *config, 0644));
  const auto ignored = opened->write_new(".gitignore", "*\n", own, platform::Sync::yes);
  if (!ignored && ignored.error().code != ErrorCode::conflict) return ignored.error();
  return opened;
}

}  // namespace

Result<Logins> read_logins(const platform::FileSystem& file_system, const std::string& root) {
  ASSIGN_OR_RETURN(const auto directory, file_system.open_root_for_reading(root));
  auto file = directory->read(kLoginsFile, limits::kMaxConfigBytes, Links::refuse);
  if (!file && file.error().code == ErrorCode::not_found) return Logins{};
  auto logins = file ? Logins::decode(std::move(file->bytes)) : Result<Logins>(file.error());
  if (logins) return logins;
  Error error = std::move(logins).error().within("nobody is let in from another machine");
  error.where = kLoginsFile;
  error.hint = "remove the file and start trueup again: it then asks for a new password";
  return error;
}

Status change_logins(const LoginsPlace& place, const std::function<Status(Logins&)>& change) {
  ASSIGN_OR_RETURN(const auto folder, open_folder(place));
  ASSIGN_OR_RETURN(const auto lock,
                   platform::ProcessLock::acquire(*folder, "token", kLockWait, place.clock, place.processes, kLock));
  ASSIGN_OR_RETURN(Logins logins, read_logins(place.file_system, place.root));
  const Logins before = logins;
  RETURN_IF_ERROR(change(logins));
  if (logins == before) return ok();
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(place, *folder, 0600));
  if (const auto old = folder->remove_file(kNew); !old && old.error().code != ErrorCode::not_found) return old.error();
  RETURN_IF_ERROR(folder->write_new(kNew, logins.encode(), attributes, platform::Sync::yes));
  RETURN_IF_ERROR(folder->rename(kNew, *folder, kName, platform::RenameMode::replace));
  return folder->sync();
}

}  // namespace trueup::web
