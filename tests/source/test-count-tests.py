#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""That tools/count-tests.py counts what happened, whatever is missing from Meson's logs."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import tap  # noqa: E402

CASES = '<testcase name="1 /a" classname="x" /><testcase name="2 /b" classname="x" />'


def count(junit, results, expected):
    """Return (passed, failed, what was named) for these logs; None leaves one out."""
    with tempfile.TemporaryDirectory() as folder:
        base = os.path.join(folder, "log")
        if junit is not None:
            with open(base + ".junit.xml", "w", encoding="utf-8") as log:
                log.write(f"<testsuites>{junit}</testsuites>")
        with open(base + ".json", "w", encoding="utf-8") as log:
            for name, result in results:
                log.write(json.dumps({"name": name, "result": result}) + "\n")
        done = subprocess.run([os.path.join(tap.ROOT, "tools", "count-tests.py"), base, str(expected)],
                              check=True, capture_output=True, text=True)
    passed, failed = map(int, done.stdout.split())
    return passed, failed, done.stderr


def expect(passed, failed, junit, results, expected, named=""):
    got = count(junit, results, expected)
    if got[:2] != (passed, failed):
        yield f"counted {got[0]} passed and {got[1]} failed, not {passed} and {failed}"
    if named not in got[2]:
        yield f"does not name “{named}”: {got[2]}"


def tap_suite(cases):
    return f'<testsuite name="eventflux.t">{cases}</testsuite>'


def plain_suite(inner):
    return f'<testsuite name="eventflux"><testcase name="t" classname="eventflux">{inner}</testcase></testsuite>'


def check_subtests():
    """subtests count one by one"""
    yield from expect(2, 0, tap_suite(CASES), [("t", "OK")], 1)


def check_failed_subtest():
    """a failed subtest fails, its neighbours pass"""
    cases = CASES + '<testcase name="3 /c" classname="x"><failure /></testcase>'
    yield from expect(2, 1, tap_suite(cases), [("t", "FAIL")], 1, "t: 3 /c")


def check_crash():
    """a crash behind the last subtest fails"""
    yield from expect(2, 1, tap_suite(CASES), [("t", "ERROR")], 1, "t: ERROR")


def check_skipped():
    """a skipped subtest fails"""
    cases = '<testcase name="1 /a" classname="x"><skipped /></testcase>'
    yield from expect(0, 1, tap_suite(cases), [("t", "OK")], 1, "t: 1 /a")


def check_plain():
    """a test without subtests counts once"""
    yield from expect(1, 0, plain_suite(""), [("t", "OK")], 1)
    yield from expect(0, 1, plain_suite("<failure />"), [("t", "FAIL")], 1)


def check_timeout():
    """a timeout, which the JUnit log shows as passed, fails"""
    yield from expect(0, 1, plain_suite(""), [("t", "TIMEOUT")], 1, "t: TIMEOUT")
    yield from expect(2, 1, tap_suite(CASES), [("t", "TIMEOUT")], 1, "t: TIMEOUT")


def check_missing():
    """a test that did not run fails, and so does a run without tests"""
    yield from expect(2, 2, tap_suite(CASES), [("t", "OK")], 3, "test 3 of 3")
    yield from expect(0, 1, "", [], 0)


def check_unreadable():
    """logs that are missing or broken fail, odd characters in them do not"""
    yield from expect(0, 1, None, [("t", "OK")], 1, "no readable log")
    yield from expect(0, 1, "<testsuite>", [("t", "OK")], 1, "no readable log")
    yield from expect(2, 0, tap_suite(CASES + "<system-out>\x00\x1b[1m</system-out>"), [("t", "OK")], 1)


if __name__ == "__main__":
    tap.run(check_subtests, check_failed_subtest, check_crash, check_skipped, check_plain, check_timeout,
            check_missing, check_unreadable)
