#include "support/installation.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/python_json.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfig = "config/config.json";
constexpr std::string_view kSecrets = "config/config_secrets.json";
constexpr std::string_view kState = "data/plugin_state.json";
constexpr std::string_view kTombstones = "config/uninstalled_plugins.json";
constexpr std::string_view kRegistry = "registry/plugins.json";

constexpr std::string_view kCode =
    "from src.plugin_system.base_plugin import BasePlugin\n\n\n"
    "class SamplePlugin(BasePlugin):\n"
    "    def update(self):\n"
    "        pass\n\n"
    "    def display(self, force_clear=False):\n"
    "        pass\n";

constexpr std::string_view kSchema = R"({
  "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
  "properties": {
    "enabled": {"type": "boolean", "default": false},
    "display_duration": {"type": "number", "default": 15, "minimum": 1},
    "api_key": {"type": "string", "x-secret": true}
  }
})";

void set_member(std::vector<std::pair<std::string, std::string>>& members, std::string_view key,
                std::string_view json) {
  const auto found = std::find_if(members.begin(), members.end(), [key](const auto& m) { return m.first == key; });
  if (found == members.end()) {
    members.emplace_back(key, json);
  } else {
    found->second = json;
  }
}

std::string object_text(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out = "{";
  for (const auto& [key, json] : members) {
    if (out.size() > 1) out += ',';
    out += python_quoted(key) + ":" + json;
  }
  return out + "}";
}

std::string title_of(std::string_view id) {
  std::string out(id);
  std::replace(out.begin(), out.end(), '-', ' ');
  return out;
}

std::string manifest_text(std::string_view id, std::string_view version) {
  std::string mode(id);
  std::replace(mode.begin(), mode.end(), '-', '_');
  return fmt::format(
      R"({{"id":{0},"name":{1},"version":{2},"author":"A. Tester","description":"A plugin for tests.",)"
      R"("entry_point":"manager.py","class_name":"SamplePlugin","category":"time","tags":["test"],)"
      R"("display_modes":[{3}],"update_interval":60,"default_duration":15,"compatible_versions":[">=2.0.0"],)"
      R"("config_schema":"config_schema.json","last_updated":"2026-03-26"}})",
      python_quoted(id), python_quoted(title_of(id)), python_quoted(version), python_quoted(mode));
}

std::string offer_text(std::string_view id, std::string_view version, std::string_view directory) {
  return fmt::format(
      R"({{"id":{0},"name":{1},"description":"A plugin for tests.","author":"A. Tester","category":"time",)"
      R"("tags":[],"repo":"https://example.org/plugins","branch":"main","plugin_path":{2},"stars":0,"downloads":0,)"
      R"("last_updated":"2026-03-26","verified":true,"screenshot":"","latest_version":{3}}})",
      python_quoted(id), python_quoted(title_of(id)), python_quoted(fmt::format("plugins/{}", directory)),
      python_quoted(version));
}

}  // namespace

void write_plugin(const fs::path& directory, std::string_view id, std::string_view version) {
  write_file(directory / "manifest.json", python_layout(manifest_text(id, version), 2));
  write_file(directory / "config_schema.json", python_layout(kSchema, 2));
  write_file(directory / "manager.py", kCode);
  write_file(directory / "requirements.txt", "requests>=2.0.0\n");
}

Installation::Installation() : own_directory_(std::in_place), root_(own_directory_->path() / "home/ledmatrix") {
  start();
}

Installation::Installation(fs::path root) : root_(std::move(root)) { start(); }

void Installation::start() {
  for (const char* directory : {"config", "data", "plugin-repos"}) fs::create_directories(root_ / directory);
  config_ = {{"web_display_autostart", "true"},
             {"timezone", R"("Europe/Stockholm")"},
             {"location", R"({"city":"Malm\u00f6","state":"Sk\u00e5ne","country":"SE"})"},
             {"display", R"({"hardware":{"rows":32,"cols":64,"brightness":90},"display_durations":{}})"},
             {"plugin_system", R"({"plugins_directory":"plugin-repos","auto_discover":true})"}};
  write_file(root_ / "config/config.template.json", python_layout(object_text(config_), 4));
  write_file(root_ / kSecrets, "{}");  // later writes are in place and keep the mode
  fs::permissions(root_ / kSecrets, fs::perms(0640));
  secrets_ = {{"github", R"({"api_token":"YOUR_GITHUB_PERSONAL_ACCESS_TOKEN"})"}};
  changed_ = {std::string(kConfig), std::string(kSecrets), std::string(kRegistry)};
}

Installation& Installation::add_plugin(std::string_view id, std::string_view version, std::string_view directory) {
  write_plugin(root_ / "plugin-repos" / (directory.empty() ? id : directory), id, version);
  return *this;
}

Installation& Installation::set_section(std::string_view key, std::string_view json) {
  set_member(config_, key, json);
  changed_.emplace(kConfig);
  return *this;
}

Installation& Installation::set_enabled(std::string_view id, bool enabled) {
  return set_section(id, fmt::format(R"({{"enabled":{},"display_duration":15}})", enabled));
}

Installation& Installation::remove_section(std::string_view key) {
  std::erase_if(config_, [key](const auto& member) { return member.first == key; });
  changed_.emplace(kConfig);
  return *this;
}

Installation& Installation::set_secret(std::string_view key, std::string_view json) {
  set_member(secrets_, key, json);
  changed_.emplace(kSecrets);
  return *this;
}

Installation& Installation::record(std::string_view id, bool enabled, std::string_view version) {
  return record_entry(id,
                      fmt::format(R"({{"plugin_id":{},"status":"{}","enabled":{},"version":{},"installed_at":null,)"
                                  R"("last_updated":"2026-03-26T09:12:44.018233","config_version":2,"metadata":{{}}}})",
                                  python_quoted(id), enabled ? "enabled" : "disabled", enabled,
                                  version.empty() ? "null" : python_quoted(version)));
}

Installation& Installation::record_entry(std::string_view id, std::string_view json) {
  set_member(states_, id, json);
  changed_.emplace(kState);
  return *this;
}

Installation& Installation::add_tombstone(std::string_view id) {
  tombstones_.emplace(id);
  changed_.emplace(kTombstones);
  return *this;
}

Installation& Installation::offer(std::string_view id, std::string_view version, std::string_view directory) {
  const std::string_view name = directory.empty() ? id : directory;
  write_plugin(root_ / "registry/plugins" / name, id, version);
  set_member(offers_, id, offer_text(id, version, name));
  changed_.emplace(kRegistry);
  return *this;
}

Installation& Installation::add_healthy(std::string_view id, bool enabled, std::string_view version) {
  return add_plugin(id, version).set_enabled(id, enabled).record(id, enabled, version).offer(id, version);
}

Installation& Installation::write(const fs::path& relative, std::string_view bytes) {
  changed_.erase(relative.string());
  write_file(root_ / relative, bytes);
  return *this;
}

std::string Installation::read(const fs::path& relative) { return read_file(root() / relative); }

const fs::path& Installation::root() {
  flush();
  return root_;
}

void Installation::flush() {
  const auto put = [this](std::string_view file, int indent, const auto& text) {
    if (changed_.erase(std::string(file)) > 0) write_file(root_ / file, python_layout(text(), indent));
  };
  const auto joined = [](const auto& items, const auto& text_of) {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : ",") + text_of(item);
    return out;
  };
  put(kConfig, 4, [this] { return object_text(config_); });
  put(kSecrets, 4, [this] { return object_text(secrets_); });
  put(kState, 2, [this] {
    return fmt::format(R"({{"version":1,"states":{},"last_updated":"2026-03-26T09:14:02.500377"}})",
                       object_text(states_));
  });
  put(kTombstones, 2, [&] { return "[" + joined(tombstones_, python_quoted) + "]"; });
  put(kRegistry, 2, [&] {
    return R"({"version":"1.0.0","last_updated":"2026-03-26","plugins":[)" +
           joined(offers_, [](const auto& offer) { return offer.second; }) + "]}";
  });
}

}  // namespace trueup::test
