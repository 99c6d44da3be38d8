#include "sources/disk_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/escape.h"
#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/aside.h"
#include "sources/manifest.h"
#include "sources/read_file.h"
#include "sources/receipt.h"
#include "sources/receipt_check.h"

namespace trueup::sources {
namespace {

using model::EntryKind;
using model::ManifestVerdict;
using platform::FileKind;
using platform::Links;

constexpr std::size_t kMaxInstallationIdBytes = 256;

model::SourceReading unreadable(std::string path, std::string reason, std::string detail) {
  return {.source = model::Source::disk,
          .verdict = model::Verdict::unreadable,
          .path = std::move(path),
          .reason = std::move(reason),
          .detail = std::move(detail)};
}

bool has_parent_component(std::string_view path) {
  return path == ".." || path.starts_with("../") || path.ends_with("/..") ||
         path.find("/../") != std::string_view::npos;
}

model::SourceReading cannot_open(const DiskRequest& request, const Error& error) {
  if (error.code == ErrorCode::not_found) {
    return unreadable(request.configured, "absent",
                      "the plugins directory is not there: moved, or on a disk that is not mounted");
  }
  return unreadable(request.configured, reason_of(error), "the plugins directory: " + error.message);
}

/// Directories that no plugin lies in, whoever may read them.
bool is_known_litter(std::string_view name) {
  return name.starts_with('.') || name == "__pycache__" || name == "lost+found";
}

/// What the system did not give out may be a sound manifest; what lies where no file may lie is none.
ManifestVerdict verdict_of_failed_read(const Error& error) {
  return is_disk_failure(error) ? ManifestVerdict::unreadable : ManifestVerdict::invalid;
}

/// What stands where a manifest was not found; false when the directory itself is surely gone by now.
bool explain_missing_manifest(const platform::Directory& plugins, const std::string& manifest_path,
                              model::PluginDirectory& plugin) {
  const auto directory = plugins.info(plugin.name, Links::refuse);
  if (!directory && directory.error().code == ErrorCode::not_found) return false;
  const auto link = plugins.info(manifest_path, Links::refuse);
  if (link) {
    plugin.manifest = ManifestVerdict::invalid;
    plugin.manifest_problem = "its manifest.json is a link that leads nowhere";
  } else if (link.error().code == ErrorCode::not_found) {
    plugin.manifest = ManifestVerdict::missing;
    plugin.manifest_problem = "it has no manifest.json";
  } else {
    plugin.manifest = verdict_of_failed_read(link.error());
    plugin.manifest_problem = "its manifest.json: " + link.error().message;
  }
  return true;
}

/// False when this is no plugin directory after all.
bool read_manifest(const platform::Directory& plugins, bool may_be_litter, model::PluginDirectory& plugin) {
  const std::string path = plugin.name + "/" + std::string(kManifestName);
  auto file = plugins.read(path, limits::kMaxManifestBytes, Links::follow);
  if (file) {
    ManifestReading reading = decode_manifest_facts(std::move(file->bytes));
    plugin.manifest = reading.verdict;
    plugin.manifest_problem = std::move(reading.problem);
    plugin.manifest_is_object = reading.is_object;
    plugin.id = std::move(reading.manifest.id);
    plugin.version = std::move(reading.manifest.version);
    plugin.display_name = std::move(reading.manifest.name);
    plugin.former_ids = std::move(reading.manifest.former_ids);
    plugin.display_modes = std::move(reading.manifest.display_modes);
    plugin.minimum_core = std::move(reading.manifest.minimum_core);
    plugin.core_ranges = std::move(reading.manifest.compatible_versions);
    return true;
  }
  if (file.error().code == ErrorCode::not_found) {
    return !may_be_litter && explain_missing_manifest(plugins, path, plugin);
  }
  plugin.manifest = verdict_of_failed_read(file.error());
  plugin.manifest_problem = "its manifest.json: " + file.error().message;
  return !may_be_litter || !is_known_litter(plugin.name);
}

void read_receipt(const platform::Directory& plugins, model::PluginDirectory& plugin, ReceiptCheck* check) {
  const std::string path = plugin.name + "/" + std::string(kReceiptName);
  auto file = plugins.read(path, limits::kMaxReceiptBytes, Links::refuse);
  if (!file) {
    if (file.error().code != ErrorCode::not_found) plugin.receipt_problem = "its receipt: " + file.error().message;
    return;
  }
  auto facts = decode_receipt_facts(file->bytes);
  if (facts) {
    plugin.receipt = std::move(*facts);
    if (check != nullptr) check->run(plugins, file->bytes, plugin);
  } else {
    plugin.receipt_problem = "its receipt: " + facts.error().message;
  }
}

/// A link, seen through: what it is to someone who loads plugins.
EntryKind kind_of_link(const platform::Directory& plugins, const std::string& name) {
  const auto target = plugins.info(name, Links::follow);
  if (target) return target->kind == FileKind::directory ? EntryKind::link : EntryKind::other;
  const auto code = target.error().code;
  return code == ErrorCode::not_found || code == ErrorCode::refused ? EntryKind::dangling_link : EntryKind::link;
}

/// What stands under one name; nothing when no plugin can.
std::optional<model::PluginDirectory> read_entry(const platform::Directory& plugins, platform::DirectoryEntry&& entry,
                                                 ReceiptCheck* check) {
  const bool well_formed = model::PluginId::well_formed(entry.name);
  model::PluginDirectory plugin{.name = std::move(entry.name)};
  if (entry.kind == FileKind::link) {
    plugin.kind = kind_of_link(plugins, plugin.name);
  } else if (entry.kind != FileKind::directory) {
    plugin.kind = EntryKind::other;
  }
  if (plugin.kind == EntryKind::dangling_link || plugin.kind == EntryKind::other) {
    if (!well_formed) return std::nullopt;
    plugin.manifest_problem =
        plugin.kind == EntryKind::other ? "it is not a directory" : "it is a link that leads nowhere";
  } else {
    if (!read_manifest(plugins, !well_formed, plugin)) return std::nullopt;
    // What a link leads to is the owner's: trueup never unpacks there.
    if (plugin.kind == EntryKind::directory) read_receipt(plugins, plugin, check);
  }
  return plugin;
}

void add_entry(const platform::Directory& plugins, platform::DirectoryEntry&& entry, ReceiptCheck& check,
               model::DiskFacts& facts) {
  if (model::aside_owner(entry.name)) {
    const bool may_hold_a_plugin = entry.kind == FileKind::directory || entry.kind == FileKind::link;
    if (entry.name != model::kContainerName && may_hold_a_plugin) facts.asides.push_back(read_aside(plugins, entry));
    return;
  }
  if (auto plugin = read_entry(plugins, std::move(entry), &check)) facts.directories.push_back(std::move(*plugin));
}

/// Where an interrupted install left a copy, what stands under the plugin's name may be half of one.
void look_beside_asides(const platform::Directory& plugins, model::DiskFacts& facts) {
  if (facts.asides.empty()) return;
  for (model::PluginDirectory& plugin : facts.directories) {
    const bool beside = std::any_of(facts.asides.begin(), facts.asides.end(), [&plugin](const model::Aside& aside) {
      return aside.known_suffix && aside.owner == plugin.name;
    });
    if (beside && plugin.kind == EntryKind::directory) plugin.incomplete = why_incomplete(plugins, plugin.name);
  }
}

/// The container carries the installation's id: a directory without it is not the one that was worked on (failure F10).
void check_container(const platform::Directory& plugins, const std::string& expected, DiskReading& result) {
  const auto file =
      plugins.read(std::string(model::kContainerName) + "/installation-id", kMaxInstallationIdBytes, Links::refuse);
  std::string_view found = file ? std::string_view(file->bytes) : std::string_view();
  while (found.ends_with('\n')) found.remove_suffix(1);
  result.facts.holds_our_container = !expected.empty() && found == expected;
  if (expected.empty() || result.facts.holds_our_container) return;
  if (!file && file.error().code != ErrorCode::not_found) {
    result.reading =
        unreadable(result.facts.path, reason_of(file.error()),
                   fmt::format("{} in the plugins directory: {}", model::kContainerName, file.error().message));
    return;
  }
  result.reading =
      unreadable(result.facts.path, "unmounted",
                 file ? "the plugins directory belongs to another installation: it was moved or exchanged"
                      : "the plugins directory is not the one trueup has worked on: another disk belongs there, "
                        "or the directory was moved");
}

}  // namespace

Result<std::optional<model::PluginDirectory>> read_one_plugin(const platform::Directory& plugins,
                                                              const std::string& name) {
  using Found = std::optional<model::PluginDirectory>;
  if (model::aside_owner(name)) return Found();
  const auto info = plugins.info(name, Links::refuse);
  if (!info && info.error().code == ErrorCode::not_found) return Found();
  if (!info) return info.error();
  return read_entry(plugins, {.name = name, .kind = info->kind, .inode = info->inode}, nullptr);
}

/// An absolute path is used as it is, a relative one starts at the root, as LEDMatrix's web process reads it.
Result<std::unique_ptr<platform::Directory>> open_plugins(const platform::Directory& root,
                                                          const platform::FileSystem& file_system,
                                                          const DiskRequest& request) {
  if (request.configured.starts_with('/')) return file_system.open_root_for_reading(request.configured);
  if (has_parent_component(request.configured)) {
    return file_system.open_root_for_reading(request.root_path + "/" + request.configured);
  }
  return root.open(request.configured, Links::follow);
}

DiskReading read_disk(const platform::Directory& root, const platform::FileSystem& file_system,
                      const DiskRequest& request) {
  DiskReading result;
  result.facts.path = request.configured;
  result.reading = {.source = model::Source::disk, .verdict = model::Verdict::complete, .path = request.configured};
  const auto opened = open_plugins(root, file_system, request);
  if (!opened) {
    result.reading = cannot_open(request, opened.error());
    return result;
  }
  const platform::Directory& plugins = **opened;
  auto entries = plugins.list();
  if (!entries) {
    result.reading =
        unreadable(request.configured, reason_of(entries.error()), "the plugins directory: " + entries.error().message);
    return result;
  }
  result.facts.directories.reserve(entries->size());
  ReceiptCheck receipts(request.receipts, request.untouched_files);
  for (auto& entry : *entries) add_entry(plugins, std::move(entry), receipts, result.facts);
  result.untouched_files = std::move(receipts).untouched();
  look_beside_asides(plugins, result.facts);
  check_container(plugins, request.installation_id, result);
  return result;
}

}  // namespace trueup::sources
