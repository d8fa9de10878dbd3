#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run each application of doc/examples as it stands, with its URLs changed to servers of this machine.

usage: test-examples.py EVENTFLUX_LAUNCH
"""
import collections
import glob
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
import tap  # noqa: E402

LAUNCH = sys.argv[1]
EXAMPLES = os.path.join(tap.ROOT, "doc", "examples")
DEADLINE = 100
# What a WebSocket endpoint of an application is told as.
URL = re.compile(r"(websocket\.url\"?\s*=\s*)'([^']*)'")


class Run:
    """A run of eventflux-launch, whose output is kept in files."""

    def __init__(self, folder, *words, stdin=subprocess.DEVNULL):
        self.folder = folder
        self.files = [os.path.join(folder, f"{len(os.listdir(folder))}-{name}") for name in ("out", "err")]
        with open(self.files[0], "wb") as out, open(self.files[1], "wb") as err:
            self.process = subprocess.Popen([LAUNCH, *words], cwd=folder, stdin=stdin, text=True,
                                            stdout=out, stderr=err)

    def read(self, which):
        with open(self.files[which], encoding="utf-8") as file:
            return file.read()

    @property
    def lines(self):
        return [json.loads(line) for line in self.read(0).splitlines()]

    @property
    def notes(self):
        return self.read(1)

    def wait_for(self, what, found):
        """Wait until found() is true, and return what it returned."""
        deadline = time.monotonic() + DEADLINE
        while not (result := found()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"no {what}; it ended with {self.process.poll()} and said:\n"
                                     f"{self.read(0)}{self.notes}")
            time.sleep(0.02)
        return result

    def wait_for_note(self, pattern):
        return self.wait_for(pattern, lambda: re.search(pattern, self.notes, re.MULTILINE))

    def wait_for_lines(self, count):
        self.wait_for(f"{count} lines", lambda: self.read(0).count("\n") >= count)

    def send(self, messages):
        """Have a feed serve some messages."""
        for message in messages:
            self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def end(self):
        """End the stream, and return what is wrong with how that went."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(DEADLINE)
        return [] if status == 0 else [f"it ended with {status}:", *self.notes.splitlines()]

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


class Stage:
    """An application between a feed and endpoints that collect what it publishes."""

    def __init__(self, example, n_sinks=0):
        self.folder = tempfile.TemporaryDirectory()
        self.runs = []
        self.feed = self.run("-v", "filesource", "location=-", "!", "websocketserversink",
                             "url=ws://127.0.0.1:0/feed", "wait-for-client=true", stdin=subprocess.PIPE)
        self.collectors = [self.run("-v", "websocketserversource", "url=ws://127.0.0.1:0/collect", "!",
                                    "consolesink", "format=text") for _ in range(n_sinks)]
        urls = [self.get_url(run) for run in [self.feed, *self.collectors]]
        with open(os.path.join(EXAMPLES, example + ".eventflux"), encoding="utf-8") as file:
            text, count = URL.subn(lambda match: f"{match[1]}'{urls.pop(0)}'", file.read())
        assert count == 1 + n_sinks, f"{example} has {count} URLs"
        path = os.path.join(self.folder.name, "application.eventflux")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.path = path
        self.application = self.run("-e", "--stats=0.05", path)
        self.application.wait_for_note("^playing")

    def run(self, *words, **options):
        self.runs.append(Run(self.folder.name, *words, **options))
        return self.runs[-1]

    @staticmethod
    def get_url(run):
        port = run.wait_for_note(r"^websocketserver\w+: port = (\d+)")[1]
        path = run.wait_for_note(r"url = ws://127.0.0.1:0(/\w+)")[1]
        return f"ws://127.0.0.1:{port}{path}"

    def wait_for_events(self, element, count):
        """Wait until an element has had so many events."""
        self.application.wait_for(
            f"{count} events in {element}",
            lambda: any(int(n) >= count for n in
                        re.findall(rf"^{element} +in (\d+)", self.application.notes, re.MULTILINE)))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for run in self.runs:
            run.stop()
        self.folder.cleanup()


def compare(found, expected):
    if found != expected:
        yield f"found {found}"
        yield f"expected {expected}"


def make_trades(count):
    """Trades in the form of Binance, the same ones each time."""
    chance = random.Random(4)
    return [{"e": "trade", "s": chance.choice(["BTCUSDT", "ETHUSDT", "DOGEUSDT"]), "t": number,
             "p": f"{chance.randint(100, 69999)}.{chance.randint(10, 99)}", "q": f"0.{chance.randint(1, 9)}",
             "T": 1767225600000 + number, "m": True} for number in range(count)]


def check_source():
    """source.eventflux prints the trades of a feed"""
    trades = make_trades(50)
    with Stage("source") as stage:
        stage.feed.send(trades)
        stage.application.wait_for_lines(len(trades))
        yield from stage.application.end()
        yield from compare(stage.application.lines,
                           [{"symbol": trade["s"], "price": float(trade["p"]), "quantity": float(trade["q"]),
                             "time": trade["T"]} for trade in trades])


def check_sink():
    """sink.eventflux publishes them to another endpoint"""
    trades = make_trades(50)
    with Stage("sink", 1) as stage:
        stage.feed.send(trades)
        stage.collectors[0].wait_for_lines(len(trades))
        yield from stage.application.end()
        yield from compare(stage.collectors[0].lines,
                           [{"symbol": trade["s"], "price": float(trade["p"]), "volume": float(trade["q"])}
                            for trade in trades])


def check_vwap():
    """vwap.eventflux aggregates over each second"""
    trades = make_trades(400)
    with Stage("vwap") as stage:
        # In two parts, so that there is more than one window.
        stage.feed.send(trades[:200])
        stage.application.wait_for_lines(3)
        stage.feed.send(trades[200:])
        stage.wait_for_events("sql0", len(trades))
        yield from stage.application.end()
        prices = stage.application.lines
    if len({price["until"] for price in prices}) < 2:
        yield f"there was one window alone: {prices}"
    for symbol in sorted({trade["s"] for trade in trades}):
        rows = [price for price in prices if price["symbol"] == symbol]
        served = [(float(trade["p"]), float(trade["q"])) for trade in trades if trade["s"] == symbol]
        yield from compare(sum(row["trades"] for row in rows), len(served))
        yield from compare(min(row["low"] for row in rows), min(price for price, _ in served))
        yield from compare(max(row["high"] for row in rows), max(price for price, _ in served))
        yield from compare(round(sum(row["vwap"] * row["volume"] for row in rows), 3),
                           round(sum(price * quantity for price, quantity in served), 3))


def check_join():
    """join.eventflux looks symbols up in a table, and counts others in a file"""
    trades = make_trades(200)
    names = {"BTCUSDT": ("Bitcoin", 1000), "ETHUSDT": ("Ether", 100)}
    expected = []
    for trade in trades:
        name, minimum = names.get(trade["s"], (None, 0))
        amount = float(trade["p"]) * float(trade["q"])
        if name and amount >= minimum:
            expected.append({"name": name, "price": float(trade["p"]), "amount": round(amount, 2)})
    with Stage("join", 1) as stage:
        stage.feed.send(trades)
        stage.wait_for_events("sql1", len(trades))
        stage.collectors[0].wait_for_lines(len(expected))
        yield from stage.application.end()
        found = stage.collectors[0].lines
        # Halves of a cent may go either way.
        yield from compare([(row["name"], row["price"]) for row in found],
                           [(row["name"], row["price"]) for row in expected])
        for row, wanted in zip(found, expected):
            if abs(row["amount"] - wanted["amount"]) > 0.011:
                yield f"found {row}, expected {wanted}"
        database = sqlite3.connect(os.path.join(stage.folder.name, "unlisted.db"))
        yield from compare(database.execute("SELECT * FROM unlisted").fetchall(),
                           [("DOGEUSDT", sum(trade["s"] == "DOGEUSDT" for trade in trades))])
        database.close()


def check_combined():
    """combined.eventflux splits combined streams up"""
    messages = []
    for trade in make_trades(40):
        symbol = trade["s"].lower()
        messages.append({"stream": f"{symbol}@trade", "data": trade})
        candle = {"t": trade["T"], "o": trade["p"], "c": "1.5", "x": trade["t"] % 2 == 0}
        messages.append({"stream": f"{symbol}@kline_1m",
                         "data": {"e": "kline", "E": trade["T"], "s": trade["s"], "k": candle}})
    with Stage("combined", 2) as stage:
        stage.feed.send(messages)
        for collector in stage.collectors:
            collector.wait_for_lines(len(messages) // 2)
        yield from stage.application.end()
        yield from compare(stage.collectors[0].lines,
                           [{"symbol": each["data"]["s"], "price": float(each["data"]["p"]),
                             "quantity": float(each["data"]["q"])} for each in messages[::2]])
        yield from compare(stage.collectors[1].lines,
                           [{"symbol": each["data"]["s"], "open": float(each["data"]["k"]["o"]), "close": 1.5,
                             "is_closed": each["data"]["k"]["x"]} for each in messages[1::2]])


def check_alerts():
    """alerts.eventflux finds what is far from the average"""
    symbols = [f"S{number}" for number in range(10)]
    steady = [{"s": symbol, "t": number, "p": 100, "q": 1} for number in range(6) for symbol in symbols]
    # An average of symbols that jumped once is not read again.
    jumps = [{"s": symbol, "t": 6, "p": 150 if number < 6 else 50, "q": 1}
             for number, symbol in enumerate(symbols)]
    with Stage("alerts", 1) as stage:
        stage.feed.send(steady)
        stage.wait_for_events("sql1", len(steady))
        stage.feed.send([{"s": "S0", "t": 6, "p": 105, "q": 1}, *jumps[1:], {"s": "S10", "t": 6, "p": 9, "q": 1}])
        stage.wait_for_events("sql1", len(steady) + 11)
        stage.feed.send([dict(jumps[1], s="S0")])
        stage.collectors[0].wait_for_lines(11)
        yield from stage.application.end()
        found = stage.collectors[0].lines
    by_kind = collections.Counter(alert["kind"] for alert in found)
    yield from compare(dict(by_kind), {"jump": 10, "market": 1})
    expected = [{"kind": "jump", "symbol": jump["s"],
                 "detail": f"trade 6 at {float(jump['p'])}, {50.0 if jump['p'] > 100 else -50.0} %"}
                for jump in jumps[1:]]
    yield from compare([alert for alert in found if alert["kind"] == "jump"][:9], expected)
    # 101 is what the average of S0 is by then.
    yield from compare(found[-2:] if found[-1]["kind"] == "market" else found[:-3:-1],
                       [{"kind": "jump", "symbol": "S0", "detail": "trade 6 at 150.0, 48.5 %"},
                        {"kind": "market", "symbol": None, "detail": "10 jumps of 10 symbols, 6 of them up"}])


def check_validate():
    """--validate tries the endpoints of an application"""
    with Stage("sink", 1) as stage:
        for answers in (True, False):
            done = subprocess.run([LAUNCH, "--validate", stage.path], capture_output=True, text=True, check=False)
            for element in ("websocketsource0", "websocketsink0"):
                if (f"{element}: well, the endpoint answers\n" in done.stdout) != answers:
                    yield f"with {'' if answers else 'no '}servers: {done.stdout}{done.stderr}"
            yield from compare(done.returncode, 0 if answers else 1)
            for run in stage.runs:
                run.stop()


def check_all():
    """each example has a test"""
    names = {os.path.splitext(os.path.basename(path))[0]
             for path in glob.glob(os.path.join(EXAMPLES, "*.eventflux"))}
    for name in sorted(names):
        if f"check_{name}" not in globals():
            yield f"doc/examples/{name}.eventflux has none"


def guard(check):
    """Have what went wrong within a check be told as what it found."""
    def guarded():
        try:
            yield from check()
        except (AssertionError, subprocess.TimeoutExpired, OSError, ValueError) as error:
            yield from f"{type(error).__name__}: {error}".splitlines()
    guarded.__doc__ = check.__doc__
    return guarded


tap.run(check_all, *(guard(check) for check in (check_source, check_sink, check_vwap, check_join, check_combined,
                                                check_alerts, check_validate)))
