/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

#define EF_TYPE_QUERY (ef_query_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (EfQuery, ef_query, EF, QUERY, EfElement)

/**
 * EfQuery:
 *
 * An element that answers a query over its input.
 *
 * It can be checked as it is configured, before it is started: an application in SQL is checked
 * query by query, each one against the columns that the query before it makes.
 */

/**
 * EfQueryPlace:
 * @property: the property whose text is at fault, or %NULL if that is not known
 * @offset: where in its text, in bytes
 *
 * Where in an element's configuration an error lies.
 */
typedef struct
{
  const char *property;
  gsize offset;
} EfQueryPlace;

/**
 * EfQueryInterface:
 * @parent_iface: the parent interface
 * @check: compiles the query against the columns that the element was told to expect, and tells
 * those that it makes
 *
 * The interface of elements that answer queries.
 */
struct _EfQueryInterface
{
  GTypeInterface parent_iface;

  gboolean (*check) (EfQuery *self, EfSchema **schema, EfQueryPlace *place, GError **error);

  /*< private >*/
  gpointer padding[4];
};

EF_AVAILABLE_IN_1_0
gboolean ef_query_check (EfQuery *self, EfSchema **schema, EfQueryPlace *place, GError **error);

G_END_DECLS
