# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run checks of the source tree as subtests: each check is a function that yields what is wrong."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def list_files():
    """Return the paths, from the top of the tree, of all files but those git ignores."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", ROOT, "ls-files", "-z", "--cached", "--others",
           "--exclude-standard"]
    try:
        # A file that was removed, but not from git's index yet, is no matter of ours.
        names = subprocess.run(git, check=True, capture_output=True).stdout.decode().split("\0")
        return sorted(name for name in names if name and os.path.isfile(os.path.join(ROOT, name)))
    except (OSError, subprocess.CalledProcessError):
        return sorted(walk())


def walk():
    """The same for an unpacked archive, which has no .git."""
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [name for name in subfolders
                         if name not in (".git", "node_modules", "__pycache__")
                         and not (folder == ROOT and name.startswith(("build", "_build")))]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), ROOT)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def run(*checks):
    """Print TAP for the checks, each named by its docstring; exit 1 if one found something."""
    failed = False
    print(f"1..{len(checks)}")
    for number, check in enumerate(checks, 1):
        problems = list(check())
        failed = failed or bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} {check.__doc__.strip()}")
        for problem in problems:
            print(f"# {problem}")
            print(problem, file=sys.stderr)
    sys.exit(1 if failed else 0)
