#!/usr/bin/env python3
"""Would the tests notice? Each place that keeps a promise is switched off, one at a time, and the suite must fail.

usage: mutants.py make TREE          puts every mutant into the sources of TREE, a copy, each behind a switch
       mutants.py run TREE [ID...]   runs for each mutant the tests that reach it, and says which mutants survive
       mutants.py list               shows them

All mutants are compiled at once, so that one costs test runs and no build. Which tests reach which mutant is found out
first: each test is run once by itself and notes the switches that it passes; a test that does not pass one cannot
notice it. `./dev mutants` does all of it. Mutants are made from the call sites themselves: waits for the disk, rename
modes, adjacent steps swapped, preconditions, the lease and the looks around an exchange, verdicts of sources, and the
note that a plugin was removed. New code brings its own. With TRUEUP_CRASH=everything what survives the tests has to
survive every power cut as well.
"""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time

# TRUEUP_MUTANT: the number of the mutant that is on. TRUEUP_MUTANTS_REACHED: a file that gets the number of each switch
# that is passed, also by the programs that a test starts.
SWITCH = """#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
namespace trueup_mutants {
inline void reached(int id) {
  static const char* const file = std::getenv("TRUEUP_MUTANTS_REACHED");
  static std::atomic<bool> noted[1000];
  if (file == nullptr || noted[id].exchange(true)) return;
  const int to = ::open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (to < 0) return;
  ::dprintf(to, "%d\\n", id);
  ::close(to);
}
inline bool on(int id) {
  static const char* const chosen = std::getenv("TRUEUP_MUTANT");
  reached(id);
  return chosen != nullptr && std::atoi(chosen) == id;
}
}  // namespace trueup_mutants
"""

# Sources whose call sites keep promises 1, 2, 5 and 8. The real disk's own calls are held by its contract test, which
# cannot lose power: see docs/reliability.md.
FOLDERS = ["src/engine", "src/ledger", "src/sources"]
SKIPPED = ("_test.cpp", "_test_support.cpp", "/tar.cpp", "/look.cpp", "/report.cpp")

WAIT = r"(?:sync\(\)|sync_tree\([^;]*\)|sync_own\(\)|sync_data\(\)|sync_everything\(\)|wait_for_batch\([^;]*\)|sync_file\([^;]*\))"
# A line that is one whole statement, and what becomes of it; {} is the number of the mutant.
STATEMENTS = [
    ("a wait for the disk is dropped", re.compile(r"^(\s*)((?:if \([^;]*\) )?RETURN_IF_ERROR\([^;]*" + WAIT + r"\);)$")),
    ("a check is dropped", re.compile(
        r"^(\s*)((?:if \([^;]*\) )?RETURN_IF_ERROR\((?:check_|require_known|may_change|keep_first_contact|keep\()[^;]*\);)$")),
    ("a record of the journal is dropped", re.compile(r"^(\s*)(RETURN_IF_ERROR\(journal[_.]*[.>-]*(?:intent|commit)\([^;]*\);)$")),
    ("a precondition is dropped", re.compile(
        r"^(\s*)(if \(.*\) return (?:name_taken|not_to_be_replaced|finished\(Outcome::moved\)|Round::again)[^;]*;)$")),
    ("the note of a removal is dropped", re.compile(r"^(\s*)((?:builder\.add\(|tombstone\.push_back\()[^;]*[Tt]ombston[^;]*\);)$")),
]
EXPRESSIONS = [
    ("a file is not waited for", re.compile(r"(?:platform::)?Sync::yes"), "(trueup_mutants::on({}) ? platform::Sync::no : platform::Sync::yes)"),
    ("a rename may replace", re.compile(r"(?:platform::)?RenameMode::no_replace"),
     "(trueup_mutants::on({}) ? platform::RenameMode::replace : platform::RenameMode::no_replace)"),
    ("an exchange replaces", re.compile(r"(?:platform::)?RenameMode::exchange"),
     "(trueup_mutants::on({}) ? platform::RenameMode::replace : platform::RenameMode::exchange)"),
    ("who waits for the lease is not seen", re.compile(r"\(\*lease\)->is_breaking\(\)"), "(!trueup_mutants::on({}) && (*lease)->is_breaking())"),
    ("what came out is not looked at", re.compile(r"!as_read \|\|"), "(!trueup_mutants::on({}) && !as_read) ||"),
    ("who waits for the lease is not heeded", re.compile(r"\|\| somebody_waits"), "|| (!trueup_mutants::on({}) && somebody_waits)"),
    ("no lease is taken", re.compile(r"taken\.error\(\)\.code == ErrorCode::unsupported"), "(trueup_mutants::on({}) || taken.error().code == ErrorCode::unsupported)"),
    ("an unknown source counts as known", re.compile(r"!([A-Za-z_.]+(?:\([A-Za-z:_]*\))?)\.known\(\)"), "(!trueup_mutants::on({}) && !\\1.known())"),
    ("unreadable is taken for absent", re.compile(r"(?:model::)?Verdict::unreadable(?=[,;})])"),
     "(trueup_mutants::on({}) ? model::Verdict::absent : model::Verdict::unreadable)"),
    ("one that has moved is taken for done", re.compile(r"undertaking\.whole && moved"), "!trueup_mutants::on({}) && undertaking.whole && moved"),
]
STEP = re.compile(r"^(\s*)(RETURN_IF_ERROR\([^;]*(?:" + WAIT + r"|rename\([^;]*\)|journal[^;]*|overwrite\([^;]*\)|keep\([^;]*\)|take_back[^;]*)\);)$")


def sources(tree):
    for folder in FOLDERS:
        for above, _, names in sorted(os.walk(os.path.join(tree, folder))):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(above, name), tree)
                if path.endswith(".cpp") and not path.endswith(SKIPPED):
                    yield path


def mutate(lines, path, found):
    """The lines with every mutant in them; `found` gets (what, where, text)."""
    out = []
    position = 0
    while position < len(lines):
        line = lines[position]
        after = lines[position + 1] if position + 1 < len(lines) else ""
        first, second = STEP.match(line), STEP.match(after)
        where = "%s:%d" % (path, position + 1)
        # Two waits in a row may change places: what the first leaves open was open before it as well.
        both_wait = re.search(WAIT, line) and re.search(WAIT, after)
        if first and second and first.group(1) == second.group(1) and not both_wait:
            found.append(("two adjacent steps are swapped", where, line.strip() + " / " + after.strip()))
            swap = len(found)
            both = []
            for one, number in ((first, position), (second, position + 1)):
                both.append(mutate_line(one.group(1), one.group(0), "%s:%d" % (path, number + 1), found))
            out.append("%sif (trueup_mutants::on(%d)) {" % (first.group(1), swap))
            out += [second.group(0), first.group(0)]
            out.append("%s} else {" % first.group(1))
            out += both
            out.append("%s}" % first.group(1))
            position += 2
            continue
        out.append(mutate_line(None, line, where, found))
        position += 1
    return out


def mutate_line(_, line, where, found):
    code = line.split("//")[0]
    if line.lstrip().startswith(("//", "case ", "#")) or not code.strip():
        return line
    for what, pattern in STATEMENTS:
        match = pattern.match(line)
        if match:
            found.append((what, where, match.group(2)))
            return "%sif (!trueup_mutants::on(%d)) { %s }" % (match.group(1), len(found), match.group(2))
    original = line.strip()
    for what, pattern, becomes in EXPRESSIONS:
        if "Verdict" in pattern.pattern and re.search(r"(==|!=) ?" + pattern.pattern, line):
            continue
        match = pattern.search(line, 0, len(code) if line.startswith(code) else len(line))
        if match and "constexpr" not in line and not line.rstrip().endswith(":"):
            found.append((what, where, original))
            text = match.expand(becomes.replace("{}", str(len(found))))
            line = line[: match.start()] + text + line[match.end():]
    return line


def make(tree, write):
    found = []
    for path in sources(tree):
        with open(os.path.join(tree, path), encoding="utf-8") as file:
            lines = file.read().split("\n")
        before = len(found)
        mutated = mutate(lines, path, found)
        if write and len(found) > before:
            # Own header first stays true: the switch goes behind the last include.
            last = max(i for i, line in enumerate(mutated) if line.startswith("#include"))
            mutated[last + 1:last + 1] = ['#include "platform/file_system.h"' if "Sync::" in "\n".join(mutated) else ""] + SWITCH.split("\n")
            with open(os.path.join(tree, path), "w", encoding="utf-8") as file:
                file.write("\n".join(mutated))
    return found


# Quickest first; the first failure ends a mutant.
PROGRAMS = ["ledger_test", "sources_test", "engine_test", "property_test", "crash_test", "promises_test", "failures_test", "e2e_test"]
LONGEST = 900  # seconds that the tests of one program may take for one mutant; then it counts as noticed

Test = collections.namedtuple("Test", "program name seconds reached")


def command(tree, program, names):
    return [os.path.join(tree, "build/release/bin", program), "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=" + ":".join(names)]


def names_of(tree, program):
    shown = subprocess.run([os.path.join(tree, "build/release/bin", program), "--gtest_list_tests"],
                           stdout=subprocess.PIPE, text=True, check=True).stdout
    suite = ""
    for line in shown.splitlines():
        name = line.split("#")[0].rstrip()
        if line.startswith("  "):
            yield suite + name.strip()
        elif name.endswith("."):
            suite = name


def look_at(tree, program, name):
    """One test alone, no mutant on: how long it takes, and which switches it passes."""
    with tempfile.TemporaryDirectory() as folder:
        notes = os.path.join(folder, "reached")
        start = time.monotonic()

        def passes(environment):
            return subprocess.run(command(tree, program, [name]), env=environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False).returncode == 0

        # A test that counts what is written sees the notes too, and fails of them.
        if not passes(dict(os.environ, TRUEUP_MUTANTS_REACHED=notes)) and not passes(os.environ):
            sys.exit("%s fails with no mutant on: %s" % (name, program))
        reached = []
        if os.path.exists(notes):
            with open(notes, encoding="ascii") as file:
                reached = sorted({int(line) for line in file})
        return Test(program, name, time.monotonic() - start, reached)


def look_at_all(tree):
    """Remembered for each program, until it is built anew."""
    remembered = os.path.join(tree, "build/reached.json")
    known = {}
    if os.path.exists(remembered):
        with open(remembered, encoding="utf-8") as file:
            known = json.load(file)
    tests = []
    for program in PROGRAMS:
        built = os.path.getmtime(os.path.join(tree, "build/release/bin", program))
        if known.get(program, {}).get("built") != built:
            names = list(names_of(tree, program))
            print("which of %d tests of %s reach what is found out first" % (len(names), program), flush=True)
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                known[program] = {"built": built, "tests": list(pool.map(lambda name: look_at(tree, program, name), names))}
            with open(remembered, "w", encoding="utf-8") as file:
                json.dump(known, file)
        tests += [Test(*one) for one in known[program]["tests"]]
    return tests


def notices(tree, number, program, names, environment):
    """Who fails of them, if anybody does."""
    try:
        ran = subprocess.run(command(tree, program, names), env=dict(os.environ, TRUEUP_MUTANT=str(number), **environment),
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LONGEST, check=False)
        return program if ran.returncode != 0 else ""
    except subprocess.TimeoutExpired:
        return program + " (does not end)"


def killed_by(tree, number, tests):
    tests = sorted(tests, key=lambda test: test.seconds)
    for program in PROGRAMS:
        names = [test.name for test in tests if test.program == program]
        by = notices(tree, number, program, names, {}) if names else ""
        if by:
            return by
    # A cut at one certain call may be what it takes: `./dev crash` makes them all, in up to twenty minutes for a mutant.
    for test in tests if os.environ.get("TRUEUP_CRASH") == "everything" else []:
        if "/PowerCut." in test.name and notices(tree, number, test.program, [test.name], {"TRUEUP_CRASH": "everything"}):
            return "the whole of " + test.name.split("/")[-1]
    return ""


def run(tree, found, chosen):
    tests = look_at_all(tree)

    def tried(job):
        number, (what, where, text) = job
        start = time.monotonic()
        reaching = [test for test in tests if number in test.reached]
        by = killed_by(tree, number, reaching)
        print("%3d %-9s %s, %s: %s (%d tests reach it, %s, %d s)" % (number, "killed" if by else "SURVIVES", what, where, text, len(reaching),
                                                                   by or "nobody", time.monotonic() - start), flush=True)
        return number, by

    jobs = [job for job in enumerate(found, 1) if not chosen or job[0] in chosen]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        survivors = [number for number, by in pool.map(tried, jobs) if not by]
    print("\n%d mutants killed, %d survive%s" % (len(jobs) - len(survivors), len(survivors),
                                                ": " + ", ".join(map(str, survivors)) if survivors else ""))


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if command == "list":
        for number, (what, where, text) in enumerate(make(here, False), 1):
            print("%3d %s, %s: %s" % (number, what, where, text))
    elif command == "make" and len(sys.argv) == 3:
        print("%d mutants" % len(make(sys.argv[2], True)))
    elif command == "run" and len(sys.argv) >= 3:
        run(sys.argv[2], make(here, False), {int(number) for number in sys.argv[3:]})
    else:
        sys.exit(__doc__)


main()
