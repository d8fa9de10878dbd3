/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include "ef-suggest-private.h"

static void
test_duration (void)
{
  static const struct
  {
    const char *text;
    gint64 microseconds;
    const char *printed;
  } cases[] = {
    { "250ms", 250000, "250ms" },   { "1.5 s", 1500000, "1500ms" },
    { "5 MINUTES", 300000000, "5m" }, { "0s", 0, "0us" },
    { " 2h ", 7200000000, "2h" },   { "7us", 7, "7us" },
    { "1d", 86400000000, "24h" },
  };
  static const char *const bad[] = { "", "5", "ms", "-1s", "1 parsec", "1e300s", "0x10s", "1s2", "nan s" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *printed = NULL;
      gint64 duration = -1;

      ef_duration_parse (cases[i].text, &duration, &error);
      g_assert_no_error (error);
      g_assert_cmpint (duration, ==, cases[i].microseconds);
      printed = ef_duration_format (duration);
      g_assert_cmpstr (printed, ==, cases[i].printed);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 duration = -1;

      g_assert_false (ef_duration_parse (bad[i], &duration, &error));
      g_assert_error (error, EF_ERROR, EF_ERROR_SYNTAX);
      g_assert_cmpint (duration, ==, -1);
    }
}

static void
test_text_location (void)
{
  const char *text = "first line\n\tgrün ! websoketsource\nlast";
  EfTextLocation location;
  g_autofree char *printed = NULL;

  ef_text_location_init (&location, text, 20);
  g_assert_cmpuint (location.line, ==, 2);
  g_assert_cmpuint (location.column, ==, 9);
  printed = ef_text_location_format (&location, text, "no such element");
  g_assert_cmpstr (printed, ==,
                   "2:9: no such element\n"
                   "  \tgrün ! websoketsource\n"
                   "  \t       ^");

  ef_text_location_init (&location, text, 10000);
  g_assert_cmpuint (location.line, ==, 3);
  g_assert_cmpuint (location.column, ==, 5);
}

static void
test_suggest (void)
{
  const char *const names[] = { "websocketsource", "websocketsink", "filesink", "reconnect-delay-ms",
                                "url", NULL };
  g_autofree char *hint = ef_suggest_hint ("websoketsource", names);
  g_autofree char *none = ef_suggest_hint ("gizmo", names);

  g_assert_cmpstr (hint, ==, "; did you mean “websocketsource”?");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (ef_suggest_nearest ("websocketsikn", names), ==, "websocketsink");
  g_assert_cmpstr (ef_suggest_nearest ("RECONNECT_DELAY.MS", names), ==, "reconnect-delay-ms");
  g_assert_cmpstr (ef_suggest_nearest ("ulr", names), ==, "url");
  g_assert_cmpstr (ef_suggest_nearest ("websock", names), ==, "websocketsink");
  g_assert_null (ef_suggest_nearest ("we", names));
  g_assert_null (ef_suggest_nearest ("", names));
}

static gboolean
count_and_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_clock (void)
{
  EfClock *clock = ef_clock_get_default ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gint64 start = ef_clock_get_time (clock);
  g_autoptr (GSource) source = ef_clock_create_timeout (clock, 20000);

  g_source_set_callback (source, count_and_quit, loop, NULL);
  g_source_attach (source, NULL);
  g_main_loop_run (loop);

  g_assert_cmpint (ef_clock_get_time (clock) - start, >=, 20000);
  g_assert_cmpint (ef_clock_get_real_time (clock), >, 1700000000 * (gint64) G_USEC_PER_SEC);
}

static void
test_version (void)
{
  g_assert_true (EF_CHECK_VERSION (1, 0, 0));
  g_assert_false (EF_CHECK_VERSION (99, 0, 0));
  g_assert_cmpuint (ef_get_major_version (), ==, EF_MAJOR_VERSION);
  g_assert_cmpuint (ef_get_minor_version (), ==, EF_MINOR_VERSION);
  g_assert_cmpuint (ef_get_micro_version (), ==, EF_MICRO_VERSION);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/duration", test_duration);
  g_test_add_func ("/base/text-location", test_text_location);
  g_test_add_func ("/base/suggest", test_suggest);
  g_test_add_func ("/base/clock", test_clock);
  g_test_add_func ("/base/version", test_version);

  return g_test_run ();
}
