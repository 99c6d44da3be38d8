#include "place.h"

#include <fmt/core.h>

namespace trueup::test {
namespace {

const std::string kBelow = std::string(engine::kRoot).substr(1) + "/";  // as tree_of() names paths

}  // namespace

bool is_own(const std::string& path) {
  return path == ".trueup" || path.starts_with(".trueup/") ||
         path.starts_with("plugin-repos/.trueup.standalone-backup-work");
}

Place::Place() : store_(disk, "/registry") {
  disk.put_directory(std::string(engine::kRoot) + "/plugin-repos");
  configure({});
  write("config/config_secrets.json",
        fmt::format("{{\n    \"github\": {{\n        \"api_token\": \"{}\"\n    }}\n}}", kSecret), 0640);
}

Place::Place(platform::DiskImage image, unsigned life) : disk(std::move(image)), store_(disk, "/registry") {
  constexpr std::size_t kDrawnInOneLife = 50;
  (void)ports_.random.bytes(kDrawnInOneLife * life);
}

engine::World Place::world(platform::FileSystem& seen) {
  engine::World here = ports_.world(seen);
  if (disk.open_root_for_reading("/registry")) here.store = &store_;
  return here;
}

engine::World Place::world_without_registry() { return ports_.world(disk); }

void Place::write(const std::string& path, const std::string& bytes, std::uint32_t mode) {
  disk.put_file(std::string(engine::kRoot) + "/" + path, bytes, mode);
}

std::string Place::read(const std::string& path) const {
  const auto files = disk.files();
  const auto found = files.find(std::string(engine::kRoot) + "/" + path);
  return found == files.end() ? std::string() : found->second;
}

void Place::add_plugin(const std::string& id, const std::string& version, const std::string& more) {
  write("plugin-repos/" + id + "/manifest.json",
        fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", )"
                    R"("entry_point": "manager.py", "display_modes": ["{0}"]{2}}})",
                    id, version, more));
  write("plugin-repos/" + id + "/manager.py", fmt::format("class P:\n    name = '{} {}'\n", id, version));
}

void Place::configure(const std::vector<std::pair<std::string, std::string>>& sections) {
  std::string text = "{\n    \"timezone\": \"UTC\",\n    \"display\": {\n        \"brightness\": 90\n    }";
  for (const auto& [key, value] : sections) text += fmt::format(",\n    \"{}\": {}", key, value);
  write("config/config.json", text + "\n}");
}

void Place::record(const std::vector<std::pair<std::string, bool>>& records) {
  std::string text = "{\n  \"version\": 1,\n  \"states\": {";
  const char* between = "\n";
  for (const auto& [id, enabled] : records) {
    text += fmt::format(
        "{}    \"{}\": {{\n      \"plugin_id\": \"{}\",\n      \"status\": \"{}\",\n      \"enabled\": {},\n      "
        "\"version\": null,\n      \"metadata\": {{}}\n    }}",
        between, id, id, enabled ? "enabled" : "disabled", enabled);
    between = ",\n";
  }
  write("data/plugin_state.json", text + "\n  },\n  \"last_updated\": \"2026-03-26T09:14:02.500377\"\n}");
}

void Place::offer(const std::string& id, const std::string& version, const std::string& more) {
  const std::string directory = "/registry/plugins/" + id + "/";
  disk.put_file(directory + "manifest.json",
                fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", )"
                            R"("entry_point": "manager.py", "display_modes": []}})",
                            id, version));
  disk.put_file(directory + "manager.py", fmt::format("class P:\n    offered = '{} {}'\n", id, version));
  disk.put_file(directory + "data/faces.json", "[1, 2]\n");
  offers_[id] =
      fmt::format(R"({{"id": "{0}", "plugin_path": "plugins/{0}", "latest_version": "{1}"{2}}})", id, version, more);
  std::string entries;
  for (const auto& [name, entry] : offers_) entries += (entries.empty() ? "" : ", ") + entry;
  disk.put_file("/registry/plugins.json", fmt::format("{{\"plugins\": [{}]}}", entries));
}

void Place::jump(std::chrono::hours by) { ports_.clock.set_wall(ports_.clock.wall_now() + by); }

Tree Place::all() const {
  Tree tree;
  for (auto& [path, node] : platform::tree_of(disk.image())) {
    if (!path.starts_with(kBelow)) continue;
    std::string below = path.substr(kBelow.size());
    if (below != ".trueup/lock") tree.emplace(std::move(below), std::move(node));
  }
  return tree;
}

Tree Place::theirs() const {
  Tree tree = all();
  std::erase_if(tree, [](const auto& one) { return is_own(one.first); });
  return tree;
}

}  // namespace trueup::test
