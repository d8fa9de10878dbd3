# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the unittest cases of a module and print the results as TAP."""
import sys
import unittest


class TapResult(unittest.TestResult):
    """Prints a line a test as soon as its result is known."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def line(self, result, test, text=""):
        self.count += 1
        print(f"{result} {self.count} {test.id().partition('.')[2]}", flush=True)
        for row in text.splitlines():
            print(f"# {row}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("ok", test)

    def addError(self, test, err):
        super().addError(test, err)
        self.line("not ok", test, self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line("not ok", test, self.failures[-1][1])


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
