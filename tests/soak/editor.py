"""Whoever works on an installation while the daemon keeps it: an editor, another program, and the owner's commands.

Every disturbance is a method; each leaves the tree in some state that a person or a program could leave. What it wrote
into sections that are nobody's but the owner's is remembered, so that it can be asked for afterwards.
"""
import json
import os
import shutil
import subprocess
import time

PATIENCE = 120  # seconds for a command


class Editor:
    def __init__(self, trueup, root, registry, chance):
        self.trueup, self.root, self.registry, self.chance = trueup, root, registry, chance
        self.base = root + ".base"
        shutil.copytree(root, self.base, ignore=shutil.ignore_patterns(".trueup"))
        self.plugins = sorted(os.listdir(os.path.join(root, "plugin-repos")))
        self.offered = []
        self.notes = 0
        self.done = {}

    def path(self, name):
        return os.path.join(self.root, name)

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError):
            return ""

    def write(self, name, text):
        """As editors save: a new file takes the name of the old one, or the old one is cut and filled."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if self.chance.random() < 0.7:
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.rename(path + ".new", path)
            return
        with open(path, "w", encoding="utf-8") as file:
            half = len(text) // 2
            file.write(text[:half])
            file.flush()
            if self.chance.random() < 0.3:
                time.sleep(0.01)
            file.write(text[half:])

    def config(self):
        try:
            config = json.loads(self.read("config/config.json"))
        except ValueError:
            config = None
        return config if isinstance(config, dict) else None

    def edit_config(self, change):
        config = self.config()
        if config is None:
            config = json.loads(open(os.path.join(self.base, "config/config.json"), encoding="utf-8").read())
        change(config)
        self.notes += 1
        config["my-own-notes"] = {"last": self.notes}
        self.write("config/config.json", json.dumps(config, indent=self.chance.choice((2, 4))))

    def own_notes_are_there(self):
        """Nobody but this editor writes that section; nothing: the file does not parse just now."""
        config = self.config()
        if config is None or self.notes == 0:
            return None
        return config.get("my-own-notes") == {"last": self.notes}

    # What can happen.

    def switch(self):
        plugin = self.chance.choice(self.plugins)
        self.edit_config(lambda c: c.update({plugin: {**as_object(c.get(plugin)), "enabled": self.chance.random() < 0.5}}))

    def wrong_type(self):
        plugin, wrong = self.chance.choice(self.plugins), self.chance.choice(("yes", 1, None, []))
        self.edit_config(lambda c: c.update({plugin: {**as_object(c.get(plugin)), "enabled": wrong}}))

    def no_section(self):
        plugin = self.chance.choice(self.plugins)
        self.edit_config(lambda c: c.pop(plugin, None))

    def wish(self):
        plugin = self.chance.choice(self.offered)
        self.edit_config(lambda c: c.update({plugin: {"enabled": True}}))

    def unknown_section(self):
        self.edit_config(lambda c: c.update({f"nobody-{self.chance.randrange(5)}": {"enabled": True}}))

    def torn_config(self):
        text = self.read("config/config.json")
        self.write("config/config.json", text[:self.chance.randrange(len(text) + 1)])

    def no_config(self):
        if os.path.exists(self.path("config/config.json")):
            os.remove(self.path("config/config.json"))

    def secrets(self):
        self.write("config/config_secrets.json", self.chance.choice(("{", "{}", '{"github": {"api_token": "YOUR_TOKEN"}}',
                                                                     '{"plugin-00001": {"key": "of-the-soak"}}')))

    def state(self):
        text = self.read("data/plugin_state.json")
        try:
            state = json.loads(text)
        except ValueError:
            state = {}
        entry = self.chance.choice(self.plugins)
        if self.chance.random() < 0.3 or not isinstance(state.get("states"), dict):
            text = text[:self.chance.randrange(len(text) + 1)]
        elif self.chance.random() < 0.5:
            state["states"].pop(entry, None)
            text = json.dumps(state, indent=2)
        else:
            state["states"][entry] = {"plugin_id": entry, "enabled": self.chance.random() < 0.5, "version": "0.9.0"}
            text = json.dumps(state, indent=2)
        self.write("data/plugin_state.json", text)

    def plugin_gone(self):
        shutil.rmtree(self.path("plugin-repos/" + self.chance.choice(self.plugins)), ignore_errors=True)

    def plugin_torn(self):
        name = f"plugin-repos/{self.chance.choice(self.plugins)}/manifest.json"
        if text := self.read(name):
            self.write(name, text[:self.chance.randrange(len(text))])

    def plugin_back(self):
        plugin = self.chance.choice(self.plugins)
        if not os.path.exists(self.path("plugin-repos/" + plugin)):
            shutil.copytree(os.path.join(self.base, "plugin-repos", plugin), self.path("plugin-repos/" + plugin))

    def plugin_renamed(self):
        plugin = self.path("plugin-repos/" + self.chance.choice(self.plugins))
        if os.path.exists(plugin) and not os.path.exists(plugin + "-old"):
            os.rename(plugin, plugin + "-old")

    def plugin_edited(self):
        name = f"plugin-repos/{self.chance.choice(self.plugins + self.offered)}/manager.py"
        if self.read(name):
            self.write(name, f"class Plugin:\n    edited = {self.chance.randrange(1000)}\n")

    def noise(self):
        """Files that decide nothing."""
        for number in range(200):
            with open(self.path(f"data/cache-{number % 20}.tmp"), "w", encoding="ascii") as file:
                file.write(str(number))

    def burst(self):
        """A file that counts, again and again, with the same bytes."""
        text = self.read("config/config.json")
        for _ in range(500):
            with open(self.path("config/config.json.new"), "w", encoding="utf-8") as file:
                file.write(text)
            os.rename(self.path("config/config.json.new"), self.path("config/config.json"))

    def own_settings(self):
        text = self.read("config/trueup/settings.json")
        self.write("config/trueup/settings.json", text.rstrip() + "\n" * self.chance.randrange(1, 3))

    def folder_anew(self):
        """The whole data directory goes and comes back."""
        text = self.read("data/plugin_state.json")
        shutil.rmtree(self.path("data"), ignore_errors=True)
        os.makedirs(self.path("data"), exist_ok=True)
        self.write("data/plugin_state.json", text)

    def command(self):
        plugin = self.chance.choice(self.plugins)
        offered = self.chance.choice(self.offered)
        self.run(*self.chance.choice((
            ["status"], ["plan"], ["list"], ["history"], ["reconcile"], ["reconcile", "--retry"], ["doctor"],
            ["enable", plugin], ["disable", plugin], ["install", offered], ["install", offered],
            ["uninstall", offered], ["update", "--all"], ["update", offered], ["undo", "1"],
            ["config", "set", plugin, "display_duration", str(self.chance.randrange(5, 60))])))

    def killed_command(self):
        words = self.chance.choice((["install", self.chance.choice(self.offered)], ["reconcile"], ["update", "--all"]))
        command = subprocess.Popen(self.words(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.chance.random() * 0.2)
        command.kill()
        command.wait()

    # How it is done.

    def words(self, *words):
        return [self.trueup, "--root", self.root, "--registry", self.registry, "--wait", "30", *words]

    def run(self, *words):
        ran = subprocess.run(self.words(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                             timeout=PATIENCE)
        if ran.returncode not in (0, 1, 2, 3, 4, 5):
            raise SystemExit(f"trueup {' '.join(words)} ended with {ran.returncode}: {ran.stderr.decode(errors='replace')}")
        return ran.returncode

    def disturb(self):
        method = self.chance.choice(DISTURBANCES)
        self.done[method.__name__] = self.done.get(method.__name__, 0) + 1
        method(self)

    def everything_once(self):
        """What is needed once is needed: memory that only a first time takes is no growth."""
        for method in dict.fromkeys(DISTURBANCES):
            method(self)

    def restore(self):
        """The tree as it was at the start, whatever happened to it."""
        for name in ("config/config.json", "config/config_secrets.json", "config/config.template.json",
                     "config/trueup/settings.json", "data/plugin_state.json"):
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            shutil.copy(os.path.join(self.base, name), self.path(name) + ".new")
            os.rename(self.path(name) + ".new", self.path(name))
        self.notes = 0
        plugins = self.path("plugin-repos")
        for name in os.listdir(plugins):
            if name.endswith("-old") or name in self.offered:
                shutil.rmtree(os.path.join(plugins, name), ignore_errors=True)
        for name in self.plugins:
            shutil.rmtree(os.path.join(plugins, name), ignore_errors=True)
            shutil.copytree(os.path.join(self.base, "plugin-repos", name), os.path.join(plugins, name))
        tombstones = self.path("config/uninstalled_plugins.json")
        if os.path.exists(tombstones):
            os.remove(tombstones)


def as_object(value):
    return value if isinstance(value, dict) else {}


DISTURBANCES = (
    Editor.switch, Editor.switch, Editor.switch, Editor.wrong_type, Editor.no_section, Editor.wish, Editor.wish,
    Editor.unknown_section, Editor.torn_config, Editor.no_config, Editor.secrets, Editor.state, Editor.state,
    Editor.plugin_gone, Editor.plugin_torn, Editor.plugin_back, Editor.plugin_back, Editor.plugin_renamed,
    Editor.plugin_edited, Editor.noise, Editor.burst, Editor.own_settings, Editor.folder_anew, Editor.command,
    Editor.command, Editor.command, Editor.killed_command)
