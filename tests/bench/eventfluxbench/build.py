# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds the load generators, the product and the peers, each with its own language's tools.

Everything lands in one folder outside git. What cannot be built raises Unavailable with a reason,
and the bench goes on without it.
"""

import functools
import os
import shutil
import subprocess
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent.parent


class Unavailable(Exception):
    """Something that cannot be had on this machine, and why."""


def _once(method):
    """Runs a build step once; its failure, too, is remembered."""
    name = method.__name__

    @functools.wraps(method)
    def wrapper(self, *args):
        key = (name, args)
        if key not in self._outcomes:
            try:
                self._outcomes[key] = (method(self, *args), None)
            except Unavailable as error:
                self._outcomes[key] = (None, error)
        outcome, error = self._outcomes[key]
        if error:
            raise error
        return outcome

    return wrapper


class Builder:
    def __init__(self, folder, log):
        self.folder = folder
        self._log = log
        self._outcomes = {}
        folder.mkdir(parents=True, exist_ok=True)

    @_once
    def c_programs(self):
        """The project with its C side of the bench, optimised; returns that folder."""
        build = self.folder / 'c'
        if not (build / 'build.ninja').exists():
            self._run('meson', 'setup', str(build), str(ROOT), '--buildtype=release',
                      '-Dintrospection=disabled', '-Ddocumentation=disabled')
        self._run('meson', 'compile', '-C', str(build), 'bench')
        return build / 'tests' / 'bench'

    def c_program(self, name):
        for path in self.c_programs().glob(f'*/{name}'):
            return path
        raise Unavailable(f'{name} was not built: a library it needs is missing')

    def environment(self):
        """What the programs need to find each other’s things."""
        return {
            **os.environ,
            'EVENTFLUX_PLUGIN_PATH': str(self.folder / 'c' / 'plugins'),
            'BENCH_CA': str(self.folder / 'certificate.pem'),
        }

    @_once
    def rust_programs(self):
        source = self._copy('rust')
        self._run('cargo', 'build', '--release', '--quiet', cwd=source)
        return source / 'target' / 'release'

    @_once
    def go_program(self):
        source = self._copy('go')
        self._run('go', 'build', '-o', 'gorilla', '.', cwd=source)
        return source / 'gorilla'

    @_once
    def npm_packages(self):
        """The packages alone: no install script runs, Bun and Deno come as plain files."""
        source = self._copy('npm')
        if not (source / 'node_modules').exists():
            self._run('npm', 'install', '--ignore-scripts', '--no-package-lock', '--no-audit',
                      '--no-fund', cwd=source)
        return source

    @_once
    def certificate(self):
        """A self-signed certificate for loopback; returns its file and the key's."""
        certificate = self.folder / 'certificate.pem'
        key = self.folder / 'key.pem'
        if not (certificate.exists() and key.exists()):
            self._run('openssl', 'req', '-x509', '-nodes', '-days', '3650',
                      '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                      '-subj', '/CN=localhost',
                      '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
                      '-keyout', str(key), '-out', str(certificate))
        return certificate, key

    def _copy(self, peer):
        """Copies a peer's source, for its tools write next to it."""
        target = self.folder / peer
        changed = False
        for path in sorted((BENCH / 'peers' / peer).rglob('*')):
            copy = target / path.relative_to(BENCH / 'peers' / peer)
            if path.is_dir():
                copy.mkdir(parents=True, exist_ok=True)
            elif not copy.exists() or copy.read_bytes() != path.read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
                changed = changed or path.name == 'package.json'
        if changed:
            shutil.rmtree(target / 'node_modules', ignore_errors=True)
        return target

    def _run(self, *argv, cwd=None):
        if shutil.which(argv[0]) is None:
            raise Unavailable(f'{argv[0]} is not installed')
        self._log(f'building: {" ".join(argv[:3])}')
        done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            output = (done.stdout + done.stderr).strip().splitlines()
            raise Unavailable(f'{" ".join(argv[:2])} failed: {"; ".join(output[-3:])}')
