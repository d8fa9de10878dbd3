/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-cases.h"

#include <string.h>

static void
case_clear (gpointer data)
{
  EfTestCase *item = data;

  g_free (item->description);
  g_free (item->expected);
}

/* A case is DESCRIPTION, a line “=>”, and what is expected; a line “----” stands between two. */
static EfTestCase
parse_case (char *block)
{
  char *arrow = strstr (block, "=>\n");
  EfTestCase item;

  g_assert_nonnull (arrow);
  item.description = g_strndup (block, (gsize) (arrow - block));
  item.expected = g_strdup (g_strchomp (arrow + strlen ("=>\n")));

  /* The newline before the arrow is no part of the description. */
  if (g_str_has_suffix (item.description, "\n"))
    item.description[strlen (item.description) - 1] = '\0';

  return item;
}

/* Loads a table of tests/lib/launch, which begins with lines that say what it is, and an empty one.
 */
GArray *
ef_test_load_cases (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "lib", "launch", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (EfTestCase));
  g_auto (GStrv) blocks = NULL;
  const char *start;

  g_array_set_clear_func (cases, case_clear);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  start = strstr (text, "\n\n");
  g_assert_nonnull (start);
  blocks = g_strsplit (start + 2, "\n----\n", -1);
  for (guint i = 0; blocks[i] != NULL; i++)
    {
      EfTestCase item = parse_case (blocks[i]);

      g_array_append_val (cases, item);
    }

  return g_steal_pointer (&cases);
}
