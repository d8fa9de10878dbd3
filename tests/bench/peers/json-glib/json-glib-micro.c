/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* json-glib-micro: json-glib alone. Arguments: decode|encode|encode-text COUNT FILE, where FILE has
 * a trade a line. Decoding reads five columns, encoding builds and prints an object of three. */

#include "config.h"

#include <bench-job.h>
#include <bench-report.h>
#include <bench-stream.h>

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct
{
  char *e;
  char *s;
  char *p;
  char *q;
  double price; /* p as a number */
  gint64 T;
} Trade;

static void
trade_clear (Trade *trade)
{
  g_free (trade->e);
  g_free (trade->s);
  g_free (trade->p);
  g_free (trade->q);
}

static void
decode_one (JsonParser *parser, const char *line, gssize length, Trade *trade)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  if (!json_parser_load_from_data (parser, line, length, &error))
    bench_fail ("%s", error->message);

  object = json_node_get_object (json_parser_get_root (parser));
  trade->e = g_strdup (json_object_get_string_member (object, "e"));
  trade->s = g_strdup (json_object_get_string_member (object, "s"));
  trade->p = g_strdup (json_object_get_string_member (object, "p"));
  trade->q = g_strdup (json_object_get_string_member (object, "q"));
  trade->T = json_object_get_int_member (object, "T");
}

static char *
encode_one (const Trade *trade, gboolean as_text, gsize *length)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "s");
  json_builder_add_string_value (builder, trade->s);
  json_builder_set_member_name (builder, "p");
  if (as_text)
    json_builder_add_string_value (builder, trade->p);
  else
    json_builder_add_double_value (builder, trade->price);
  json_builder_set_member_name (builder, "T");
  json_builder_add_int_value (builder, trade->T);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);

  return json_generator_to_data (generator, length);
}

static void
run_decode (char **lines, guint n_lines, guint64 count)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  guint64 bytes = 0;
  BenchClock clock;

  bench_clock_start (&clock);
  for (guint64 i = 0; i < count; i++)
    {
      const char *line = lines[i % n_lines];
      gsize length = strlen (line);
      Trade trade;

      decode_one (parser, line, (gssize) length, &trade);
      trade_clear (&trade);
      bytes += length;
    }
  bench_report (count, bytes, &clock);
}

static void
run_encode (char **lines, guint n_lines, guint64 count, gboolean as_text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree Trade *trades = g_new0 (Trade, n_lines);
  guint64 bytes = 0;
  BenchClock clock;

  for (guint i = 0; i < n_lines; i++)
    {
      decode_one (parser, lines[i], -1, &trades[i]);
      trades[i].price = g_ascii_strtod (trades[i].p, NULL);
    }

  bench_clock_start (&clock);
  for (guint64 i = 0; i < count; i++)
    {
      gsize length;
      char *text = encode_one (&trades[i % n_lines], as_text, &length);

      bytes += length;
      g_free (text);
    }
  bench_report (count, bytes, &clock);

  for (guint i = 0; i < n_lines; i++)
    trade_clear (&trades[i]);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (argc != 4)
    bench_fail ("usage: decode|encode|encode-text COUNT FILE");
  if (!g_file_get_contents (argv[3], &text, NULL, &error))
    bench_fail ("%s", error->message);
  lines = g_strsplit (g_strchomp (text), "\n", -1);

  if (g_str_equal (argv[1], "decode"))
    run_decode (lines, g_strv_length (lines), bench_parse_count (argv[2]));
  else if (g_str_equal (argv[1], "encode"))
    run_encode (lines, g_strv_length (lines), bench_parse_count (argv[2]), FALSE);
  else if (g_str_equal (argv[1], "encode-text"))
    run_encode (lines, g_strv_length (lines), bench_parse_count (argv[2]), TRUE);
  else
    bench_fail ("no mode “%s”", argv[1]);

  return 0;
}
