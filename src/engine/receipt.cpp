#include "engine/receipt.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/manifest_file.h"
#include "json/write.h"
#include "platform/tree.h"

namespace trueup::engine {

namespace {

using platform::Directory;
using platform::Links;

Result<bool> listed_files_are_untouched(const sources::Receipt& receipt, const Directory& plugin) {
  bool any = false;
  for (const sources::ReceiptFile& file : receipt.files) {
    if (file.path == sources::kManifestName) continue;
    const auto found = store::hash_file(plugin, file.path);
    if (!found && found.error().code == ErrorCode::not_found) continue;
    if (!found) return found.error();
    if (found->sha256 != file.sha256) return false;
    any = true;
  }
  return any;
}

}  // namespace

std::string encode_receipt(const sources::Receipt& receipt) {
  json::Writer out({.indent = 1});
  out.begin_object();
  out.key("schema").integer(1);
  out.key("plugin_id").string(receipt.plugin_id);
  out.key("version").string(receipt.version);
  out.key("origin").string(receipt.origin);
  out.key("entry").string(receipt.entry);
  out.key("digest").string(receipt.digest);
  out.key("files").begin_array();
  for (const sources::ReceiptFile& file : receipt.files) {
    out.begin_object();
    out.key("path").string(file.path);
    out.key("sha256").string(file.sha256);
    out.key("size").integer(static_cast<std::int64_t>(file.size));
    if (file.executable) out.key("executable").boolean(true);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).text() + "\n";
}

const sources::ReceiptFile* find_file(const sources::Receipt& receipt, std::string_view path) {
  const auto found = std::lower_bound(receipt.files.begin(), receipt.files.end(), path,
                                      [](const auto& file, std::string_view wanted) { return file.path < wanted; });
  return found != receipt.files.end() && found->path == path ? &*found : nullptr;
}

std::optional<sources::Receipt> read_receipt(const Directory& plugin) {
  const auto file = plugin.read(std::string(sources::kReceiptName), limits::kMaxReceiptBytes, Links::refuse);
  if (!file) return std::nullopt;
  auto receipt = sources::decode_receipt(file->bytes);
  if (!receipt) return std::nullopt;
  std::sort(receipt->files.begin(), receipt->files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return std::move(*receipt);
}

Result<std::optional<sources::Receipt>> read_matching_receipt(const Directory& plugin) {
  auto receipt = read_receipt(plugin);
  if (!receipt) return receipt;
  const ManifestFile manifest = read_manifest_file(plugin);
  if (manifest.state == ManifestFile::State::good) {
    if (manifest.reading.manifest.id != receipt->plugin_id) return std::optional<sources::Receipt>();
    if (manifest.reading.manifest.version != receipt->version) return std::optional<sources::Receipt>();
    return receipt;
  }
  ASSIGN_OR_RETURN(const bool untouched, listed_files_are_untouched(*receipt, plugin));
  return untouched ? receipt : std::optional<sources::Receipt>();
}

}  // namespace trueup::engine
