/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* What the queries of the bench are answered over: rows (s, p, q) of a symbol, a price and a quantity. */
typedef struct
{
  const char *name;
  const char *query;   /* reads from “i” */
  const char *init;    /* sets tables up, or NULL */
  guint n_groups;      /* symbols */
  guint rows_a_window; /* 0 without one */
} BenchQuery;

#define BENCH_SYMBOL_SIZE 8

#define BENCH_FILTER "SELECT s, p * q AS amount FROM i WHERE p > 150"

#define BENCH_JOIN "SELECT name, p FROM i JOIN assets ON symbol = s"

#define BENCH_ASSETS                                                                               \
  "CREATE TABLE assets (symbol TEXT PRIMARY KEY, name TEXT);"                                      \
  "WITH RECURSIVE n (v) AS (SELECT 0 UNION ALL SELECT v + 1 FROM n WHERE v < 99) "                 \
  "INSERT INTO assets SELECT printf ('K%06d', v), 'asset ' || v FROM n;"

#define BENCH_AGGREGATE                                                                            \
  "SELECT s, sum(p * q) / sum(q) AS vwap, min(p) AS low, max(p) AS high, count(*) AS n "           \
  "FROM i GROUP BY s"

static const BenchQuery bench_queries[] = {
  { "filter", BENCH_FILTER, NULL, 100, 0 },
  { "join", BENCH_JOIN, BENCH_ASSETS, 100, 0 },
  { "tumbling-1", BENCH_AGGREGATE, NULL, 1, 10000 },
  { "tumbling-100", BENCH_AGGREGATE, NULL, 100, 10000 },
  { "tumbling-100000", BENCH_AGGREGATE, NULL, 100000, 200000 },
};

static inline const BenchQuery *
bench_query_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bench_queries); i++)
    if (g_str_equal (bench_queries[i].name, name))
      return &bench_queries[i];

  return NULL;
}

static inline void
bench_row_get_symbol (const BenchQuery *query, guint64 row, char symbol[BENCH_SYMBOL_SIZE])
{
  g_snprintf (symbol, BENCH_SYMBOL_SIZE, "K%06u", (guint) (row * 7919 % query->n_groups));
}

static inline double
bench_row_get_price (guint64 row)
{
  return 100 + (double) (row % 1000) / 7;
}

static inline double
bench_row_get_quantity (guint64 row)
{
  return 1 + (double) (row % 9);
}
