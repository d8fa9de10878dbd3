#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Count what a `meson test` run passed and failed, subtests one by one.

usage: count-tests.py LOGBASE EXPECTED

Reads LOGBASE.junit.xml and LOGBASE.json, prints `PASSED FAILED`, and names on standard error what did not
pass. Meson's JUnit log alone is not enough: a crash behind the last subtest and a timeout leave no
mark in it. So a test whose own result is not OK fails at least once, and so does each of the EXPECTED
tests that left no result, and each that was skipped: the project has no tests to skip.
"""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

PASSING = ("OK", "EXPECTEDFAIL")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_cases(path):
    """Return {test name: [(subtest name, passed), …]}."""
    with open(path, encoding="utf-8", errors="replace") as log:
        root = ElementTree.fromstring(NOT_XML.sub("?", log.read()).encode())
    cases = {}
    for suite in root.iter("testsuite"):
        project, _, test = suite.get("name").partition(".")
        for case in suite.findall("testcase"):
            passed = all(case.find(mark) is None for mark in ("failure", "error", "skipped"))
            cases.setdefault(test or case.get("name"), []).append((case.get("name"), passed))
    return cases


def read_results(path):
    """Return [(test name, result), …] in the order in which the tests ended."""
    with open(path, encoding="utf-8", errors="replace") as log:
        entries = [json.loads(line) for line in log]
    return [(entry["name"], entry["result"]) for entry in entries]


def count(cases, results, expected):
    passed, failures = 0, []
    for test, result in results:
        subtests = cases.get(test, [])
        passed += sum(1 for _, good in subtests if good)
        failed = [f"{test}: {name}" for name, good in subtests if not good]
        if result not in PASSING and not failed:
            failed = [f"{test}: {result}"]
            if len(subtests) == 1 and subtests[0][0] == test:
                passed -= 1  # a timeout, which the JUnit log shows as passed
        if not subtests and not failed:
            failed = [f"{test}: left nothing in the log"]
        failures += failed
    if len(results) < expected or not results:
        missing = max(1, expected - len(results))
        failures += [f"test {len(results) + 1 + i} of {expected}: did not run" for i in range(missing)]
    return passed, failures


def main():
    base, expected = sys.argv[1], int(sys.argv[2])
    try:
        passed, failures = count(read_cases(base + ".junit.xml"), read_results(base + ".json"), expected)
    except (OSError, ElementTree.ParseError, json.JSONDecodeError) as error:
        passed, failures = 0, [f"no readable log: {error}"]
    for failure in failures:
        print(f"not passed: {failure}", file=sys.stderr)
    print(passed, len(failures))


if __name__ == "__main__":
    main()
