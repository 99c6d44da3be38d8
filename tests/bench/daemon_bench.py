#!/usr/bin/env python3
"""./dev bench daemon: what `trueup serve` costs, and how soon it knows.

Prints one table, and ends with 1 when a target is missed, naming it. Wall time counts here, since a person waits: the
least of many is what the program needs, the median what a busy machine makes of it.
"""
import json
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../soak")]
import trees  # noqa: E402
from measure import Targets, table  # noqa: E402
from running import Daemon  # noqa: E402
from store import Store  # noqa: E402

AT_REST_SECONDS = 120
SETTLING_SECONDS = 15  # a directory that came is looked at twice, ten seconds apart
ROUNDS = 30


def replace(path, text):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


def good_and_bad(path):
    """What config.json says, and the same where one `enabled` is no boolean."""
    with open(path, encoding="utf-8") as file:
        good = file.read()
    config = json.loads(good)
    plugin = next(key for key, value in config.items() if isinstance(value, dict) and value.get("enabled") is True)
    config[plugin]["enabled"] = "yes"
    return good, json.dumps(config, indent=4)


def latencies(daemon, root):
    """From the rename of config.json to the finding over the socket; every other time it goes again."""
    path = os.path.join(root, "config/config.json")
    good, bad = good_and_bad(path)
    took = []
    for _ in range(ROUNDS):
        for text, there in ((bad, True), (good, False)):
            start = time.perf_counter()
            replace(path, text)
            daemon.when(lambda k, there=there: any(f["inconsistency_type"] == "plugin_config_invalid"
                                                   for f in k["findings"]) == there)
            took.append(time.perf_counter() - start)
            daemon.at_rest()
    return took


def write_in_place(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def torn_latencies(daemon, root):
    """From the close of half a file to the finding: that it cannot be read where nothing more comes, and what the whole
    one says where the rest comes 100 ms later, as from a program that empties its file first."""
    path = os.path.join(root, "config/config.json")
    good, bad = good_and_bad(path)

    def finds(kind):
        return lambda known: any(finding["inconsistency_type"] == kind for finding in known["findings"])

    took = {"": [], bad: []}
    for _ in range(ROUNDS // 2):
        for rest, finding in (("", "source_unreadable"), (bad, "plugin_config_invalid")):
            start = time.perf_counter()
            write_in_place(path, bad[:len(bad) // 2])
            if rest:
                time.sleep(0.1)
                write_in_place(path, rest)
            daemon.when(finds(finding))
            took[rest].append(time.perf_counter() - start)
            replace(path, good)
            daemon.when(lambda known: not known["findings"])
            daemon.at_rest()
    return {"nothing more comes": took[""], "the rest comes": took[bad]}


def memory_behind_a_fetch(trueup, folder, more):
    """MiB, its own and resident, of a daemon of 50 plugins that has just fetched one more from an https registry."""
    root, offered = os.path.join(folder, "root"), os.path.join(folder, "offered/from-afar")
    trees.make(root, 50, 0)
    trees.write_plugin(offered, "from-afar", "1.0.0")
    os.makedirs(os.path.join(folder, "web"))
    store = Store(os.path.join(folder, "web"), [offered])
    try:
        os.makedirs(os.path.join(root, "config/trueup"))
        trees.dump(os.path.join(root, "config/trueup/settings.json"), {"ca_file": store.ca_file}, 2)
        daemon = Daemon(trueup, root, store.url, more)
        daemon.at_rest()
        path = os.path.join(root, "config/config.json")
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        replace(path, json.dumps({**config, "from-afar": {"enabled": True}}, indent=4))
        until = time.monotonic() + 60
        while not os.path.exists(os.path.join(root, "plugin-repos/from-afar/manifest.json")):
            if time.monotonic() > until:
                raise SystemExit(f"nothing was fetched: {daemon.known}")
            time.sleep(0.1)
        time.sleep(SETTLING_SECONDS)
        daemon.at_rest()
        memory = daemon.status("RssAnon") / 1024, daemon.status("VmRSS") / 1024
        daemon.stop()
        return memory
    finally:
        store.stop()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def measure_memory(trueup, folder, targets):
    rows = []
    for name, more in (("without the page", []), ("with the page", ["--web", str(free_port())])):
        anonymous, resident = memory_behind_a_fetch(trueup, os.path.join(folder, name.replace(" ", "-")), more)
        targets.expect(f"memory of its own after a fetch, {name}", anonymous, 5, "MiB")
        targets.expect(f"resident after a fetch, {name}", resident, 12, "MiB")
        rows.append([name, f"{anonymous:.1f}", f"{resident:.1f}"])
    return rows


def main():
    trueup = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="trueup-bench-")
    targets = Targets()
    rows, torn_rows = [], []
    print("\nThe daemon")
    try:
        for count, limit in ((50, 100), (1000, 300)):
            root = os.path.join(folder, str(count))
            trees.make(root, count, 0)
            first = Daemon(trueup, root, os.path.join(root, "registry"))
            first.at_rest()
            first.stop()
            starts = []
            for _ in range(10):
                one = Daemon(trueup, root, os.path.join(root, "registry"))
                starts.append(one.ready_after)
                one.stop()
            daemon = Daemon(trueup, root, os.path.join(root, "registry"))
            daemon.at_rest()
            took = latencies(daemon, root)
            torn = torn_latencies(daemon, root)
            wake_ups, written = daemon.wake_ups(), daemon.written()
            seconds = AT_REST_SECONDS if count == 50 else 10
            time.sleep(seconds)
            wake_ups, written = (daemon.wake_ups() - wake_ups) * 60 / seconds, daemon.written() - written
            anonymous, resident = daemon.status("RssAnon") / 1024, daemon.status("VmRSS") / 1024
            stop = daemon.stop()
            rows.append([str(count), f"{min(starts) * 1e3:.0f}", f"{min(took) * 1e3:.0f}",
                         f"{statistics.median(took) * 1e3:.0f}", f"{max(took) * 1e3:.0f}", f"{wake_ups:.1f}",
                         str(written), f"{anonymous:.1f}", f"{resident:.1f}", f"{stop * 1e3:.0f}"])
            targets.expect(f"from a rename to the finding at {count} plugins (median)", statistics.median(took) * 1e3,
                           limit, "ms")
            for then, times in torn.items():
                torn_rows.append([str(count), then, f"{min(times) * 1e3:.0f}", f"{statistics.median(times) * 1e3:.0f}",
                                  f"{max(times) * 1e3:.0f}"])
                targets.expect(f"from half a file to the finding at {count} plugins, {then} (median)",
                               statistics.median(times) * 1e3, 800, "ms")
            if count == 50:
                targets.expect("start to ready at 50 plugins", min(starts) * 1e3, 50, "ms")
                targets.expect("wake-ups a minute at rest", wake_ups, 2, "")
                targets.expect("written at rest", written, 0, "bytes")
                targets.expect("memory of its own", anonymous, 5, "MiB")
        memory_rows = measure_memory(trueup, folder, targets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table(["plugins", "ready ms", "known ms", "median", "most", "wake-ups/min", "written", "RssAnon MiB", "resident",
           "stop ms"], rows)
    print("\nFrom the close of half a file to the finding")
    table(["plugins", "then", "known ms", "median", "most"], torn_rows)
    print("\nMemory behind a fetch from an https registry, 50 plugins")
    table(["", "RssAnon MiB", "resident MiB"], memory_rows)
    print("\nmissed: " + "; ".join(targets.missed) if targets.missed else "\nAll targets are met.")
    return 1 if targets.missed else 0


if __name__ == "__main__":
    sys.exit(main())
