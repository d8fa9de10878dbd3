# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which versions are compared: the pinned ones from the peers' manifests, the others by asking."""

import json
import re
import subprocess

from .build import BENCH

PEERS = BENCH / 'peers'


def collect():
    """Name and version of each library that is there, as one line of text."""
    found = {**_rust(), **_go(), **_npm(), **_installed()}
    return ', '.join(f'{name} {version}' for name, version in found.items() if version)


def _rust():
    text = (PEERS / 'rust' / 'Cargo.toml').read_text()
    pinned = dict(re.findall(r'^([\w-]+) = .*?"=([\d.]+)"', text, re.MULTILINE))
    return {name: pinned[name] for name in ('tokio-tungstenite', 'tokio', 'serde_json')}


def _go():
    text = (PEERS / 'go' / 'go.mod').read_text()
    return dict(re.findall(r'(gorilla/websocket) v([\d.]+)', text))


def _npm():
    packages = json.loads((PEERS / 'npm' / 'package.json').read_text())['dependencies']
    return {'Node.js': _ask('node', '--version').lstrip('v'), **packages}


def _installed():
    websockets = 'import websockets.version; print(websockets.version.version)'
    return {
        'python3-websockets': _ask('/usr/bin/python3', '-c', websockets),
        'libwebsockets': _ask('pkg-config', '--modversion', 'libwebsockets').rstrip('-'),
        'libsoup': _ask('pkg-config', '--modversion', 'libsoup-3.0'),
        'json-glib': _ask('pkg-config', '--modversion', 'json-glib-1.0'),
        'GLib': _ask('pkg-config', '--modversion', 'glib-2.0'),
    }


def _ask(*argv):
    try:
        answer = subprocess.run(argv, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ''
    return answer.stdout.strip() if answer.returncode == 0 else ''
