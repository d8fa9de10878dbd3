# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What machine this is, and which of its cores do what."""

import os
import platform
import subprocess
from pathlib import Path


class Cores:
    """One core for the load generator, another for whatever is measured.

    A client that shares its server's core loses half; with a single core there is no choice.
    """

    def __init__(self):
        usable = sorted(os.sched_getaffinity(0))
        self.load = usable[0]
        self.client = usable[-1]

    @property
    def shared(self):
        return self.load == self.client


def pin(core):
    """A preexec_fn that puts a child process on one core."""
    return lambda: os.sched_setaffinity(0, {core})


def describe():
    """One line for people who compare tables of different machines."""
    return f'{_processor()}, {os.cpu_count()} cores, Linux {platform.release()}, {_system()}'


def source_revision(root):
    """The commit that was measured, or None outside a git checkout."""
    git = subprocess.run(['git', '-C', str(root), 'describe', '--always', '--dirty'],
                         capture_output=True, text=True, check=False)
    return git.stdout.strip() or None


def _processor():
    for line in Path('/proc/cpuinfo').read_text().splitlines():
        if line.startswith('model name'):
            return line.partition(':')[2].strip()
    return platform.machine()


def _system():
    try:
        return platform.freedesktop_os_release()['PRETTY_NAME']
    except (OSError, KeyError):
        return platform.platform()
