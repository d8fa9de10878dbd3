#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write the powers of ten that ef-decimal.c multiplies by, as a C table.

A power p is kept as the 128-bit number ceil (p * 2^(127 - floor (log2 (p)))): its leading 128 bits,
rounded up. The binary exponent needs no table, as it follows from the decimal one.
"""

import sys

FIRST, LAST = -342, 324


def leading_bits(exponent):
    if exponent >= 0:
        power = 10**exponent
        shift = 127 - (power.bit_length() - 1)
        return power << shift if shift >= 0 else -(-power >> -shift)
    power = 10**-exponent
    return -(-(1 << (127 + power.bit_length())) // power)


def main():
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write("/* Written by generate-powers-of-ten.py. */\n\n")
        out.write(f"#define FIRST_POWER ({FIRST})\n#define LAST_POWER {LAST}\n\n")
        out.write("static const struct\n{\n  guint64 high, low;\n} powers[] = {\n")
        for exponent in range(FIRST, LAST + 1):
            bits = leading_bits(exponent)
            assert bits.bit_length() == 128
            high, low = bits >> 64, bits & (2**64 - 1)
            out.write(
                f"  {{ G_GUINT64_CONSTANT (0x{high:016x}), G_GUINT64_CONSTANT (0x{low:016x}) }},\n"
            )
        out.write("};\n")


if __name__ == "__main__":
    main()
