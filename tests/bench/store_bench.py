#!/usr/bin/env python3
"""./dev bench store: what installing a large plugin and listing a large store cost, beside a plain program.

A plugin of 1,000 files and 20 MB is installed from an archive, in turn with a program that unpacks the same archive and
waits for the disk after each file; the archive lies on this disk, so no network is in either. Ends with 1 when a target
of docs/performance.md is missed, naming it.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import trees  # noqa: E402
from measure import Run, Targets, in_turn, least, ms, run, table  # noqa: E402

FILES, BYTES, RUNS = 1000, 20_000_000, 7
ENTRIES = 500


def write_archive(path):
    """Half of it does not get smaller, as pictures and fonts do not."""
    source = random.Random(1)
    manifest = {"id": "large", "name": "Large", "version": "1.0.0", "class_name": "Large", "display_modes": ["large"],
                "entry_point": "manager.py"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large-main/manifest.json", json.dumps(manifest))
        archive.writestr("large-main/manager.py", "class Large:\n    pass\n")
        size = BYTES // FILES
        for number in range(FILES - 2):
            data = source.randbytes(size) if number % 2 else (b"line %d of the text\n" % number * size)[:size]
            archive.writestr(f"large-main/data/{number % 20}/{number}.bin", data)


def unpack_plainly(archive_path, folder):
    begin, cpu = time.perf_counter(), time.process_time()
    folders = {folder}
    with zipfile.ZipFile(archive_path) as archive:
        for entry in archive.infolist():
            path = os.path.join(folder, entry.filename)
            parent = os.path.dirname(path)
            if parent not in folders:
                os.makedirs(parent, exist_ok=True)
                folders.add(parent)
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            os.write(fd, archive.read(entry))
            os.fsync(fd)
            os.close(fd)
    for parent in folders:
        fd = os.open(parent, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)
    return Run(time.process_time() - cpu, time.perf_counter() - begin)


def write_registry(path, archive):
    large = {"id": "large", "name": "Large", "latest_version": "1.0.0", "download_url": "file://" + archive}
    others = [{"id": f"plugin-{i}", "name": f"Plugin {i}", "description": f"shows the number {i} in many colours",
               "author": "someone", "category": "numbers", "tags": ["number", "colour"], "latest_version": "1.2.3",
               "repo": "https://github.com/someone/led-plugins", "branch": "main", "plugin_path": f"plugins/plugin-{i}",
               "verified": True} for i in range(ENTRIES - 1)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"last_updated": "2026-03-01", "plugins": [large, *others]}, file, indent=2)


class Bench:
    def __init__(self, trueup, folder):
        self.trueup, self.folder = trueup, folder
        self.archive = os.path.join(folder, "large.zip")
        self.registry = os.path.join(folder, "plugins.json")
        write_archive(self.archive)
        write_registry(self.registry, self.archive)
        self.targets, self.made = Targets(), 0

    def command(self, root, *words):
        return [self.trueup, "--root", root, "--registry", "file://" + self.registry, *words]

    def fresh(self):
        self.made += 1
        root = os.path.join(self.folder, f"home-{self.made}")
        trees.make(root, 3, 0)
        run(self.command(root, "store", "refresh"))
        return root

    def install(self):
        root = self.fresh()
        measured = run(self.command(root, "install", "large"))
        assert os.path.exists(os.path.join(root, "plugin-repos/large/manager.py"))
        shutil.rmtree(root)
        return measured

    def unpack(self):
        folder = os.path.join(self.folder, "unpacked")
        os.mkdir(folder)
        measured = unpack_plainly(self.archive, folder)
        shutil.rmtree(folder)
        return measured

    def large_plugin(self):
        print(f"\nInstalling a plugin of {FILES} files and {BYTES // 1_000_000} MB")
        installs, plain = in_turn(RUNS, self.install, self.unpack)
        table(["", "cpu ms", "wall ms"],
              [["install", ms(least(installs).cpu), ms(least(installs).wall)],
               ["unpack and wait", ms(least(plain).cpu), ms(least(plain).wall)]])
        self.targets.expect("install, times unpacking and waiting", least(installs).wall / least(plain).wall, 2.0, "x")

    def listing(self):
        print(f"\nListing a store of {ENTRIES} plugins")
        root = self.fresh()
        words = {"store search": ("store", "search"), "store search --json": ("--json", "store", "search"),
                 "store show": ("store", "show", "plugin-77")}
        results = in_turn(25, *(lambda w=w: run(self.command(root, *w)) for w in words.values()))
        table(["", "cpu ms", "wall ms"], [[name, ms(least(one).cpu), ms(least(one).wall)]
                                          for name, one in zip(words, results)])
        shown = json.loads(subprocess.run(self.command(root, "--json", "store", "search"), capture_output=True,
                                          check=True).stdout)
        assert len(shown["plugins"]) == ENTRIES
        self.targets.expect("store search", least(results[0]).wall * 1e3, 50.0, "ms")


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TRUEUP_BENCH_DIR")) as folder:
        bench = Bench(os.path.abspath(sys.argv[1]), folder)
        bench.large_plugin()
        bench.listing()
    for what in bench.targets.missed:
        print(f"missed: {what}")
    return 1 if bench.targets.missed else 0


if __name__ == "__main__":
    sys.exit(main())
