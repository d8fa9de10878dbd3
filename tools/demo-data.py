#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tools/demo serves, and whether it all arrived.

usage: demo-data.py prepare FOLDER [CAPTURE]
       demo-data.py account FOLDER

`prepare` writes FOLDER/settings, which the shell reads, and, for a recorded session, the lines to serve
before and after the feed's restart (feed-FIRST.jsonl). `account` compares what the application received
(FOLDER/received), what was collected at its other end (FOLDER/collector) and what it has counted in its windows
(FOLDER/application) with what was served, prints the demo's last line, and exits with 1 if anything was lost,
came twice or out of order.
"""
import ast
import base64
import collections
import json
import os
import re
import socket
import sys

TRADES = 200


def read_capture(path):
    """Return what the server of a recorded session sent: a str for a text message, bytes for a binary one."""
    messages = []
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            text = line.rstrip("\n").partition(": ")[2]
            if text and " <-> " not in line and " <- " not in line:
                messages.append(ast.literal_eval(text) if text[:2] in ("b'", 'b"') else text)
    return messages


def find_ports(count):
    """Return ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def as_payload(message, binary):
    """The JSON value that stands for a message: bytes are written as base64."""
    if not binary:
        return message
    return base64.b64encode(message.encode() if isinstance(message, str) else message).decode()


def prepare(folder, capture=None):
    kind, total = "trades", TRADES
    if capture:
        messages = read_capture(capture)
        if not messages:
            sys.exit(f"demo: “{capture}” has no message of a server in it; see tests/data/captures/README.md")
        total = len(messages)
        kind = "binary" if any(isinstance(message, bytes) for message in messages) else "text"
        for first, part in ((1, messages[:total // 2]), (total // 2 + 1, messages[total // 2:])):
            with open(os.path.join(folder, f"feed-{first}.jsonl"), "w", encoding="utf-8") as feed:
                for message in part:
                    feed.write(json.dumps({"payload": as_payload(message, kind == "binary")}) + "\n")
    feed_port, collect_port = find_ports(2)
    with open(os.path.join(folder, "settings"), "w", encoding="utf-8") as settings:
        settings.write(f"feed_port={feed_port} collect_port={collect_port} total={total} half={total // 2} "
                       f"kind={kind}\n")


def read_json_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_gaps(folder):
    """Return how many seconds each gap was long that the application told of, and its cause."""
    with open(os.path.join(folder, "application.log"), encoding="utf-8") as log:
        found = re.findall(r": gap from=(\d+) to=(\d+) cause=(['\"])(.*?)\3", log.read())
    return [((int(end) - int(begin)) / 1e6, cause) for begin, end, _, cause in found]


def account(folder):
    with open(os.path.join(folder, "settings"), encoding="utf-8") as file:
        settings = dict(word.split("=") for word in file.read().split())
    received = read_json_lines(os.path.join(folder, "received"))
    collected = read_json_lines(os.path.join(folder, "collector"))
    if settings["kind"] == "trades":
        served = list(range(1, int(settings["total"]) + 1))
        arrived = [event["trade"] for event in collected]
    else:
        served = []
        for first in (1, int(settings["half"]) + 1):
            feed = read_json_lines(os.path.join(folder, f"feed-{first}.jsonl"))
            served += [event["payload"] for event in feed]
        arrived = [event["payload"] for event in collected]

    counted = sum(event.get("trades", event.get("messages")) for event in
                  read_json_lines(os.path.join(folder, "application")))
    lost = (collections.Counter(served) - collections.Counter(arrived)).total()
    gaps = read_gaps(folder)
    for seconds, cause in gaps:
        print(f"A gap of {seconds:.1f} s: {cause}")
    print(f"demo: received {len(received)}, published {len(arrived)}, lost {lost}")
    if not gaps:
        sys.exit("demo: the feed was away, and no gap was told of")
    if arrived != served or len(received) != len(served):
        sys.exit("demo: what was published is not what was served, in its order" if lost == 0 else 1)
    if counted != len(served):
        sys.exit(f"demo: the windows have {counted} messages in them, not {len(served)}")


if __name__ == "__main__":
    {"prepare": prepare, "account": account}[sys.argv[1]](*sys.argv[2:])
