#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Install into an empty folder, and use what is there as a program elsewhere would.

usage: test-install.py MESON BUILD_FOLDER PREFIX LIBDIR VERSION
"""
import glob
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
import tap  # noqa: E402

MESON, BUILD, PREFIX, LIBDIR, VERSION = sys.argv[1:]
work = tempfile.TemporaryDirectory()
root = os.path.join(work.name, "root")
libdir = root + os.path.join(PREFIX, LIBDIR)
includedir = root + os.path.join(PREFIX, "include", "eventflux-1")
program = os.path.join(work.name, "program")
plugins = os.path.join(work.name, "plugins")


def run(*command, **environment):
    """Return (what it printed, what is wrong)."""
    done = subprocess.run(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    problems = [] if done.returncode == 0 else [f"{' '.join(command)}:"] + done.stdout.splitlines()
    return done.stdout, problems


def check_install():
    """meson install puts everything where it belongs"""
    _, problems = run(MESON, "install", "-C", BUILD, "--destdir", root)
    yield from problems
    for path in ("libeventflux-1.so", "libeventflux-1.so.0", "pkgconfig/eventflux-1.pc"):
        if not os.path.exists(os.path.join(libdir, path)):
            yield f"{path} is missing in {libdir}"
    if glob.glob(os.path.join(includedir, "*-private.h")):
        yield "private headers are installed"


def check_headers():
    """each header that the umbrella names is installed, and no other"""
    with open(os.path.join(includedir, "eventflux.h"), encoding="utf-8") as umbrella:
        named = {line.split('"')[1] for line in umbrella if line.startswith('#include "')}
    installed = {os.path.basename(path) for path in glob.glob(os.path.join(includedir, "*.h"))}
    for header in sorted(named - installed):
        yield f"{header} is included by eventflux.h and not installed"
    for header in sorted(installed - named - {"eventflux.h"}):
        yield f"{header} is installed and not included by eventflux.h"


def compile_installed(source, target, *options):
    """Compile against the installed eventflux-1.pc alone; return what is wrong."""
    flags, problems = run("pkg-config", "--cflags", "--libs", "eventflux-1",
                          PKG_CONFIG_PATH=os.path.join(libdir, "pkgconfig"))
    if problems:
        return problems
    _, problems = run("cc", "-std=gnu11", "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-parameter",
                      "-Werror", *options, "-o", target, source, *shlex.split(flags))
    return problems


def check_plugin():
    """the example plugin builds against the installed eventflux-1.pc alone"""
    # The file says where it will be, which is not where it is now.
    path = os.path.join(libdir, "pkgconfig", "eventflux-1.pc")
    with open(path, "r+", encoding="utf-8") as file:
        text = file.read().replace(f"prefix={PREFIX}", f"prefix={root}{PREFIX}", 1)
        file.seek(0)
        file.write(text)
        file.truncate()
    os.mkdir(plugins)
    yield from compile_installed(os.path.join(tap.ROOT, "doc", "examples", "plugin", "sample-plugin.c"),
                                 os.path.join(plugins, "sample.so"), "-shared", "-fPIC")


def check_program():
    """a C program builds against it too, and runs with the installed plugins and that one"""
    problems = compile_installed(os.path.join(HERE, "program.c"), program)
    if problems:
        yield from problems
        return
    output, problems = run(program, os.path.join(libdir, "eventflux-1", "plugins"), plugins,
                           LD_LIBRARY_PATH=libdir)
    yield from problems
    if output != f"{VERSION} 10\n":
        yield f"the program printed {output!r}"


if __name__ == "__main__":
    tap.run(check_install, check_headers, check_plugin, check_program)
