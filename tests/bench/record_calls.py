"""Records the system calls of a command, for replay_floor and for counting.

Calls on paths below the given folders become lines for replay_floor; others (the dynamic loader's, memory) are the
price of any program and are only counted.
"""
import re
import subprocess
import tempfile
from dataclasses import dataclass, field

FLAGS = {"O_RDONLY": 0, "O_CLOEXEC": 0o2000000, "O_DIRECTORY": 0o200000, "O_NOFOLLOW": 0o400000, "O_PATH": 0o10000000,
         "O_NONBLOCK": 0o4000, "O_NOCTTY": 0o400, "O_LARGEFILE": 0, "O_NOATIME": 0o1000000,
         "AT_SYMLINK_NOFOLLOW": 0x100, "AT_EMPTY_PATH": 0x1000, "AT_NO_AUTOMOUNT": 0x800, "RESOLVE_BENEATH": 0x08,
         "RESOLVE_NO_SYMLINKS": 0x04, "RESOLVE_NO_MAGICLINKS": 0x02, "0": 0}
AT_FDCWD = -100
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
SYNCS = ("fsync", "fdatasync", "syncfs", "sync")
NAMED = re.compile(r"^-?\w+<(.*)>$")


@dataclass
class Recording:
    replay: list = field(default_factory=list)  # lines for replay_floor
    calls: int = 0  # all system calls, from the first of the loader to the exit
    bytes_read: int = 0  # below the folders
    syncs: list = field(default_factory=list)  # the path of each fsync and its kin
    renames: list = field(default_factory=list)  # the target of each rename


def flags_of(text):
    return sum(FLAGS[word.strip()] for word in text.split("|"))


def descriptor(text):
    return AT_FDCWD if text.startswith("AT_FDCWD") else int(text)


def split_arguments(text):
    """Arguments of one strace line; strings and braces may hold commas."""
    parts, depth, quoted, start, i = [], 0, False, 0, 0
    while i < len(text):
        c = text[i]
        if quoted and c == "\\":
            i += 1
        elif c == '"':
            quoted = not quoted
        elif not quoted and c in "{[":
            depth += 1
        elif not quoted and c in "}]":
            depth -= 1
        elif not quoted and depth == 0 and c == ",":
            parts.append(text[start:i].strip())
            start = i + 1
        i += 1
    return parts + [text[start:].strip()]


def unquote(text):
    return text[1:-1].encode("latin-1").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")


def strace(command, *options):
    """Name, arguments and result of each call of `command`."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace", errors="surrogateescape") as trace:
        subprocess.run(["strace", "-f", "-qq", "-o", trace.name, *options, *command],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        for text in trace:
            match = CALL.match(text)
            if match:
                yield match.group(1), split_arguments(match.group(2)), int(match.group(3))


def record(command, below):
    """What `command` does below the folders `below`, to be made again."""
    recording, mine = Recording(), set()
    for name, arguments, result in strace(command, "-s", "4096"):
        recording.calls += 1
        line = convert(name, arguments, result, below, mine)
        if line is None:
            continue
        recording.replay.append(line)
        if name in ("read", "pread64") and result > 0:
            recording.bytes_read += result
    return recording


def record_writing(command):
    """Which files `command` waits for the disk with, and which names it renames to."""
    recording = Recording()
    calls = "trace=fsync,fdatasync,syncfs,sync,rename,renameat,renameat2"
    for name, arguments, result in strace(command, "-y", "-e", calls):
        recording.calls += 1
        if name in SYNCS:
            recording.syncs.append(NAMED.sub(r"\1", arguments[0]))
        elif result == 0 and name == "renameat2":
            recording.renames.append(NAMED.sub(r"\1", arguments[2]) + "/" + unquote(arguments[3]))
    return recording


def convert(name, arguments, result, below, mine):
    if name in ("openat", "openat2"):
        fd, path = descriptor(arguments[0]), unquote(arguments[1])
        inside = fd in mine or (path.startswith("/") and any(path.startswith(folder) for folder in below))
        if not inside:
            return None
        if result >= 0:
            mine.add(result)
        if name == "openat":
            return f"o {fd} {result} {flags_of(arguments[2])} 0 {path}"
        how = re.match(r".*flags=([^,}]*).*resolve=([^,}]*)", arguments[2])
        return f"O {fd} {result} {flags_of(how.group(1))} {flags_of(how.group(2))} {path}"
    fd = descriptor(arguments[0]) if arguments[0].lstrip("-").isdigit() or arguments[0] == "AT_FDCWD" else None
    if fd not in mine:
        return None
    if name == "fstat":
        return f"f {fd} -1 0 0 "
    if name == "newfstatat":
        return f"n {fd} -1 {flags_of(arguments[3])} 0 {unquote(arguments[1])}"
    if name in ("read", "pread64"):
        return f"r {fd} -1 0 {arguments[2]} "
    if name == "getdents64":
        return f"d {fd} -1 0 {arguments[2]} "
    if name == "readlinkat":
        return f"l {fd} -1 0 0 {unquote(arguments[1])}"
    if name == "close":
        mine.discard(fd)
        return f"c {fd} -1 0 0 "
    return None
