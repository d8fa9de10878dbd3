/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "fuzz.h"

/* Runs a fuzz target over the files of a folder, each as a test: `fuzz-corpus-NAME [--tap] FOLDER`.
 */

static void
run_file (gconstpointer path)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (path, &contents, &len, &error);
  g_assert_no_error (error);

  /* A copy without the NUL that GLib puts behind: a sanitizer sees a read past the end. */
  g_autofree guint8 *input = g_memdup2 (contents, len);

  LLVMFuzzerTestOneInput (input, len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);

  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (argv[1], 0, &error);
  const char *name;
  guint n_files = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *test_path = g_strconcat ("/corpus/", name, NULL);

      g_test_add_data_func_full (test_path, g_build_filename (argv[1], name, NULL), run_file,
                                 g_free);
      n_files++;
    }

  g_assert_cmpuint (n_files, >, 0);
  return g_test_run ();
}
