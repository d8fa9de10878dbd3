/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-query.h"

G_DEFINE_INTERFACE (EfQuery, ef_query, EF_TYPE_ELEMENT)

static void
ef_query_default_init (EfQueryInterface *iface)
{
}

/**
 * ef_query_check: (skip)
 * @self: a query in the state `NULL`
 * @schema: (out) (transfer full) (nullable): return location for the columns of the events that the
 *   query makes, %NULL if it makes none
 * @place: (out): return location for the place of an error
 * @error: return location for an error
 *
 * Checks a query as it is configured: compiles it, and opens, creates and changes nothing.
 *
 * Returns: %TRUE if the query can be answered
 */
gboolean
ef_query_check (EfQuery *self, EfSchema **schema, EfQueryPlace *place, GError **error)
{
  g_return_val_if_fail (EF_IS_QUERY (self), FALSE);
  g_return_val_if_fail (schema != NULL, FALSE);
  g_return_val_if_fail (place != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *schema = NULL;
  *place = (EfQueryPlace){ 0 };

  return EF_QUERY_GET_IFACE (self)->check (self, schema, place, error);
}
