/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "json-decoding.h"

#include <string.h>

#define EVENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_EVENTS ((const char *const[]){ NULL })

/* A trade as Binance sends it: all nine keys, in its order. */
static const char trade[]
  = "{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"BNBBTC\",\"t\":12345,\"p\":\"0.001\","
    "\"q\":\"100\",\"T\":1672515782136,\"m\":true,\"M\":true}";

/* The stream of Binance's own example. */
static void
test_binance (void)
{
  JsonDecoding decoding = { .schema = "e STRING, s STRING, p STRING, q STRING, T BIGINT" };
  JsonDecoding numbers = { .schema = "T BIGINT, q FLOAT, p DOUBLE, s STRING, m BOOL, t INT, M ANY" };

  json_decoding_assert (&decoding, trade,
                        EVENTS ("{\"e\":\"trade\",\"s\":\"BNBBTC\",\"p\":\"0.001\",\"q\":\"100\","
                                "\"T\":1672515782136}"));
  json_decoding_assert (&numbers, trade,
                        EVENTS ("{\"T\":1672515782136,\"q\":100.0,\"p\":0.001,\"s\":\"BNBBTC\","
                                "\"m\":true,\"t\":12345,\"M\":true}"));
}

/* The same from a combined stream, where the trade is wrapped. */
static void
test_binance_combined (void)
{
  JsonDecoding decoding = {
    .schema = "stream STRING, e STRING, s STRING, p STRING, q STRING, T BIGINT",
    .mapping = "e=$.data.e s=$.data.s p=$.data.p q=$.data.q T=$.data.T",
  };
  g_autofree char *message
    = g_strdup_printf ("{\"stream\":\"bnbbtc@trade\",\"data\":%s}", trade);

  json_decoding_assert (&decoding, message,
                        EVENTS ("{\"stream\":\"bnbbtc@trade\",\"e\":\"trade\",\"s\":\"BNBBTC\","
                                "\"p\":\"0.001\",\"q\":\"100\",\"T\":1672515782136}"));
}

static void
test_keys (void)
{
  JsonDecoding narrow = { .schema = "e INT, E INT" };
  JsonDecoding wide = {
    .schema = "a INT, b INT, c INT, d INT, e INT, f INT, g INT, h INT, i INT, j INT, k INT, l INT, "
              "a_key_of_more_than_sixteen_bytes INT, a_kex_of_more_than_sixteen_bytes INT",
  };

  /* In any order, and among others. */
  json_decoding_assert (&narrow, "{\"e\":1,\"E\":2}", EVENTS ("{\"e\":1,\"E\":2}"));
  json_decoding_assert (&narrow, "{\"E\":2,\"e\":1}", EVENTS ("{\"e\":1,\"E\":2}"));
  json_decoding_assert (&narrow, "{\"x\":[{\"e\":5}],\"E\":2,\"y\":{\"E\":7},\"e\":1,\"z\":\"\"}",
                        EVENTS ("{\"e\":1,\"E\":2}"));
  /* A prefix of a key, or more than it, is another key. */
  json_decoding_assert (&narrow, "{\"\":1,\"ee\":2,\"e \":3,\"Ee\":4}",
                        EVENTS ("{\"e\":null,\"E\":null}"));
  /* An escaped key is the key. */
  json_decoding_assert (&narrow, "{\"\\u0065\":1,\"\\u0045\":2}", EVENTS ("{\"e\":1,\"E\":2}"));
  /* Spaces around everything. */
  json_decoding_assert (&narrow, " {\n\t\"e\" : 1 ,\r\n\t\"E\" : 2\n} ", EVENTS ("{\"e\":1,\"E\":2}"));
  json_decoding_assert (&narrow, "{\"e\": 1, \"E\": 2}", EVENTS ("{\"e\":1,\"E\":2}"));
  /* The last of two counts. */
  json_decoding_assert (&narrow, "{\"e\":1,\"e\":2,\"E\":3,\"e\":null}",
                        EVENTS ("{\"e\":null,\"E\":3}"));
  json_decoding_assert (&wide,
                        "{\"l\":12,\"k\":11,\"a_key_of_more_than_sixteen_bytes\":13,\"a\":1,"
                        "\"a_kex_of_more_than_sixteen_bytes\":14,\"g\":7}",
                        EVENTS ("{\"a\":1,\"b\":null,\"c\":null,\"d\":null,\"e\":null,\"f\":null,"
                                "\"g\":7,\"h\":null,\"i\":null,\"j\":null,\"k\":11,\"l\":12,"
                                "\"a_key_of_more_than_sixteen_bytes\":13,"
                                "\"a_kex_of_more_than_sixteen_bytes\":14}"));
}

/* Messages of different shapes one after the other: what is remembered of one is no more than a guess
 * about the next. */
static void
test_changing_shapes (void)
{
  static const struct
  {
    const char *text;
    const char *event;
  } rows[] = {
    { "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":2,\"n\":null,\"a_longer_a\":null}" },
    { "{\"b\":2,\"a\":1,\"c\":3}", "{\"a\":1,\"b\":2,\"n\":null,\"a_longer_a\":null}" },
    { "{\"a\":1,\"b\":2,\"c\":{\"n\":3}}", "{\"a\":1,\"b\":2,\"n\":3,\"a_longer_a\":null}" },
    { "{\"a\" :1,\"b\" :2,\"c\":{\"m\":0,\"n\":3}}", "{\"a\":1,\"b\":2,\"n\":3,\"a_longer_a\":null}" },
    { "{\"c\":{\"n\":3,\"m\":0},\"b\":2}", "{\"a\":null,\"b\":2,\"n\":3,\"a_longer_a\":null}" },
    { "{}", "{\"a\":null,\"b\":null,\"n\":null,\"a_longer_a\":null}" },
    { "{\"aa\":1,\"ab\":2}", "{\"a\":null,\"b\":null,\"n\":null,\"a_longer_a\":null}" },
    { "{\"a\":1}", "{\"a\":1,\"b\":null,\"n\":null,\"a_longer_a\":null}" },
    { "{\"\\u0061\":1,\"b\":2}", "{\"a\":1,\"b\":2,\"n\":null,\"a_longer_a\":null}" },
    { "{\"a_longer_a\":5,\"a_longer_b\":6}", "{\"a\":null,\"b\":null,\"n\":null,\"a_longer_a\":5}" },
    { "{\"a_longer_b\":6,\"a_longer_a\":5}", "{\"a\":null,\"b\":null,\"n\":null,\"a_longer_a\":5}" },
    { "{\"a\":1,\"b\":2,\"c\":[]}", "{\"a\":1,\"b\":2,\"n\":null,\"a_longer_a\":null}" },
    { "{\"a\":1,\"b\":2,\"c\":\"\"}", "{\"a\":1,\"b\":2,\"n\":null,\"a_longer_a\":null}" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (EfJsonReader) reader = json_decoding_new_reader (
    &(JsonDecoding){ .schema = "a INT, b INT, n INT, a_longer_a INT", .mapping = "n=$.c.n" }, &error);

  g_assert_no_error (error);
  for (int i = 0; i < 2000; i++)
    {
      gsize row = i < (int) G_N_ELEMENTS (rows)
                    ? (gsize) i
                    : (gsize) g_test_rand_int_range (0, G_N_ELEMENTS (rows));
      g_autoptr (EfBatch) batch
        = json_decoding_read (reader, rows[row].text, strlen (rows[row].text), &error);
      g_autofree char *json = NULL;

      g_assert_no_error (error);
      json = ef_event_to_json (ef_batch_get_event (batch, 0));
      g_assert_cmpstr (json, ==, rows[row].event);
    }
}

static void
test_paths (void)
{
  JsonDecoding decoding = {
    .schema = "id INT, bid DOUBLE, ask DOUBLE, level JSON, whole JSON, again DOUBLE, odd INT",
    .mapping = "bid=$.book.bids[0][0] ask=$.book.asks[1][0] level=$.book.bids[0] whole=$.book "
               "again=$.book.bids[0][0] odd=$['a.b']",
  };

  json_decoding_assert (
    &decoding,
    "{\"id\":1,\"book\":{\"bids\":[[\"1.5\",\"2\"],[3,4]],\"asks\":[[5,6],[7.25,8]]},\"a.b\":9}",
    EVENTS ("{\"id\":1,\"bid\":1.5,\"ask\":7.25,\"level\":[\"1.5\",\"2\"],"
            "\"whole\":{\"bids\":[[\"1.5\",\"2\"],[3,4]],\"asks\":[[5,6],[7.25,8]]},"
            "\"again\":1.5,\"odd\":9}"));

  /* What is not there, or leads elsewhere, is NULL. */
  json_decoding_assert (&decoding, "{\"book\":{\"bids\":[[],1],\"asks\":{\"1\":2}},\"id\":null}",
                        EVENTS ("{\"id\":null,\"bid\":null,\"ask\":null,\"level\":[],"
                                "\"whole\":{\"bids\":[[],1],\"asks\":{\"1\":2}},\"again\":null,"
                                "\"odd\":null}"));
  json_decoding_assert (&decoding, "{\"book\":7}",
                        EVENTS ("{\"id\":null,\"bid\":null,\"ask\":null,\"level\":null,"
                                "\"whole\":7,\"again\":null,\"odd\":null}"));
  json_decoding_assert (&decoding, "{\"book\":null}",
                        EVENTS ("{\"id\":null,\"bid\":null,\"ask\":null,\"level\":null,"
                                "\"whole\":null,\"again\":null,\"odd\":null}"));

  /* Of two members the last one counts, as a whole. */
  json_decoding_assert (&decoding, "{\"book\":{\"bids\":[[1,2]],\"asks\":[0,[3]]},\"book\":{\"bids\":[]}}",
                        EVENTS ("{\"id\":null,\"bid\":null,\"ask\":null,\"level\":null,"
                                "\"whole\":{\"bids\":[]},\"again\":null,\"odd\":null}"));
}

static void
test_lists (void)
{
  JsonDecoding decoding = { .schema = "a INT" };

  json_decoding_assert (&decoding, "[{\"a\":1},{\"a\":2} , {\"b\":3}]",
                        EVENTS ("{\"a\":1}", "{\"a\":2}", "{\"a\":null}"));
  json_decoding_assert (&decoding, " [ ] ", NO_EVENTS);
  json_decoding_assert (&decoding, "[{}]", EVENTS ("{\"a\":null}"));

  /* A list is taken as a whole or not at all. */
  json_decoding_assert_error (&decoding, "[{\"a\":1},{\"a\":\"x\"}]",
                              "column “a” (INT): \"x\" at byte 14 is not a number");
  json_decoding_assert_error (&decoding, "[{\"a\":1},{\"a\":2}",
                              "invalid JSON at byte 16: an array without its “]”");
  json_decoding_assert_error (&decoding, "[{\"a\":1},2]", "2 at byte 9 stands where an object belongs");
  json_decoding_assert_error (&decoding, "5", "5 at byte 0 stands where an object belongs");
  json_decoding_assert_error (&decoding, "\"pong\"",
                              "\"pong\" at byte 0 stands where an object belongs");
  json_decoding_assert_error (&decoding, "null", "null at byte 0 stands where an object belongs");
}

/* An array may be the message itself, as Kraken's are. */
static void
test_array_messages (void)
{
  JsonDecoding decoding = {
    .schema = "pair STRING, ask DOUBLE, channel STRING",
    .mapping = "pair=$[3] ask=$[1].a[0] channel=$[2]",
  };
  JsonDecoding rows = { .schema = "x INT, y INT", .mapping = "x=@[0] y=@[1]", .explode = "$" };

  json_decoding_assert (&decoding, "[340,{\"a\":[\"52.1\",1,\"1.5\"],\"b\":[]},\"ticker\",\"XBT/USD\"]",
                        EVENTS ("{\"pair\":\"XBT/USD\",\"ask\":52.1,\"channel\":\"ticker\"}"));
  json_decoding_assert (&decoding, "{\"event\":\"heartbeat\"}",
                        EVENTS ("{\"pair\":null,\"ask\":null,\"channel\":null}"));
  json_decoding_assert (&rows, "[[1,2],[3,4],[5]]",
                        EVENTS ("{\"x\":1,\"y\":2}", "{\"x\":3,\"y\":4}", "{\"x\":5,\"y\":null}"));
}

static void
test_explode (void)
{
  JsonDecoding decoding = {
    .schema = "p INT, topic STRING, ts LONG",
    .mapping = "topic=$.topic ts=$.meta.ts",
    .explode = "$.data",
  };
  JsonDecoding numbers = { .schema = "v INT", .mapping = "v=@", .explode = "$.v" };
  JsonDecoding nested = {
    .schema = "p INT, n JSON",
    .mapping = "n=$.data",
    .explode = "$.data",
  };

  /* The envelope may come before the items and after them, escaped or not. */
  json_decoding_assert (
    &decoding, "{\"topic\":\"t\\u0072ades\",\"data\":[{\"p\":1},{\"p\":2}],\"meta\":{\"ts\":5}}",
    EVENTS ("{\"p\":1,\"topic\":\"trades\",\"ts\":5}", "{\"p\":2,\"topic\":\"trades\",\"ts\":5}"));
  json_decoding_assert (&decoding, "{ \"data\" : [ {\"p\":1} , {\"p\":2} ] , \"topic\" : \"t\" }",
                        EVENTS ("{\"p\":1,\"topic\":\"t\",\"ts\":null}",
                                "{\"p\":2,\"topic\":\"t\",\"ts\":null}"));
  json_decoding_assert (&decoding, "{\"topic\":\"t\",\"data\":[]}", NO_EVENTS);
  /* One item need not be in an array; no item is none. */
  json_decoding_assert (&decoding, "{\"data\":{\"p\":1},\"topic\":\"t\"}",
                        EVENTS ("{\"p\":1,\"topic\":\"t\",\"ts\":null}"));
  json_decoding_assert (&decoding, "{\"topic\":\"t\"}", NO_EVENTS);
  json_decoding_assert (&decoding, "{\"topic\":\"t\",\"data\":null}", NO_EVENTS);
  json_decoding_assert (&decoding, "{\"data\":[{\"p\":1}],\"data\":[{\"p\":2}]}",
                        EVENTS ("{\"p\":2,\"topic\":null,\"ts\":null}"));
  /* A list of envelopes. */
  json_decoding_assert (&decoding,
                        "[{\"data\":[{\"p\":1}],\"topic\":\"a\"},{\"data\":[]},"
                        "{\"topic\":\"b\",\"data\":[{\"p\":2},{}]}]",
                        EVENTS ("{\"p\":1,\"topic\":\"a\",\"ts\":null}",
                                "{\"p\":2,\"topic\":\"b\",\"ts\":null}",
                                "{\"p\":null,\"topic\":\"b\",\"ts\":null}"));
  json_decoding_assert (&numbers, "{\"v\":[1,\"2\",3.0,null]}",
                        EVENTS ("{\"v\":1}", "{\"v\":2}", "{\"v\":3}", "{\"v\":null}"));
  json_decoding_assert (&nested, "{\"data\":[{\"p\":1},\n{\"p\":2}]}",
                        EVENTS ("{\"p\":1,\"n\":[{\"p\":1},{\"p\":2}]}",
                                "{\"p\":2,\"n\":[{\"p\":1},{\"p\":2}]}"));

  json_decoding_assert_error (&decoding, "{\"data\":[{\"p\":1},{\"p\":\"x\"}]}",
                              "column “p” (INT): \"x\" at byte 22 is not a number");
  json_decoding_assert_error (&decoding, "{\"data\":[{\"p\":1},3]}",
                              "3 at byte 17 stands where an object belongs");
  json_decoding_assert_error (&decoding, "{\"data\":[{\"p\":1},{\"p\":2}]",
                              "invalid JSON at byte 25: an object without its “}”");
  json_decoding_assert_error (&decoding, "{\"data\":[{\"p\":1}]} x",
                              "invalid JSON at byte 19: something behind the value, at x");
}

static void
test_missing (void)
{
  JsonDecoding decoding = {
    .schema = "a INT, b DOUBLE",
    .mapping = "b=$.x.b",
    .missing_is_error = TRUE,
  };
  JsonDecoding items = {
    .schema = "p INT, topic STRING",
    .mapping = "topic=$.topic",
    .explode = "$.data",
    .missing_is_error = TRUE,
  };

  json_decoding_assert (&decoding, "{\"a\":1,\"x\":{\"b\":2}}", EVENTS ("{\"a\":1,\"b\":2.0}"));
  json_decoding_assert (&decoding, "{\"a\":null,\"x\":{\"b\":null}}",
                        EVENTS ("{\"a\":null,\"b\":null}"));
  json_decoding_assert_error (&decoding, "{\"a\":1}", "column “b” (DOUBLE): its key is missing");
  json_decoding_assert_error (&decoding, "{\"x\":{\"b\":1}}", "column “a” (INT): its key is missing");
  json_decoding_assert_error (&decoding, "{\"a\":1,\"x\":{\"b\":1},\"x\":{}}",
                              "column “b” (DOUBLE): its key is missing");
  json_decoding_assert_error (&decoding, "[{\"a\":1,\"x\":{\"b\":2}},{\"a\":1}]",
                              "column “b” (DOUBLE): its key is missing");

  json_decoding_assert (&items, "{\"data\":[{\"p\":1}],\"topic\":\"t\"}",
                        EVENTS ("{\"p\":1,\"topic\":\"t\"}"));
  json_decoding_assert (&items, "{\"data\":[],\"topic\":\"t\"}", NO_EVENTS);
  json_decoding_assert_error (&items, "{\"data\":[{\"p\":1},{}],\"topic\":\"t\"}",
                              "column “p” (INT): its key is missing");
  json_decoding_assert_error (&items, "{\"data\":[{\"p\":1}]}",
                              "column “topic” (STRING): its key is missing");
  json_decoding_assert_error (&items, "{\"topic\":\"t\"}", "the array to explode is missing");
}

/* An event is printed on one line, so JSON within it has no line breaks. */
static void
test_line_breaks (void)
{
  JsonDecoding decoding = { .schema = "j JSON, s STRING", .mapping = "s=$.j" };

  json_decoding_assert (&decoding, "{\"j\": {\n  \"a b\": [1, 2],\r\n  \"c\": \"x \\\" \\\\\"\n}\n}",
                        EVENTS ("{\"j\":{\"a b\":[1,2],\"c\":\"x \\\" \\\\\"},"
                                "\"s\":\"{\\\"a b\\\":[1,2],\\\"c\\\":\\\"x \\\\\\\" \\\\\\\\\\\"}\"}"));
}

/* Long escaped texts, which do not fit into the memory that an event begins in. */
static void
test_long_texts (void)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":\"");
  g_autoptr (GString) expected = g_string_new ("{\"a\":\"");
  JsonDecoding decoding = { .schema = "a STRING, b STRING, c STRING" };

  for (int i = 0; i < 100000; i++)
    {
      g_string_append (text, "x\\u00e9");
      g_string_append (expected, "xé");
    }
  g_string_append (text, "\",\"c\":\"\\/\",\"b\":\"\\u0062\"}");
  g_string_append (expected, "\",\"b\":\"b\",\"c\":\"/\"}");

  json_decoding_assert (&decoding, text->str, EVENTS (expected->str));
}

static void
test_configuration (void)
{
  static const struct
  {
    JsonDecoding decoding;
    EfError code;
    const char *message;
  } rows[] = {
    { { .schema = "a INT", .mapping = "b=$.b" },
      EF_ERROR_UNKNOWN_KEY,
      "mapping of column “b”: the schema has no such column, but a INT" },
    { { .schema = "a INT", .mapping = "a=data.a" },
      EF_ERROR_SYNTAX,
      "mapping of column “a”: path “data.a”: it begins with “$”, the message, as in “$.data.price”" },
    { { .schema = "a INT", .explode = "data" },
      EF_ERROR_SYNTAX,
      "property “explode”: path “data”: it begins with “$”, the message, as in “$.data.price”" },
    { { .schema = "a INT", .explode = "@.data" },
      EF_ERROR_INVALID_VALUE,
      "property “explode”: “@.data” begins with an item, but it tells where the items are: begin it "
      "with “$”, the message" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (json_decoding_new_reader (&rows[i].decoding, &error));
      g_assert_error (error, EF_ERROR, (int) rows[i].code);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/reader/binance", test_binance);
  g_test_add_func ("/json/reader/binance-combined", test_binance_combined);
  g_test_add_func ("/json/reader/keys", test_keys);
  g_test_add_func ("/json/reader/changing-shapes", test_changing_shapes);
  g_test_add_func ("/json/reader/paths", test_paths);
  g_test_add_func ("/json/reader/lists", test_lists);
  g_test_add_func ("/json/reader/array-messages", test_array_messages);
  g_test_add_func ("/json/reader/explode", test_explode);
  g_test_add_func ("/json/reader/missing", test_missing);
  g_test_add_func ("/json/reader/line-breaks", test_line_breaks);
  g_test_add_func ("/json/reader/long-texts", test_long_texts);
  g_test_add_func ("/json/reader/configuration", test_configuration);

  return g_test_run ();
}
