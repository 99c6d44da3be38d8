#!/usr/bin/env python3
"""./dev bench: what plan and reconcile cost, as ratios measured in one run on this machine.

Prints one table a question. Exits 1 when a target of docs/performance.md is missed, so that it can be asked by a script;
no test depends on a time.
"""
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import record_calls  # noqa: E402
import trees  # noqa: E402

RUNS = 7


def run(command):
    """Wall seconds and peak resident KiB of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return time.perf_counter() - start, usage.ru_maxrss


def median(values):
    return statistics.median(values)


class Bench:
    def __init__(self, trueup, floor, folder):
        self.trueup, self.floor, self.folder = trueup, floor, folder
        self.missed = []

    def command(self, root, *words):
        return [self.trueup, "--root", root, "--registry", os.path.join(root, "registry"), *words]

    def tree(self, name, *arguments, **keywords):
        root = os.path.join(self.folder, name)
        shutil.rmtree(root, ignore_errors=True)
        trees.make(root, *arguments, **keywords)
        return root

    def expect(self, what, value, limit, unit=""):
        verdict = "ok" if value <= limit else "MISSED"
        if value > limit:
            self.missed.append(what)
        print(f"  {what:58s} {value:10.2f} {unit:4s} limit {limit:8.2f}  {verdict}")

    def plan(self):
        print("plan against its floor (the same system calls, nothing done with the bytes)")
        times = {}
        for count in (10, 50, 100, 1000, 10000):
            root = self.tree(f"plan-{count}", count, count // 10)
            command = self.command(root, "plan", "--json")
            calls = record_calls.record(command, [root, "/proc", "/sys"])
            recorded = os.path.join(self.folder, "calls")
            with open(recorded, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write("\n".join(calls) + "\n")
            plans, floors, peak = [], [], 0
            for _ in range(RUNS):
                floors.append(int(subprocess.run([self.floor, recorded], capture_output=True, check=True).stdout) / 1e9)
                seconds, kibibytes = run(command)
                plans.append(seconds)
                peak = max(peak, kibibytes)
            times[count] = median(plans)
            limit = 2 * median(floors) + 0.010
            print(f"  {count} plugins: plan {median(plans) * 1e3:.1f} ms, floor {median(floors) * 1e3:.1f} ms, "
                  f"{len(calls)} calls, peak {peak / 1024:.1f} MiB")
            self.expect(f"plan of {count}", median(plans) * 1e3, limit * 1e3, "ms")
            if count == 50:
                self.expect("plan of 50 plugins", median(plans) * 1e3, 10, "ms")
            if count == 10000:
                self.expect("peak memory at 10,000 plugins", peak / 1024, 64, "MiB")
        start = run([self.trueup, "--version"])[0]
        growth = math.log((times[10000] - start) / (times[1000] - start)) / math.log(10)
        self.expect("growth exponent from 1,000 to 10,000", growth, 1.05)

    def reconcile(self):
        print("reconcile against plan and a plain program that writes and fsyncs the same files")
        for kind, count in (("missing_in_config", 10000), ("enabled_mismatch", 10000), ("version_mismatch", 10000),
                            ("orphaned_state", 10000), ("missing_on_disk", 200)):
            root = self.tree(kind, count, count, kind=kind)
            planned = median([run(self.command(root, "plan"))[0] for _ in range(3)])
            took = run(self.command(root, "reconcile"))[0]
            plain = self.plain_write(root, kind, count)
            print(f"  {kind}: plan {planned * 1e3:.0f} ms, reconcile {took * 1e3:.0f} ms, plain write {plain * 1e3:.0f} ms")
            self.expect(f"reconcile of {count} {kind}", took * 1e3, (3 * planned + plain) * 1e3, "ms")

    def plain_write(self, root, kind, count):
        """Seconds to write and fsync what the reconcile wrote, as plainly as possible."""
        target = os.path.join(self.folder, "plain")
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(target)
        if kind == "missing_on_disk":
            sources = [os.path.join(root, "plugin-repos", f"plugin-{i:05d}") for i in range(count)]
        else:
            sources = []
        files = [os.path.join(root, "config/config.json" if kind == "missing_in_config" else "data/plugin_state.json")]
        for folder in sources:
            files += [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        contents = []
        for path in files:
            with open(path, "rb") as file:
                contents.append(file.read())
        start = time.perf_counter()
        for number, data in enumerate(contents):
            fd = os.open(os.path.join(target, str(number)), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            os.write(fd, data)
            os.fsync(fd)
            os.close(fd)
        fd = os.open(target, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)
        return time.perf_counter() - start


def main():
    trueup, floor = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix="trueup-bench-") as folder:
        bench = Bench(trueup, floor, folder)
        bench.plan()
        bench.reconcile()
        if bench.missed:
            print("missed: " + ", ".join(bench.missed))
        return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
