#!/usr/bin/env python3
"""./dev soak [MINUTES]: the daemon beside a random editor, a registry that comes and goes, commands, and kills.

    soak.py TRUEUP MINUTES [SEED]

Half of the time goes by in two long parts without a kill, at whose ends memory and descriptors are compared, all inputs
being the same again; before each of them the daemon is killed again and again at any instant and started anew. Ends
with 1 when a target is missed, a byte of the owner's is gone, or the daemon ended by itself, naming it.
"""
import json
import os
import random
import shutil
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../bench")]
import trees  # noqa: E402
from editor import Editor  # noqa: E402
from measure import Targets, table  # noqa: E402
from running import Daemon  # noqa: E402
from store import MOODS, Store  # noqa: E402

PLUGINS, OFFERED = 20, 6
SETTLES = 45  # seconds that a restored tree may take to be at rest


def size_of(path):
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names
               if not os.path.islink(os.path.join(folder, name)) and os.path.exists(os.path.join(folder, name)))


class Soak:
    def __init__(self, trueup, folder, seed):
        self.trueup, self.root = trueup, os.path.join(folder, "home")
        self.chance = random.Random(seed)
        trees.make(self.root, PLUGINS, 0)
        offered = [os.path.join(folder, "offered", f"offered-{number}") for number in range(OFFERED)]
        for path in offered:
            trees.write_plugin(path, os.path.basename(path), "1.0.0")
        os.makedirs(os.path.join(folder, "web"))
        self.store = Store(os.path.join(folder, "web"), offered)
        os.makedirs(os.path.join(self.root, "config/trueup"))
        trees.dump(os.path.join(self.root, "config/trueup/settings.json"), {"ca_file": self.store.ca_file}, 2)
        self.editor = Editor(trueup, self.root, self.store.url, self.chance)
        self.editor.offered = [os.path.basename(path) for path in offered]
        self.log_path = os.path.join(folder, "log")
        self.log = open(self.log_path, "ab")
        self.daemon = None
        self.port = self.store.port + 1 if self.store.port < 65000 else self.store.port - 1
        self.failures, self.kills, self.passes, self.rows = [], 0, 0, []

    def start(self):
        self.daemon = Daemon(self.trueup, self.root, self.store.url, ["--web", str(self.port)], self.log)
        self.daemon.leave()

    def kill(self):
        self.check_alive()
        self.passes += self.known()["passes"]
        self.daemon.leave()
        # At any instant of what a disturbance sets off.
        self.editor.disturb()
        time.sleep(self.chance.random() * 0.15)
        self.daemon.process.kill()
        self.daemon.process.wait()
        self.kills += 1

    def check_alive(self):
        if self.daemon.process.poll() is None:
            return
        self.failures.append(f"the daemon ended by itself: {self.daemon.process.returncode}")
        raise SystemExit(self.failures[-1] + "\n" + self.last_log())

    def last_log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-20:])

    def known(self):
        self.daemon.follow()
        self.daemon.next()
        return self.daemon.known

    def look_at_the_page(self):
        for path in ("/", "/metrics", "/api/trueup/v1/plan"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                    answer.read()
            except OSError as error:
                self.failures.append(f"the page did not answer {path}: {error}")

    def check_notes(self):
        """The owner's own section holds what the editor wrote last. Requires: nobody edits just now."""
        if self.editor.own_notes_are_there() is False:
            self.failures.append(f"an edit of the owner is gone from config.json (edit {self.editor.notes})")
            self.editor.notes = 0

    def disturb_for(self, seconds, each):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check_alive()
            self.editor.disturb()
            if self.chance.random() < 0.1:
                self.store.be(self.chance.choice(MOODS))
            if self.chance.random() < 0.02:
                self.store.publish()
            if self.chance.random() < 0.1:
                self.look_at_the_page()
            self.check_notes()
            time.sleep(self.chance.random() * each)

    def rest(self):
        """Until all inputs are as at the start and nothing is left to be done."""
        self.daemon.leave()
        self.store.be("up")
        self.editor.restore()
        self.editor.run("reconcile", "--retry")
        self.editor.restore()
        self.daemon.follow()
        until = time.monotonic() + SETTLES
        while time.monotonic() < until:
            self.daemon.at_rest()
            if not any(f["reason"] == "settling" for f in self.daemon.known["findings"]):
                break
            self.daemon.next()
        self.daemon.leave()
        time.sleep(2)

    def measure(self, when):
        self.rest()
        self.check_alive()
        known = self.known()
        self.daemon.leave()
        time.sleep(0.2)
        figures = {"anonymous": self.daemon.status("RssAnon"), "resident": self.daemon.status("VmRSS"),
                   "descriptors": len(os.listdir(f"/proc/{self.daemon.process.pid}/fd")),
                   "ledger": os.path.getsize(os.path.join(self.root, ".trueup/ledger.db")) / 1024,
                   "own": size_of(os.path.join(self.root, ".trueup")) / 1024,
                   "container": size_of(os.path.join(self.root, "plugin-repos/.trueup.standalone-backup-work")) / 1024}
        self.rows.append([when, str(known["passes"]), str(len(known["findings"])), str(figures["anonymous"]),
                          str(figures["resident"]), str(figures["descriptors"]), f"{figures['ledger']:.0f}",
                          f"{figures['own']:.0f}", f"{figures['container']:.0f}"])
        print("  " + "  ".join(self.rows[-1]), flush=True)
        return figures

    def storm(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.start()
            self.disturb_for(self.chance.random() * 20, 0.5)
            self.kill()

    def long_part(self, name, seconds, targets):
        self.start()
        until = time.monotonic() + seconds
        self.editor.everything_once()
        self.disturb_for(min(60, seconds / 6), 0.3)
        first = self.measure(f"{name}, begins")
        while True:
            left = until - time.monotonic()
            self.disturb_for(min(240, max(left - SETTLES, 1)), 1.0)
            last = self.measure(f"{name}, {(seconds - until + time.monotonic()) / 60:.0f} min")
            if until - time.monotonic() < SETTLES:
                break
        targets.expect(f"{name}: memory grew by", last["anonymous"] - first["anonymous"], 256, "KiB")
        targets.expect(f"{name}: descriptors grew by", last["descriptors"] - first["descriptors"], 0, "")
        targets.expect(f"{name}: the ledger has", last["ledger"], 4096, "KiB")
        self.kill()

    def summary(self, seconds):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            lines = file.readlines()
        print(f"\n{self.kills} kills, {self.passes} passes, {sum(self.editor.done.values())} disturbances, "
              f"{len(lines)} lines of log in {seconds / 60:.0f} minutes")
        print("disturbances: " + ", ".join(f"{name} {count}" for name, count in sorted(self.editor.done.items())))


def main():
    trueup, minutes = os.path.abspath(sys.argv[1]), float(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    folder = tempfile.mkdtemp(prefix="trueup-soak-")
    targets = Targets()
    print(f"seed {seed}, {minutes:g} minutes, in {folder}", flush=True)
    soak = Soak(trueup, folder, seed)
    begin = time.monotonic()
    try:
        for name in ("first part", "second part"):
            soak.storm(minutes * 60 * 0.1)
            soak.long_part(name, minutes * 60 * 0.4, targets)
        soak.start()
        soak.measure("after a last start")
        soak.daemon.stop()
        soak.summary(time.monotonic() - begin)
    finally:
        if soak.daemon and soak.daemon.process.poll() is None:
            soak.daemon.process.kill()
        soak.store.stop()
    table(["", "passes", "findings", "RssAnon KiB", "resident", "descriptors", "ledger KiB", ".trueup KiB", "container KiB"],
          soak.rows)
    missed = targets.missed + soak.failures
    if missed:
        print("\nmissed: " + "; ".join(missed) + f"\nwhat is left: {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print("\nAll targets are met.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
