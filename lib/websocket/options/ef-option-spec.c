/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-option-spec-private.h"

static guint64
get_max_uint64 (const EfOptionSpec *spec)
{
  return spec->max < 0 ? G_MAXUINT64 : (guint64) spec->max;
}

static GParamSpec *
make_property (const EfOptionSpec *spec)
{
  switch (spec->kind)
    {
    case EF_OPTION_STRING:
      return g_param_spec_string (spec->name, NULL, spec->blurb, NULL, spec->flags);
    case EF_OPTION_STRV:
      return g_param_spec_boxed (spec->name, NULL, spec->blurb, G_TYPE_STRV, spec->flags);
    case EF_OPTION_TABLE:
      return g_param_spec_boxed (spec->name, NULL, spec->blurb, G_TYPE_HASH_TABLE, spec->flags);
    case EF_OPTION_BOOLEAN:
      return g_param_spec_boolean (spec->name, NULL, spec->blurb, spec->initial > 0, spec->flags);
    case EF_OPTION_INT:
      return g_param_spec_int (spec->name, NULL, spec->blurb, (int) spec->min, (int) spec->max,
                               (int) spec->initial, spec->flags);
    case EF_OPTION_UINT:
      return g_param_spec_uint (spec->name, NULL, spec->blurb, (guint) spec->min, (guint) spec->max,
                                (guint) spec->initial, spec->flags);
    case EF_OPTION_UINT64:
      return g_param_spec_uint64 (spec->name, NULL, spec->blurb, (guint64) spec->min,
                                  get_max_uint64 (spec), (guint64) spec->initial, spec->flags);
    case EF_OPTION_DOUBLE:
      return g_param_spec_double (spec->name, NULL, spec->blurb, spec->min, spec->max,
                                  spec->initial, spec->flags);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Installs the properties of a table, with ids from @first_id on, one for each row. */
void
ef_option_specs_install (const EfOptionSpec *specs,
                         guint n_specs,
                         GObjectClass *klass,
                         guint first_id)
{
  for (guint i = 0; i < n_specs; i++)
    if (specs[i].name != NULL)
      g_object_class_install_property (klass, first_id + i, make_property (&specs[i]));
}
