#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the tree to its layers: see `lib_layers` in lib/meson.build, and `…_parts` in those of its folders."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap  # noqa: E402

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)

# Headers that lib/meson.build has the build write, which every layer may include.
GENERATED = dict.fromkeys(("config.h", "ef-version.h", "ef-enum-types.h", "ef-marshal.h"), "lib/base")

# What the files of one class share, and how the names of these files begin.
SHARED = {
    "ef-element-private.h": "ef-element",
    "ef-frame-reader-struct-private.h": "ef-frame-reader",
    "ef-pipeline-private.h": "ef-pipeline",
    "ef-publisher-parts-private.h": "ef-publisher",
    "ef-web-socket-connection-struct-private.h": "ef-web-socket-connection",
}


def read_list(build, pattern):
    """The words of a list in a meson.build, the one place where they are written; none if it has no such list."""
    match = re.search(pattern + r" = \[([^\]]*)\]", tap.read(build))
    return re.findall(r"'([^']+)'", match.group(1)) if match else []


def read_folders():
    """The folders of lib/ in their order: of each layer first its parts, if it has some, and last itself."""
    for layer in read_list("lib/meson.build", "lib_layers"):
        build = f"lib/{layer}/meson.build"
        if os.path.exists(os.path.join(tap.ROOT, build)):
            yield from (f"lib/{layer}/{part}" for part in read_list(build, r"\w+_parts"))
        yield f"lib/{layer}"


def sources(top):
    return [path for path in tap.list_files() if path.startswith(top + "/") and path.endswith((".c", ".h", ".in"))]


def includes(path):
    """Yield (line number, quote or bracket, header) for each #include of a file."""
    text = tap.read(path)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1), match.group(2)


def find_headers(folders):
    """Return {header: folder}, for those that a folder's meson.build generates too."""
    headers = dict(GENERATED)
    for folder in folders:
        build = f"{folder}/meson.build"
        if os.path.exists(os.path.join(tap.ROOT, build)):
            headers.update({name: folder for name in re.findall(r"'([\w-]+\.h)'", tap.read(build))})
    for path in sources("lib"):
        folder, name = os.path.split(path)
        if folder != "lib" and name.endswith(".h"):
            headers[name] = folder
    return headers


def check_folders():
    """each folder of lib/ is a layer or a part of one"""
    folders = list(read_folders())
    for path in sources("lib"):
        folder = os.path.dirname(path)
        if folder != "lib" and folder not in folders:
            yield f"{path}: {folder} is not in the order that lib/meson.build and its layers' meson.build give"


def check_order():
    """a layer, and a part of one, includes itself and those above it"""
    folders = list(read_folders())
    headers = find_headers(folders)
    for path in sources("lib"):
        own = os.path.dirname(path)
        if own not in folders:
            continue
        for line, kind, header in includes(path):
            if header == "eventflux.h":
                yield f"{path}:{line}: includes the umbrella header, which is for users; name what you need"
            elif header in headers and folders.index(headers[header]) > folders.index(own):
                yield f"{path}:{line}: {own} is above {headers[header]}, so it cannot include {header}"
            elif kind == '"' and header not in headers:
                yield f"{path}:{line}: includes “{header}”, which is no header of the library"


def check_shared():
    """what the files of one class share is included by these alone"""
    headers = find_headers(read_folders())
    for name in SHARED:
        if name not in headers:
            yield f"tests/lib/layers.py: there is no {name}"
    for path in sources("lib"):
        folder, name = os.path.split(path)
        for line, _, header in includes(path):
            stem = SHARED.get(header)
            if stem and not (folder == headers[header] and re.match(stem + r"[-.]", name)):
                yield f"{path}:{line}: {header} is for the files of {stem} alone"


def check_plugins():
    """plugins see <eventflux.h>, their own headers and those of plugins/common"""
    headers = find_headers(read_folders())
    for path in sources("plugins"):
        own = {name for folder in (os.path.dirname(path), "plugins/common")
               for name in os.listdir(os.path.join(tap.ROOT, folder)) if name.endswith(".h")}
        for line, kind, header in includes(path):
            if kind == '"' and header not in own and header != "config.h":
                yield f"{path}:{line}: includes “{header}”; a plugin includes <eventflux.h> and its own headers"
            elif kind == "<" and header in headers:
                yield f"{path}:{line}: includes <{header}>; a plugin sees the library as <eventflux.h>"


if __name__ == "__main__":
    tap.run(check_folders, check_order, check_shared, check_plugins)
