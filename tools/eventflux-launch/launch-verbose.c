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

static gboolean
is_set (EfElement *element, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;

  if ((pspec->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE || strcmp (pspec->name, "name") == 0)
    return FALSE;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (element), pspec->name, &value);

  return !g_param_value_defaults (pspec, &value);
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
