/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-utf8.h"

G_BEGIN_DECLS

/* A strict UTF-8 check (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF) of a
 * text that arrives in pieces. What is carried from one piece to the next is which bytes may
 * follow; it starts zeroed. */
typedef struct
{
  guint8 missing; /* continuation bytes the current character still needs */
  guint8 lowest;  /* the next of them lies in [lowest, highest] */
  guint8 highest;
} EfUtf8;

#define EF_UTF8_INIT                                                                               \
  {                                                                                                \
    0                                                                                              \
  }

gsize ef_utf8_feed (EfUtf8 *utf8, const guint8 *data, gsize len);

gboolean ef_utf8_is_valid (const guint8 *data, gsize len);

/* Whether the text fed so far ends where a character ends. */
static inline gboolean
ef_utf8_is_complete (const EfUtf8 *utf8)
{
  return utf8->missing == 0;
}

G_END_DECLS
