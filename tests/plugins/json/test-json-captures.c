/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Recorded sessions of public feeds, decoded as a user of each would: no message is rejected. */

#include "json-decoding.h"
#include "json-oracle.h"

#include <string.h>

typedef struct
{
  const char *file;
  JsonDecoding decoding;
  guint n_messages;
  guint n_filled; /* events whose columns are all there */
  const char *first_filled;
} Capture;

static const Capture captures[] = {
  { "BINANCE.ws.1.0",
    { .schema = "stream STRING, s STRING, u LONG, bids JSON, bid DOUBLE",
      .mapping = "s=$.data.s u=$.data.u bids=$.data.b bid=$.data.b[0][0]" },
    265,
    124,
    "{\"stream\":\"nknusdt@depth@100ms\",\"s\":\"NKNUSDT\",\"u\":499869752,\"bids\":[[\"0.35130000\","
    "\"6195.00000000\"],[\"0.34750000\",\"5548.00000000\"],[\"0.34640000\",\"6222.00000000\"]],"
    "\"bid\":0.3513}" },
  { "BINANCE_FUTURES.ws.1.0",
    { .schema = "e STRING, s STRING, p DOUBLE, q DOUBLE, T LONG, m BOOL",
      .mapping = "e=$.data.e s=$.data.s p=$.data.p q=$.data.q T=$.data.T m=$.data.m" },
    1535,
    91,
    "{\"e\":\"aggTrade\",\"s\":\"CTKUSDT\",\"p\":1.011,\"q\":10.0,\"T\":1626992741421,\"m\":false}" },
  { "COINBASE.ws.28.0",
    { .schema = "type STRING, product_id STRING, price DOUBLE, sequence LONG, trade_id INT, time STRING" },
    9946,
    214,
    "{\"type\":\"ticker\",\"product_id\":\"BAND-GBP\",\"price\":14.7775,\"sequence\":333938798,"
    "\"trade_id\":881613,\"time\":\"2021-04-17T16:43:30.244075Z\"}" },
  { "KRAKEN.ws.49.0",
    { .schema = "channel INT, pair STRING, ask DOUBLE, trades INT",
      .mapping = "channel=$[0] pair=$[3] ask=$[1].a[0] trades=$[1].t[1]" },
    60,
    18,
    "{\"channel\":1668,\"pair\":\"WAVES/EUR\",\"ask\":13.2539,\"trades\":1353}" },
};

/* What the server sent: behind “time: ”. */
static const char *
get_server_text (const char *line)
{
  const char *colon = strchr (line, ':');

  return g_ascii_isdigit (*line) && colon != NULL && colon[1] == ' ' ? colon + 2 : NULL;
}

static gboolean
is_filled (EfEvent *event)
{
  for (guint i = 0; i < ef_schema_get_n_columns (ef_event_get_schema (event)); i++)
    if (ef_event_is_null (event, i))
      return FALSE;

  return TRUE;
}

static void
test_capture (gconstpointer data)
{
  const Capture *capture = data;
  g_autofree char *path
    = g_test_build_filename (G_TEST_DIST, "data", "captures", capture->file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader = json_decoding_new_reader (&capture->decoding, &error);
  g_autofree char *session = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_messages = 0, n_filled = 0;

  g_assert_no_error (error);
  g_file_get_contents (path, &session, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (session, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      const char *text = get_server_text (*line);
      g_autoptr (EfBatch) batch = NULL;

      if (text == NULL)
        continue;

      batch = json_decoding_read (reader, text, strlen (text), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (ef_batch_get_n_events (batch), ==, 1);
      n_messages++;

      if (is_filled (ef_batch_get_event (batch, 0)) && n_filled++ == 0)
        {
          g_autofree char *json = ef_event_to_json (ef_batch_get_event (batch, 0));

          g_assert_cmpstr (json, ==, capture->first_filled);
        }

      if (*text == '{' && n_messages % 10 == 0)
        g_assert_true (json_oracle_check_decoding (text, strlen (text)));
    }

  g_assert_cmpuint (n_messages, ==, capture->n_messages);
  g_assert_cmpuint (n_filled, ==, capture->n_filled);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (captures); i++)
    {
      g_autofree char *path = g_strconcat ("/json/captures/", captures[i].file, NULL);

      g_test_add_data_func (path, &captures[i], test_capture);
    }

  return g_test_run ();
}
