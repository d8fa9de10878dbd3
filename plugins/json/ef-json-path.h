/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A step into an object, or into an array if there is no key. */
typedef struct
{
  char *key;
  guint index;
} EfJsonStep;

/* A place in a message, as in `$.data.asks[0]`: from the message itself (`$`), or from the item of
 * an array that is exploded (`@`). */
typedef struct
{
  gboolean from_item;
  GArray *steps;
} EfJsonPath;

EfJsonPath *ef_json_path_parse (const char *text, GError **error);

EfJsonPath *ef_json_path_new_item_key (const char *key);

void ef_json_path_free (EfJsonPath *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfJsonPath, ef_json_path_free)

G_END_DECLS
