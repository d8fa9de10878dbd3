/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql-harness.h"

#include <string.h>

#include "ef-sql.h"
#include "ef-test-element.h"
#include "ef-test-loop.h"

/* What an element is put between: it pushes what the test says and writes down what it gets. */
struct _EfSqlProbe
{
  EfElement parent_instance;

  GString *lines;
};

G_DEFINE_FINAL_TYPE (EfSqlProbe, ef_sql_probe, EF_TYPE_ELEMENT)

static void
add_line (EfSqlProbe *self, const char *line)
{
  g_string_append_printf (self->lines, "%s%s", self->lines->len > 0 ? "\n" : "", line);
}

static void
ef_sql_probe_process (EfElement *element, EfBatch *batch)
{
  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      g_autofree char *json = ef_event_to_json (ef_batch_get_event (batch, i));

      add_line (EF_SQL_PROBE (element), json);
    }
}

static void
ef_sql_probe_marker (EfElement *element, EfMarker *marker)
{
  add_line (EF_SQL_PROBE (element), ef_marker_get_kind (marker) == EF_MARKER_EOS ? "end" : "gap");
}

static void
ef_sql_probe_finalize (GObject *object)
{
  g_string_free (EF_SQL_PROBE (object)->lines, TRUE);

  G_OBJECT_CLASS (ef_sql_probe_parent_class)->finalize (object);
}

static void
ef_sql_probe_class_init (EfSqlProbeClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ef_sql_probe_finalize;
  element_class->process = ef_sql_probe_process;
  element_class->marker = ef_sql_probe_marker;
  ef_element_class_set_metadata (element_class, "sqlprobe", "Stands before and behind a query",
                                 NULL);
  ef_element_class_set_pads (element_class, TRUE, TRUE);
}

static void
ef_sql_probe_init (EfSqlProbe *self)
{
  self->lines = g_string_new (NULL);
}

static void
configure (EfElement *element, const char *key, va_list args)
{
  for (; key != NULL; key = va_arg (args, const char *))
    {
      g_autoptr (GError) error = NULL;

      ef_element_set_from_string (element, key, va_arg (args, const char *), &error);
      g_assert_no_error (error);
    }
}

/* Starts the element `sql` with the properties given as keys and values. */
void
ef_sql_harness_init (EfSqlHarness *self, const char *schema, ...)
{
  g_autoptr (GError) error = NULL;
  va_list args;

  self->clock = ef_test_clock_new ();
  self->schema = ef_schema_parse (schema, &error);
  g_assert_no_error (error);
  self->feed = g_object_new (EF_TYPE_SQL_PROBE, "name", "feed", NULL);
  self->element = g_object_new (EF_TYPE_SQL, "name", "sql", NULL);
  self->out = g_object_new (EF_TYPE_SQL_PROBE, "name", "out", NULL);
  self->errors = g_object_new (EF_TYPE_SQL_PROBE, "name", "errors", NULL);

  va_start (args, schema);
  configure (self->element, va_arg (args, const char *), args);
  va_end (args);

  ef_element_set_clock (self->element, EF_CLOCK (self->clock));
  ef_test_link (self->feed, self->element);
  ef_test_link (self->element, self->out);
  ef_test_link_errors (self->element, self->errors);
  ef_test_start (self->out);
  ef_test_start (self->errors);
  ef_test_start (self->element);
  ef_test_start (self->feed);
}

void
ef_sql_harness_clear (EfSqlHarness *self)
{
  ef_test_stop (self->feed);
  ef_test_stop (self->element);
  ef_test_stop (self->out);
  ef_test_stop (self->errors);
  g_assert_finalize_object (self->feed);
  g_assert_finalize_object (self->element);
  g_assert_finalize_object (self->out);
  g_assert_finalize_object (self->errors);
  g_object_unref (self->clock);
  ef_schema_unref (self->schema);
}

/* Makes a row of values that stand between bars; an empty one is NULL. */
EfEvent *
ef_sql_harness_make_row (EfSqlHarness *self, gint64 timestamp, const char *values)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (self->schema);
  g_auto (GStrv) parts = g_strsplit (values, "|", -1);

  g_assert_cmpuint (g_strv_length (parts), ==, ef_schema_get_n_columns (self->schema));
  ef_event_builder_begin (builder, timestamp);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      EfColumnType type = ef_schema_get_column_type (self->schema, i);

      if (*parts[i] == '\0')
        continue;
      if (type == EF_COLUMN_INT || type == EF_COLUMN_LONG)
        ef_event_builder_set_int64 (builder, i, g_ascii_strtoll (parts[i], NULL, 10));
      else if (type == EF_COLUMN_FLOAT || type == EF_COLUMN_DOUBLE)
        ef_event_builder_set_double (builder, i, g_ascii_strtod (parts[i], NULL));
      else if (type == EF_COLUMN_BOOL)
        ef_event_builder_set_boolean (builder, i, g_str_equal (parts[i], "true"));
      else if (type == EF_COLUMN_ANY)
        ef_event_builder_set_data (builder, i, EF_COLUMN_STRING, parts[i], strlen (parts[i]));
      else
        ef_event_builder_set_data (builder, i, type, parts[i], strlen (parts[i]));
    }

  return ef_event_builder_end (builder);
}

void
ef_sql_harness_push (EfSqlHarness *self, EfBatch *batch)
{
  ef_element_push (EF_ELEMENT (self->feed), batch);
}

/* Pushes a row. Times count from the moment that the clock began with. */
void
ef_sql_harness_put (EfSqlHarness *self, gint64 timestamp, const char *values)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();

  ef_batch_append (batch,
                   ef_sql_harness_make_row (self, EF_TEST_CLOCK_REAL_START + timestamp, values));
  ef_sql_harness_push (self, batch);
}

void
ef_sql_harness_end (EfSqlHarness *self)
{
  g_autoptr (EfMarker) eos = ef_marker_new_eos ();

  ef_element_push_marker (EF_ELEMENT (self->feed), eos);
}

static char *
take_lines (EfSqlProbe *probe)
{
  char *lines = g_strdup (probe->lines->str);

  g_string_truncate (probe->lines, 0);

  return lines;
}

/* What has come out since the last time, an event a line. */
char *
ef_sql_harness_take (EfSqlHarness *self)
{
  return take_lines (self->out);
}

char *
ef_sql_harness_take_errors (EfSqlHarness *self)
{
  return take_lines (self->errors);
}

guint64
ef_sql_harness_get_stat (EfSqlHarness *self, const char *name)
{
  return ef_test_get_stat (self->element, name);
}

/* Lets time go by. */
void
ef_sql_harness_advance (EfSqlHarness *self, gint64 usec)
{
  ef_test_clock_advance (self->clock, usec);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* What an element with these properties says when it is started. */
char *
ef_sql_harness_fail (const char *key, ...)
{
  g_autoptr (EfElement) element = g_object_new (EF_TYPE_SQL, "name", "sql", NULL);
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, key);
  configure (element, key, args);
  va_end (args);

  ef_element_start (element, &error);
  g_assert_nonnull (error);

  return g_strdup (error->message);
}
