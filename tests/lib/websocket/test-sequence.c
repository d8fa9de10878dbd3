/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-error.h"
#include "ef-sequence-private.h"

#include <string.h>

typedef struct
{
  EfSequence *sequence;
  EfSequenceCounts counts;
  gint64 time;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->sequence = ef_sequence_new ("$.n", data, 3, &fixture->counts, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ef_sequence_free (fixture->sequence);
}

/* Returns the hole as “key first-last since”, or NULL. Each message comes at a time of its own. */
static char *
check (Fixture *fixture, const char *text)
{
  EfSequenceHole hole = { 0 };

  if (!ef_sequence_check (fixture->sequence, text, strlen (text), ++fixture->time, &hole))
    return NULL;

  return g_strdup_printf ("%s %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          hole.key != NULL ? hole.key : "-", hole.first, hole.last, hole.since);
}

#define CHECK(text, expected) \
  G_STMT_START \
    { \
      g_autofree char *got = check (fixture, text); \
      g_assert_cmpstr (got, ==, expected); \
    } \
  G_STMT_END

#define COUNTS(missing, duplicates, restarts, unnumbered) \
  G_STMT_START \
    { \
      g_assert_cmpuint (fixture->counts.n_missing, ==, missing); \
      g_assert_cmpuint (fixture->counts.n_duplicates, ==, duplicates); \
      g_assert_cmpuint (fixture->counts.n_restarts, ==, restarts); \
      g_assert_cmpuint (fixture->counts.n_unnumbered, ==, unnumbered); \
    } \
  G_STMT_END

static void
test_holes (Fixture *fixture, gconstpointer data)
{
  CHECK ("{\"n\":5}", NULL);
  CHECK ("{\"n\":6}", NULL);
  CHECK ("{\"n\":8}", "- 7-7 2");
  CHECK ("{\"x\":1,\"n\":\"12\"}", "- 9-11 3");
  COUNTS (4, 0, 0, 0);

  /* What comes late or twice is no hole, and leaves none. */
  CHECK ("{\"n\":12}", NULL);
  CHECK ("{\"n\":9}", NULL);
  CHECK ("{\"n\":13}", NULL);
  COUNTS (4, 2, 0, 0);

  /* The largest of numbers. */
  CHECK ("{\"n\":9223372036854775807}", "- 14-9223372036854775806 7");
  CHECK ("{\"n\":-9223372036854775808}", NULL);
  COUNTS (G_GUINT64_CONSTANT (9223372036854775797), 3, 0, 0);
}

static void
test_unnumbered (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "",
                                       "{}",
                                       "{\"n\":null}",
                                       "{\"n\":1.5}",
                                       "{\"n\":1e3}",
                                       "{\"n\":\"\"}",
                                       "{\"n\":\"x\"}",
                                       "{\"n\":\" 1\"}",
                                       "{\"n\":[1]}",
                                       "{\"n\":9223372036854775808}",
                                       "{\"n\":123456789012345678901234567890}",
                                       "\x1f\x8b\x08",
                                       "{\"n\":" };

  CHECK ("{\"n\":1}", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    CHECK (texts[i], NULL);
  COUNTS (0, 0, 0, G_N_ELEMENTS (texts));
  CHECK ("{\"n\":2}", NULL);
  CHECK ("{\"n\":4}", "- 3-3 15");
}

static void
test_connections (Fixture *fixture, gconstpointer data)
{
  ef_sequence_begin_connection (fixture->sequence);
  CHECK ("{\"n\":5}", NULL);
  CHECK ("{\"n\":6}", NULL);

  /* What was missed in between. */
  ef_sequence_begin_connection (fixture->sequence);
  CHECK ("{\"n\":10}", "- 7-9 2");

  /* What is sent again. */
  ef_sequence_begin_connection (fixture->sequence);
  CHECK ("{\"n\":9}", NULL);
  CHECK ("{\"n\":10}", NULL);
  CHECK ("{\"n\":11}", NULL);
  COUNTS (3, 2, 0, 0);

  /* And a server that begins anew. */
  ef_sequence_begin_connection (fixture->sequence);
  CHECK ("{\"n\":1}", NULL);
  CHECK ("{\"n\":2}", NULL);
  CHECK ("{\"n\":4}", "- 3-3 8");
  COUNTS (4, 2, 1, 0);

  /* It does not do that within a connection. */
  CHECK ("{\"n\":1}", NULL);
  COUNTS (4, 3, 1, 0);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  CHECK ("{\"s\":\"a\",\"n\":1}", NULL);
  CHECK ("{\"s\":\"b\",\"n\":100}", NULL);
  CHECK ("{\"s\":\"a\",\"n\":3}", "a 2-2 1");
  CHECK ("{\"s\":\"b\",\"n\":101}", NULL);
  CHECK ("{\"s\":\"b\",\"n\":101}", NULL);
  CHECK ("{\"n\":7,\"s\":3}", NULL);
  CHECK ("{\"n\":9,\"s\":3}", "3 8-8 6");
  CHECK ("{\"n\":9}", NULL);
  COUNTS (2, 1, 0, 1);
  g_assert_cmpuint (fixture->counts.n_keys, ==, 3);
}

/* The one that was not seen for the longest time is forgotten: a, since b and c came later. */
static void
test_max_keys (Fixture *fixture, gconstpointer data)
{
  CHECK ("{\"s\":\"b\",\"n\":1}", NULL);
  CHECK ("{\"s\":\"a\",\"n\":1}", NULL);
  CHECK ("{\"s\":\"c\",\"n\":1}", NULL);
  CHECK ("{\"s\":\"b\",\"n\":2}", NULL);
  CHECK ("{\"s\":\"d\",\"n\":1}", NULL);
  g_assert_cmpuint (fixture->counts.n_keys, ==, 3);
  CHECK ("{\"s\":\"b\",\"n\":4}", "b 3-3 4");
  CHECK ("{\"s\":\"c\",\"n\":4}", "c 2-3 3");
  CHECK ("{\"s\":\"a\",\"n\":4}", NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"s\":%u,\"n\":%u}", i, i);

      CHECK (text, NULL);
    }
  g_assert_cmpuint (fixture->counts.n_keys, ==, 3);
}

static void
test_mistakes (void)
{
  EfSequenceCounts counts = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (ef_sequence_new ("seq", NULL, 1, &counts, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
  g_assert_true (g_str_has_prefix (error->message, "property “sequence-path”: path “seq”: "));
  g_clear_error (&error);
  g_assert_null (ef_sequence_new ("$.seq", "$.s[", 1, &counts, &error));
  g_assert_true (g_str_has_prefix (error->message, "property “sequence-key-path”: path “$.s[”, at"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func, key_path) \
  g_test_add ("/sequence/" path, Fixture, key_path, set_up, func, tear_down)
  ADD ("holes", test_holes, NULL);
  ADD ("unnumbered", test_unnumbered, NULL);
  ADD ("connections", test_connections, NULL);
  ADD ("keys", test_keys, "$.s");
  ADD ("max-keys", test_max_keys, "$.s");
#undef ADD
  g_test_add_func ("/sequence/mistakes", test_mistakes);

  return g_test_run ();
}
