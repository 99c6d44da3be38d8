#include "sources/aside.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/escape.h"
#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/manifest.h"
#include "sources/python_source.h"
#include "sources/receipt.h"

namespace trueup::sources {
namespace {

using platform::Links;

bool is_known_suffix(std::string_view suffix) { return suffix == "preinstall" || suffix == "migrating"; }

std::string quoted(std::string_view text) { return "\"" + escape_for_display(text) + "\""; }

/// Why a file that the manifest names cannot be used, or empty.
std::string file_problem(const platform::Directory& copy, const std::string& path) {
  if (!is_path_beneath(path)) return fmt::format("its manifest names {}, which lies outside of it", quoted(path));
  const auto info = copy.info(path, Links::refuse);
  if (!info) return fmt::format("{}, which its manifest names: {}", quoted(path), info.error().message);
  if (info->kind != platform::FileKind::regular) return fmt::format("{} is no regular file", quoted(path));
  return info->size == 0 ? fmt::format("{}, which its manifest names, is empty", quoted(path)) : "";
}

std::string class_problem(const platform::Directory& copy, const Manifest& manifest) {
  const auto code = copy.read(manifest.entry_point, limits::kMaxCodeBytes, Links::refuse);
  if (!code) return fmt::format("{}: {}", quoted(manifest.entry_point), code.error().message);
  if (defines_class(code->bytes, manifest.class_name)) return "";
  if (manifest.class_name.empty()) return fmt::format("{} defines no class", quoted(manifest.entry_point));
  return fmt::format("{} does not define the class {}", quoted(manifest.entry_point), quoted(manifest.class_name));
}

/// What differs from the receipt, if there is one that matches. A receipt that cannot be read proves nothing, so that
/// the copy cannot be shown to be complete.
std::string receipt_problem(const platform::Directory& copy, const Manifest& manifest) {
  const auto bytes = copy.read(std::string(kReceiptName), limits::kMaxReceiptBytes, Links::refuse);
  if (!bytes) return bytes.error().code == ErrorCode::not_found ? "" : "its receipt: " + bytes.error().message;
  const auto receipt = decode_receipt(bytes->bytes);
  if (!receipt) return "its receipt: " + receipt.error().message;
  if (receipt->plugin_id != manifest.id || receipt->version != manifest.version) return "";
  for (const auto& listed : receipt->files) {
    const auto file = copy.read(listed.path, limits::kMaxPluginFileBytes, Links::refuse);
    if (!file) return fmt::format("{}, which its receipt lists: {}", quoted(listed.path), file.error().message);
    if (sha256_hex(file->bytes) != listed.sha256) {
      return fmt::format("{} is not as its receipt says", quoted(listed.path));
    }
  }
  return "";
}

std::string problem_of(const platform::Directory& copy, const ManifestReading& reading) {
  if (reading.verdict != model::ManifestVerdict::good) return reading.problem;
  for (const auto& path : reading.manifest.named_files) {
    if (std::string problem = file_problem(copy, path); !problem.empty()) return problem;
  }
  if (std::string problem = class_problem(copy, reading.manifest); !problem.empty()) return problem;
  return receipt_problem(copy, reading.manifest);
}

struct Examined {
  std::string id;
  std::string version;
  std::vector<std::string> former_ids;
  std::string problem;   // why it cannot be shown to be complete, or empty
  bool unknown = false;  // it could not be looked at: that says nothing about what is in it
};

Examined examine(const platform::Directory& plugins, const std::string& name) {
  const auto copy = plugins.open(name, Links::refuse);
  if (!copy) return {.problem = copy.error().message, .unknown = true};
  const auto bytes = (*copy)->read(std::string(kManifestName), limits::kMaxManifestBytes, Links::refuse);
  if (!bytes) {
    const bool missing = bytes.error().code == ErrorCode::not_found;
    return {.problem = missing ? "it has no manifest.json" : "its manifest.json: " + bytes.error().message,
            .unknown = !missing};
  }
  const ManifestReading reading = decode_manifest(bytes->bytes);
  return {.id = reading.manifest.id,
          .version = reading.manifest.version,
          .former_ids = reading.manifest.former_ids,
          .problem = problem_of(**copy, reading)};
}

}  // namespace

model::Aside read_aside(const platform::Directory& plugins, const platform::DirectoryEntry& entry) {
  const std::string_view name = entry.name;
  const std::string_view owner = model::aside_owner(name).value_or(name);
  model::Aside aside{
      .name = entry.name,
      .owner = std::string(owner),
      // LEDMatrix puts the plugin's name before it; one without is nobody's.
      .known_suffix = !owner.empty() && is_known_suffix(name.substr(owner.size() + model::kAsideMark.size()))};
  if (entry.kind != platform::FileKind::directory) {
    aside.problem = "it is a link";
    return aside;
  }
  Examined seen = examine(plugins, entry.name);
  aside.id = std::move(seen.id);
  aside.version = std::move(seen.version);
  aside.former_ids = std::move(seen.former_ids);
  aside.problem = std::move(seen.problem);
  aside.complete = aside.problem.empty();
  return aside;
}

std::string why_incomplete(const platform::Directory& plugins, const std::string& name) {
  Examined seen = examine(plugins, name);
  return seen.unknown ? "" : std::move(seen.problem);
}

}  // namespace trueup::sources
