#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the tree to its layers: see `lib_layers` in lib/meson.build."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap  # noqa: E402

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)

# Headers that lib/meson.build has the build write, which every layer may include.
GENERATED = {"config.h": "base", "ef-version.h": "base", "ef-enum-types.h": "base", "ef-marshal.h": "base"}


def read_layers():
    """The order of the layers, from the one place where it is written."""
    text = tap.read("lib/meson.build")
    return re.findall(r"'([^']+)'", re.search(r"lib_layers = \[([^\]]*)\]", text).group(1))


def sources(top):
    return [path for path in tap.list_files() if path.startswith(top + "/") and path.endswith((".c", ".h", ".in"))]


def includes(path):
    """Yield (line number, quote or bracket, header) for each #include of a file."""
    text = tap.read(path)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1), match.group(2)


def find_headers():
    """Return {header: layer}, for those that a layer's meson.build generates too."""
    headers = dict(GENERATED)
    for layer in read_layers():
        build = f"lib/{layer}/meson.build"
        if os.path.exists(os.path.join(tap.ROOT, build)):
            headers.update({name: layer for name in re.findall(r"'([\w-]+\.h)'", tap.read(build))})
    for path in sources("lib"):
        parts = path.split("/")
        if len(parts) > 2 and path.endswith(".h"):
            headers[parts[-1]] = parts[1]
    return headers


def check_folders():
    """each folder of lib/ is a layer"""
    layers = read_layers()
    for path in sources("lib"):
        parts = path.split("/")
        if len(parts) > 2 and parts[1] not in layers:
            yield f"{path}: lib/{parts[1]} is not among lib_layers in lib/meson.build"


def check_order():
    """a layer includes itself and the layers above it"""
    layers, headers = read_layers(), find_headers()
    for path in sources("lib"):
        parts = path.split("/")
        if len(parts) < 3 or parts[1] not in layers:
            continue
        for line, kind, header in includes(path):
            if header == "eventflux.h":
                yield f"{path}:{line}: includes the umbrella header, which is for users; name what you need"
            elif header in headers and layers.index(headers[header]) > layers.index(parts[1]):
                yield f"{path}:{line}: {parts[1]} is above {headers[header]}, so it cannot include {header}"
            elif kind == '"' and header not in headers:
                yield f"{path}:{line}: includes “{header}”, which is no header of the library"


def check_plugins():
    """plugins see <eventflux.h>, their own headers and those of plugins/common"""
    headers = find_headers()
    for path in sources("plugins"):
        own = {name for folder in (os.path.dirname(path), "plugins/common")
               for name in os.listdir(os.path.join(tap.ROOT, folder)) if name.endswith(".h")}
        for line, kind, header in includes(path):
            if kind == '"' and header not in own and header != "config.h":
                yield f"{path}:{line}: includes “{header}”; a plugin includes <eventflux.h> and its own headers"
            elif kind == "<" and header in headers:
                yield f"{path}:{line}: includes <{header}>; a plugin sees the library as <eventflux.h>"


if __name__ == "__main__":
    tap.run(check_folders, check_order, check_plugins)
