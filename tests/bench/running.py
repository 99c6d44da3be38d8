"""`trueup serve` as benchmarks and the soak run it, from the moment it says that it is ready."""
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time


class Daemon:
    def __init__(self, trueup, root, registry, more=(), log=subprocess.DEVNULL):
        self.root = root
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind("\0trueup-bench-%d-%d" % (os.getpid(), time.monotonic_ns()))
        name = notify.getsockname().decode().replace("\0", "@", 1)
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [trueup, "--root", root, "--registry", registry, "serve", *more],
            env={**os.environ, "NOTIFY_SOCKET": name}, stderr=log)
        notify.settimeout(30)
        while notify.recv(4096) != b"READY=1":
            pass
        self.ready_after = time.perf_counter() - start
        notify.close()
        self.line, self.known = None, None
        self.follow()

    def follow(self):
        """Listens anew: what it knows now comes first."""
        self.leave()
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.line.settimeout(30)
        here = os.open(os.path.join(self.root, ".trueup"), os.O_PATH | os.O_DIRECTORY)
        self.line.connect(f"/proc/self/fd/{here}/socket")
        os.close(here)
        request = json.dumps({"ask": "follow"}).encode()
        self.line.sendall(b"r" + struct.pack(">I", len(request)) + request)

    def leave(self):
        if self.line:
            self.line.close()
        self.line, self.known = None, None

    def exactly(self, count):
        got = b""
        while len(got) < count:
            part = self.line.recv(count - len(got))
            if not part:
                raise SystemExit("the daemon ended")
            got += part
        return got

    def next(self):
        head = self.exactly(5)
        self.known = json.loads(self.exactly(struct.unpack(">I", head[1:])[0]))

    def when(self, wanted):
        """As of what it tells from now on, or told last."""
        while self.known is None or not wanted(self.known):
            self.next()

    def at_rest(self):
        """Until nothing has changed for as long as settling takes."""
        while True:
            self.when(lambda k: k["passes"] > 0 and not k["at_work"] and not k["waiting"])
            if not select.select([self.line], [], [], 0.2)[0]:
                return
            self.next()

    def status(self, key):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(key + ":"))

    def wake_ups(self):
        total = 0
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{thread}/status", encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt"))
        return total

    def written(self):
        with open(f"/proc/{self.process.pid}/io", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("write_bytes"))

    def stop(self):
        start = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        return time.perf_counter() - start
