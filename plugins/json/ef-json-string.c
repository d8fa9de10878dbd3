/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-string.h"

#include <string.h>

static gunichar
read_unit (const char *hex)
{
  gunichar unit = 0;

  for (int i = 0; i < 4; i++)
    unit = unit << 4 | (gunichar) g_ascii_xdigit_value (hex[i]);

  return unit;
}

/* Takes the escape behind a backslash, which is known to be right. */
static const char *
unescape_one (char **out, const char *p)
{
  static const char names[] = "bfnrt", characters[] = "\b\f\n\r\t";
  gunichar c;

  if (*p != 'u')
    {
      const char *name = strchr (names, *p);

      *(*out)++ = name != NULL ? characters[name - names] : *p;
      return p + 1;
    }

  c = read_unit (p + 1);
  p += 5;
  if ((c & 0xf800) == 0xd800)
    {
      c = 0x10000 + ((c & 0x3ff) << 10) + (read_unit (p + 2) & 0x3ff);
      p += 6;
    }
  *out += g_unichar_to_utf8 (c, *out);

  return p;
}

/* Writes what the inside of a JSON string that was scanned stands for, which is no longer than the
 * string itself. Returns the length. */
gsize
ef_json_string_unescape (char *out, const char *text, gsize length)
{
  const char *end = text + length;
  char *start = out;

  while (text < end)
    {
      const char *backslash = memchr (text, '\\', (gsize) (end - text));
      gsize plain = (gsize) ((backslash != NULL ? backslash : end) - text);

      memcpy (out, text, plain);
      out += plain;
      text += plain;
      if (backslash != NULL)
        text = unescape_one (&out, text + 1);
    }

  return (gsize) (out - start);
}

static int
base64_value (char c)
{
  if (g_ascii_isupper (c))
    return c - 'A';
  if (g_ascii_islower (c))
    return c - 'a' + 26;
  if (g_ascii_isdigit (c))
    return c - '0' + 52;

  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Writes the bytes that a text in base64 (RFC 4648, with padding) stands for, which are fewer than
 * its own. Returns how many, or -1 if it is no base64. */
gssize
ef_json_string_decode_base64 (char *out, const char *text, gsize length)
{
  char *start = out;
  gsize padding = 0;

  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;
  if (length % 4 != 0)
    return -1;

  for (gsize i = 0; i < length; i += 4)
    {
      gsize n_digits = i + 4 == length ? 4 - padding : 4;
      guint32 group = 0;

      for (gsize k = 0; k < 4; k++)
        {
          int value = k < n_digits ? base64_value (text[i + k]) : 0;

          if (value < 0)
            return -1;
          group = group << 6 | (guint32) value;
        }

      /* Bits that no byte takes are zero, so that each value has one form. */
      if ((group & ((1u << 8 * (4 - n_digits)) - 1)) != 0)
        return -1;

      for (gsize k = 0; k + 1 < n_digits; k++)
        *out++ = (char) (group >> (16 - 8 * k) & 0xff);
    }

  return out - start;
}

/* Writes a JSON text that was scanned without the spaces and line breaks between its values. Returns
 * the length. */
gsize
ef_json_string_compact (char *out, const char *json, gsize length)
{
  const char *end = json + length;
  char *start = out;
  gboolean in_string = FALSE;

  for (; json < end; json++)
    {
      if (!in_string && strchr (" \t\r\n", *json) != NULL)
        continue;

      *out++ = *json;
      if (in_string && *json == '\\')
        *out++ = *++json;
      else if (*json == '"')
        in_string = !in_string;
    }

  return (gsize) (out - start);
}
