/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A property whose value is kept in a field of a structure as it is: what it takes to read, set and
 * free that by the type of the property. Those of the types below are known.
 *
 *   G_TYPE_BOOLEAN gboolean     G_TYPE_INT int      G_TYPE_STRING char *
 *   G_TYPE_UINT64 guint64       G_TYPE_UINT guint   G_TYPE_STRV char **
 *   G_TYPE_DOUBLE double        G_TYPE_HASH_TABLE GHashTable * of texts by text, never NULL */

void ef_option_field_get (gconstpointer field, GValue *value);

gboolean ef_option_field_set (gpointer field, const GValue *value);

GHashTable *ef_option_field_new_table (void);

G_END_DECLS
