/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A number in base ten: digits · 10^exponent. Of all those that read back as the same binary
 * number it has the fewest digits, not counting zeros at their end, and among these it is the
 * nearest. */
typedef struct
{
  guint64 digits;
  int exponent;
} EfDecimal;

void ef_decimal_init_double (EfDecimal *self, double value);

void ef_decimal_init_float (EfDecimal *self, float value);

double ef_decimal_to_double (guint64 digits, gint64 exponent);

float ef_decimal_to_float (guint64 digits, gint64 exponent);

G_END_DECLS
