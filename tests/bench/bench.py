#!/usr/bin/env python3
"""./dev bench commands: what plan and reconcile cost, as ratios of runs taken in turn on this machine.

Prints one table a question, and ends with 1 when a target of docs/performance.md is missed, naming it. Processor time
decides, because a machine that is busy with something else stretches wall time; no test depends on either.
"""
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import record_calls  # noqa: E402
import trees  # noqa: E402
from measure import Run, Targets, in_turn, least, ms, run, table  # noqa: E402

SIZES = (10, 50, 100, 1000, 10000)
RUNS = {10: 25, 50: 25, 100: 25, 1000: 15, 10000: 9}
DOCUMENT_KINDS = ("missing_in_config", "enabled_mismatch", "version_mismatch", "orphaned_state", "state_corrupted")
WRITTEN = {"missing_in_config": "config/config.json"}  # the others change plugin_state.json
STATE = "data/plugin_state.json"
OURS = (".trueup", "plugin-repos/.trueup.standalone-backup-work")


def in_this_process(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Run(time.process_time() - cpu, time.perf_counter() - wall)


def sync(path):
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def write_plainly(path, data):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.write(fd, data)
    os.fsync(fd)
    os.close(fd)


class Bench:
    def __init__(self, trueup, floor, folder):
        self.trueup, self.floor, self.folder = trueup, floor, folder
        self.targets = Targets()

    def command(self, root, *words):
        return [self.trueup, "--root", root, "--registry", os.path.join(root, "registry"), *words]

    def tree(self, name, *arguments, **keywords):
        root = os.path.join(self.folder, name)
        trees.make(root, *arguments, **keywords)
        return root

    def large_tree(self, count):
        """One serves several questions: making ten thousand plugins takes longer than asking."""
        root = os.path.join(self.folder, "large")
        if not os.path.exists(root):
            trees.make(root, count, 0)
        return root

    def floor_run(self, recorded):
        done = subprocess.run([self.floor, recorded], capture_output=True, check=True)
        cpu, wall, self.floor_read = (int(word) for word in done.stdout.split())
        return Run(cpu / 1e9, wall / 1e9)

    def start(self):
        """What starting costs, which every command pays."""
        print("\nStarting")
        home = self.tree("home", 12, 3)
        commands = {"--version": [self.trueup, "--version"], "--help": [self.trueup, "--help"],
                    "status of 12 plugins": self.command(home, "status")}
        results = in_turn(25, *(lambda c=c: run(c) for c in commands.values()))
        table(["command", "cpu ms", "wall ms"],
              [[name, ms(least(r).cpu), ms(least(r).wall)] for name, r in zip(commands, results)])
        libraries = subprocess.run(["ldd", self.trueup], capture_output=True, text=True, check=False).stdout
        print(f"  shared libraries: {libraries.count('=>')}")

    def plan(self):
        print("\nplan, and its floor: a program that makes the same system calls and does nothing with the bytes")
        rows, best, calls = [], {}, {}
        for count in SIZES:
            root = self.large_tree(count) if count == 10000 else self.tree(f"plan-{count}", count, 0)
            trees.write_documents(root, count, count // 10)
            command = self.command(root, "plan", "--json")
            recording = record_calls.record(command, [root, "/proc", "/sys"])
            recorded = os.path.join(self.folder, "calls")
            with open(recorded, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write("\n".join(recording.replay) + "\n")
            floor, plan = (least(r) for r in in_turn(RUNS[count], lambda: self.floor_run(recorded),
                                                     lambda: run(command)))
            best[count], calls[count] = (floor, plan), recording.calls
            rows.append([str(count), ms(plan.cpu), ms(floor.cpu), f"{plan.cpu / floor.cpu:.2f}", ms(plan.wall),
                         ms(floor.wall), f"{plan.wall / floor.wall:.2f}", str(recording.calls),
                         f"{recording.bytes_read / 2**20:.2f}", f"{self.floor_read / 2**20:.2f}", f"{plan.peak:.0f}"])
        table(["plugins", "cpu ms", "floor", "ratio", "wall ms", "floor", "ratio", "calls", "MiB read", "by floor",
               "peak MiB"], rows)
        for count, (floor, plan) in best.items():
            self.targets.expect(f"plan of {count} plugins", plan.cpu * 1e3, 2e3 * floor.cpu + 10, "ms of processor time")
        self.targets.expect("plan of 50 plugins", best[50][1].cpu * 1e3, 10, "ms of processor time")
        start = least([run([self.trueup, "--version"]) for _ in range(25)]).cpu
        growth = math.log10((best[10000][1].cpu - start) / (best[1000][1].cpu - start))
        self.targets.expect("exponent of growth from 1,000 to 10,000", growth, 1.05, "")
        each = (calls[10000] - calls[1000]) / 9000
        self.targets.expect("system calls for each further plugin", each, 9.1, "")
        self.targets.expect("peak memory of plan at 10,000 plugins", best[10000][1].peak, 64, "MiB")

    def restore(self, root, saved):
        """The tree as it was before a reconcile that changed documents only."""
        for ours in OURS:
            shutil.rmtree(os.path.join(root, ours), ignore_errors=True)
        for path, data in saved.items():
            with open(os.path.join(root, path), "wb") as file:
                file.write(data)

    def reconcile_documents(self, kind, count):
        root = self.tree(kind, count, count, kind=kind) if kind == "orphaned_state" else self.large_tree(count)
        self.restore(root, {})
        trees.write_documents(root, count, count, kind)
        documents = ("config/config.json", STATE)
        saved = {path: self.bytes_of(root, path) for path in documents}

        def reconcile():
            self.restore(root, saved)
            return run(self.command(root, "reconcile"))

        def plain():
            target = os.path.join(self.folder, "plain")
            os.makedirs(target)
            data = self.bytes_of(root, WRITTEN.get(kind, STATE))
            took = in_this_process(lambda: (write_plainly(os.path.join(target, "file"), data), sync(target)))
            shutil.rmtree(target)
            return took

        self.restore(root, saved)
        planned = least([run(self.command(root, "plan")) for _ in range(5)])
        mended, plainly = (least(r) for r in in_turn(5, reconcile, plain))
        self.check_nothing_left(root, kind)
        return planned, mended, plainly

    def reconcile_installs(self, count):
        root = self.tree("missing_on_disk", count, count, kind="missing_on_disk")
        repositories = os.path.join(root, "plugin-repos")
        names = [name for name in os.listdir(os.path.join(root, "registry/plugins"))]

        def reconcile():
            self.restore(root, {})
            for name in names:
                shutil.rmtree(os.path.join(repositories, name), ignore_errors=True)
            return run(self.command(root, "reconcile"))

        def plain():
            target = os.path.join(self.folder, "plain")
            os.makedirs(target)
            plugins = {name: {file: self.bytes_of(repositories, f"{name}/{file}")
                              for file in os.listdir(os.path.join(repositories, name))} for name in names}

            def work():
                for name, files in plugins.items():
                    os.mkdir(os.path.join(target, name))
                    for file, data in files.items():
                        write_plainly(os.path.join(target, name, file), data)
                    sync(os.path.join(target, name))
                    sync(target)

            took = in_this_process(work)
            shutil.rmtree(target)
            return took

        planned = least([run(self.command(root, "plan")) for _ in range(5)])
        mended, plainly = (least(r) for r in in_turn(2, reconcile, plain))
        self.check_nothing_left(root, "missing_on_disk")
        shutil.rmtree(root)
        return planned, mended, plainly

    @staticmethod
    def bytes_of(root, path):
        with open(os.path.join(root, path), "rb") as file:
            return file.read()

    def check_nothing_left(self, root, kind):
        answer = subprocess.run(self.command(root, "plan", "--json"), capture_output=True, check=False)
        if json.loads(answer.stdout)["inconsistencies_found"]:
            raise SystemExit(f"reconcile left something of {kind}: it measured no whole pass")

    def reconcile(self):
        print("\nreconcile, and a plain program that writes and fsyncs the same files")
        rows, limits = [], []
        for kind, count in [(kind, 10000) for kind in DOCUMENT_KINDS] + [("missing_on_disk", 200)]:
            if kind == "missing_on_disk":
                planned, mended, plainly = self.reconcile_installs(count)
            else:
                planned, mended, plainly = self.reconcile_documents(kind, count)
            limit = 3 * planned.cpu + plainly.cpu
            limits.append((f"reconcile of {count} {kind}", mended.cpu * 1e3, limit * 1e3))
            rows.append([kind, str(count), ms(planned.cpu), ms(mended.cpu), ms(plainly.cpu),
                         f"{mended.cpu / limit:.2f}", ms(planned.wall), ms(mended.wall), ms(plainly.wall),
                         f"{mended.wall / (3 * planned.wall + plainly.wall):.2f}", f"{mended.peak:.0f}"])
        table(["kind", "findings", "plan cpu ms", "reconcile", "plain", "of limit", "plan wall ms", "reconcile", "plain",
               "of limit", "peak MiB"], rows)
        for what, value, limit in limits:
            self.targets.expect(what, value, limit, "ms of processor time")

    def syncs(self):
        """How often a pass waits for the disk, and how often it writes a file."""
        print("\nWaiting for the disk: a first pass and a later one, each with one edit of one file")
        root = self.tree("syncs", 50, 1, kind="missing_in_config")
        rows = []
        for name, words in (("first pass", ["reconcile"]), ("later pass", ["reconcile"])):
            if name == "later pass":
                self.remove_section(root, "plugin-00007")
            recording = record_calls.record_writing(self.command(root, *words))
            live = os.path.join(root, "config/config.json")
            own = [path for path in recording.syncs if path.startswith(os.path.join(root, "config"))]
            writes = recording.renames.count(live)
            rows.append([name, str(len(recording.syncs)), str(len(own)), str(writes)])
            self.targets.expect(f"{name}: fsyncs", len(recording.syncs), 12, "")
            self.targets.expect(f"{name}: fsyncs of the file and its directory", len(own), 3, "")
            self.targets.expect(f"{name}: times that config.json is replaced", writes, 1, "")
        table(["", "fsyncs", "of file and directory", "replaced"], rows)
        shutil.rmtree(root)

    def remove_section(self, root, plugin):
        path = os.path.join(root, "config/config.json")
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        del config[plugin]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file, indent=4)


def main():
    trueup, floor = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix="trueup-bench-") as folder:
        bench = Bench(trueup, floor, folder)
        print("Least of several runs taken in turn; cpu is user and system time of the whole process.")
        for question in sys.argv[3:] or ("start", "plan", "syncs", "reconcile"):
            getattr(bench, question)()
    missed = bench.targets.missed
    print("\nmissed: " + "; ".join(missed) if missed else "\nAll targets are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
