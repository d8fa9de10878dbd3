/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-key-private.h"
#include "ef-element-class-private.h"
#include "ef-element-policy-private.h"
#include "ef-error.h"

#include <string.h>

/**
 * ef_element_class_set_metadata:
 * @klass: an element class
 * @factory_name: the word for this kind of element in descriptions, such as `websocketsource`
 * @description: what it does, in a sentence
 * @example: (nullable): a description that shows it at work, for `eventflux-launch`
 *
 * Says what the element is called and what it is for. It is called from `class_init`; the strings are
 * literals, as the class does not copy them.
 */
void
ef_element_class_set_metadata (EfElementClass *klass,
                               const char *factory_name,
                               const char *description,
                               const char *example)
{
  g_return_if_fail (EF_IS_ELEMENT_CLASS (klass));
  g_return_if_fail (factory_name != NULL);
  g_return_if_fail (description != NULL);

  klass->factory_name = factory_name;
  klass->description = description;
  klass->example = example;
  klass->n_named = 0; /* a class begins as a copy of its parent */
}

/**
 * ef_element_class_set_extension:
 * @klass: an element class
 * @extension_name: the name that sources and sinks of one protocol share, such as `websocket`
 * @formats: (nullable) (array zero-terminated=1): the formats that can be mapped, such as `json`
 *
 * Says how the element is found among sources, or among sinks, by the name of its protocol. It is
 * called from `class_init`; the strings are literals and the array is static, as the class does not copy
 * them.
 */
void
ef_element_class_set_extension (EfElementClass *klass,
                                const char *extension_name,
                                const char *const *formats)
{
  g_return_if_fail (EF_IS_ELEMENT_CLASS (klass));

  klass->extension_name = extension_name;
  klass->formats = formats;
}

/**
 * ef_element_class_set_config_prefix:
 * @klass: an element class
 * @prefix: a word, such as `websocket`
 *
 * Sets what configuration keys of this element begin with: with the prefix `websocket`, the key of the
 * property `reconnect-delay-ms` is `websocket.reconnect.delay.ms`. It is called from `class_init`; the
 * string is a literal.
 */
void
ef_element_class_set_config_prefix (EfElementClass *klass, const char *prefix)
{
  g_return_if_fail (EF_IS_ELEMENT_CLASS (klass));

  klass->config_prefix = prefix;
}

/**
 * ef_element_class_set_content:
 * @klass: an element class
 * @sink_content: what the input takes
 * @src_content: what the output gives
 *
 * Says what kind of events pass the pads. It is called from `class_init`; what concerns a pad that the
 * element does not have is of no effect.
 */
void
ef_element_class_set_content (EfElementClass *klass,
                              EfPadContent sink_content,
                              EfPadContent src_content)
{
  g_return_if_fail (EF_IS_ELEMENT_CLASS (klass));

  klass->sink_content = sink_content;
  klass->src_content = src_content;
}

/**
 * ef_element_class_set_pads:
 * @klass: an element class
 * @has_sink: whether elements have the input `sink`
 * @has_src: whether elements have the output `src`
 *
 * Says which pads elements of the class have. Every element has `errors`. The classes
 * [class@EventFlux.Source], [class@EventFlux.Transform] and [class@EventFlux.Sink] do this for those
 * derived from them.
 */
void
ef_element_class_set_pads (EfElementClass *klass, gboolean has_sink, gboolean has_src)
{
  g_return_if_fail (EF_IS_ELEMENT_CLASS (klass));

  klass->has_sink = has_sink;
  klass->has_src = has_src;
}

/* The configuration key of a property, as documentation and errors write it. */
char *
ef_element_class_dup_key (EfElementClass *klass, GParamSpec *pspec)
{
  g_autofree char *error_key = ef_element_dup_error_key (pspec->name);
  g_autofree char *dotted = NULL;

  if (error_key != NULL)
    return g_steal_pointer (&error_key);
  if (klass->config_prefix == NULL)
    return g_strdup (pspec->name);

  dotted = g_strdelimit (g_strdup (pspec->name), "-", '.');

  return g_strconcat (klass->config_prefix, ".", dotted, NULL);
}

/* Whether a property has a value at all: text that is not empty, or an object or boxed value. Numbers
 * always have one. */
static gboolean
has_value (EfElement *self, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (self), pspec->name, &value);

  if (G_VALUE_HOLDS_STRING (&value))
    return g_value_get_string (&value) != NULL && *g_value_get_string (&value) != '\0';
  if (G_VALUE_HOLDS (&value, G_TYPE_STRV))
    return g_value_get_boxed (&value) != NULL && *(char **) g_value_get_boxed (&value) != NULL;
  if (g_value_fits_pointer (&value))
    return g_value_peek_pointer (&value) != NULL;

  return TRUE;
}

/* Whether the property has a value, or one that will do in its place. */
static gboolean
is_given (EfElement *self, GParamSpec *pspec)
{
  for (; pspec != NULL; pspec = ef_config_key_get_alternative (EF_ELEMENT_GET_CLASS (self), pspec))
    if (has_value (self, pspec))
      return TRUE;

  return FALSE;
}

static void
fail_required (EfElement *self, GParamSpec *pspec, GError **error)
{
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (self);
  g_autofree char *key = ef_element_class_dup_key (klass, pspec);
  g_autoptr (GString) text = g_string_new (NULL);
  GParamSpec *other = ef_config_key_get_alternative (klass, pspec);

  g_string_append_printf (text, "%s: property “%s”", ef_element_get_name (self), pspec->name);
  if (strcmp (key, pspec->name) != 0)
    g_string_append_printf (text, " (config key “%s”)", key);
  g_string_append (text, " is required");
  if (other != NULL)
    {
      for (; other != NULL; other = ef_config_key_get_alternative (klass, other))
        g_string_append_printf (text, ", or “%s”", other->name);
      g_string_append (text, " in its place");
    }

  g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY, text->str);
}

/* That no property with %EF_PARAM_REQUIRED was forgotten. */
gboolean
ef_element_check_required (EfElement *self, GError **error)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    if ((pspecs[i]->flags & EF_PARAM_REQUIRED) && !is_given (self, pspecs[i]))
      {
        fail_required (self, pspecs[i], error);
        return FALSE;
      }

  return TRUE;
}
