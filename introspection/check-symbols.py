#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compare the library's exported symbols with the committed list, so that none comes or goes unnoticed.

The list has a line a symbol: its name and the version that it came with. After a change that is meant, run

    introspection/check-symbols.py --update VERSION BUILD/lib/libeventflux-1.so introspection/symbols.txt
"""
import argparse
import subprocess
import sys


def exported(library):
    """The names of the functions that the library exports."""
    lines = subprocess.run(["nm", "--dynamic", "--defined-only", library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    return {line.split()[-1].partition("@")[0] for line in lines if line.split()[-2] in "TDBR"}


def committed(path):
    """The committed list as a dictionary from names to versions."""
    with open(path, encoding="utf-8") as lines:
        return dict(line.split() for line in lines if line.strip() and not line.startswith("#"))


def update(path, names, version):
    known = committed(path)
    with open(path, "w", encoding="utf-8") as output:
        output.write("# The public symbols and the version each came with; see check-symbols.py.\n")
        output.writelines(f"{name} {known.get(name, version)}\n" for name in sorted(names))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", metavar="VERSION", help="rewrite the list; new symbols came with VERSION")
    parser.add_argument("library")
    parser.add_argument("list")
    options = parser.parse_args()

    names = exported(options.library)
    if options.update:
        update(options.list, names, options.update)
        return 0

    known = set(committed(options.list))
    for name in sorted(names - known):
        print(f"{name} is exported but not in {options.list}: is it meant to be public?")
    for name in sorted(known - names):
        print(f"{name} is in {options.list} but no longer exported: programs that use it break")
    return 0 if names == known else 1


if __name__ == "__main__":
    sys.exit(main())
