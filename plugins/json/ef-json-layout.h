/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* A text with a value behind it. */
typedef struct
{
  const char *text; /* with room to copy 16 bytes at a time */
  guint length;
  gint column; /* -1 behind the last text */
  gboolean in_string;
} EfJsonPiece;

/* How events of a schema are written: texts, which are the same for each event, and values between
 * them. */
typedef struct
{
  EfSchema *schema;
  guint n_pieces;
  EfJsonPiece *pieces;
  char *texts;
  gsize room; /* what an event takes beside its texts and bytes */
} EfJsonLayout;

EfJsonLayout *ef_json_layout_new (EfSchema *schema, const char *template_text, GError **error);

void ef_json_layout_free (EfJsonLayout *self);

gboolean ef_json_layout_check_template (const char *template_text, GError **error);

gsize ef_json_layout_get_room (const EfJsonLayout *self, const EfValue *values);

char *ef_json_layout_write (const EfJsonLayout *self, const EfValue *values, char *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfJsonLayout, ef_json_layout_free)

G_END_DECLS
