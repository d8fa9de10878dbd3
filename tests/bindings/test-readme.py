#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the programs of the README as they stand there, but for the address.

usage: test-readme.py LAUNCH BUILD_FOLDER
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

import tap

LAUNCH, BUILD = sys.argv[1:]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TRADE = '{"e":"trade","E":1,"s":"BTCUSDT","t":7,"p":"64000.5","q":"0.25","T":1700000000000,"m":true,"M":true}'


def section(title, language):
    """Return the first block of code in that language under that heading."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
        text = readme.read().split(f"\n## {title}\n", 1)[1]
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL).group(1)


class Program:
    """A program that runs until the test has seen what it wanted."""

    def __init__(self, *command, stderr=None):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=stderr, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def line(self, stream=None, begin=""):
        """Return what follows `begin` in the next line that begins so.."""
        for line in stream or self.process.stdout:
            if line.startswith(begin):
                return line[len(begin):].rstrip("\n")
        raise AssertionError(f"it ended before “{begin}”")


class Server(Program):
    """A pipeline with a server in it; `url` is where."""

    def __init__(self, *words):
        super().__init__(LAUNCH, "-v", *words, stderr=subprocess.PIPE)
        element = next(word for word in words if word.startswith("websocketserver"))
        path = next(word for word in words if word.startswith("url=")).rpartition("/")[2]
        port = self.line(self.process.stderr, f"{element}0: port = ")
        self.url = f"ws://127.0.0.1:{port}/{path}"


def feed():
    return Server("timersource", "interval-ms=10", f"template={TRADE}", "!",
                  "websocketserversink", "url=ws://127.0.0.1:0/feed", "wait-for-client=true")


class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text, address, url):
        self.assertIn(address, text)
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(address, url))
        return path

    def test_sql(self):
        path = self.write("prices.eventflux", section("From the shell", "sql"), "wss://stream.binance.com:9443",
                          "ws://127.0.0.1:9")
        printed = subprocess.run([LAUNCH, "--print-pipeline", path], stdout=subprocess.PIPE, text=True, check=True)
        self.assertIn("websocketsource", printed.stdout)
        self.assertIn("websocketsink", printed.stdout)

    def test_c(self):
        program = os.path.join(self.folder.name, "a.out")
        with feed() as server:
            source = self.write("feed.c", section("From C", "c"), "wss://example.org/feed", server.url)
            command = section("From C", "sh").replace("feed.c", shlex.quote(source))
            subprocess.run(f"{command.strip()} -Wall -Werror -o {shlex.quote(program)}", shell=True, check=True,
                           env={**os.environ, "PKG_CONFIG_PATH": os.path.join(BUILD, "meson-uninstalled")})
            with Program(program) as client:
                self.assertEqual(client.line(), TRADE)

    def test_python(self):
        with feed() as server:
            source = self.write("feed.py", section("From Python", "python"), "wss://example.org/feed", server.url)
            with Program(sys.executable, "-u", source) as client:
                self.assertEqual(client.line(), TRADE)

    def test_javascript(self):
        with Server("websocketserversource", "url=ws://127.0.0.1:0/ingest", "!",
                    "jsondecode", "schema=hello STRING", "!", "consolesink") as server:
            source = self.write("publish.js", section("From JavaScript", "js"), "wss://example.org/ingest", server.url)
            with Program("gjs", "-m", source):
                self.assertEqual(server.line(), '{"hello":"world"}')

    def test_shell(self):
        with feed() as server:
            text = section("From the shell", "sh").replace("\\\n", " ")
            address = "wss://stream.binance.com:9443/ws/btcusdt@trade"
            self.assertIn(address, text)
            words = shlex.split(text.replace(address, server.url))
            self.assertEqual(words[0], "eventflux-launch")
            with Program(LAUNCH, *words[1:]) as client:
                self.assertEqual(client.line(),
                                 '{"e":"trade","s":"BTCUSDT","p":64000.5,"q":0.25,"T":1700000000000}')


if __name__ == "__main__":
    tap.main()
