/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json-decoding.h"

#include <string.h>

EfJsonReader *
json_decoding_new_reader (const JsonDecoding *self, GError **error)
{
  g_autoptr (EfSchema) schema = ef_schema_parse (self->schema, error);
  g_autoptr (GHashTable) mapping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) pairs = g_strsplit (self->mapping != NULL ? self->mapping : "", " ", -1);
  EfJsonPlan *plan;

  if (schema == NULL)
    return NULL;

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      char *path = strchr (*pair, '=');

      g_assert_nonnull (path);
      g_hash_table_insert (mapping, g_strndup (*pair, (gsize) (path - *pair)), g_strdup (path + 1));
    }

  plan = ef_json_plan_new (schema, mapping, self->explode, error);

  return plan != NULL ? ef_json_reader_new (plan, self->missing_is_error) : NULL;
}

/* Reads a message that lies in memory of its very size, where a byte too many is found out. The events
 * are detached from it. */
EfBatch *
json_decoding_read (EfJsonReader *reader, const char *text, gsize length, GError **error)
{
  g_autofree char *exact = g_memdup2 (text, length);
  g_autoptr (EfBatch) batch = ef_batch_new ();
  EfBatch *detached = NULL;

  if (ef_json_reader_read (reader, exact, length, 1700000000000000, batch, error))
    detached = ef_batch_detach (batch);
  else
    g_assert_cmpuint (ef_batch_get_n_events (batch), ==, 0);

  ef_event_builder_flush (ef_json_reader_get_builder (reader));

  return detached;
}

void
json_decoding_assert (const JsonDecoding *self, const char *text, const char *const *events)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader = json_decoding_new_reader (self, &error);

  g_assert_no_error (error);

  /* Twice, as what a reader remembers of one message must not change what it makes of the next. */
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (EfBatch) batch = json_decoding_read (reader, text, strlen (text), &error);

      g_assert_no_error (error);
      for (guint k = 0; k < ef_batch_get_n_events (batch); k++)
        {
          EfEvent *event = ef_batch_get_event (batch, k);
          g_autofree char *json = ef_event_to_json (event);

          g_assert_cmpstr (json, ==, events[k]);
          g_assert_cmpint (ef_event_get_timestamp (event), ==, 1700000000000000);
        }
      g_assert_cmpuint (ef_batch_get_n_events (batch), ==, g_strv_length ((char **) events));
    }
}

void
json_decoding_assert_error (const JsonDecoding *self, const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader = json_decoding_new_reader (self, &error);
  g_autoptr (EfBatch) batch = NULL;

  g_assert_no_error (error);
  batch = json_decoding_read (reader, text, strlen (text), &error);
  g_assert_null (batch);
  g_assert_error (error, EF_ERROR, EF_ERROR_DATA);
  g_assert_cmpstr (error->message, ==, message);
}

/* A file of this folder. */
char *
json_decoding_load (const char *file)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "plugins", "json", file, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}
