/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Words of eight bytes of a text, the first byte the lowest. */

#define EF_JSON_ONES G_GUINT64_CONSTANT (0x0101010101010101)

static inline guint64
ef_json_word_load (const char *p)
{
  guint64 bytes;

  memcpy (&bytes, p, sizeof bytes);

  return GUINT64_FROM_LE (bytes);
}

static inline void
ef_json_word_store (char *out, guint64 bytes)
{
  bytes = GUINT64_TO_LE (bytes);
  memcpy (out, &bytes, sizeof bytes);
}

G_END_DECLS
