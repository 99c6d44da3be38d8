#!/usr/bin/env python3
"""packaging/trueup.service under a real systemd: everything that docs/daemon.md says of the service, on one machine.

    systemd_test.py TRUEUP FETCH WORKING_DIRECTORY [CHECK...]

A check is a function below; each leaves the machine as it found it, with the daemon running. Needs root.
"""
import inspect
import json
import os
import re
import shutil
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "../bench"), os.path.join(HERE, "../soak")]
import store  # noqa: E402
import trees  # noqa: E402
from machine import HOME, ROOT, TREE, Failed, Machine, make_system, wait_for  # noqa: E402

ELSEWHERE = "10.87.0.2"  # where the store is as well, once the machine has a network
PORT = 8443


def expect(what, is_true, found=""):
    if not is_true:
        raise Failed(f"not so: {what} {found}")


def took(start):
    return f"{(time.monotonic() - start) * 1000:.0f} ms"


class World:
    """The machine, and the installation on it as its owner has it."""

    def __init__(self, program, child, where):
        self.where = where
        self.system = os.path.join(where, "debian")
        make_system(self.system)
        self.home = os.path.join(where, "home")
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home)
        trees.make(self.path(), 12, 5)
        self.machine = Machine(self.system, self.home, open(os.path.join(where, "boot.log"), "w", encoding="utf-8"))
        self.machine.install(program, child, os.path.join(TREE, "packaging/trueup.service"))
        self.make_store()
        self.give_to_owner()

    def path(self, name=""):
        return os.path.join(self.home, "LEDMatrix", name)

    def give_to_owner(self):
        for folder, names, files in os.walk(self.home):
            for name in [".", *names, *files]:
                os.chown(os.path.join(folder, name), *self.machine.owner, follow_symlinks=False)

    def make_store(self):
        """The tree's own registry, on https, on the address that comes later."""
        folder = os.path.join(self.home, "store")
        os.makedirs(os.path.join(folder, "site/u/plugins/archive/refs/heads"))
        store.certificates(folder, f"DNS:localhost,IP:127.0.0.1,IP:{ELSEWHERE}")
        shutil.copy(os.path.join(TREE, "tests/support/web_server.py"), folder)
        trees.write_plugin(os.path.join(folder, "plugins/from-afar"), "from-afar", "1.0.0")
        trees.write_plugin(os.path.join(folder, "plugins/later"), "later", "1.0.0")
        self.publish(folder, "127.0.0.1", "from-afar", "plugins.json")
        self.publish(folder, ELSEWHERE, "later", "elsewhere.json")

    @staticmethod
    def publish(folder, address, plugin, name):
        offered = store.Store.__new__(store.Store)
        offered.folder, offered.port, offered.plugins, offered.version = folder, PORT, [], 0
        offered.put("/u/" + plugin + ".none", b"")
        shutil.make_archive(os.path.join(folder, "packed"), "zip", os.path.join(folder, "plugins"), plugin)
        entry = {"id": plugin, "name": plugin, "description": "", "author": "test", "category": "time", "branch": "main",
                 "repo": f"https://{address}:{PORT}/u/{plugin}", "plugin_path": plugin, "latest_version": "1.0.0"}
        os.makedirs(os.path.join(folder, f"site/u/{plugin}/archive/refs/heads"))
        os.rename(os.path.join(folder, "packed.zip"), os.path.join(folder, f"site/u/{plugin}/archive/refs/heads/main.zip"))
        with open(os.path.join(folder, "site", name), "w", encoding="utf-8") as file:
            json.dump({"last_updated": "2026-02-01", "plugins": [entry]}, file)

    def serve_store(self):
        self.machine.start("store", f"python3 {HOME}/store/web_server.py {HOME}/store {PORT} 0.0.0.0")
        wait_for("the store", lambda: f":{PORT}" in self.machine.run("ss", "-ltn").stdout)

    def edit(self, name, change):
        """As an editor does: a new file, renamed over the old one."""
        with open(self.path(name), encoding="utf-8") as file:
            value = json.load(file)
        change(value)
        self.replace(name, json.dumps(value, indent=4))

    def replace(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        new = self.path(name + ".new")
        with open(new, "w", encoding="utf-8") as file:
            file.write(text)
        os.chown(new, *self.machine.owner)
        os.rename(new, self.path(name))

    def recorded(self, plugin):
        with open(self.path("data/plugin_state.json"), encoding="utf-8") as file:
            return json.load(file)["states"].get(plugin)

    def trueup(self, *words, user="pi"):
        return self.machine.run("trueup", *words, user=user)

    def restart(self):
        self.machine.run("systemctl", "restart", "trueup")


def the_unit_is_well_formed(world):
    says = world.machine.run("systemd-analyze", "verify", "/etc/systemd/system/trueup.service")
    expect("systemd-analyze verify has nothing to say", says.returncode == 0 and not says.stderr.strip(), says.stderr)
    rating = world.machine.run("systemd-analyze", "security", "trueup").stdout.strip().splitlines()[-1]
    return rating.lstrip("→ ")


def it_runs_from_the_boot_on(world):
    wait_for("the service", lambda: world.machine.show("ActiveState") == "active")
    said = world.machine.show("StatusText")
    expect("it says what it found", re.fullmatch(r"\d+ findings?, \d+ needs? a person|all in agreement", said), said)
    start = int(world.machine.show("ExecMainStartTimestampMonotonic"))
    ready = int(world.machine.show("ActiveEnterTimestampMonotonic"))
    return f"ready {(ready - start) / 1000:.0f} ms after systemd started it; \"{world.machine.show('StatusText')}\""


def it_is_an_ordinary_user_in_a_sandbox(world):
    about = world.machine.run("cat", f"/proc/{world.machine.main_process()}/status").stdout
    expect("it runs as pi", re.search(rf"^Uid:\t{world.machine.owner[0]}\t", about, re.M), about)
    for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t0000000000000000", "CapEff:\t0000000000000000"):
        expect(line, line in about, about)
    mounts = world.machine.run("cat", f"/proc/{world.machine.main_process()}/mountinfo").stdout
    for place in ("/usr", "/etc", "/boot"):
        expect(f"{place} is read only", re.search(rf" {place} ro,", mounts))


def what_drifted_before_the_boot_is_mended(world):
    wait_for("all findings to go", lambda: len(world.machine.says("finding.gone")) == 5, 40)
    expect("each was mended once", len(world.machine.says("repair.done")) == 5)
    expect("what a recording lacked is there", world.recorded("plugin-00001")["enabled"] is False)


def the_journal_has_one_line_for_each_change_with_its_priority(world):
    lines = world.machine.journal()
    for priority, line in lines:
        urgent = line.startswith(("finding.stands finding=source_unreadable", "repair.failed", "pass.failed"))
        expect("a warning is what needs a person", (priority <= 4) == urgent, (priority, line))
    texts = [line for _, line in lines]
    expect("no line is there twice", len(texts) == len(set(texts)), texts)


def a_hand_edit_is_followed(world):
    before = len(world.machine.journal())
    start = time.monotonic()
    world.edit("config/config.json", lambda config: config["plugin-00006"].update(enabled=False))
    wait_for("the record", lambda: world.recorded("plugin-00006")["enabled"] is False)
    time_taken = took(start)
    wait_for("its end in the journal", lambda: world.machine.says("repair.done", "plugin-00006"))
    names = [line.split()[0] for _, line in world.machine.journal()[before:]]
    expect("two lines tell of it", names == ["repair.attempt", "repair.done"], names)
    return f"recorded after {time_taken}"


def reload_reads_everything_anew(world):
    before = world.machine.main_process()
    start = time.monotonic()
    done = world.machine.run("systemctl", "reload", "trueup")
    time_taken = took(start)
    expect("systemctl reload succeeds", done.returncode == 0, done.stderr)
    expect("it says so", world.machine.says("daemon.reloading"))
    expect("it is the same process, at work", world.machine.show("ActiveState") == "active" and
           world.machine.main_process() == before)
    return time_taken


def a_command_is_done_by_the_daemon(world):
    for user, verb in (("pi", "enable"), ("root", "disable")):
        done = world.trueup(verb, "always-there", user=user)
        expect(f"{verb} by {user}", done.returncode == 0, done.stderr)
    for name in os.listdir(world.path("config")):
        expect("what root asked for is the owner's", os.stat(world.path("config/" + name)).st_uid == world.machine.owner[0])
    shutil.make_archive(os.path.join(world.home, "given"), "zip", os.path.join(world.home, "store/plugins"), "from-afar")
    world.machine.run("cp", f"{HOME}/given.zip", "/tmp/given.zip")
    world.machine.run("chmod", "644", "/tmp/given.zip")
    done = world.trueup("install", "/tmp/given.zip")
    expect("an archive in /tmp is installed", done.returncode == 0, done.stderr)
    done = world.trueup("undo")
    expect("and taken back", done.returncode == 0 and not os.path.exists(world.path("plugin-repos/from-afar")), done.stderr)


def a_missing_plugin_comes_from_an_https_store(world):
    world.serve_store()
    world.replace("config/trueup/settings.json", json.dumps({
        "registry": f"https://127.0.0.1:{PORT}/plugins.json", "ca_file": f"{HOME}/store/ca.pem",
        "private_hosts": [f"127.0.0.1:{PORT}", f"{ELSEWHERE}:{PORT}"]}))
    world.edit("config/config.json", lambda config: config.update({"from-afar": {"enabled": True}}))
    start = time.monotonic()
    wait_for("the plugin", lambda: os.path.exists(world.path("plugin-repos/from-afar/manifest.json")), 60)
    time_taken = took(start)
    about = world.machine.run("cat", f"/proc/{world.machine.main_process()}/status").stdout
    anonymous = re.search(r"RssAnon:\s*(\d+)", about).group(1)
    resident = re.search(r"VmRSS:\s*(\d+)", about).group(1)
    return f"after {time_taken}; then RssAnon {anonymous} KiB, resident {resident} KiB"


def another_network_is_noticed(world):
    world.serve_store()
    world.edit("config/trueup/settings.json",
               lambda own: own.update(registry=f"https://{ELSEWHERE}:{PORT}/elsewhere.json"))
    world.edit("config/config.json", lambda config: config.update({"later": {"enabled": True}}))
    wait_for("the store out of reach", lambda: world.machine.says("finding.stands", "registry", ELSEWHERE))
    time.sleep(5)  # the three seconds in which what comes at once counts as one, and more
    expect("it is not there", not os.path.exists(world.path("plugin-repos/later")))
    start = time.monotonic()
    world.machine.run("ip", "address", "add", f"{ELSEWHERE}/24", "dev", "host0")
    world.machine.run("ip", "link", "set", "host0", "up")
    world.machine.run("ip", "route", "add", "default", "via", "10.87.0.1", "dev", "host0")
    wait_for("the plugin", lambda: os.path.exists(world.path("plugin-repos/later/manifest.json")), 20)
    return f"fetched {took(start)} after the address came"


def a_program_is_told_of_findings(world):
    world.machine.put("/usr/local/bin/tell-me", f"#!/bin/sh\ncat >>{HOME}/told\n", 0o755)
    world.edit("config/trueup/settings.json", lambda own: own.update(on_finding=["/usr/local/bin/tell-me"]))
    world.edit("config/config.json", lambda config: config.update({"plugin-00008": "not an object"}))
    told = wait_for("the program", lambda: "plugin-00008" in open(os.path.join(world.home, "told"), encoding="utf-8").read()
                    and open(os.path.join(world.home, "told"), encoding="utf-8").read())
    kinds = {json.loads(line)["inconsistency_type"] for line in told.replace("}{", "}\n{").splitlines() if line.strip()}
    expect("plugin_config_invalid is among them", "plugin_config_invalid" in kinds, kinds)
    world.edit("config/config.json", lambda config: config.update({"plugin-00008": trees.section(True)}))
    world.edit("config/trueup/settings.json", lambda own: own.pop("on_finding"))
    wait_for("its end", lambda: world.machine.says("finding.gone", "plugin-00008"))


def the_web_program_of_ledmatrix_is_seen(world):
    """As root, in a unit of its own, hidden from nobody: the record is then its own."""
    world.machine.put("/etc/systemd/system/ledmatrix-web.service",
                      "[Service]\nExecStart=/usr/bin/sleep infinity\n")
    world.machine.run("systemctl", "daemon-reload")
    world.machine.run("systemctl", "start", "ledmatrix-web")
    world.edit("config/config.json", lambda config: config["plugin-00010"].update(enabled=False))
    wait_for("the reason", lambda: world.machine.says("plugin-00010", "owned_by_running_program"))
    world.machine.run("systemctl", "stop", "ledmatrix-web")
    world.machine.run("systemctl", "reload", "trueup")
    wait_for("the record", lambda: world.recorded("plugin-00010")["enabled"] is False)


def the_page_and_its_monitoring_answer(world):
    world.machine.drop_in("ExecStart=\nExecStart=/usr/bin/trueup serve --web 0.0.0.0:5050\n")
    get = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:5050/{}').read().decode())"
    page = wait_for("the page", lambda: world.machine.run("python3", "-c", get.format("")).stdout)
    expect("it is the page", "<html" in page)
    expect("it is well", world.machine.run("python3", "-c", get.format("healthz")).returncode == 0)
    expect("it is ready", world.machine.run("python3", "-c", get.format("readyz")).returncode == 0)
    expect("it measures", "trueup_" in world.machine.run("python3", "-c", get.format("metrics")).stdout)
    expect("a set-up code is in the journal", world.machine.says("web.set_up"))
    world.machine.put("/etc/systemd/system/trueup.service.d/test.conf", "")
    world.machine.run("systemctl", "daemon-reload")
    world.restart()


def follow(world, sentence):
    """What docs/web.md says to type behind a sentence; its lines for an editor become what an editor would save."""
    with open(os.path.join(TREE, "docs/web.md"), encoding="utf-8") as file:
        block = file.read().split(sentence, 1)[1].split("\n\n")[1]
    for command in re.split(r"^ {4}(?=\S)", block, flags=re.M)[1:]:
        words, *text = command.splitlines()
        words = words.split("#")[0].split()
        expect("it begins with sudo systemctl", words[:2] == ["sudo", "systemctl"], command)
        if words[2] == "edit":
            world.machine.put("/etc/systemd/system/trueup.service.d/override.conf",
                              "".join(line.strip() + "\n" for line in text))
            world.machine.run("systemctl", "daemon-reload")
            continue
        ran = world.machine.run(*words[1:])
        expect(f"{' '.join(words)} works", ran.returncode == 0, ran.stderr)


def it_takes_the_place_of_ledmatrixs_page_and_gives_it_back(world):
    """As docs/web.md says, word for word; a plain web server stands for LEDMatrix's page."""
    world.machine.put("/etc/systemd/system/ledmatrix-web.service",
                      "[Service]\nExecStart=/usr/bin/python3 -m http.server 5000 --directory /usr/share/doc\n"
                      "[Install]\nWantedBy=multi-user.target\n")
    world.machine.run("systemctl", "daemon-reload")
    world.machine.run("systemctl", "enable", "--now", "ledmatrix-web")
    get = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:{}').read().decode())"

    def answer(place):
        return world.machine.run("python3", "-c", get.format(place)).stdout

    wait_for("LEDMatrix's page", lambda: "Directory listing" in answer("5000/"))
    follow(world, "In its place, so that programs which know port 5000 ask trueup:")
    listed = wait_for("trueup on that port", lambda: answer("5000/api/v3/plugins/installed"))
    expect("it lists what is installed", "plugin-00001" in listed, listed)
    expect("LEDMatrix's page is off", world.machine.run("systemctl", "is-enabled", "ledmatrix-web").stdout == "disabled\n")
    follow(world, "And back:")
    wait_for("LEDMatrix's page again", lambda: "Directory listing" in answer("5000/"))
    wait_for("trueup beside it", lambda: "plugin-00001" in answer("5050/api/v3/plugins/installed"))
    world.machine.run("systemctl", "disable", "--now", "ledmatrix-web")
    world.machine.put("/etc/systemd/system/trueup.service.d/override.conf", "")
    world.machine.run("systemctl", "daemon-reload")
    world.restart()


def it_stops_within_two_seconds(world):
    start = time.monotonic()
    world.machine.run("systemctl", "stop", "trueup")
    at_rest = time.monotonic() - start
    expect("it ended well", world.machine.show("Result") == "success")
    with open(os.path.join(world.home, "store/rules.json"), "w", encoding="utf-8") as file:
        json.dump({"/never.json": [{"hang": True}]}, file)
    world.serve_store()
    world.edit("config/trueup/settings.json", lambda own: own.update(registry=f"https://127.0.0.1:{PORT}/never.json"))
    world.machine.run("systemctl", "start", "trueup")
    requests = os.path.join(world.home, "store/requests.log")
    wait_for("the request", lambda: "never.json" in open(requests, encoding="utf-8").read())
    start = time.monotonic()
    world.machine.run("systemctl", "stop", "trueup")
    busy = time.monotonic() - start
    expect("within two seconds", at_rest < 2.2 and busy < 2.2, (at_rest, busy))
    expect("it ended well while it fetched", world.machine.show("Result") == "success")
    left = world.machine.run("pgrep", "-u", "pi", "-l").stdout
    expect("nothing of it is left", "trueup" not in left and "fetch" not in left, left)
    world.edit("config/trueup/settings.json", lambda own: own.update(registry=f"https://127.0.0.1:{PORT}/plugins.json"))
    world.machine.run("systemctl", "start", "trueup")
    return f"{at_rest * 1000:.0f} ms at rest, {busy * 1000:.0f} ms during a download that hangs"


def it_comes_back_after_it_was_killed(world):
    before = world.machine.main_process()
    start = time.monotonic()
    world.machine.run("kill", "-KILL", before)
    world.edit("config/config.json", lambda config: config["plugin-00007"].update(enabled=True))
    wait_for("the record", lambda: world.recorded("plugin-00007")["enabled"] is True, 40)
    expect("by another process", world.machine.main_process() not in ("0", before))
    return f"and what was edited meanwhile is mended {took(start)} after the kill"


def a_daemon_that_hangs_is_replaced(world):
    world.machine.drop_in("WatchdogSec=4\nRestartSec=1\n")
    before = world.machine.main_process()
    time.sleep(9)
    expect("one that works is left alone", world.machine.main_process() == before)
    start = time.monotonic()
    world.machine.run("kill", "-STOP", before)
    wait_for("another one", lambda: world.machine.main_process() not in ("0", before) and
             world.machine.show("ActiveState") == "active", 40)
    time_taken = took(start)
    world.machine.put("/etc/systemd/system/trueup.service.d/test.conf", "")
    world.machine.run("systemctl", "daemon-reload")
    world.restart()
    return f"{time_taken} after it stopped (with WatchdogSec=4, RestartSec=1)"


def an_installation_that_comes_later_is_waited_for(world):
    """A disk that is mounted after the boot: systemd goes on trying, more often than it would by default."""
    world.machine.drop_in("RestartSec=100ms\n")
    world.machine.run("systemctl", "stop", "trueup")
    os.rename(world.path()[:-1], os.path.join(world.home, "away"))
    world.machine.run("systemctl", "start", "--no-block", "trueup")
    wait_for("many attempts", lambda: int(world.machine.show("NRestarts")) > 12)
    os.rename(os.path.join(world.home, "away"), world.path()[:-1])
    wait_for("the service", lambda: world.machine.show("ActiveState") == "active")
    world.machine.put("/etc/systemd/system/trueup.service.d/test.conf", "")
    world.machine.run("systemctl", "daemon-reload")
    world.restart()


CHECKS = [the_unit_is_well_formed, it_runs_from_the_boot_on, it_is_an_ordinary_user_in_a_sandbox,
          what_drifted_before_the_boot_is_mended, the_journal_has_one_line_for_each_change_with_its_priority,
          a_hand_edit_is_followed, reload_reads_everything_anew, a_command_is_done_by_the_daemon,
          a_missing_plugin_comes_from_an_https_store, another_network_is_noticed, a_program_is_told_of_findings,
          the_web_program_of_ledmatrix_is_seen, the_page_and_its_monitoring_answer,
          it_takes_the_place_of_ledmatrixs_page_and_gives_it_back, it_stops_within_two_seconds,
          it_comes_back_after_it_was_killed, a_daemon_that_hangs_is_replaced,
          an_installation_that_comes_later_is_waited_for]


def main():
    program, child, where, *only = sys.argv[1:]
    os.makedirs(where, exist_ok=True)
    world = World(program, child, os.path.abspath(where))
    bad = 0
    try:
        world.machine.boot()
        print(world.machine.run("systemctl", "--version").stdout.splitlines()[0], "in a container, on the kernel", os.uname().release)
        for check in CHECKS:
            if only and check.__name__ not in only:
                continue
            name = check.__name__.replace("_", " ")
            try:
                print(f"  ok      {name}" + (f": {says}" if (says := check(world)) else ""), flush=True)
            except (Failed, AssertionError, KeyError, IndexError, OSError, ValueError) as failure:
                bad += 1
                print(f"  FAILED  {name}: {failure}", flush=True)
                with open(os.path.join(world.where, "journal.log"), "w", encoding="utf-8") as file:
                    file.write(world.machine.run("journalctl", "-o", "short-precise").stdout)
    finally:
        world.machine.power_off()
    if bad:
        sys.exit(f"{bad} failed; the journal is {os.path.join(world.where, 'journal.log')}")


if __name__ == "__main__":
    main()
