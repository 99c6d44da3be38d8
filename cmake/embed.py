#!/usr/bin/env python3
"""Writes a .cpp with the contents of files: embed.py OUT.cpp ROOT FILE...

The same files give the same bytes, on any machine: no times, no paths. Files that are sent as they are (scripts, styles,
pictures) are there compressed as well.
"""
import gzip
import hashlib
import os
import sys

SENT = ('.js', '.css', '.svg')


def literal(data):
    lines = []
    for at in range(0, len(data), 64):
        lines.append('"' + ''.join(f'\\{byte:03o}' for byte in data[at:at + 64]) + '"')
    return '\n    '.join(lines) or '""'


def main():
    out, root, names = sys.argv[1], sys.argv[2], sorted(sys.argv[3:])
    text = ['#include "web/assets.h"', '', '#include <array>', '', 'namespace trueup::web {', 'namespace {', '',
            'using namespace std::string_view_literals;', '', f'constexpr std::array<Asset, {len(names)}> kAssets{{{{']
    for name in names:
        with open(os.path.join(root, name), 'rb') as file:
            data = file.read()
        packed = gzip.compress(data, 9, mtime=0) if name.endswith(SENT) else b''
        digest = hashlib.sha256(data).hexdigest()[:12]
        text.append(f'    {{"{name}"sv,\n    {literal(data)}sv,\n    {literal(packed)}sv,\n    "{digest}"sv}},')
    text += ['}};', '', '}  // namespace', '', 'const Asset* asset(std::string_view name) {',
             '  for (const Asset& one : kAssets) {', '    if (one.name == name) return &one;', '  }', '  return nullptr;',
             '}', '', '}  // namespace trueup::web', '']
    with open(out, 'w', encoding='ascii') as file:
        file.write('\n'.join(text))


main()
