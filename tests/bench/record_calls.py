"""Records the file-system calls of a command below some folders, for replay_floor.

record(command, below) runs the command under strace and gives its calls as lines for replay_floor. Calls on other
paths (the dynamic loader's) are left out: they are the price of any program.
"""
import re
import subprocess
import tempfile

FLAGS = {"O_RDONLY": 0, "O_CLOEXEC": 0o2000000, "O_DIRECTORY": 0o200000, "O_NOFOLLOW": 0o400000, "O_PATH": 0o10000000,
         "O_NONBLOCK": 0o4000, "O_NOCTTY": 0o400, "O_LARGEFILE": 0, "O_NOATIME": 0o1000000,
         "AT_SYMLINK_NOFOLLOW": 0x100, "AT_EMPTY_PATH": 0x1000, "AT_NO_AUTOMOUNT": 0x800, "RESOLVE_BENEATH": 0,
         "RESOLVE_NO_SYMLINKS": 0, "RESOLVE_NO_MAGICLINKS": 0, "0": 0}
AT_FDCWD = -100
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")


def flags_of(text):
    return sum(FLAGS.get(word.strip(), 0) for word in text.split("|"))


def descriptor(text):
    return AT_FDCWD if text.startswith("AT_FDCWD") else int(text)


def split_arguments(text):
    """Arguments of one strace line; strings and braces may hold commas."""
    parts, depth, quoted, start = [], 0, False, 0
    for i, c in enumerate(text):
        if c == '"' and text[i - 1] != "\\":
            quoted = not quoted
        elif not quoted and c in "{[":
            depth += 1
        elif not quoted and c in "}]":
            depth -= 1
        elif not quoted and depth == 0 and c == ",":
            parts.append(text[start:i].strip())
            start = i + 1
    return parts + [text[start:].strip()]


def unquote(text):
    return text[1:-1].encode("latin-1").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")


def record(command, below):
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as trace:
        calls = "openat,openat2,fstat,newfstatat,read,pread64,getdents64,readlinkat,close"
        subprocess.run(["strace", "-f", "-s", "4096", "-o", trace.name, "-e", "trace=" + calls, *command],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        lines, mine, total = [], set(), 0
        for text in trace:
            match = CALL.match(text)
            if not match:
                continue
            name, arguments, result = match.group(1), split_arguments(match.group(2)), int(match.group(3))
            line = convert(name, arguments, result, below, mine)
            if line is not None:
                total += 1
                lines.append(line)
        return lines


def convert(name, arguments, result, below, mine):
    if name in ("openat", "openat2"):
        fd, path = descriptor(arguments[0]), unquote(arguments[1])
        inside = fd in mine or (path.startswith("/") and any(path.startswith(folder) for folder in below))
        if not inside:
            return None
        flags = flags_of(arguments[2] if name == "openat" else re.sub(r".*flags=([^,}]*).*", r"\1", arguments[2]))
        if result >= 0:
            mine.add(result)
        return f"o {fd} {result} {flags} 0 {path}"
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
