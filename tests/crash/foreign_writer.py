#!/usr/bin/env python3
"""Another program that writes the files trueup writes, in every way LEDMatrix and editors do, as fast as it can.

usage: foreign_writer.py WAY FILE COUNT

Each write adds one line ("WAY0": 0, "WAY1": 1, ...) to a section of its own. Ways:
  in_place   reads, truncates the file and writes it anew (LEDMatrix's older versions)
  held_open  keeps one open descriptor for several writes, also while the name comes to belong to another file
  renamed    writes a temporary file and renames it over the name (LEDMatrix, most editors)
  stale      renames as well, but what it saves rests on what it read several writes ago, as a page left open does
"""
import json
import os
import sys

RETRIES = 1000


def load(path):
    for _ in range(RETRIES):  # a file that another writer is just truncating is read again
        try:
            with open(path, encoding="utf-8") as file:
                return json.load(file)
        except (ValueError, FileNotFoundError):
            continue
    sys.exit("the file never parsed")


def add(config, way, number):
    config.setdefault("neighbour", {})["%s%d" % (way, number)] = number
    return config


def rename_over(path, config):
    temporary = path + ".neighbour"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(config, file, indent=4)
    os.rename(temporary, path)


def main():
    way, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    held = None
    mine = {}
    for number in range(count):
        if way == "in_place":
            config = add(load(path), way, number)
            with open(path, "w", encoding="utf-8") as file:
                json.dump(config, file, indent=4)
        elif way == "held_open":
            config = add(load(path), way, number)
            if held is None or number % 5 == 0:
                if held is not None:
                    held.close()
                held = open(path, "r+", encoding="utf-8")
            held.seek(0)
            held.write(json.dumps(config, indent=4))
            held.truncate()
            held.flush()
        elif way == "renamed":
            rename_over(path, add(load(path), way, number))
        elif way == "stale":
            if number % 7 == 0:
                mine = load(path)
            rename_over(path, add(mine, way, number))
        else:
            sys.exit("no such way: " + way)
    if held is not None:
        held.close()


main()
