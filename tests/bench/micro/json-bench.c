/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What mapping an event costs, making it included, beside json-glib doing the same. */

#include <eventflux.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "ef-json-reader.h"

#define BATCH 256

static const char trade[]
  = "{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"BNBBTC\",\"t\":12345,\"p\":\"0.001\","
    "\"q\":\"100\",\"T\":1672515782136,\"m\":true,\"M\":true}";

static const char trade_schema[] = "e STRING, s STRING, p STRING, q STRING, T BIGINT";
static const char numbers_schema[] = "e STRING, s STRING, p DOUBLE, q DOUBLE, T BIGINT";

typedef void (*Round) (gpointer data);

/* The best of several runs, as others use the machine too. */
static void
measure (const char *name, Round round, gpointer data, guint n_events)
{
  gint64 best = G_MAXINT64;

  for (int run = 0; run < 15; run++)
    {
      gint64 start = g_get_monotonic_time ();
      gint64 n = 0, elapsed;

      do
        {
          round (data);
          n += n_events;
          elapsed = g_get_monotonic_time () - start;
        }
      while (elapsed < 20000);

      best = MIN (best, elapsed * 1000000 / n);
    }

  g_print ("%-44s %8.1f ns\n", name, (double) best / 1000);
}

typedef struct
{
  EfJsonReader *reader;
  EfBatch *output;
  const char *text;
  gsize length;
} Decoding;

static void
decode (gpointer data)
{
  Decoding *self = data;

  for (int i = 0; i < BATCH; i++)
    if (!ef_json_reader_read (self->reader, self->text, self->length, i, self->output, NULL))
      g_assert_not_reached ();

  self->output = ef_batch_recycle (self->output);
  ef_event_builder_flush (ef_json_reader_get_builder (self->reader));
}

static void
measure_decode (const char *name, const char *text, const char *columns)
{
  g_autoptr (EfSchema) schema = ef_schema_parse (columns, NULL);
  g_autoptr (EfJsonReader) reader
    = ef_json_reader_new (ef_json_plan_new (schema, NULL, NULL, NULL), FALSE);
  Decoding decoding = { reader, ef_batch_new (), text, strlen (text) };

  measure (name, decode, &decoding, BATCH);
  ef_batch_unref (decoding.output);
}

static void
decode_json_glib (gpointer data)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *object;
  gsize length = 0;

  if (!json_parser_load_from_data (parser, data, -1, NULL))
    g_assert_not_reached ();

  object = json_node_get_object (json_parser_get_root (parser));
  length += strlen (json_object_get_string_member (object, "e"));
  length += strlen (json_object_get_string_member (object, "s"));
  length += strlen (json_object_get_string_member (object, "p"));
  length += strlen (json_object_get_string_member (object, "q"));
  length += (gsize) json_object_get_int_member (object, "T");
  g_assert_cmpuint (length, >, 0);
}

int
main (int argc, char **argv)
{
  measure_decode ("jsondecode, 113 bytes, 5 columns", trade, trade_schema);
  measure_decode ("jsondecode, 113 bytes, 5 columns, 3 numbers", trade, numbers_schema);
  measure ("json-glib, 113 bytes, 5 members", decode_json_glib, (gpointer) trade, 1);

  return 0;
}
