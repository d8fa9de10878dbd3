/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-sql-build-private.h"

/* Options that stand for another element, such as the `source` of a websocketsink. Elements have no
 * names in an application: what brings events is called by the stream that it brings them into. */

typedef struct
{
  guint element;
  const EfSqlOption *option;
} Reference;

void
ef_sql_builder_init_elements (EfSqlBuilder *self)
{
  self->references = g_array_new (FALSE, FALSE, sizeof (Reference));
  self->sources = g_hash_table_new (NULL, NULL);
}

void
ef_sql_builder_clear_elements (EfSqlBuilder *self)
{
  g_array_unref (self->references);
  g_hash_table_unref (self->sources);
}

/* Notes the element that brings events into a stream; of several it is the first. */
void
ef_sql_builder_note_source (EfSqlBuilder *self, EfSqlStream *stream, guint element)
{
  if (!g_hash_table_contains (self->sources, stream))
    g_hash_table_insert (self->sources, stream, GUINT_TO_POINTER (element));
}

/* Notes an option that has to wait until all elements are there. */
void
ef_sql_builder_note_reference (EfSqlBuilder *self, guint element, const EfSqlOption *option)
{
  Reference reference = { element, option };

  g_array_append_val (self->references, reference);
}

static gboolean
resolve (EfSqlBuilder *self, const Reference *reference, GError **error)
{
  const EfSqlOption *option = reference->option;
  EfSqlStream *stream = ef_sql_application_find_stream (self->app, option->value);
  EfTextLocation key = ef_sql_builder_locate (self, option->key_offset);
  EfTextLocation value = ef_sql_builder_locate (self, option->value_offset);
  gpointer source;

  if (stream == NULL)
    {
      g_autofree char *hint = ef_sql_application_dup_hint (self->app, option->value, FALSE);

      return ef_sql_application_fail (self->app->text, option->value_offset, EF_ERROR_INVALID_VALUE,
                                      error, "“%s” takes the name of a stream; there is none called "
                                      "“%s”%s",
                                      option->key, option->value, hint);
    }

  if (!g_hash_table_lookup_extended (self->sources, stream, NULL, &source))
    return ef_sql_application_fail (self->app->text, option->value_offset, EF_ERROR_INVALID_VALUE,
                                    error, "the stream “%s” has no source", stream->name);

  ef_pipeline_spec_add_property (
    self->spec, reference->element, option->key,
    ef_pipeline_spec_get_element_name (self->spec, GPOINTER_TO_UINT (source)), &key, &value);

  return TRUE;
}

/* All elements are there: sets what was noted. */
gboolean
ef_sql_builder_resolve_references (EfSqlBuilder *self, GError **error)
{
  for (guint i = 0; i < self->references->len; i++)
    if (!resolve (self, &g_array_index (self->references, Reference, i), error))
      return FALSE;

  return TRUE;
}
