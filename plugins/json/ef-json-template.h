/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stretch of a template: a text, and the column whose value follows it, if one does. */
typedef struct
{
  char *text;
  char *column;
  gboolean in_string; /* the value stands between the quotes of a JSON string */
} EfJsonStretch;

GArray *ef_json_template_parse (const char *text, GError **error);

G_END_DECLS
