/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program that has nothing but what the library installs: it loads the plugins of the folders that
 * it is given, makes the elements of the main job and the example plugin's, and says so. */

#include <eventflux.h>

int
main (int argc, char **argv)
{
  static const char *const names[] = { "websocketsource", "sample" };
  g_autoptr (EfContext) context = ef_context_new ();
  g_autoptr (GHashTable) config = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  guint every = 0;

  for (int i = 1; i < argc; i++)
    ef_context_load_plugin_path (context, argv[i]);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (EfElement) element = NULL;

      element = ef_context_create_element (context, names[i], NULL, &error);
      g_assert_no_error (error);

      if (i == 1)
        {
          g_hash_table_insert (config, (gpointer) "sample.every", (gpointer) "10");
          ef_element_configure (element, config, &error);
          g_assert_no_error (error);
          g_object_get (element, "every", &every, NULL);
        }
    }

  g_print ("%u.%u.%u %u\n", ef_get_major_version (), ef_get_minor_version (),
           ef_get_micro_version (), every);

  return 0;
}
