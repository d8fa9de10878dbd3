/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What mapping an event costs, the making of it included, beside json-glib doing the same:
 * `json-bench [CASE-PREFIX] [ROUNDS]`. The best of several rounds counts, as everything else that runs
 * only ever makes one slower. */

#include <eventflux.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ef-json-layout.h"
#include "ef-json-reader.h"

#define BATCH       256
#define ROUND_EVENTS 40000

static const char trade[]
  = "{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"BNBBTC\",\"t\":12345,\"p\":\"0.001\","
    "\"q\":\"100\",\"T\":1672515782136,\"m\":true,\"M\":true}";

static const char combined[]
  = "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"BTCUSDT\","
    "\"t\":2387156398,\"p\":\"16850.72000000\",\"q\":\"0.01250000\",\"b\":8623482343,"
    "\"a\":8623482411,\"T\":1672515782136,\"m\":true,\"M\":true}}";

/* An event is made of a message, or a message of an event, so often; @text and @columns differ. */
typedef struct
{
  const char *name;
  void (*run) (gconstpointer data, guint n_events);
  const char *text;
  const char *columns;
  const char *mapping;
} Case;

static EfJsonReader *
new_reader (const Case *self)
{
  g_autoptr (EfSchema) schema = ef_schema_parse (self->columns, NULL);
  g_autoptr (GHashTable) mapping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; self->mapping != NULL && i < ef_schema_get_n_columns (schema); i++)
    {
      const char *name = ef_schema_get_column_name (schema, i);

      g_hash_table_insert (mapping, g_strdup (name), g_strconcat (self->mapping, name, NULL));
    }

  return ef_json_reader_new (ef_json_plan_new (schema, mapping, NULL, NULL), FALSE);
}

static void
decode (gconstpointer data, guint n_events)
{
  const Case *self = data;
  g_autoptr (EfJsonReader) reader = new_reader (self);
  EfBatch *output = ef_batch_new ();
  gsize length = strlen (self->text);

  for (guint n = 0; n < n_events; n += BATCH)
    {
      for (int i = 0; i < BATCH; i++)
        if (!ef_json_reader_read (reader, self->text, length, i, output, NULL))
          abort ();

      output = ef_batch_recycle (output);
      ef_event_builder_flush (ef_json_reader_get_builder (reader));
    }

  ef_batch_unref (output);
}

static void
decode_json_glib (gconstpointer data, guint n_events)
{
  const Case *self = data;
  gssize length = (gssize) strlen (self->text);
  gsize sum = 0;

  for (guint n = 0; n < n_events; n++)
    {
      g_autoptr (JsonParser) parser = json_parser_new_immutable ();
      JsonObject *object;

      if (!json_parser_load_from_data (parser, self->text, length, NULL))
        abort ();

      object = json_node_get_object (json_parser_get_root (parser));
      sum += strlen (json_object_get_string_member (object, "e"));
      sum += strlen (json_object_get_string_member (object, "s"));
      sum += strlen (json_object_get_string_member (object, "p"));
      sum += strlen (json_object_get_string_member (object, "q"));
      sum += (gsize) json_object_get_int_member (object, "T");
    }

  g_assert_cmpuint (sum, >, 0);
}

static EfEvent *
new_event (const Case *self)
{
  g_autoptr (EfJsonReader) reader = new_reader (self);
  g_autoptr (EfBatch) batch = ef_batch_new ();

  if (!ef_json_reader_read (reader, self->text, strlen (self->text), 0, batch, NULL))
    abort ();

  return ef_event_detach (ef_batch_get_event (batch, 0));
}

static void
encode (gconstpointer data, guint n_events)
{
  g_autoptr (EfEvent) event = new_event (data);
  g_autoptr (EfJsonLayout) layout = ef_json_layout_new (ef_event_get_schema (event), NULL, NULL);
  g_autoptr (EfEventBuilder) builder = ef_event_builder_new (ef_schema_get_text_payload ());
  EfBatch *output = ef_batch_new ();

  for (guint n = 0; n < n_events; n += BATCH)
    {
      for (int i = 0; i < BATCH; i++)
        {
          const EfValue *values = ef_event_peek_values (event);
          char *out
            = ef_event_builder_begin_payload (builder, ef_json_layout_get_room (layout, values));

          ef_event_builder_end_payload (builder, output, i,
                                        (gsize) (ef_json_layout_write (layout, values, out) - out));
        }

      output = ef_batch_recycle (output);
      ef_event_builder_flush (builder);
    }

  ef_batch_unref (output);
}

static void
encode_json_glib (gconstpointer data, guint n_events)
{
  g_autoptr (EfEvent) event = new_event (data);
  g_autofree char *symbol = ef_event_dup_string (event, 0);
  double price = ef_event_get_double (event, 1), volume = ef_event_get_double (event, 2);
  gsize sum = 0;

  for (guint n = 0; n < n_events; n++)
    {
      g_autoptr (JsonObject) object = json_object_new ();
      g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *text = NULL;

      json_object_set_string_member (object, "symbol", symbol);
      json_object_set_double_member (object, "price", price);
      json_object_set_double_member (object, "volume", volume);
      json_node_set_object (root, object);
      text = json_to_string (root, FALSE);
      sum += strlen (text);
    }

  g_assert_cmpuint (sum, >, 0);
}

static const char trade_columns[] = "e STRING, s STRING, p STRING, q STRING, T BIGINT";
static const char number_columns[] = "e STRING, s STRING, p DOUBLE, q DOUBLE, T BIGINT";
static const char output_columns[] = "symbol STRING, price DOUBLE, volume DOUBLE";
static const char output[] = "{\"symbol\":\"BTCUSDT\",\"price\":16850.72,\"volume\":0.0125}";
static const char long_output[]
  = "{\"symbol\":\"BTCUSDT\",\"price\":16850.723333333332,\"volume\":0.3333333333333333}";

static const Case cases[] = {
  { "decode-trade", decode, trade, trade_columns, NULL },
  { "decode-trade-numbers", decode, trade, number_columns, NULL },
  { "decode-combined", decode, combined, number_columns, "$.data." },
  { "decode-3", decode, output, output_columns, NULL },
  { "decode-3-all-digits", decode, long_output, output_columns, NULL },
  { "json-glib-decode-trade", decode_json_glib, trade, NULL, NULL },
  { "encode-3", encode, output, output_columns, NULL },
  { "encode-3-all-digits", encode, long_output, output_columns, NULL },
  { "encode-trade", encode, trade, trade_columns, NULL },
  { "json-glib-encode-3", encode_json_glib, output, output_columns, NULL },
};

static gint64
now_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

int
main (int argc, char **argv)
{
  const char *prefix = argc > 1 ? argv[1] : "";
  int rounds = argc > 2 ? atoi (argv[2]) : 15;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_events = g_str_has_prefix (cases[i].name, "json-glib") ? ROUND_EVENTS / 16 : ROUND_EVENTS;
      gint64 best = G_MAXINT64;

      if (!g_str_has_prefix (cases[i].name, prefix))
        continue;

      for (int round = 0; round < rounds; round++)
        {
          gint64 start = now_ns ();

          cases[i].run (&cases[i], n_events);
          best = MIN (best, now_ns () - start);
        }

      g_print ("%-24s %8.1f ns\n", cases[i].name, (double) best / n_events);
    }

  return 0;
}
