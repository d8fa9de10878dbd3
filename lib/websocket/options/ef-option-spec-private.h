/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

/* What a property is, as a row of a table: the properties of clients, servers and what they share are
 * tables of these. */

typedef enum
{
  EF_OPTION_STRING,
  EF_OPTION_STRV,
  EF_OPTION_TABLE, /* a GHashTable of texts by text */
  EF_OPTION_BOOLEAN,
  EF_OPTION_INT,
  EF_OPTION_UINT,
  EF_OPTION_UINT64,
  EF_OPTION_DOUBLE,
} EfOptionKind;

typedef struct
{
  EfOptionKind kind;
  const char *name; /* NULL for a property that is installed elsewhere */
  const char *blurb;
  double min; /* of numbers, as the next two */
  double max;
  double initial; /* what it is as long as nobody sets it; of booleans too */
  GParamFlags flags;
} EfOptionSpec;

#define EF_OPTION_SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define EF_OPTION_READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

/* As `max`: what the type holds at most, which not every double can say. */
#define EF_OPTION_NO_MAX (-1)

void ef_option_specs_install (const EfOptionSpec *specs,
                              guint n_specs,
                              GObjectClass *klass,
                              guint first_id);

G_END_DECLS
