/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-private.h"

#include "ef-config-key-private.h"
#include "ef-located-error-private.h"

#include <string.h>

/* What is wrong with a value may be found only when the element is to be READY. Elements begin what they
 * say then with the property, `property “url”: …`, so the place where it was written can be shown. */

/* The property that a message is about, or %NULL. One that goes on with a comma tells of a place in the
 * value, and shows it. */
static char *
dup_property (const char *message, const char *element)
{
  const char *open = "property “", *close = "”";
  const char *start = message, *end;

  if (g_str_has_prefix (start, element) && g_str_has_prefix (start + strlen (element), ": "))
    start += strlen (element) + strlen (": ");
  if (!g_str_has_prefix (start, open))
    return NULL;

  start += strlen (open);
  end = strstr (start, close);

  return end != NULL && end[strlen (close)] != ',' ? g_strndup (start, (gsize) (end - start)) : NULL;
}

static gboolean
find_element (EfPipelineSpec *spec, const char *name, guint *index)
{
  for (guint i = 0; i < ef_pipeline_spec_get_n_elements (spec); i++)
    if (g_str_equal (ef_pipeline_spec_get_element_name (spec, i), name))
      {
        *index = i;
        return TRUE;
      }

  return FALSE;
}

/* Where the value of a property stands: the last one counts. One that was not written is missed where the
 * element is. */
static const EfTextLocation *
find_place (EfPipelineSpec *spec, guint index, EfElement *element, GParamSpec *pspec)
{
  const EfTextLocation *place = ef_pipeline_spec_get_element_location (spec, index);

  for (guint i = 0; i < ef_pipeline_spec_get_n_properties (spec, index); i++)
    {
      const char *key = ef_pipeline_spec_get_property (spec, index, i, NULL);
      EfConfigKey resolved;

      if (ef_config_key_resolve (EF_ELEMENT_GET_CLASS (element), "", key, &resolved, NULL)
          && resolved.pspec == pspec)
        ef_pipeline_spec_get_property_location (spec, index, i, &place);
    }

  return place;
}

/* The text, for showing a line of it: without the value if that is a secret, or without a user's name and
 * password if it is a URL that has them. */
static char *
dup_masked (const char *text, const EfTextLocation *place, gboolean is_secret)
{
  char *masked = g_strdup (text);
  char *value = masked + MIN (place->offset, strlen (masked));
  char *line_end = value + strcspn (value, "\n");
  char *start = value, *end = line_end;

  if (!is_secret)
    {
      start = strstr (value, "://");
      start = start != NULL && start < line_end ? start + strlen ("://") : line_end;
      end = start + strcspn (start, "/?# \t\n");
      while (end > start && *end != '@')
        end--;
    }

  for (char *p = start; p < end; p++)
    *p = '*';

  return masked;
}

/* What an element says about its configuration, with the place in the text of the spec that it is about;
 * %NULL if there is none. */
GError *
ef_pipeline_locate_error (EfPipeline *self, EfElement *element, const GError *error)
{
  const char *name = ef_element_get_name (element);
  g_autofree char *property = dup_property (error->message, name);
  const EfTextLocation *place;
  g_autofree char *text = NULL;
  GParamSpec *pspec;
  GError *located;
  guint index;

  if (property == NULL || self->spec == NULL || ef_pipeline_spec_get_text (self->spec) == NULL
      || !find_element (self->spec, name, &index))
    return NULL;

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (element), property);
  place = pspec != NULL ? find_place (self->spec, index, element, pspec) : NULL;
  if (place == NULL || place->line == 0)
    return NULL;

  located = g_error_copy (error);
  if (!g_str_has_prefix (error->message, name))
    g_prefix_error (&located, "%s: ", name);
  text = dup_masked (ef_pipeline_spec_get_text (self->spec), place,
                     (pspec->flags & EF_PARAM_SECRET) != 0);
  ef_locate_error (located, text, place);

  return located;
}
