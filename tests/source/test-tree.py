#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every file of the tree keeps to."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap  # noqa: E402

HEADER = ("SPDX-FileCopyrightText: 2026 The EventFlux authors", "SPDX-License-Identifier: LGPL-2.1-or-later")
CODE = (".c", ".h", ".in", ".py", ".js", ".vala", ".sh", ".y", ".l")
SIGNED = CODE + (".supp", ".toml", ".map", ".ui", ".xml", "meson.build", "meson_options.txt")
MAX_LINES = 600

# Written apart, so that this file names none either.
REGISTRY_HOSTS = [".".join(words.split()) for words in (
    "npmjs org", "npmjs com", "yarnpkg com", "pypi org", "pythonhosted org", "crates io", "proxy golang org",
    "sum golang org", "repo maven apache org", "repo1 maven org", "deb debian org", "security debian org",
    "ftp debian org", "nodesource com", "rubygems org", "nuget org")]


def is_foreign(path):
    """Data that a test reads as it is."""
    return path.startswith("tests/data/") or "/corpus/" in path


def is_script(path):
    with open(os.path.join(tap.ROOT, path), "rb") as file:
        return file.read(2) == b"#!"


def files(suffixes):
    return [path for path in tap.list_files()
            if not is_foreign(path) and (path.endswith(suffixes) or is_script(path))]


def check_headers():
    """each source file begins with its copyright and its license"""
    for path in files(SIGNED):
        lines = tap.read(path).split("\n")[:4]
        pairs = zip(lines, lines[1:])
        if not any(HEADER[0] in first and HEADER[1] in second for first, second in pairs):
            yield f"{path}: lacks the two lines “{HEADER[0]}” and “{HEADER[1]}” at its top"


def check_lengths():
    """no source file is longer than one idea"""
    for path in files(CODE):
        count = tap.read(path).count("\n")
        if count > MAX_LINES and not path.startswith("doc/"):
            yield f"{path}: has {count} lines, more than {MAX_LINES}; split it by class or idea"


def check_layout():
    """C has neither tabs nor trailing blanks"""
    for path in (path for path in files(CODE) if path.endswith((".c", ".h"))):
        for number, line in enumerate(tap.read(path).split("\n"), 1):
            if "\t" in line:
                yield f"{path}:{number}: has a tab"
            if line != line.rstrip():
                yield f"{path}:{number}: has blanks at its end"


def check_hosts():
    """no file names a package registry's host"""
    pattern = re.compile("|".join(r"\b" + re.escape(host) + r"\b" for host in REGISTRY_HOSTS), re.IGNORECASE)
    for path in tap.list_files():
        for number, line in enumerate(tap.read(path).split("\n"), 1):
            found = pattern.search(line)
            if found:
                yield f"{path}:{number}: names {found.group()}; registries are used by their clients alone"


def check_names():
    """what documentation names is there: paths of the tree, tests, links between pages"""
    paths = tap.list_files()
    folders = {os.path.dirname(path) for path in paths}
    names = {os.path.basename(path) for path in paths}

    def exists(path):
        path = os.path.normpath(path)
        return path in paths or any(folder == path or folder.startswith(path + "/") for folder in folders)

    for page in (path for path in paths if path.endswith(".md") and not is_foreign(path)):
        text = tap.read(page)
        for path in re.findall(r"`((?:lib|plugins|tests|tools|doc|introspection)/[\w./-]+)`", text):
            if "NAME" not in path and not exists(path):
                yield f"{page}: names `{path}`, which is not there"
        for name in re.findall(r"`(test-[\w-]+\.(?:c|js|py))`", text):
            if name not in names:
                yield f"{page}: names `{name}`, which is not there"
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", text):
            if not exists(os.path.join(os.path.dirname(page), link)):
                yield f"{page}: links to {link}, which is not there"


if __name__ == "__main__":
    tap.run(check_headers, check_lengths, check_layout, check_hosts, check_names)
