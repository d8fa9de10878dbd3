/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-run.h"

#include <string.h>

static void
print_property (EfElement *element, GParamSpec *pspec)
{
  g_autofree char *value = ef_element_dup_printable_property (element, pspec->name);

  tool_print_note ("%s: %s = %s", ef_element_get_name (element), pspec->name,
                   value != NULL ? value : "(not set)");
}

/* A word as it is, another text in quotes. */
static void
append_value (GString *line, GVariant *value)
{
  g_autofree char *text = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) &&
      strpbrk (g_variant_get_string (value, NULL), " '\"=") == NULL)
    text = g_variant_dup_string (value, NULL);
  else
    text = g_variant_print (value, FALSE);

  g_string_append (line, text);
}

/* Prints a message in a line, details as KEY=VALUE. */
void
launch_print_message (EfMessage *message)
{
  g_autoptr (GString) line = g_string_new (ef_message_get_source_name (message));
  const GError *error = ef_message_get_error (message);
  GVariant *details = ef_message_get_details (message);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_string_append_printf (line, ": %s", ef_message_get_name (message));
  if (error != NULL)
    g_string_append_printf (line, ": %s", error->message);
  if (ef_message_get_debug (message) != NULL)
    g_string_append_printf (line, " (%s)", ef_message_get_debug (message));

  if (error == NULL && details != NULL)
    {
      g_variant_iter_init (&iter, details);
      while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
        {
          g_string_append_printf (line, " %s=", key);
          append_value (line, value);
        }
    }

  tool_print_note ("%s", line->str);
}

static gboolean
is_set (EfElement *element, GParamSpec *pspec)
{
  return (pspec->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE &&
         strcmp (pspec->name, "name") != 0 &&
         !ef_element_is_property_default (element, pspec->name);
}

/* Prints what differs from the defaults, with secrets masked. */
void
launch_print_properties (EfPipeline *pipeline)
{
  g_autoptr (GPtrArray) elements = ef_pipeline_get_elements (pipeline);

  for (guint i = 0; i < elements->len; i++)
    {
      EfElement *element = g_ptr_array_index (elements, i);
      g_autofree GParamSpec **pspecs = NULL;
      guint n_pspecs;

      pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);
      for (guint j = 0; j < n_pspecs; j++)
        if (is_set (element, pspecs[j]))
          print_property (element, pspecs[j]);
    }
}

/* In the context of the element, which is where its properties may be read. */
static void
on_notify (EfElement *element, GParamSpec *pspec, gpointer user_data)
{
  /* The bus tells of states. */
  if (strcmp (pspec->name, "state") != 0 && (pspec->flags & G_PARAM_READABLE))
    print_property (element, pspec);
}

/* Prints properties as they change. */
void
launch_watch_properties (EfPipeline *pipeline)
{
  g_autoptr (GPtrArray) elements = ef_pipeline_get_elements (pipeline);

  for (guint i = 0; i < elements->len; i++)
    g_signal_connect (g_ptr_array_index (elements, i), "notify", G_CALLBACK (on_notify), NULL);
}
