#!/usr/bin/env python3
"""Refuses code that trueup's promises or its style forbid, with the reason.

    banned.py [ROOT]

Each ban names where it does not hold. Each carries an example that it must catch, tried at every start: a ban that
no longer bites fails as loudly as a breach.
"""
import os
import re
import sys
from dataclasses import dataclass, field

LONGEST_FILE = 500


@dataclass
class Ban:
    what: str
    pattern: str
    reason: str
    example: str
    allowed: tuple = ()  # path prefixes; "TESTS" stands for all test code
    raw: bool = False    # look at comments and strings too
    compiled: re.Pattern = field(init=False)

    def __post_init__(self):
        self.compiled = re.compile(self.pattern)


def only_in(header, prefix, reason):
    escaped = re.escape(header)
    return Ban(f'<{header}...>', rf'#include\s*<{escaped}', reason, f'#include <{header}x.h>', prefix, raw=True)


BANS = [
    Ban('std::filesystem that changes the disk',
        r'(filesystem|\bfs)::(remove|rename|copy|create_|resize_file|permissions|last_write_time)',
        'follows links and names, syncs nothing: the disk is changed through platform, relative to a descriptor',
        'std::filesystem::remove_all(path)', ('TESTS',)),
    Ban('file streams', r'#include\s*<fstream>', 'the disk is read and written through platform', '#include <fstream>',
        ('TESTS',), raw=True),
    Ban('system() and popen()', r'\b(system|popen)\s*\(', 'a shell would interpret ids and paths',
        'system("rm")'),
    Ban('starting a process', r'\b(fork|vfork|exec[lv]\w*|posix_spawnp?)\s*\(',
        'child processes are started in platform, where descriptors and environment are under control',
        'posix_spawn(&pid)', ('src/platform/', 'TESTS')),
    Ban('std::regex', r'std::w?regex\b|#include\s*<regex>',
        'crashes on long input; patterns from outside go to PCRE2 with limits', 'std::regex pattern', raw=True),
    Ban('sleeping',
        r'this_thread::sleep_\w+|(?<![\w>])::sleep\s*\(|(?<![\w.>])sleep\s*\(\s*\d|\b(usleep|(clock_)?nanosleep)\s*\(',
        'wait for an event, or ask the clock that was handed in; tests turn a fake one', 'sleep(1)',
        ('src/platform/clock.cpp',)),
    Ban('raw threads', r'std::(thread|jthread|async)\b|\bpthread_create\b',
        'threads are made in platform, so that everything else has one owner of its state', 'std::thread worker',
        ('src/platform/', 'TESTS')),
    Ban('reading the clock, chance or the environment',
        r'(system_clock|steady_clock)::now\s*\(|\brandom_device\b|\bgetenv\s*\(|\btime\s*\(\s*(nullptr|NULL|0)\s*\)',
        'they come in as parameters, so that a decision can be repeated', 'std::getenv("HOME")',
        ('src/platform/', 'src/cli/main.cpp', 'TESTS')),
    Ban('include of a parent directory', r'#include\s*"\.\./', 'includes are rooted at src, so that a layer shows',
        '#include "../base/result.h"', raw=True),
    Ban('work left open', r'\b(TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b', 'finish it or leave it out', '// FIX' 'ME later',
        raw=True),
    only_in('spdlog/', ('src/base/stderr_logger.cpp',), 'costs seconds in every file; use base/log.h'),
    only_in('CLI/', ('src/cli/',), 'costs seconds in every file, and only the command line has arguments'),
    only_in('sqlite3', ('src/ledger/', 'TESTS'), 'the database is the ledger\'s'),
    only_in('pcre2', ('src/json/',), 'patterns from outside are matched in one place, with limits'),
    only_in('openssl/', ('src/base/',), 'digests come from base/digest.h'),
    only_in('curl/', ('src/fetch/',), 'what speaks with servers is the child program; the command never loads it'),
    only_in('archive', ('src/fetch/',), 'archives are taken apart in the child program'),
    only_in('seccomp', ('src/fetch/',), 'only the child program gives up rights'),
    only_in('nlohmann/', ('TESTS',), 'one JSON in the whole program, our own; this one is a judge for tests'),
    only_in('boost/beast', ('src/web/http_parser.cpp',), 'costs seconds in every file; web/http_parser.h is what it is for'),
    only_in('zlib', ('src/web/compress.cpp', 'src/base/digest.cpp'), 'answers are compressed in one place, checksums made in one'),
    only_in('kainjow/', ('src/web/template.cpp',), 'costs seconds in every file; web/template.h escapes as well'),
    only_in('boost/asio', ('src/platform/asio_loop.cpp',), 'costs seconds in every file; platform/loop.h is what it is for'),
]

CODE = ('.h', '.cpp')
TEXT = CODE + ('.py', '.sh', '.cmake', '.txt', '.json')


def files(root):
    yield 'dev'
    for top in ('src', 'tests', 'cmake'):
        for directory, names, found in os.walk(os.path.join(root, top)):
            names[:] = sorted(n for n in names if n not in ('corpus', '__pycache__', 'expected'))
            for name in sorted(found):
                if name.endswith(TEXT):
                    yield os.path.relpath(os.path.join(directory, name), root)


def is_test(path):
    return path.startswith('tests/') or path.endswith('_test.cpp')


def without_comments_and_strings(line):
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split('//', 1)[0]


def breaches(path, lines):
    if len(lines) > LONGEST_FILE:
        yield len(lines), f'more than {LONGEST_FILE} lines', 'split it at a seam'
    if path.endswith('.h') and not any(line.startswith('#pragma once') for line in lines):
        yield 1, 'no #pragma once', 'every header may be included twice'
    if not path.endswith(CODE):
        return
    for number, line in enumerate(lines, 1):
        code = without_comments_and_strings(line)
        for ban in BANS:
            allowed = any(is_test(path) if where == 'TESTS' else path.startswith(where) for where in ban.allowed)
            if not allowed and ban.compiled.search(line if ban.raw else code):
                yield number, ban.what, ban.reason


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
    for ban in BANS:
        if not any(what == ban.what for _, what, _ in breaches('src/engine/example.cpp', [ban.example])):
            sys.exit(f'the ban on {ban.what} does not catch its own example: {ban.example}')
    count = found = 0
    for path in files(root):
        with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
            lines = file.read().splitlines()
        count += 1
        for number, what, reason in breaches(path, lines):
            print(f'{path}:{number}: {what}: {reason}')
            found += 1
    print(f'{count} files, {found} breaches')
    sys.exit(1 if found else 0)


main()
