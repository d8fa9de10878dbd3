/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-decimal-private.h"

#include <stdlib.h>
#include <string.h>

/* Takes a number as printf's %e writes it apart. */
static void
init_from_text (EfDecimal *self, const char *text)
{
  const char *exponent = strchr (text, 'e');
  int decimals = 0;

  self->digits = 0;
  for (const char *p = text; p < exponent; p++)
    {
      if (!g_ascii_isdigit (*p))
        continue;
      self->digits = self->digits * 10 + (guint64) g_ascii_digit_value (*p);
      decimals += p > text + 1;
    }

  self->exponent = atoi (exponent + 1) - decimals;
  while (self->digits >= 10 && self->digits % 10 == 0)
    {
      self->digits /= 10;
      self->exponent++;
    }
}

/* @value is finite and above zero. */
void
ef_decimal_init_double (EfDecimal *self, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[] = "%.00e";

  for (int decimals = value < 1e-290 ? 0 : 14; decimals <= 16; decimals++)
    {
      format[3] = (char) ('0' + decimals % 10);
      format[2] = (char) ('0' + decimals / 10);
      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }

  init_from_text (self, text);
}

/* @value is finite and above zero. */
void
ef_decimal_init_float (EfDecimal *self, float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[] = "%.0e";

  for (int decimals = 0; decimals <= 8; decimals++)
    {
      format[2] = (char) ('0' + decimals);
      g_ascii_formatd (text, sizeof text, format, (double) value);
      if ((float) g_ascii_strtod (text, NULL) == value)
        break;
    }

  init_from_text (self, text);
}
