#include "engine/site.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/directory_tree.h"
#include "engine/document_step.h"
#include "ledger/journal.h"
#include "ledger/ledger.h"
#include "model/plugin_id.h"
#include "model/step.h"
#include "platform/lock.h"

namespace trueup::engine {
namespace {

using platform::FileAttributes;
using platform::Links;
using platform::Sync;
using platform::WritableDirectory;

constexpr std::uint32_t kPrivateMode = 0700;
constexpr std::uint32_t kOpenMode = 0644;
constexpr std::uint32_t kToLookIn = 0055;
constexpr std::uint32_t kGroupReads = 0040;
constexpr std::uint32_t kOthersRead = 0004;

/// Of a directory of ours that holds what reading verbs need: as open as the one it lies in, and ours to write.
Result<std::uint32_t> open_mode_in(const platform::Directory& directory) {
  ASSIGN_OR_RETURN(const auto info, directory.self());
  return kPrivateMode | (info.mode & kToLookIn);
}

/// What a file with values of the secrets file may be like, seen from how it is now.
FileAttributes as_private_as(const platform::FileInfo& secrets, const platform::FileInfo& file, bool is_root) {
  FileAttributes wanted{.mode = 0600, .uid = file.uid, .gid = file.gid};
  if (is_root && file.uid == 0) {  // made by root: nobody's yet
    wanted.uid = secrets.uid;
    wanted.gid = secrets.gid;
  }
  if (wanted.gid == secrets.gid) wanted.mode |= secrets.mode & kGroupReads;
  wanted.mode |= secrets.mode & kOthersRead;
  return wanted;
}

/// Opens `name` in `parent`; creates it when it is not there. `created` tells which.
Result<std::unique_ptr<WritableDirectory>> open_or_make(WritableDirectory& parent, const std::string& name,
                                                        const FileAttributes& attributes, bool& created) {
  created = false;
  auto opened = parent.open_writable(name, Links::refuse);
  if (opened || opened.error().code != ErrorCode::not_found) return opened;
  if (auto made = parent.make_directory(name, attributes); !made) {
    if (made.error().code != ErrorCode::conflict) return std::move(made).error();  // conflict: another was faster
  } else {
    created = true;
  }
  return parent.open_writable(name, Links::refuse);
}

/// Keeps LEDMatrix's git update away from `directory`. Losing it in a power cut does no harm: it is made again.
Status hide_from_git(WritableDirectory& directory, const FileAttributes& attributes) {
  auto written = directory.write_new(".gitignore", "*\n", attributes, Sync::no);
  if (!written && written.error().code != ErrorCode::conflict) return std::move(written).error();
  return ok();
}

}  // namespace

Site::Site(World& world, std::unique_ptr<WritableDirectory> root) : world_(world), root_(std::move(root)) {}

Site::~Site() = default;

void Site::start_transaction(std::string id) {
  end_transaction();
  transaction_ = std::move(id);
}

void Site::end_transaction() { open_documents_.clear(); }

Result<std::unique_ptr<Site>> Site::open(World& world) {
  ASSIGN_OR_RETURN(auto root, world.file_system.open_root(world.root));
  return std::unique_ptr<Site>(new Site(world, std::move(root)));
}

void Site::use_no_plugins(Error why) {
  use_plugins_path({});
  no_plugins_ = std::move(why);
}

std::string Site::last_fetched(const model::ReceiptIndexEntry& receipt) const {
  const auto same = [&](const model::ReceiptIndexEntry& one) {
    return one.plugin_id == receipt.plugin_id && one.origin == receipt.origin && one.version == receipt.version;
  };
  const auto found = std::ranges::find_if(fetched_, same);
  return found == fetched_.end() ? std::string() : found->digest;
}

void Site::use_plugins_path(std::string path) {
  no_plugins_.reset();
  if (path == plugins_path_) return;
  plugins_path_ = std::move(path);
  plugins_.reset();
  container_.reset();
}

Result<FileAttributes> Site::attributes_in(const platform::Directory& directory, std::uint32_t mode) const {
  FileAttributes attributes{.mode = mode};
  if (!world_.is_root) return attributes;
  ASSIGN_OR_RETURN(const auto info, directory.self());
  attributes.uid = info.uid;
  attributes.gid = info.gid;
  return attributes;
}

Result<WritableDirectory*> Site::own() {
  if (own_ != nullptr) return own_.get();
  ASSIGN_OR_RETURN(const auto mode, open_mode_in(*root_));
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(*root_, mode));
  bool created = false;
  ASSIGN_OR_RETURN(auto opened, open_or_make(*root_, std::string(kOwnDirectory), attributes, created));
  ASSIGN_OR_RETURN(const auto file_attributes, attributes_in(*root_, kOpenMode));
  RETURN_IF_ERROR(hide_from_git(*opened, file_attributes));
  if (created) RETURN_IF_ERROR(root_->sync());
  own_ = std::move(opened);
  return own_.get();
}

Result<std::unique_ptr<WritableDirectory>> Site::below_own(const std::string& name) {
  ASSIGN_OR_RETURN(auto* own_directory, own());
  ASSIGN_OR_RETURN(const auto mode, open_mode_in(*own_directory));
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(*own_directory, mode));
  bool created = false;
  auto opened = open_or_make(*own_directory, name, attributes, created);
  if (created) own_changed();
  return opened;
}

Result<WritableDirectory*> Site::kept() {
  if (kept_ != nullptr) return kept_.get();
  ASSIGN_OR_RETURN(kept_, below_own("kept"));
  return kept_.get();
}

void Site::settle_own_files() {
  if (own_ == nullptr) return;
  const auto settle = [this](const std::string& name, const auto& wanted_of) {
    const auto now = own_->info(name, Links::refuse);
    if (!now || now->kind != platform::FileKind::regular) return;
    const FileAttributes wanted = wanted_of(*now);
    if (now->mode == wanted.mode && now->uid == wanted.uid && now->gid == wanted.gid) return;
    (void)own_->set_attributes(name, wanted);
  };
  const auto directory = own_->self();
  if (!directory) return;
  settle(platform::kLockName, [&](const platform::FileInfo& now) {
    const bool gives = world_.is_root && now.uid == 0;
    return FileAttributes{
        .mode = kOpenMode, .uid = gives ? directory->uid : now.uid, .gid = gives ? directory->gid : now.gid};
  });
  auto secrets = root_->info(std::string(model::relative_path(model::DocumentName::secrets)), Links::follow);
  if (!secrets && secrets.error().code != ErrorCode::not_found) return;
  platform::FileInfo like = secrets ? *secrets : *directory;
  if (!secrets) like.mode = kPrivateMode;  // no secrets yet: the owner's alone
  for (const std::string& name : {std::string(ledger::kJournalName), std::string(ledger::kLedgerName),
                                  std::string(ledger::kLedgerName) + "-journal"}) {
    settle(name, [&](const platform::FileInfo& now) { return as_private_as(like, now, world_.is_root); });
  }
}

Status Site::sync_own() {
  if (!own_changed_) return ok();
  ASSIGN_OR_RETURN(auto* own_directory, own());
  RETURN_IF_ERROR(own_directory->sync());
  own_changed_ = false;
  return ok();
}

Result<WritableDirectory*> Site::plugins() {
  if (no_plugins_) return Error(*no_plugins_);
  if (plugins_ != nullptr) return plugins_.get();
  // By its whole path: the setting may lead out of the root and through links.
  const std::string path = plugins_path_.starts_with('/') ? plugins_path_ : world_.root + "/" + plugins_path_;
  auto opened = world_.file_system.open_root(path);
  if (!opened) return std::move(opened).error();
  plugins_ = std::move(*opened);
  return plugins_.get();
}

Result<WritableDirectory*> Site::container() {
  if (container_ != nullptr) return container_.get();
  ASSIGN_OR_RETURN(auto* directory, plugins());
  ASSIGN_OR_RETURN(const auto mode, open_mode_in(*directory));
  ASSIGN_OR_RETURN(const auto attributes, attributes_in(*directory, mode));
  bool created = false;
  ASSIGN_OR_RETURN(auto opened, open_or_make(*directory, std::string(model::kContainerName), attributes, created));
  ASSIGN_OR_RETURN(const auto file_attributes, attributes_in(*directory, kOpenMode));
  RETURN_IF_ERROR(hide_from_git(*opened, file_attributes));
  if (created) RETURN_IF_ERROR(directory->sync());
  container_ = std::move(opened);
  return container_.get();
}

Result<WritableDirectory*> Site::existing_container() {
  if (container_ != nullptr) return container_.get();
  ASSIGN_OR_RETURN(auto* directory, plugins());
  auto opened = directory->open_writable(std::string(model::kContainerName), Links::refuse);
  if (!opened) {
    if (opened.error().code == ErrorCode::not_found) return nullptr;
    return std::move(opened).error();
  }
  container_ = std::move(*opened);
  return container_.get();
}

Result<std::unique_ptr<WritableDirectory>> Site::below_container(const std::string& path) {
  ASSIGN_OR_RETURN(auto* above, container());
  std::unique_ptr<WritableDirectory> opened;
  std::string_view rest = path;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string name(rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    ASSIGN_OR_RETURN(const auto attributes, attributes_in(*above, kPrivateMode));
    bool created = false;
    ASSIGN_OR_RETURN(auto next, open_or_make(*above, name, attributes, created));
    if (created && !(waits_once_ && is_staging_path(path))) RETURN_IF_ERROR(above->sync());
    opened = std::move(next);
    above = opened.get();
  }
  if (opened == nullptr) return Error{.code = ErrorCode::internal, .message = "no path below the container"};
  return opened;
}

}  // namespace trueup::engine
