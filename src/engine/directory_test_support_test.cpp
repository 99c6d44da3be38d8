#include "engine/directory_test_support.h"

#include <fmt/core.h>

#include "model/plugin_id.h"
#include "sources/receipt.h"
#include "store/registry.h"

namespace trueup::engine::test {

using platform::FileKind;

Display::Display()
    : store(disk, "/registry"),
      world{.file_system = disk,
            .clock = clock,
            .random = random,
            .processes = processes,
            .services = services,
            .logger = logger,
            .root = "/pi",
            .store = &store} {
  disk.put_directory("/pi/plugin-repos", 0775);
  disk.put_directory("/pi/config");
}

Display::Display(platform::DiskImage image) : Display() { disk = platform::MemoryFileSystem(std::move(image)); }

std::unique_ptr<Site> Display::site() {
  auto opened = Site::open(world);
  EXPECT_TRUE(opened) << opened.error().text();
  if (!opened) return nullptr;
  (*opened)->use_plugins_path("plugin-repos");
  return std::move(*opened);
}

void Display::offer(const std::string& id, const std::string& version, const Tree& more, const std::string& entry) {
  for (const auto& [path, bytes] : plugin_files(id, version, more)) {
    disk.put_file(fmt::format("/registry/plugins/{}/{}", id, path), bytes);
  }
  const std::string entry_id = entry.empty() ? id : entry;
  offers_[entry_id] =
      fmt::format(R"({{"id": "{}", "plugin_path": "plugins/{}", "latest_version": "{}"}})", entry_id, id, version);
  std::string list;
  for (const auto& [key, text] : offers_) list += (list.empty() ? "" : ", ") + text;
  disk.put_file("/registry/plugins.json", fmt::format("{{\"plugins\": [{}]}}", list));
}

void Display::install_by_hand(const std::string& directory, const std::string& id, const std::string& version,
                              const Tree& more) {
  for (const auto& [path, bytes] : plugin_files(id, version, more)) {
    disk.put_file(fmt::format("/pi/plugin-repos/{}/{}", directory, path), bytes);
  }
}

Tree Display::tree(const std::string& path) const {
  Tree found;
  const std::string prefix = path.substr(1) + "/";
  for (const auto& [name, node] : platform::tree_of(disk.image())) {
    if (!name.starts_with(prefix) || name == prefix + std::string(sources::kReceiptName)) continue;
    if (node.kind == FileKind::regular) found[name.substr(prefix.size())] = node.content;
    if (node.kind == FileKind::link) found[name.substr(prefix.size())] = "-> " + node.content;
  }
  return found;
}

Tree Display::container(const std::string& path) const {
  return tree(fmt::format("/pi/plugin-repos/{}/{}", model::kContainerName, path));
}

std::vector<std::string> Display::plugin_names() const {
  std::vector<std::string> names;
  const std::string prefix = "pi/plugin-repos/";
  for (const auto& [path, node] : platform::tree_of(disk.image())) {
    if (!path.starts_with(prefix) || path.find('/', prefix.size()) != std::string::npos) continue;
    if (path.substr(prefix.size()) != model::kContainerName) names.push_back(path.substr(prefix.size()));
  }
  return names;
}

const model::RegistryEntry& Display::entry(const std::string& id) {
  registry_ = store.registry().value();
  return *store::find_entry(registry_, id);
}

std::string manifest_text(const std::string& id, const std::string& version) {
  return fmt::format(R"({{"id": "{}", "name": "A plugin", "version": "{}", "class_name": "Plugin", )"
                     R"("entry_point": "manager.py", "display_modes": ["one"]}})",
                     id, version);
}

Tree plugin_files(const std::string& id, const std::string& version, const Tree& more) {
  Tree files{{"manifest.json", manifest_text(id, version)},
             {"manager.py", fmt::format("class Plugin(BasePlugin):\n    version = '{}'\n", version)},
             {"assets/icon.txt", "icon of " + version}};
  for (const auto& [path, bytes] : more) files[path] = bytes;
  return files;
}

PublishDirectory install_operation(const std::string& id, const std::string& kept) {
  return {.plugin_id = id, .directory = id, .staged = "staging/t1", .kept = kept, .entry = id};
}

bool run_until_crash(Display& display, Trial& run, const Materials& materials, platform::Observer* observer) {
  const auto site = display.site();
  display.disk.set_observer(observer);
  bool whole = true;
  try {
    const Status prepared =
        std::visit([&](auto& operation) { return prepare(*site, operation, materials); }, run.operation);
    run.committed = prepared.has_value();
    run.applied = !prepared ? Result<Applied>(prepared.error())
                            : std::visit([&](const auto& operation) { return apply(*site, operation); }, run.operation);
  } catch (const Crash&) {
    whole = false;
  }
  display.disk.set_observer(nullptr);
  return whole;
}

std::optional<DirectoryOperation> inverse_of(const Trial& run) {
  const auto inverse = std::visit([&](const auto& kind) { return invert(kind, *run.applied); }, run.operation);
  if (!inverse) return std::nullopt;
  if (const auto* publish = std::get_if<PublishDirectory>(&*inverse)) return *publish;
  if (const auto* aside = std::get_if<SetDirectoryAside>(&*inverse)) return *aside;
  if (const auto* exchange = std::get_if<ExchangeDirectory>(&*inverse)) return *exchange;
  return std::get<ChangeLink>(*inverse);
}

void recover(Display& display, Trial& run) {
  const auto site = display.site();
  if (run.committed) {
    run.applied = std::visit([&](const auto& operation) { return apply(*site, operation); }, run.operation);
    ASSERT_TRUE(run.applied) << run.applied.error().text();
  } else {
    const Status taken = std::visit([&](const auto& operation) { return take_back(*site, operation); }, run.operation);
    ASSERT_TRUE(taken) << taken.error().text();
  }
}

}  // namespace trueup::engine::test
