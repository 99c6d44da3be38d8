#include "sources/receipt_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "sources/manifest.h"
#include "sources/receipt.h"

namespace trueup::sources {
namespace {

using model::ManifestVerdict;
using platform::FileInfo;
using platform::FileKind;
using platform::Links;

constexpr std::size_t kFingerprintDigits = 32;
constexpr std::size_t kContentDigits = 12;
constexpr int kCheckVersion = 1;  // of the check: another one forgets what was found untouched

/// A link or a plain file stands where a directory on the way to it was: what is behind that is not the listed file.
bool leads_elsewhere(const Error& error) { return error.os_error == ENOTDIR || error.os_error == ELOOP; }

/// A listed file as it stands there now.
struct Seen {
  const ReceiptFile* listed = nullptr;
  std::optional<FileInfo> info;  // of a regular file of the listed size: only its hash can tell
  bool missing = false;
  bool changed = false;
  bool unknown = false;  // it could not be looked at
  std::string content;   // of a changed one: what it holds now, by its digest
};

Seen look_at(const platform::Directory& plugin, const ReceiptFile& listed) {
  Seen seen{.listed = &listed};
  const auto info = plugin.info(listed.path, Links::refuse);
  if (!info) {
    seen.missing = info.error().code == ErrorCode::not_found;
    seen.changed = leads_elsewhere(info.error());
    seen.unknown = !seen.missing && !seen.changed;
  } else if (info->kind != FileKind::regular || info->size != listed.size) {
    seen.changed = true;
  } else {
    seen.info = *info;
  }
  return seen;
}

/// Of everything that the answer rests on: while it is the same, so is the answer.
std::string fingerprint_of(const model::PluginDirectory& plugin, const std::string& receipt_bytes,
                           const std::vector<Seen>& files) {
  Sha256 hash;
  hash.update(fmt::format("{} {}:{}{}:{}", kCheckVersion, plugin.name.size(), plugin.name, receipt_bytes.size(),
                          receipt_bytes));
  for (const Seen& file : files) {
    if (!file.info) return "";
    hash.update(
        fmt::format(" {} {} {} {}", file.info->inode, file.info->size, file.info->modified_ns, file.info->changed_ns));
  }
  return hash.hex().substr(0, kFingerprintDigits);
}

void read_contents(const platform::Directory& plugin, std::vector<Seen>& files) {
  for (Seen& file : files) {
    if (!file.info) continue;
    const auto bytes = plugin.read(file.listed->path, limits::kMaxPluginFileBytes, Links::refuse);
    if (bytes) {
      file.content = sha256_hex(bytes->bytes);
      file.changed = file.content != file.listed->sha256;
    } else {
      file.missing = bytes.error().code == ErrorCode::not_found;
      file.unknown = !file.missing;
    }
  }
}

/// Of what a file holds now that is not of the listed kind or size, and so was not read yet.
std::string content_of(const platform::Directory& plugin, const std::string& path) {
  if (const auto bytes = plugin.read(path, limits::kMaxPluginFileBytes, Links::refuse)) return sha256_hex(bytes->bytes);
  if (const auto target = plugin.link_target(path)) return "link to " + *target;
  const auto info = plugin.info(path, Links::refuse);
  return info ? fmt::format("kind {} size {}", static_cast<int>(info->kind), info->size) : std::string("unknown");
}

/// One digest of everything that was changed, so that a further change is seen however many files there are.
std::string changed_content(const platform::Directory& plugin, const std::vector<Seen>& files) {
  Sha256 hash;
  bool any = false;
  for (const Seen& file : files) {
    if (!file.changed) continue;
    any = true;
    const std::string content = file.content.empty() ? content_of(plugin, file.listed->path) : file.content;
    hash.update(fmt::format("{}:{}{}:{}", file.listed->path.size(), file.listed->path, content.size(), content));
  }
  return any ? hash.hex().substr(0, kContentDigits) : std::string();
}

/// Without a readable manifest the receipt speaks for the directory only if nothing else was touched.
bool proves(const std::vector<Seen>& files) {
  bool any = false;
  for (const Seen& file : files) {
    if (file.listed->path == kManifestName || file.missing) continue;
    if (file.changed || file.unknown) return false;
    any = true;
  }
  return any;
}

std::vector<std::string> paths_of(const std::vector<Seen>& files, bool Seen::* what) {
  std::vector<std::string> paths;
  for (const Seen& file : files) {
    if (file.*what) paths.push_back(file.listed->path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

void ReceiptCheck::run(const platform::Directory& plugins, const std::string& receipt_bytes,
                       model::PluginDirectory& plugin) {
  if (check_ == SettingsCheck::skip || !plugin.receipt) return;
  const bool readable = plugin.manifest == ManifestVerdict::good;
  const bool same_id = plugin.receipt->plugin_id == (readable ? plugin.id : plugin.name);
  if (!same_id || (readable && plugin.receipt->version != plugin.version)) return;
  const auto receipt = decode_receipt(receipt_bytes);
  if (!receipt) {
    plugin.receipt_problem = "its receipt: " + receipt.error().message;
    return;
  }
  const auto directory = plugins.open(plugin.name, Links::refuse);
  if (!directory) return;
  std::vector<Seen> files;
  files.reserve(receipt->files.size());
  for (const ReceiptFile& listed : receipt->files) files.push_back(look_at(**directory, listed));
  std::string fingerprint = readable ? fingerprint_of(plugin, receipt_bytes, files) : std::string();
  const bool known = !fingerprint.empty() && known_.contains(fingerprint);
  if (!known || check_ == SettingsCheck::all) read_contents(**directory, files);
  if (!readable) {
    plugin.receipt_proved = proves(files);
    if (!plugin.receipt_proved) return;
  }
  plugin.missing_files = paths_of(files, &Seen::missing);
  plugin.modified_files = paths_of(files, &Seen::changed);
  plugin.modified_content = changed_content(**directory, files);
  const auto unknown = std::ranges::find_if(files, &Seen::unknown);
  if (unknown != files.end()) {
    plugin.receipt_problem = fmt::format("its {}, which the receipt lists, cannot be read", unknown->listed->path);
  }
  const bool untouched = std::none_of(files.begin(), files.end(),
                                      [](const Seen& file) { return file.missing || file.changed || file.unknown; });
  if (untouched && !fingerprint.empty()) untouched_.push_back(std::move(fingerprint));
}

}  // namespace trueup::sources
