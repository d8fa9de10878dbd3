/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "inspect-info.h"

#include <string.h>

static void
property_free (gpointer data)
{
  InspectProperty *self = data;

  g_param_spec_unref (self->pspec);
  g_free (self->key);
  g_free (self->default_value);
  g_free (self->minimum);
  g_free (self->maximum);
  g_strfreev (self->values);
  g_free (self);
}

static const char *
describe_type (GParamSpec *pspec)
{
  switch (G_TYPE_FUNDAMENTAL (pspec->value_type))
    {
    case G_TYPE_BOOLEAN:
      return "boolean";
    case G_TYPE_INT:
    case G_TYPE_UINT:
    case G_TYPE_LONG:
    case G_TYPE_ULONG:
    case G_TYPE_INT64:
    case G_TYPE_UINT64:
      return pspec->flags & EF_PARAM_MILLISECONDS ? "milliseconds" : "integer";
    case G_TYPE_FLOAT:
    case G_TYPE_DOUBLE:
      return "number";
    case G_TYPE_STRING:
      return "string";
    case G_TYPE_ENUM:
      return "enumeration";
    case G_TYPE_FLAGS:
      return "flags";
    default:
      break;
    }

  if (pspec->value_type == G_TYPE_HASH_TABLE)
    return "table";
  if (pspec->value_type == G_TYPE_STRV)
    return "list";
  if (g_type_is_a (pspec->value_type, EF_TYPE_ELEMENT))
    return "element";

  return g_type_name (pspec->value_type);
}

/* The number as it would be written: a value is copied out of a specification that has its type. */
static char *
print_number (GParamSpec *pspec, gint64 is_signed, guint64 is_unsigned)
{
  return G_IS_PARAM_SPEC_UINT (pspec) || G_IS_PARAM_SPEC_ULONG (pspec) ||
             G_IS_PARAM_SPEC_UINT64 (pspec)
           ? g_strdup_printf ("%" G_GUINT64_FORMAT, is_unsigned)
           : g_strdup_printf ("%" G_GINT64_FORMAT, is_signed);
}

static char *
print_double (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, value));
}

#define TAKE_RANGE(self, TYPE)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    G_PASTE (GParamSpec, TYPE) *range_ = (G_PASTE (GParamSpec, TYPE) *) (self)->pspec;             \
                                                                                                   \
    (self)->minimum =                                                                              \
      print_number ((self)->pspec, (gint64) range_->minimum, (guint64) range_->minimum);           \
    (self)->maximum =                                                                              \
      print_number ((self)->pspec, (gint64) range_->maximum, (guint64) range_->maximum);           \
  }                                                                                                \
  G_STMT_END

static void
read_range (InspectProperty *self)
{
  GParamSpec *pspec = self->pspec;

  if (G_IS_PARAM_SPEC_INT (pspec))
    TAKE_RANGE (self, Int);
  else if (G_IS_PARAM_SPEC_UINT (pspec))
    TAKE_RANGE (self, UInt);
  else if (G_IS_PARAM_SPEC_INT64 (pspec))
    TAKE_RANGE (self, Int64);
  else if (G_IS_PARAM_SPEC_UINT64 (pspec))
    TAKE_RANGE (self, UInt64);
  else if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    {
      self->minimum = print_double (G_PARAM_SPEC_DOUBLE (pspec)->minimum);
      self->maximum = print_double (G_PARAM_SPEC_DOUBLE (pspec)->maximum);
    }
}

static void
read_values (InspectProperty *self)
{
  g_autoptr (GStrvBuilder) nicks = NULL;
  GEnumClass *klass;

  if (!G_IS_PARAM_SPEC_ENUM (self->pspec))
    return;

  nicks = g_strv_builder_new ();
  klass = G_PARAM_SPEC_ENUM (self->pspec)->enum_class;
  for (guint i = 0; i < klass->n_values; i++)
    g_strv_builder_add (nicks, klass->values[i].value_nick);
  self->values = g_strv_builder_end (nicks);
}

static char *
print_default (GParamSpec *pspec)
{
  const GValue *value = g_param_spec_get_default_value (pspec);
  g_auto (GValue) text = G_VALUE_INIT;

  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_strdup (g_value_get_boolean (value) ? "true" : "false");
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_dup_string (value);
  if (G_VALUE_HOLDS_DOUBLE (value))
    return print_double (g_value_get_double (value));
  if (G_VALUE_HOLDS_ENUM (value))
    {
      GEnumClass *klass = G_PARAM_SPEC_ENUM (pspec)->enum_class;
      GEnumValue *found = g_enum_get_value (klass, g_value_get_enum (value));

      return found != NULL ? g_strdup (found->value_nick) : NULL;
    }
  if (g_value_fits_pointer (value))
    return NULL;

  g_value_init (&text, G_TYPE_STRING);

  return g_value_transform (value, &text) ? g_value_dup_string (&text) : NULL;
}

static InspectProperty *
property_new (EfElementFactory *factory, GParamSpec *pspec)
{
  InspectProperty *self = g_new0 (InspectProperty, 1);

  self->pspec = g_param_spec_ref (pspec);
  self->key = ef_element_factory_dup_config_key (factory, pspec->name);
  self->type = describe_type (pspec);
  if (pspec->flags & G_PARAM_WRITABLE)
    self->default_value = print_default (pspec);
  read_range (self);
  read_values (self);

  return self;
}

/* Where a property comes in a list: what must be given, what the kind has, what all elements have.
 */
static guint
get_rank (GParamSpec *pspec)
{
  if (pspec->flags & EF_PARAM_REQUIRED)
    return 0;

  return pspec->owner_type == EF_TYPE_ELEMENT ? 2 : 1;
}

/* The properties of the elements of a factory, as InspectProperty. */
GPtrArray *
inspect_list_properties (EfElementFactory *factory)
{
  GObjectClass *klass = g_type_class_peek (ef_element_factory_get_element_type (factory));
  GPtrArray *properties = g_ptr_array_new_with_free_func (property_free);
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (klass, &n_pspecs);
  for (guint rank = 0; rank <= 2; rank++)
    for (guint i = 0; i < n_pspecs; i++)
      if (get_rank (pspecs[i]) == rank)
        g_ptr_array_add (properties, property_new (factory, pspecs[i]));

  return properties;
}

/* The signals of the elements of a factory, those of its own class first. */
guint *
inspect_list_signals (EfElementFactory *factory, guint *n_signals)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (guint));
  GType type = ef_element_factory_get_element_type (factory);

  for (; g_type_is_a (type, EF_TYPE_ELEMENT); type = g_type_parent (type))
    {
      g_autofree guint *ids = NULL;
      guint n_ids;

      ids = g_signal_list_ids (type, &n_ids);
      g_array_append_vals (all, ids, n_ids);
    }

  *n_signals = all->len;

  return (guint *) (gpointer) g_array_free (all, FALSE);
}

const char *
inspect_kind_to_string (EfFactoryKind kind)
{
  switch (kind)
    {
    case EF_FACTORY_SOURCE:
      return "source";
    case EF_FACTORY_SINK:
      return "sink";
    case EF_FACTORY_TRANSFORM:
    default:
      return "transform";
    }
}

const char *
inspect_content_to_string (EfPadContent content)
{
  switch (content)
    {
    case EF_PAD_CONTENT_PAYLOAD:
      return "payload";
    case EF_PAD_CONTENT_COLUMNS:
      return "columns";
    case EF_PAD_CONTENT_ANY:
    default:
      return "any";
    }
}

/* The factories that a plugin brought, or with %NULL those that none did. */
GPtrArray *
inspect_list_plugin_elements (EfContext *context, const char *plugin)
{
  g_autoptr (GPtrArray) all = ef_context_list_factories (context);
  GPtrArray *factories = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < all->len; i++)
    {
      EfElementFactory *factory = g_ptr_array_index (all, i);

      if (g_strcmp0 (ef_element_factory_get_plugin_name (factory), plugin) == 0)
        g_ptr_array_add (factories, g_object_ref (factory));
    }

  return factories;
}

/* Returns a reference, or %NULL. */
EfPlugin *
inspect_find_plugin (EfContext *context, const char *name)
{
  g_autoptr (GPtrArray) plugins = ef_context_list_plugins (context);

  for (guint i = 0; i < plugins->len; i++)
    if (g_strcmp0 (ef_plugin_get_name (g_ptr_array_index (plugins, i)), name) == 0)
      return g_object_ref (g_ptr_array_index (plugins, i));

  return NULL;
}
