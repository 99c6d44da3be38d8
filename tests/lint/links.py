#!/usr/bin/env python3
"""Fails when a Markdown file links to a file of this tree that is not there, so that a map never shows what is gone."""
import os
import re
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))


def pages():
    for name in sorted(os.listdir(ROOT)):
        if name.endswith('.md'):
            yield name
    for directory, _, names in os.walk(os.path.join(ROOT, 'docs')):
        for name in sorted(names):
            if name.endswith('.md'):
                yield os.path.relpath(os.path.join(directory, name), ROOT)


broken = 0
for page in pages():
    with open(os.path.join(ROOT, page), encoding='utf-8') as file:
        text = re.sub(r'```.*?```|`[^`\n]*`(?!\])', '', file.read(), flags=re.S)
    for target in re.findall(r'\]\(([^)#\s]+)', text):
        if '://' in target or target.startswith('mailto:'):
            continue
        if not os.path.exists(os.path.join(ROOT, os.path.dirname(page), target)):
            print(f'{page}: no such file: {target}')
            broken += 1
sys.exit(1 if broken else 0)
