/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

/* What slices lie in, for tests: it counts its references. */
typedef struct
{
  int ref_count;
  char text[16];
} Buffer;

static gpointer
buffer_ref (gpointer data)
{
  ((Buffer *) data)->ref_count++;
  return data;
}

static void
buffer_unref (gpointer data)
{
  ((Buffer *) data)->ref_count--;
}

static EfSchema *
all_types (void)
{
  return ef_schema_parse ("s STRING, i INT, l LONG, f FLOAT, d DOUBLE, b BOOL, y BYTES, j JSON, "
                          "a ANY, n STRING",
                          NULL);
}

static EfEvent *
build_all_types (EfEventBuilder *builder)
{
  ef_event_builder_begin (builder, 1672515782136000);
  ef_event_builder_set_string (builder, 0, "quo\"te", -1);
  ef_event_builder_set_int64 (builder, 1, -7);
  ef_event_builder_set_int64 (builder, 2, G_MAXINT64);
  ef_event_builder_set_double (builder, 3, 0.1);
  ef_event_builder_set_double (builder, 4, 0.1);
  ef_event_builder_set_boolean (builder, 5, TRUE);
  ef_event_builder_set_data (builder, 6, EF_COLUMN_BYTES, "\0\1\2", 3);
  ef_event_builder_set_data (builder, 7, EF_COLUMN_JSON, "[1,2]", 5);
  ef_event_builder_set_int64 (builder, 8, 5);

  return ef_event_builder_end (builder);
}

static void
assert_all_types (EfEvent *event)
{
  g_autofree char *json = ef_event_to_json (event);
  g_autofree char *text = ef_event_dup_string (event, 0);
  g_autoptr (GBytes) bytes = ef_event_get_bytes (event, 6);

  g_assert_cmpint (ef_event_get_timestamp (event), ==, 1672515782136000);
  g_assert_cmpstr (text, ==, "quo\"te");
  g_assert_cmpint (ef_event_get_int64 (event, 1), ==, -7);
  g_assert_cmpint (ef_event_get_int64 (event, 2), ==, G_MAXINT64);
  g_assert_true (ef_event_get_double (event, 3) == (double) 0.1f);
  g_assert_true (ef_event_get_double (event, 4) == 0.1);
  g_assert_true (ef_event_get_boolean (event, 5));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\1\2", 3);
  g_assert_cmpint (ef_event_get_value_type (event, 8), ==, EF_COLUMN_LONG);
  g_assert_true (ef_event_is_null (event, 9));
  g_assert_null (ef_event_get_bytes (event, 9));
  g_assert_null (ef_event_dup_string (event, 1));
  g_assert_cmpstr (json, ==,
                   "{\"s\":\"quo\\\"te\",\"i\":-7,\"l\":9223372036854775807,\"f\":0.1,\"d\":0.1,"
                   "\"b\":true,\"y\":\"AAEC\",\"j\":[1,2],\"a\":5,\"n\":null}");
}

static void
test_all_types (void)
{
  g_autoptr (EfSchema) schema = all_types ();
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfEvent) event = build_all_types (builder);
  g_autoptr (EfEvent) detached = ef_event_detach (event);
  g_autoptr (EfEvent) again = ef_event_detach (detached);
  g_autoptr (GVariant) variant = g_variant_ref_sink (ef_event_to_variant (event));
  gint64 l = 0;

  assert_all_types (event);
  assert_all_types (detached);
  g_assert_true (detached != event);
  g_assert_true (detached == again);
  g_assert_true (g_variant_lookup (variant, "l", "x", &l));
  g_assert_cmpint (l, ==, G_MAXINT64);

  /* Events outlive their builder and what it was made of. */
  g_clear_pointer (&builder, ef_event_builder_unref);
  g_clear_pointer (&schema, ef_schema_unref);
  assert_all_types (event);
}

static void
test_numbers (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("d DOUBLE", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  static const struct
  {
    double value;
    gint64 integer;
  } cases[] = {
    { 1.9, 1 },
    { -1.9, -1 },
    { 1e300, G_MAXINT64 },
    { -1e300, G_MININT64 },
    { (double) G_MAXINT64, G_MAXINT64 },
    { (double) G_MININT64, G_MININT64 },
    { 0.0 / 0.0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EfEvent) event = NULL;

      ef_event_builder_begin (builder, 0);
      ef_event_builder_set_double (builder, 0, cases[i].value);
      event = ef_event_builder_end (builder);
      g_assert_cmpint (ef_event_get_int64 (event, 0), ==, cases[i].integer);
    }
}

static void
test_payload (void)
{
  g_autoptr (EfEvent) text = ef_event_new_text (5, "hello", -1);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (EfEvent) bytes = ef_event_new_bytes (6, empty);
  g_autofree char *json = ef_event_to_json (text);

  g_assert_cmpstr (json, ==, "{\"payload\":\"hello\"}");
  g_assert_true (ef_event_get_schema (bytes) == ef_schema_get_bytes_payload ());
  g_assert_false (ef_event_is_null (bytes, 0));
  g_assert_cmpuint (ef_event_get_size (text), ==, ef_event_get_size (bytes) + 5);
}

/* Texts of all sizes, small ones among ones that take blocks of their own, written piece by piece. */
static void
test_growth (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("a STRING, b STRING", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (guint i = 0; i < 400; i++)
    {
      gsize size = (gsize) i * i * 2;
      gsize used = 0;

      ef_event_builder_begin (builder, i);
      ef_event_builder_set_string (builder, 0, "first", -1);
      for (gsize piece = 1; used < size; piece *= 2)
        {
          gsize n = MIN (piece, size - used);
          char *room = ef_event_builder_reserve (builder, used, n);

          memset (room + used, 'a' + (int) (i % 26), n);
          used += n;
        }
      if (size == 0)
        ef_event_builder_reserve (builder, 0, 0);
      ef_event_builder_commit (builder, 1, EF_COLUMN_STRING, size);
      ef_batch_append (batch, ef_event_builder_end (builder));
    }
  ef_event_builder_flush (builder);

  for (guint i = 0; i < 400; i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      g_autofree char *first = ef_event_dup_string (event, 0);
      gsize length;
      const char *data = ef_event_peek_data (event, 1, &length);

      g_assert_cmpstr (first, ==, "first");
      g_assert_cmpuint (length, ==, (gsize) i * i * 2);
      for (gsize k = 0; k < length; k++)
        g_assert_cmpint (data[k], ==, 'a' + (int) (i % 26));
    }
}

static void
test_abandon (void)
{
  g_autoptr (EfSchema) schema = ef_schema_parse ("a STRING", NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (schema);
  g_autoptr (EfEvent) event = NULL;
  g_autofree char *text = NULL;

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, "dropped", -1);
  ef_event_builder_abandon (builder);

  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, "kept", -1);
  event = ef_event_builder_end (builder);
  text = ef_event_dup_string (event, 0);
  g_assert_cmpstr (text, ==, "kept");
}

static void
test_pin (void)
{
  Buffer one = { 1, "one" }, two = { 1, "two" };
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());
  EfEvent *events[3];
  EfEvent *detached;

  ef_event_builder_pin (builder, &one, buffer_ref, buffer_unref);
  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_slice (builder, 0, EF_COLUMN_STRING, one.text, 3);
  events[0] = ef_event_builder_end (builder);

  ef_event_builder_pin (builder, &two, buffer_ref, buffer_unref);
  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_slice (builder, 0, EF_COLUMN_STRING, two.text, 3);
  events[1] = ef_event_builder_end (builder);
  ef_event_builder_flush (builder);

  g_assert_cmpint (one.ref_count, ==, 2);
  g_assert_cmpint (two.ref_count, ==, 2);

  /* What is made after the flush does not keep the buffer, nor does a detached copy. */
  ef_event_builder_begin (builder, 0);
  ef_event_builder_set_string (builder, 0, "three", -1);
  events[2] = ef_event_builder_end (builder);
  detached = ef_event_detach (events[0]);

  ef_event_unref (events[0]);
  g_assert_cmpint (one.ref_count, ==, 1);
  ef_event_unref (events[1]);
  g_assert_cmpint (two.ref_count, ==, 1);

  memset (one.text, 'x', 3);
  {
    g_autofree char *text = ef_event_dup_string (detached, 0);

    g_assert_cmpstr (text, ==, "one");
  }
  ef_event_unref (detached);
  ef_event_unref (events[2]);
}

/* Messages written in place, of all sizes, some of which are given up. */
static void
test_payloads (void)
{
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_bytes_payload ());
  g_autoptr (EfBatch) batch = ef_batch_new ();

  for (guint i = 0; i < 400; i++)
    {
      gsize length = (gsize) i * i;
      char *out = ef_event_builder_begin_payload (builder, length + i % 3);

      memset (out, 'a' + (int) (i % 26), length + i % 3);
      if (i % 5 == 4)
        out = memset (ef_event_builder_begin_payload (builder, length), 'a' + (int) (i % 26), length);
      ef_event_builder_end_payload (builder, batch, i, length);
    }
  ef_event_builder_flush (builder);

  g_assert_cmpuint (ef_batch_get_n_events (batch), ==, 400);
  for (guint i = 0; i < 400; i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      EfSchema *schema;
      gint64 timestamp;
      const EfValue *values = ef_event_peek_row (event, &schema, &timestamp);

      g_assert_true (values == ef_event_peek_values (event));
      g_assert_true (schema == ef_schema_get_bytes_payload ());
      g_assert_cmpint (timestamp, ==, i);
      g_assert_cmpint (values[0].type, ==, EF_COLUMN_BYTES);
      g_assert_cmpuint (values[0].length, ==, i * i);
      for (gsize k = 0; k < values[0].length; k++)
        g_assert_cmpint (values[0].v_data[k], ==, 'a' + (int) (i % 26));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/event/all-types", test_all_types);
  g_test_add_func ("/event/event/numbers", test_numbers);
  g_test_add_func ("/event/event/payload", test_payload);
  g_test_add_func ("/event/builder/growth", test_growth);
  g_test_add_func ("/event/builder/abandon", test_abandon);
  g_test_add_func ("/event/builder/payloads", test_payloads);
  g_test_add_func ("/event/builder/pin", test_pin);

  return g_test_run ();
}
