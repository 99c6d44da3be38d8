"""Installations of any size for the benchmarks, laid out as LEDMatrix lays them out."""
import json
import os


def dump(path, value, indent):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=indent)


def manifest(plugin, version):
    return {"id": plugin, "name": plugin.title(), "version": version, "author": "Bench", "class_name": "Plugin",
            "description": "A plugin of the benchmark, as long as manifests usually are. " * 3,
            "entry_point": "manager.py", "category": "system", "tags": ["one", "two", "three"],
            "display_modes": [plugin], "update_interval": 60, "default_duration": 15,
            "requires": {"python": ">=3.9", "display_size": {"min_width": 64, "min_height": 32}},
            "compatible_versions": [">=2.0.0"], "last_updated": "2026-01-01", "verified": True,
            "versions": [{"version": version, "released": "2026-01-01", "ledmatrix_min": "2.0.0"}]}


def section(enabled):
    return {"enabled": enabled, "display_duration": 15, "color": [255, 128, 0], "location": {"city": "Lund"},
            "favorites": ["one", "two", "three"], "update_interval": 300, "live_priority": False}


def entry(plugin, enabled, version):
    return {"plugin_id": plugin, "status": "enabled" if enabled else "disabled", "enabled": enabled, "version": version,
            "installed_at": None, "last_updated": "2026-01-01T10:00:00", "config_version": 2, "metadata": {}}


def write_plugin(folder, plugin, version):
    os.makedirs(folder)
    dump(os.path.join(folder, "manifest.json"), manifest(plugin, version), 2)
    dump(os.path.join(folder, "config_schema.json"), {"type": "object", "properties": {"enabled": {"type": "boolean"}}}, 2)
    with open(os.path.join(folder, "manager.py"), "w", encoding="utf-8") as file:
        file.write("class Plugin:\n    pass\n")


def make(root, count, drifted, kind="mixed"):
    """`drifted` of `count` plugins disagree: all by `kind`, or by each kind in turn."""
    for folder in ("config", "data", "plugin-repos", "registry/plugins"):
        os.makedirs(os.path.join(root, folder))
    registry = []
    for plugin, drift in plugins(count, drifted, kind):
        if drift == "missing_on_disk":
            write_plugin(os.path.join(root, "registry/plugins", plugin), plugin, "1.2.3")
            registry.append({"id": plugin, "name": plugin, "plugin_path": "plugins/" + plugin, "latest_version": "1.2.3"})
        elif drift != "orphaned_state":
            write_plugin(os.path.join(root, "plugin-repos", plugin), plugin, "1.2.3")
    write_plugin(os.path.join(root, "plugin-repos", "always-there"), "always-there", "1.0.0")
    dump(os.path.join(root, "config/config_secrets.json"), {"github": {"api_token": "YOUR_TOKEN"}}, 4)
    dump(os.path.join(root, "config/config.template.json"), {}, 4)
    dump(os.path.join(root, "registry/plugins.json"), {"version": "1.0.0", "plugins": registry}, None)
    write_documents(root, count, drifted, kind)


def plugins(count, drifted, kind):
    """Each plugin's id and what is wrong with it."""
    kinds = ["missing_in_config", "enabled_mismatch", "version_mismatch", "orphaned_state"]
    for number in range(count):
        drift = (kind if kind != "mixed" else kinds[number % len(kinds)]) if number < drifted else "none"
        yield f"plugin-{number:05d}", drift


def write_documents(root, count, drifted, kind="mixed"):
    """config.json and plugin_state.json of such a tree. With state_corrupted the second is torn in the middle."""
    config = {"web_display_autostart": True, "timezone": "UTC", "display": {"hardware": {"rows": 32, "cols": 64}},
              "plugin_system": {"plugins_directory": "plugin-repos"}}
    states = {}
    for number, (plugin, drift) in enumerate(plugins(count, drifted, kind)):
        enabled = number % 2 == 0 or drift == "missing_on_disk"
        if drift not in ("missing_in_config", "orphaned_state"):
            config[plugin] = section(enabled)
        recorded = not enabled if drift == "enabled_mismatch" else enabled
        states[plugin] = entry(plugin, recorded, "1.2.2" if drift == "version_mismatch" else "1.2.3")
    config["always-there"] = section(False)
    state = os.path.join(root, "data/plugin_state.json")
    dump(os.path.join(root, "config/config.json"), config, 4)
    dump(state, {"version": 1, "states": states, "last_updated": None}, 2)
    if kind == "state_corrupted":
        os.truncate(state, os.path.getsize(state) // 2)
