"""A Debian 12 of its own, booted by its own systemd in a container (systemd-nspawn), with trueup installed as packagers do.

The system is made once, by debootstrap, and kept. The home directory, the command and the unit are new for each boot;
the journal is in memory. Its network is its own and leads nowhere. Needs root.
"""
import json
import os
import shutil
import signal
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
MIRROR = "http://deb.debian.org/debian"
PACKAGES = ("systemd", "systemd-sysv", "dbus", "python3", "iproute2", "procps", "util-linux", "ca-certificates", "libcurl4",
            "libarchive13", "libseccomp2", "libssl3")
HOME, ROOT = "/home/pi", "/home/pi/LEDMatrix"


class Failed(Exception):
    pass


def make_system(where):
    if os.path.exists(os.path.join(where, "home/pi")):
        return
    shutil.rmtree(where, ignore_errors=True)
    subprocess.run(["debootstrap", "--variant=minbase", "--include=" + ",".join(PACKAGES), "bookworm", where, MIRROR],
                   check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(where, "etc/hostname"), "w", encoding="ascii") as file:
        file.write("display\n")
    subprocess.run(["chroot", where, "useradd", "-m", "-s", "/bin/bash", "pi"], check=True)


class Machine:
    def __init__(self, system, home, log):
        self.system, self.home, self.log = system, home, log
        self.nspawn, self.first = None, None
        self.owner = self.owner_of_home()

    def owner_of_home(self):
        there = os.stat(os.path.join(self.system, "home/pi"))
        return there.st_uid, there.st_gid

    def put(self, path, text, mode=0o644):
        """A file of the system, by its path in there."""
        whole = os.path.join(self.system, path.lstrip("/"))
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(whole, mode)

    def install(self, program, child, unit):
        for source, target in ((program, "usr/bin/trueup"), (child, "usr/libexec/trueup/fetch")):
            whole = os.path.join(self.system, target)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            shutil.copy2(source, whole)
        shutil.rmtree(os.path.join(self.system, "etc/systemd/system/trueup.service.d"), ignore_errors=True)
        shutil.copy2(unit, os.path.join(self.system, "etc/systemd/system/trueup.service"))
        wants = os.path.join(self.system, "etc/systemd/system/multi-user.target.wants/trueup.service")
        if not os.path.islink(wants):
            os.symlink("/etc/systemd/system/trueup.service", wants)

    def boot(self):
        shutil.rmtree(os.path.join(self.system, "var/log/journal"), ignore_errors=True)
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "-q", "-D", self.system, "--boot", "--register=no", "--keep-unit", "--network-veth",
             "--resolv-conf=off", "--link-journal=no", "--bind", f"{self.home}:{HOME}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        wait_for("the end of its boot", self.has_booted, 60)

    def has_booted(self):
        """The first child of nspawn is another one before systemd is there."""
        with open(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children", encoding="ascii") as file:
            self.first = (file.read().split() or [None])[0]
        return self.first and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def power_off(self):
        if self.nspawn is None:
            return
        self.nspawn.send_signal(signal.SIGTERM)  # asks the systemd in there to halt
        try:
            self.nspawn.wait(30)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.nspawn = None

    def run(self, *words, user="root", **more):
        inside = ["nsenter", "-t", self.first, "-a", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
                  "SYSTEMD_COLORS=0", "SYSTEMD_PAGER=cat"]
        if user != "root":
            inside += ["runuser", "-u", user, "--"]
        return subprocess.run([*inside, "env", f"TRUEUP_ROOT={ROOT}", *words], capture_output=True, text=True,
                              check=False, timeout=120, **more)

    def start(self, name, command):
        """Something in there that goes on beside, such as a server: a unit of that name, with its standard input open."""
        self.run("systemd-run", "-q", f"--unit={name}", "sh", "-c", f"sleep infinity | {command}")

    def show(self, name, unit="trueup"):
        return self.run("systemctl", "show", "-P", name, unit).stdout.strip()

    def main_process(self):
        return self.show("MainPID")

    def drop_in(self, text):
        """Our own words over those of the unit, and a start with them."""
        self.put("/etc/systemd/system/trueup.service.d/test.conf", "[Service]\n" + text)
        self.run("systemctl", "daemon-reload")
        self.run("systemctl", "restart", "trueup")

    def journal(self):
        """(priority, line) of all that trueup said since the boot."""
        said = self.run("journalctl", "-u", "trueup", "_COMM=trueup", "-o", "json", "--output-fields=PRIORITY,MESSAGE")
        return [(int(line["PRIORITY"]), line["MESSAGE"]) for line in map(json.loads, said.stdout.splitlines())]

    def says(self, *words):
        return [line for _, line in self.journal() if all(word in line for word in words)]


def wait_for(what, is_true, seconds=30):
    """The value once it is true, and never a moment later than needed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            value = is_true()
        except OSError:
            value = None
        if value:
            return value
        time.sleep(0.02)
    raise Failed(f"waited {seconds} s in vain for {what}")
