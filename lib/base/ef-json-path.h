/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfJsonStep: (skip)
 * @key: the name of a member, or %NULL for a step into an array
 * @index: which item of the array
 *
 * A step of a path.
 *
 * Since: 1.0
 */
typedef struct
{
  char *key;
  guint index;
} EfJsonStep;

/**
 * EfJsonPath: (skip)
 * @from_item: whether it begins at the item of an array that is exploded (`@`), not at the message
 * @steps: an array of [struct@EventFlux.JsonStep]
 *
 * A place in a message, as in `$.data.asks[0]`. For those who write elements.
 *
 * Since: 1.0
 */
typedef struct
{
  gboolean from_item;
  GArray *steps;
} EfJsonPath;

EF_AVAILABLE_IN_1_0
EfJsonPath *ef_json_path_parse (const char *text, GError **error);

EF_AVAILABLE_IN_1_0
EfJsonPath *ef_json_path_new_item_key (const char *key);

EF_AVAILABLE_IN_1_0
void ef_json_path_free (EfJsonPath *self);

EF_AVAILABLE_IN_1_0
const char *ef_json_path_find (const EfJsonPath *self,
                               const char *text,
                               gsize length,
                               gsize *found_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfJsonPath, ef_json_path_free)

G_END_DECLS
