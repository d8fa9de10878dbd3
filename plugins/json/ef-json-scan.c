/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-json-scan.h"

/* Only the first problem counts: it is the one that the person sees. */
const char *
ef_json_scan_fail (EfJsonScan *self, const char *at, const char *problem)
{
  if (self->problem == NULL)
    {
      self->problem = problem;
      self->at = at;
    }

  return NULL;
}

/* Over the spaces, which are not there in most messages. */
const char *
ef_json_scan_spaces (const EfJsonScan *self, const char *p)
{
  while (p < self->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
    p++;

  return p;
}

/* The number of a \u escape, or -1. */
static int
scan_unit (const EfJsonScan *self, const char *p)
{
  int unit = 0;

  if (self->end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return -1;

  for (int i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      unit = unit << 4 | digit;
    }

  return unit;
}

/* From the backslash to behind the escape. Half a surrogate pair is no character, so a text that
 * has one could not be passed on as UTF-8: it is refused. */
const char *
ef_json_scan_escape (EfJsonScan *self, const char *backslash)
{
  int unit;

  if (self->end - backslash >= 2 && backslash[1] != '\0'
      && strchr ("\"\\/bfnrt", backslash[1]) != NULL)
    return backslash + 2;

  unit = scan_unit (self, backslash);
  if (unit < 0)
    return ef_json_scan_fail (self, backslash, "an unknown escape");

  if ((unit & 0xf800) != 0xd800)
    return backslash + 6;

  if (unit < 0xdc00 && (scan_unit (self, backslash + 6) & ~0x3ff) == 0xdc00)
    return backslash + 12;

  return ef_json_scan_fail (self, backslash, "half a surrogate pair");
}

/* From behind the opening quote of a key to the value: over the key and the colon. */
static const char *
scan_key (EfJsonScan *self, const char *p)
{
  gboolean escaped = FALSE;

  if (p == self->end || *p != '"')
    return ef_json_scan_fail (self, p, "something else where a key or “}” belongs");

  p = ef_json_scan_string (self, p + 1, &escaped);
  if (p == NULL)
    return NULL;

  p = ef_json_scan_space (self, p + 1);
  if (p == self->end || *p != ':')
    return ef_json_scan_fail (self, p, "a key without its colon");

  return ef_json_scan_space (self, p + 1);
}

static const char *
scan_scalar (EfJsonScan *self, const char *p)
{
  gboolean escaped = FALSE;

  if (*p == '"')
    {
      p = ef_json_scan_string (self, p + 1, &escaped);
      return p != NULL ? p + 1 : NULL;
    }

  if (*p == '-' || ef_json_is_digit (*p))
    return ef_json_scan_number (self, p);

  return ef_json_scan_word (self, p);
}

/* Which of the values that are open are objects, a bit each. */
typedef struct
{
  guint64 bits[EF_JSON_MAX_DEPTH / 64];
  guint depth;
} Nesting;

static inline void
nesting_push (Nesting *self, gboolean is_object)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (self->depth & 63);
  guint64 *word = &self->bits[self->depth >> 6];

  if (bit == 1)
    *word = 0;
  *word = is_object ? *word | bit : *word & ~bit;
  self->depth++;
}

static inline gboolean
nesting_in_object (const Nesting *self)
{
  guint top = self->depth - 1;

  return self->bits[top >> 6] >> (top & 63) & 1;
}

/* From behind a value to where the next one begins, closing what ends in between; NULL with no
 * problem and @done at its end when the outermost value is closed. */
static const char *
scan_to_next (EfJsonScan *self, const char *p, Nesting *nesting, const char **done)
{
  for (;;)
    {
      gboolean in_object;

      if (nesting->depth == 0)
        {
          *done = p;
          return NULL;
        }

      in_object = nesting_in_object (nesting);
      p = ef_json_scan_space (self, p);
      if (p == self->end)
        return ef_json_scan_fail (self, p, in_object ? "an object without its “}”"
                                                     : "an array without its “]”");

      if (*p == ',')
        {
          p = ef_json_scan_space (self, p + 1);
          return in_object ? scan_key (self, p) : p;
        }

      if (*p != (in_object ? '}' : ']'))
        return ef_json_scan_fail (self, p, in_object ? "something else where “,” or “}” belongs"
                                                     : "something else where “,” or “]” belongs");
      nesting->depth--;
      p++;
    }
}

/* From the first byte of a value to behind it, without recursion. @depth tells how many values are
 * open around it. */
const char *
ef_json_scan_value (EfJsonScan *self, const char *p, guint depth)
{
  Nesting nesting;
  const char *done = NULL;

  nesting.depth = 0;

  while (p != NULL)
    {
      if (p == self->end)
        return ef_json_scan_fail (self, p, "the end where a value belongs");

      if (*p == '{' || *p == '[')
        {
          gboolean is_object = *p == '{';

          if (depth + nesting.depth >= EF_JSON_MAX_DEPTH)
            return ef_json_scan_fail (self, p, "arrays and objects nested too deeply");

          p = ef_json_scan_space (self, p + 1);
          if (p < self->end && *p == (is_object ? '}' : ']'))
            {
              p++;
            }
          else
            {
              nesting_push (&nesting, is_object);
              if (is_object)
                p = scan_key (self, p);
              continue;
            }
        }
      else
        {
          p = scan_scalar (self, p);
          if (p == NULL)
            return NULL;
        }

      p = scan_to_next (self, p, &nesting, &done);
    }

  return done;
}
