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

/// Why a directory cannot be shown to be complete; nothing is said where it is.
struct Problem {
  std::string says;
  std::string unread;  // what the system did not give out, beneath the plugins directory: nobody knows what it holds
};

Problem failed_read(const std::string& name, const std::string& path, const std::string& what, const Error& error) {
  return {.says = what + ": " + error.message, .unread = is_disk_failure(error) ? name + "/" + path : ""};
}

/// A copy of a plugin, open, and its name in the plugins directory.
struct Copy {
  const platform::Directory& directory;
  const std::string& name;
};

Problem file_problem(const Copy& copy, const std::string& path) {
  if (!is_path_beneath(path)) {
    return {.says = fmt::format("its manifest names {}, which lies outside of it", quoted(path))};
  }
  const auto info = copy.directory.info(path, Links::refuse);
  if (!info) return failed_read(copy.name, path, quoted(path) + ", which its manifest names", info.error());
  if (info->kind != platform::FileKind::regular) return {.says = fmt::format("{} is no regular file", quoted(path))};
  if (info->size == 0) return {.says = fmt::format("{}, which its manifest names, is empty", quoted(path))};
  return {};
}

Problem class_problem(const Copy& copy, const Manifest& manifest) {
  const auto code = copy.directory.read(manifest.entry_point, limits::kMaxCodeBytes, Links::refuse);
  if (!code) return failed_read(copy.name, manifest.entry_point, quoted(manifest.entry_point), code.error());
  if (defines_class(code->bytes, manifest.class_name)) return {};
  if (manifest.class_name.empty()) return {.says = fmt::format("{} defines no class", quoted(manifest.entry_point))};
  return {.says = fmt::format("{} does not define the class {}", quoted(manifest.entry_point),
                              quoted(manifest.class_name))};
}

/// What is not there of a receipt that matches, if there is one. What differs from it is the owner's, and comes back
/// with the copy (promise 2). A receipt that cannot be read proves nothing, so that the copy cannot be shown to be
/// complete.
Problem receipt_problem(const Copy& copy, const Manifest& manifest) {
  const std::string name(kReceiptName);
  const auto bytes = copy.directory.read(name, limits::kMaxReceiptBytes, Links::refuse);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return {};
  if (!bytes) return failed_read(copy.name, name, "its receipt", bytes.error());
  const auto receipt = decode_receipt(bytes->bytes);
  if (!receipt) return {.says = "its receipt: " + receipt.error().message};
  if (receipt->plugin_id != manifest.id || receipt->version != manifest.version) return {};
  Problem unread;
  for (const auto& listed : receipt->files) {
    const auto file = copy.directory.read(listed.path, limits::kMaxPluginFileBytes, Links::refuse);
    if (file) continue;
    Problem problem =
        failed_read(copy.name, listed.path, quoted(listed.path) + ", which its receipt lists", file.error());
    if (file.error().code == ErrorCode::not_found) return problem;
    if (unread.says.empty() && !problem.unread.empty()) unread = std::move(problem);
  }
  return unread;
}

/// What is surely wrong counts before what could not be read: then the rest need not be known.
Problem problem_of(const Copy& copy, const ManifestReading& reading) {
  if (reading.verdict != model::ManifestVerdict::good) return {.says = reading.problem};
  Problem unread;
  const auto settles = [&unread](Problem&& problem) {
    if (problem.says.empty()) return false;
    const bool sure = problem.unread.empty();
    if (sure || unread.says.empty()) unread = std::move(problem);
    return sure;
  };
  for (const auto& path : reading.manifest.named_files) {
    if (settles(file_problem(copy, path))) return unread;
  }
  if (!settles(class_problem(copy, reading.manifest))) settles(receipt_problem(copy, reading.manifest));
  return unread;
}

struct Examined {
  std::string id;
  std::string version;
  std::vector<std::string> former_ids;
  Problem problem;
  bool unknown = false;  // it could not be looked at: that says nothing about what is in it
};

Examined examine(const platform::Directory& plugins, const std::string& name) {
  const auto copy = plugins.open(name, Links::refuse);
  if (!copy) {
    const bool failed = is_disk_failure(copy.error());
    return {.problem = {.says = copy.error().message, .unread = failed ? name : ""}, .unknown = true};
  }
  const std::string manifest(kManifestName);
  const auto bytes = (*copy)->read(manifest, limits::kMaxManifestBytes, Links::refuse);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return {.problem = {.says = "it has no manifest.json"}};
  if (!bytes) return {.problem = failed_read(name, manifest, "its manifest.json", bytes.error()), .unknown = true};
  const ManifestReading reading = decode_manifest(bytes->bytes);
  Problem problem = problem_of({.directory = **copy, .name = name}, reading);
  const bool unknown = !problem.unread.empty();
  return {.id = reading.manifest.id,
          .version = reading.manifest.version,
          .former_ids = reading.manifest.former_ids,
          .problem = std::move(problem),
          .unknown = unknown};
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
  aside.problem = std::move(seen.problem.says);
  aside.unread = std::move(seen.problem.unread);
  aside.complete = aside.problem.empty();
  return aside;
}

std::string why_incomplete(const platform::Directory& plugins, const std::string& name) {
  Examined seen = examine(plugins, name);
  return seen.unknown ? "" : std::move(seen.problem.says);
}

}  // namespace trueup::sources
