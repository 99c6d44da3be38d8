"""Measuring whole processes on a machine that others use too.

Runs that are compared are taken in turn, A B A B, so that a slow minute hits both. The least processor time of several
runs is what the program itself needs; wall time is shown beside it.
"""
import os
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Run:
    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float = 0.0  # MiB resident; this program's own few MiB are the least that can be seen


def run(command):
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 2):  # 2: there is drift, as there should be
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}: {errors.decode(errors='replace')}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def in_turn(runs, *measures):
    """Each measure `runs` times, in turn: one list of results a measure."""
    results = [[] for _ in measures]
    for _ in range(runs):
        for measure, kept in zip(measures, results):
            kept.append(measure())
    return results


def least(runs):
    return Run(min(r.cpu for r in runs), min(r.wall for r in runs), max(r.peak for r in runs))


class Targets:
    """What has to hold. A miss is said at once, and again at the end."""

    def __init__(self):
        self.missed = []

    def expect(self, what, value, limit, unit):
        met = value <= limit
        if not met:
            self.missed.append(what)
        print(f"  {'ok    ' if met else 'MISSED'}  {what}: {value:.2f} {unit}, at most {limit:.2f}")


def table(header, rows):
    cells = [header] + rows
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    for row in cells:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths)))


def ms(seconds):
    return f"{seconds * 1e3:.1f}"
