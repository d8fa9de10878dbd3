/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-tool.h"

#include <string.h>

/* What bash offers behind some words of a command line, sorted, with blanks between. */
static char *
complete (const char *tool, const char *words)
{
  g_autofree char *folder = g_path_get_dirname (ef_test_tool_get_inspect ());
  g_autofree char *script = NULL;
  g_auto (EfTestTool) bash = { 0 };
  g_autofree char *function = g_strdelimit (g_strdup (tool), "-", '_');

  script =
    g_strdup_printf ("set -u; PATH=%s:$PATH; . %s/%s/%s.bash\n"
                     "compopt () { :; }\n"
                     "COMP_WORDS=(%s %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                     "_%s; printf '%%s\\n' \"${COMPREPLY[@]}\" | sort | paste -sd ' '\n",
                     folder, g_getenv ("EF_TEST_COMPLETIONS"), tool, tool, tool, words, function);
  ef_test_tool_run (&bash, "bash", "--norc", "-c", script, NULL);
  g_assert_cmpstr (bash.err, ==, "");
  g_assert_cmpint (bash.status, ==, 0);

  return g_strdup (g_strchomp (bash.out));
}

static void
assert_completes (const char *tool, const char *words, const char *expected)
{
  g_autofree char *offered = complete (tool, words);

  g_assert_cmpstr (offered, ==, expected);
}

static void
test_launch (void)
{
  assert_completes ("eventflux-launch", "tests", "testsink testsource");
  assert_completes ("eventflux-launch", "-q testq", "testqueue");
  assert_completes ("eventflux-launch", "--val", "--validate");
  assert_completes ("eventflux-launch", "testsource co", "count=");
  assert_completes ("eventflux-launch", "testsource count=3 s", "secret=");
  assert_completes ("eventflux-launch", "testsource '!' testt", "testtransform");
  assert_completes ("eventflux-launch", "testsource '!' testsink n", "name=");
}

static void
test_inspect (void)
{
  assert_completes ("eventflux-inspect", "testso", "testsource");
  assert_completes ("eventflux-inspect", "test",
                    "test testqueue testsink testsource testtransform");
  assert_completes ("eventflux-inspect", "--j", "--json");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/completions/launch", test_launch);
  g_test_add_func ("/completions/inspect", test_inspect);

  return g_test_run ();
}
