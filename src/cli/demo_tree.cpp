#include "cli/demo_tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace trueup::cli {
namespace {

// Indented by 4 and without a last line break, as LEDMatrix writes it.
constexpr std::string_view kConfig = R"({
    "web_display_autostart": true,
    "timezone": "Europe/Stockholm",
    "location": {
        "city": "Malm\u00f6",
        "state": "Sk\u00e5ne",
        "country": "SE"
    },
    "display": {
        "hardware": {
            "rows": 32,
            "cols": 64,
            "chain_length": 2,
            "brightness": 90
        },
        "display_durations": {}
    },
    "plugin_system": {
        "plugins_directory": "plugin-repos",
        "auto_discover": true,
        "auto_load_enabled": true
    },
    "sunrise-clock": {
        "enabled": true,
        "display_duration": 15
    },
    "tide-table": {
        "enabled": true,
        "station": "Ystad",
        "display_duration": 20.0
    },
    "bus-board": {
        "enabled": false,
        "stop_id": "80001"
    },
    "moon-phase": {
        "enabled": true,
        "hemisphere": "north"
    },
    "word-of-day": {
        "enabled": true,
        "language": "sv"
    },
    "bird-song": {
        "enabled": false,
        "display_duration": 10
    },
    "rain-radar": {
        "enabled": true,
        "zoom": 7
    },
    "quiz-night": {
        "enabled": false
    },
    "garage-door": {
        "enabled": true,
        "sensor": "gpio17"
    },
    "snake-game": {
        "enabled": true,
        "speed": 3
    },
    "tram-times": {
        "enabled": true,
        "line": 2
    },
    "kitchen_notes": {
        "text": "Buy milk"
    }
})";

constexpr std::string_view kSecrets = R"({
    "github": {
        "api_token": "YOUR_GITHUB_PERSONAL_ACCESS_TOKEN"
    },
    "tide-table": {
        "api_key": "demo-key-not-a-real-one"
    },
    "radio-now": {
        "client_id": "YOUR_CLIENT_ID"
    }
})";

constexpr std::string_view kTombstones = R"([
  "snake-game"
])";

struct Plugin {
  std::string_view directory;
  std::string_view id;
  std::string_view name;
  std::string_view version;
};

constexpr Plugin kInstalled[] = {
    {"bird-song", "bird-song", "Bird Song", "1.1.0"},
    {"bus-board", "bus-board", "Bus Board", "2.3.1"},
    {"pixel-fish", "pixel-fish", "Pixel Fish", "0.9.2"},
    {"rain-radar", "rain-radar", "Rain Radar", "1.2.0"},
    {"sunrise-clock", "sunrise-clock", "Sunrise Clock", "1.0.4"},
    {"sunrise-clock.standalone-backup-preinstall", "sunrise-clock", "Sunrise Clock", "1.0.3"},
    {"tide-table", "tide-table", "Tide Table", "3.0.0"},
    {"train-times", "tram-times", "Tram Times", "1.5.0"}};

constexpr Plugin kOffered[] = {{"bird-song", "bird-song", "Bird Song", "1.1.0"},
                               {"bus-board", "bus-board", "Bus Board", "2.3.1"},
                               {"moon-phase", "moon-phase", "Moon Phase", "1.4.0"},
                               {"pixel-fish", "pixel-fish", "Pixel Fish", "0.9.2"},
                               {"quiz-night", "quiz-night", "Quiz Night", "1.0.0"},
                               {"radio-now", "radio-now", "Radio Now", "2.0.0"},
                               {"rain-radar", "rain-radar", "Rain Radar", "1.2.0"},
                               {"snake-game", "snake-game", "Snake Game", "1.0.0"},
                               {"sunrise-clock", "sunrise-clock", "Sunrise Clock", "1.0.4"},
                               {"tide-table", "tide-table", "Tide Table", "3.0.0"},
                               {"word-of-day", "word-of-day", "Word of the Day", "1.3.0"}};

std::string class_of(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != ' ') out += c;
  }
  return out;
}

std::string mode_of(std::string_view id) {
  std::string out(id);
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

std::string manifest_of(const Plugin& plugin) {
  return fmt::format(R"({{
  "id": "{}",
  "name": "{}",
  "version": "{}",
  "author": "trueup demo",
  "description": "An invented plugin to try trueup with",
  "entry_point": "manager.py",
  "class_name": "{}",
  "display_modes": ["{}"],
  "compatible_versions": [">=2.0.0"]
}}
)",
                     plugin.id, plugin.name, plugin.version, class_of(plugin.name), mode_of(plugin.id));
}

std::string code_of(const Plugin& plugin) {
  return fmt::format(R"(from src.plugin_system.base_plugin import BasePlugin


class {}(BasePlugin):
    def update(self):
        pass

    def display(self, force_clear=False):
        pass
)",
                     class_of(plugin.name));
}

void add_plugin(std::vector<DemoFile>& files, const std::string& below, const Plugin& plugin) {
  files.push_back({fmt::format("{}/{}/manager.py", below, plugin.directory), code_of(plugin)});
  files.push_back({fmt::format("{}/{}/manifest.json", below, plugin.directory), manifest_of(plugin)});
}

std::string entry_of(const Plugin& plugin) {
  return fmt::format(R"(    {{
      "id": "{}",
      "name": "{}",
      "description": "An invented plugin to try trueup with",
      "author": "trueup demo",
      "category": "demo",
      "tags": [],
      "repo": "https://example.org/demo-plugins",
      "branch": "main",
      "plugin_path": "plugins/{}",
      "stars": 0,
      "downloads": 0,
      "last_updated": "2026-03-26",
      "verified": true,
      "screenshot": "",
      "latest_version": "{}"
    }})",
                     plugin.id, plugin.name, plugin.directory, plugin.version);
}

std::string registry_text() {
  std::string out = "{\n  \"version\": \"1.0.0\",\n  \"last_updated\": \"2026-03-26\",\n  \"plugins\": [\n";
  bool first = true;
  for (const Plugin& plugin : kOffered) {
    if (!first) out += ",\n";
    first = false;
    out += entry_of(plugin);
  }
  return out + "\n  ]\n}\n";
}

struct Recorded {
  std::string_view id;
  bool enabled;
  std::string_view version;  // empty: null
};

std::string state_text() {
  constexpr Recorded kRecords[] = {{"sunrise-clock", true, ""},   {"tide-table", true, ""},  {"bus-board", false, ""},
                                   {"moon-phase", true, ""},      {"word-of-day", true, ""}, {"bird-song", true, ""},
                                   {"rain-radar", true, "1.0.0"}, {"garage-door", true, ""}, {"old-ticker", true, ""},
                                   {"tram-times", true, ""}};
  std::string out = "{\n  \"version\": 1,\n  \"states\": {\n";
  bool first = true;
  for (const Recorded& record : kRecords) {
    if (!first) out += ",\n";
    first = false;
    out += fmt::format(R"(    "{0}": {{
      "plugin_id": "{0}",
      "status": "{1}",
      "enabled": {2},
      "version": {3},
      "installed_at": null,
      "last_updated": "2026-03-26T09:12:44.018233",
      "config_version": 2,
      "metadata": {{}}
    }})",
                       record.id, record.enabled ? "enabled" : "disabled", record.enabled,
                       record.version.empty() ? "null" : fmt::format("\"{}\"", record.version));
  }
  return out + "\n  },\n  \"last_updated\": \"2026-03-26T09:14:02.500377\"\n}";
}

}  // namespace

std::vector<DemoFile> demo_tree() {
  std::vector<DemoFile> files;
  files.push_back({"config/config.json", std::string(kConfig)});
  files.push_back({"config/config_secrets.json", std::string(kSecrets), 0640});
  files.push_back({"config/uninstalled_plugins.json", std::string(kTombstones)});
  files.push_back({"data/plugin_state.json", state_text()});
  for (const Plugin& plugin : kInstalled) add_plugin(files, "plugin-repos", plugin);
  // Cut off in the middle, as a power cut leaves it.
  files.push_back({"plugin-repos/word-of-day/manager.py", code_of({"", "", "Word of the Day", ""})});
  files.push_back({"plugin-repos/word-of-day/manifest.json", "{\n  \"id\": \"word-of-day\",\n  \"name\": \"Word of"});
  files.push_back({"registry/plugins.json", registry_text()});
  for (const Plugin& plugin : kOffered) add_plugin(files, "registry/plugins", plugin);
  return files;
}

std::vector<std::string> demo_story() {
  return {"moon-phase is wanted and its directory is gone",
          "word-of-day has a manifest that ends in the middle",
          "bird-song is off, and recorded as on",
          "rain-radar is recorded in an older version",
          "pixel-fish is installed and has no settings",
          "garage-door is wanted, gone, and in no registry",
          "old-ticker is recorded, and nothing else knows it",
          "tram-times lies in a directory of another name",
          "quiz-night is off and not installed, which is fine",
          "snake-game was removed by you, and its settings were kept",
          "radio-now has only a secret, kitchen_notes is no plugin",
          "sunrise-clock has a copy that an interrupted install set aside"};
}

}  // namespace trueup::cli
