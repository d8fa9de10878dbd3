#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write ef-version.h: the version, and an EF_AVAILABLE_IN_x_y for each stable minor up to it."""
import sys


def ladder(major, minor):
    """One availability macro for each minor version that exists, newest last."""
    return "\n".join(f"#define EF_AVAILABLE_IN_{major}_{n} _EF_EXTERN" for n in range(minor + 1))


def main():
    version, template, output = sys.argv[1:]
    major, minor, micro = version.split(".")
    with open(template, encoding="utf-8") as source:
        text = source.read()
    for name, value in (("MAJOR", major), ("MINOR", minor), ("MICRO", micro),
                        ("LADDER", ladder(int(major), int(minor)))):
        text = text.replace(f"@{name}@", value)
    with open(output, "w", encoding="utf-8") as target:
        target.write(text)


if __name__ == "__main__":
    main()
