#!/usr/bin/env python3
"""./dev bench web: what the page and the API cost beside the daemon.

Requests a second and how long they take (wrk), the bytes of the first view, an action from the click to the answer, and
the memory of a thousand readers of events who hear nothing. Ends with 1 when a target is missed, naming it. Client and
server share the processors: figures are of both together.
"""
import gzip
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import trees  # noqa: E402
from measure import Targets, table  # noqa: E402

PLUGINS = 50
STREAMS = 1000
SECONDS = 5


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Served:
    def __init__(self, trueup, root):
        self.port = free_port()
        self.process = subprocess.Popen(
            [trueup, "--root", root, "--registry", os.path.join(root, "registry"), "serve", "--web", str(self.port)],
            stderr=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while True:
            try:
                self.get("/api/trueup/v1/plan")
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
        time.sleep(3)  # its passes are made, and nothing moves any more

    def get(self, path, headers=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers or {})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def status(self, key):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(key + ":"))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def wrk(port, connections, path, script=None):
    words = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    if script:
        words += ["-s", script]
    out = subprocess.run([*words, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    errors = re.search(r"Non-2xx.*", out)
    if errors:
        raise SystemExit(f"wrk: {errors.group(0)}")
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def at_fixed_rate(port, path, rate):
    """Asks at fixed moments, on eight connections in turn; from the moment that was due to the whole answer."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    for line in lines:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    took = []
    start = time.perf_counter()
    for i in range(rate * SECONDS):
        due = start + i / rate
        while time.perf_counter() < due:
            pass
        line = lines[i % len(lines)]
        line.sendall(request)
        got = line.recv(1 << 16)
        head, _, body = got.partition(b"\r\n\r\n")
        left = int(re.search(rb"content-length: (\d+)", head, re.I).group(1)) - len(body)
        while left > 0:
            left -= len(line.recv(1 << 16))
        took.append(time.perf_counter() - due)
    for line in lines:
        line.close()
    took.sort()
    return took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000


def first_view(served):
    """All that a browser asks for before it shows the page, as it comes over the line, heads included."""
    def sent(path):
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
            got = b""
            while part := line.recv(1 << 16):
                got += part
        return got
    page = sent("/")
    head, _, body = page.partition(b"\r\n\r\n")
    html = gzip.decompress(body) if b"gzip" in head else body
    total = len(page)
    for path in re.findall(rb'(?:src|href)="(/assets/[^"]+)"', html):
        total += len(sent(path.decode()))
    return total


def actions(served, plugin):
    took = []
    for i in range(20):
        body = f'{{"plugin_id": "{plugin}", "enabled": {"true" if i % 2 else "false"}}}'.encode()
        request = urllib.request.Request(f"http://127.0.0.1:{served.port}/api/v3/plugins/toggle", body,
                                         {"Content-Type": "application/json"})
        start = time.perf_counter()
        urllib.request.urlopen(request, timeout=30).read()
        took.append((time.perf_counter() - start) * 1000)
        time.sleep(0.3)  # the pass behind it
    return statistics.median(took)


def streams(served):
    """KiB of the server's own memory for each of many readers who hear nothing."""
    before = served.status("RssAnon")
    lines = []
    for _ in range(STREAMS):
        line = socket.create_connection(("127.0.0.1", served.port))
        line.sendall(b"GET /api/trueup/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if not line.recv(4096).startswith(b"HTTP/1.1 200"):
            raise SystemExit("a stream of events was refused")
        lines.append(line)
    time.sleep(1)
    grown = served.status("RssAnon") - before
    for line in lines:
        line.close()
    return grown


def main():
    trueup = sys.argv[1]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    targets = Targets()
    folder = tempfile.mkdtemp(prefix="trueup-bench-web-")
    try:
        root = os.path.join(folder, "ledmatrix")
        trees.make(root, PLUGINS, 0)
        served = Served(trueup, root)
        path = "/api/v3/plugins/installed"
        size = len(served.get(path))
        rate, worst = wrk(served.port, 64, path)
        middle, late = at_fixed_rate(served.port, path, 2000)
        view = first_view(served)
        plugin = sorted(os.listdir(os.path.join(root, "plugin-repos")))[0]
        acted = actions(served, plugin)
        grown = streams(served)
        table(["what", "figure"],
              [["installed list", f"{PLUGINS} plugins, {size} bytes"],
               ["requests a second, 64 connections", f"{rate:,.0f}"],
               ["99 % of them within", f"{worst:.1f} ms"],
               ["at 2,000 a second: half within", f"{middle:.2f} ms"],
               ["99 % within", f"{late:.2f} ms"],
               ["first view, over the line", f"{view:,} bytes"],
               ["a switch, from request to answer", f"{acted:.0f} ms"],
               [f"{STREAMS:,} silent streams", f"{grown / 1024:.1f} MiB"]])
        targets.expect("microseconds a request", 1e6 / rate, 1e6 / 15000, "us")
        targets.expect("99 % at 2,000 a second", late, 5, "ms")
        targets.expect("first view", view, 35 * 1024, "bytes")
        targets.expect("a switch", acted, 200, "ms")
        targets.expect("silent streams", grown / 1024, 32, "MiB")
        served.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\nmissed: " + "; ".join(targets.missed) if targets.missed else "\nAll targets are met.")
    return 1 if targets.missed else 0


if __name__ == "__main__":
    sys.exit(main())
