#!/usr/bin/env python3
"""Would the tests notice? Each place that keeps a promise is switched off, one at a time, and the suite must fail.

usage: mutants.py make TREE          puts every mutant into the sources of TREE, a copy, each behind a switch
       mutants.py run TREE [ID...]   runs the tests once for each mutant (TRUEUP_MUTANT=ID) and says which survive
       mutants.py list               shows them

All mutants are compiled at once, so that one costs a test run and no build. `./dev mutants` does all of it. They are
made from the call sites themselves: waits for the disk, rename modes, adjacent steps swapped, preconditions, the lease
and the looks around an exchange, verdicts of sources, and the note that a plugin was removed. New code brings its own.
"""
import os
import re
import subprocess
import sys
import time

SWITCH = """#include <cstdlib>
namespace trueup_mutants {
inline bool on(int id) {
  static const char* const chosen = std::getenv("TRUEUP_MUTANT");
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
        if first and second and first.group(1) == second.group(1):
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
SUITE = [
    ("ledger_test", "*", ["src/ledger"]),
    ("sources_test", "*", ["src/sources"]),
    ("engine_test", "*", ["src/engine"]),
    ("crash_test", "*PowerCut*:*Fault*:StateMachine*", ["src"]),
    ("property_test", "*", ["src/sources", "src/engine"]),
    ("promises_test", "*p1_*:*p2_*:*p8_*", ["src"]),
]


def killed_by(tree, number, where):
    environment = dict(os.environ, TRUEUP_MUTANT=str(number))
    for program, filtered, folders in SUITE:
        if not where.startswith(tuple(folders)):
            continue
        binary = os.path.join(tree, "build/release/bin", program)
        if not os.path.exists(binary):
            continue
        try:
            ran = subprocess.run([binary, "--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=" + filtered], env=environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600, check=False)
            if ran.returncode != 0:
                return program
        except subprocess.TimeoutExpired:
            return program + " (does not end)"
    return ""


def run(tree, found, chosen):
    survivors = []
    killed = 0
    for number, (what, where, text) in enumerate(found, 1):
        if chosen and number not in chosen:
            continue
        start = time.monotonic()
        by = killed_by(tree, number, where)
        killed += 1 if by else 0
        if not by:
            survivors.append(number)
        print("%3d %-9s %s, %s: %s (%s, %d s)" % (number, "killed" if by else "SURVIVES", what, where, text, by or "nobody",
                                                time.monotonic() - start), flush=True)
    print("\n%d mutants killed, %d survive%s" % (killed, len(survivors), ": " + ", ".join(map(str, survivors)) if survivors else ""))


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
